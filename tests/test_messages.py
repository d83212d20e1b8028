"""script/messages.py: what it finds in templates and modules, and what it says of translations."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message

SCRIPT = Path(__file__).resolve().parents[1] / "script" / "messages.py"

TEMPLATE = """{% load i18n %}<h1>{% translate "Desk" %}</h1>
<p title="{% translate 'It is late' context "clock" %}">不译 gettext</p>
{% blocktranslate count n=rows|length trimmed %}
  {{ n }} person
{% plural %}
  {{ n }} people
{% endblocktranslate %}
{% component "panel" label=_("Units") / %}{{ value|default:_("none") }}{# _("a note") #}
"""


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house_messages", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_template_messages_are_found_with_plural_and_context(messages: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(TEMPLATE, "utf-8")
    assert list(messages.template_messages(page)) == [
        ("Desk", None),
        ("It is late", "clock"),
        (("%(n)s person", "%(n)s people"), None),
        ("Units", None),
        ("none", None),
    ]


def test_module_messages_are_found_with_plural_and_context(messages: ModuleType, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '_("One " "sentence")\nngettext("%(n)s day", "%(n)s days", n)\npgettext_lazy("role", "expert")\nother("not this")\n',
        "utf-8",
    )
    assert list(messages.python_messages(module)) == [
        ("One sentence", None),
        (("%(n)s day", "%(n)s days"), None),
        ("expert", "role"),
    ]


@pytest.mark.parametrize(
    ("identifier", "string", "faults"),
    [
        ("Desk", "工作台", []),
        ("Desk", "", ["not translated"]),
        ("{count} of {limit}", "{count}/{limit}", []),
        ("{count} of {limit}", "{limit}", ["placeholders differ"]),
        (("%(n)s day", "%(n)s days"), ("%(n)s天",), []),
        (("%(n)s day", "%(n)s days"), ("天",), ["placeholders differ"]),
    ],
)
def test_faults_of_a_translation_are_said(
    messages: ModuleType, identifier: str | tuple[str, str], string: str | tuple[str], faults: list[str]
) -> None:
    assert list(messages.faults(Message(identifier), Message(identifier, string))) == faults


def test_missing_and_fuzzy_translations_are_faults(messages: ModuleType) -> None:
    assert list(messages.faults(Message("Desk"), None)) == ["not translated"]
    assert list(messages.faults(Message("Desk"), Message("Desk", "桌子", flags={"fuzzy"}))) == ["marked fuzzy"]
