"""Templates of messages: declared in code with their variables and default wordings.

    RECEIPT = declare(
        "intake.receipt",
        purpose=_("Receipt for a packet"),
        variables=(Variable("number", _("number of the packet"), "2023-330108-001"), ...),
        zh=Text("已收到：{number}", "…"),
        en=Text("Received: {number}", "…"),
    )

A wording may name its template's variables in braces and nothing else: filling in is a look-up of names, never code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

BLANK = re.compile(r"\{([^{}\n]{1,60})\}")
# What is shown instead of a secret.
HIDDEN = "••••••"


class UnknownTemplateError(Exception):
    """A fault of the program: a template that nobody declared, or a context that does not fit it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that wordings may use. `secret`: only the receiver sees its value; it may not stand in a subject."""

    name: str
    says: str | Promise
    example: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and a body."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of message."""

    key: str
    purpose: str | Promise
    variables: tuple[Variable, ...]
    defaults: Mapping[str, Text] = field(hash=False)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(variable.name for variable in self.variables)

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(variable.name for variable in self.variables if variable.secret)

    @property
    def examples(self) -> dict[str, str]:
        return {variable.name: variable.example for variable in self.variables}


TEMPLATES: dict[str, Template] = {}


def declare(key: str, *, purpose: str | Promise, variables: tuple[Variable, ...], zh: Text, en: Text) -> Template:
    """Add a template to the house. Raises UnknownTemplateError where a default wording names what is not declared."""
    template = Template(key, purpose, variables, {"zh": zh, "en": en})
    for language, text in template.defaults.items():
        if strange := unknown_names(template, text):
            raise UnknownTemplateError(f"{key} ({language}) names {', '.join(strange)}")
    TEMPLATES[key] = template
    return template


def discover() -> None:
    """Import every package's `messages`, so that all templates are declared."""
    autodiscover_modules("messages")


def template_of(key: str) -> Template:
    """The template declared under this key. Raises UnknownTemplateError."""
    if key not in TEMPLATES:
        discover()
    if key not in TEMPLATES:
        raise UnknownTemplateError(f"no template is declared as {key}")
    return TEMPLATES[key]


def all_templates() -> list[Template]:
    """Every template of the house, by key."""
    discover()
    return [TEMPLATES[key] for key in sorted(TEMPLATES)]


def blanks(text: str) -> list[str]:
    """The names in braces, in order."""
    return [name.strip() for name in BLANK.findall(text)]


def unknown_names(template: Template, text: Text) -> list[str]:
    """The names in a wording that the template does not have, in order, each once."""
    return list(dict.fromkeys(name for name in blanks(text.subject + text.body) if name not in template.names))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of names in braces; a name without a value stays as it stands. Values are never looked into."""
    return BLANK.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def filled(template: Template, text: Text, values: Mapping[str, str]) -> Text:
    """The wording with its values. A subject is one line: what a value brings of line ends would be further headers."""
    open_values = {name: HIDDEN if name in template.secrets else value for name, value in values.items()}
    return Text(" ".join(fill(text.subject, open_values).split()), fill(text.body, values))


def shown(template: Template, text: Text, values: Mapping[str, str]) -> str:
    """The body as the office may see it: secrets hidden."""
    return fill(text.body, {name: HIDDEN if name in template.secrets else value for name, value in values.items()})
