"""Template components: declared props and slots, wrong use refused when the page is compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError, engines

import jiangbang.web
from jiangbang.web.templatetags.components import declared

FOLDER = Path(jiangbang.web.__file__).parent / "templates" / "components"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))


def render(source: str, **values: object) -> str:
    return Template("{% load components %}" + source).render(Context(values))


def test_a_component_sees_its_props_and_nothing_else_of_the_page() -> None:
    source = '{% component "stat" value=n label="people" / %}'
    assert 'number">7<' in render(source, n=7, hint="from the page")
    assert "from the page" not in render(source, n=7, hint="from the page")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('{% component "verdict" / %}', "component verdict needs the prop state"),
        ('{% component "verdict" state="met" tone="x" / %}', "component verdict has no prop tone"),
        ('{% component "verdict" "met" / %}', 'component verdict: cannot read "met"'),
        ('{% component "blank" title="x" / %}', "component blank needs the slot body"),
        (
            '{% component "blank" title="x" %}y{% slot foot %}z{% endslot %}{% endcomponent %}',
            "component blank has no slot foot",
        ),
        (
            '{% component "panel" %}x{% slot foot %}y{% endslot %}{% slot foot %}z{% endslot %}{% endcomponent %}',
            "the slot foot is filled twice",
        ),
        ("{% slot %}{% endslot %}", "a slot has one name"),
    ],
)
def test_wrong_use_is_an_error_when_the_page_is_compiled(source: str, sentence: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=sentence):
        render(source)


def test_slots_are_rendered_in_the_page_and_white_space_fills_none() -> None:
    source = '{% component "panel" title="T" %} {% slot body %}{{ who }}{% endslot %} {% endcomponent %}'
    assert '<div class="panel-body">Li</div>' in render(source, who="Li")


def test_values_are_escaped_in_props_and_slots() -> None:
    source = '{% component "panel" title=x %}{{ x }}{% endcomponent %}'
    assert render(source, x="<script>").count("&lt;script&gt;") == 2


@pytest.mark.parametrize("name", NAMES)
def test_every_component_declares_itself_and_stands_in_the_gallery(name: str) -> None:
    source = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    assert "{% props " in source.splitlines()[0]
    assert "{% comment %}" in source
    target = engines["django"].engine.get_template(f"components/{name}.html")  # type: ignore[attr-defined]
    assert declared(target, "props").names
    gallery = (FOLDER.parent / "web" / "gallery.html").read_text(encoding="utf-8")
    assert f'{{% component "{name}"' in gallery


@pytest.mark.parametrize("path", sorted(FOLDER.parent.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_script_or_style(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "<style" not in source
    assert " style=" not in source
    assert " onclick=" not in source
    assert source.count("<script") == source.count('<script src="')
