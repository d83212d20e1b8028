"""Template components that declare their props and slots.

A component is a file `components/NAME.html`; its head declares what it takes:

    {% props label tone="plain" %}      label must be given, tone may be
    {% slots body footer="" %}          body must be filled, footer may be

and a page uses it so:

    {% component "panel" label=title %}…the body…{% slot footer %}…{% endslot %}{% endcomponent %}
    {% component "verdict" state="met" / %}

What stands between the tags outside any slot fills the slot `body`. An unknown or missing prop or slot is a
TemplateSyntaxError when the page is compiled, not when it is shown. A component sees its props and slots and nothing else of
the page (but for the request's CSRF token), so it can be moved without a search for what it silently read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Template, Token, token_kwargs
from django.template.context import Context
from django.template.engine import Engine
from django.template.exceptions import TemplateSyntaxError
from django.utils.safestring import SafeString

register = template.Library()

DEFAULT_SLOT = "body"


@dataclass(frozen=True, slots=True)
class Declaration:
    """Names that must be given, and the defaults of those that may be."""

    required: tuple[str, ...] = ()
    optional: tuple[tuple[str, FilterExpression], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.required) | {name for name, _ in self.optional}

    def check(self, given: set[str], what: str, component: str) -> None:
        """Raise TemplateSyntaxError naming what is unknown or missing."""
        for name in sorted(given - self.names):
            raise TemplateSyntaxError(f"component {component} has no {what} {name}; it has {sorted(self.names)}")
        for name in self.required:
            if name not in given:
                raise TemplateSyntaxError(f"component {component} needs the {what} {name}")


class DeclarationNode(template.Node):
    """`{% props %}` or `{% slots %}`: read when a page is compiled, renders to nothing."""

    def __init__(self, kind: str, declaration: Declaration) -> None:
        self.kind = kind
        self.declaration = declaration

    def render(self, context: Context) -> SafeString:  # noqa: ARG002 — Django's signature
        return SafeString("")


class SlotNode(template.Node):
    """One filled slot; the component node around it renders it."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


class ComponentNode(template.Node):
    """A use of a component: props and slots are rendered in the page, the component in a context of its own."""

    def __init__(
        self, target: Template, props: dict[str, FilterExpression], slots: dict[str, NodeList], kept: str = ""
    ) -> None:
        self.target = target
        self.kept = kept
        self.props = props
        self.slots = slots
        self.defaults = [*declared(target, "props").optional, *declared(target, "slots").optional]

    def render(self, context: Context) -> SafeString:
        values: dict[str, Any] = {name: default.resolve(context) for name, default in self.defaults}
        values.update((name, value.resolve(context)) for name, value in self.props.items())
        values.update((name, nodes.render(context)) for name, nodes in self.slots.items())
        if "csrf_token" in context:
            values["csrf_token"] = context["csrf_token"]
        rendered = self.target.render(context.new(values))
        if self.kept:
            context[self.kept] = rendered
            return SafeString("")
        return rendered


def declared(target: Template, kind: str) -> Declaration:
    """What the component declares under `kind` ("props" or "slots")."""
    for node in target.nodelist.get_nodes_by_type(DeclarationNode):
        if isinstance(node, DeclarationNode) and node.kind == kind:
            return node.declaration
    return Declaration()


@register.tag(name="props")
@register.tag(name="slots")
def declare(parser: Parser, token: Token) -> DeclarationNode:
    """`{% props a b="x" %}`: a is required, b defaults to "x"."""
    kind, *bits = token.split_contents()
    required = tuple(bit for bit in bits if "=" not in bit)
    with_default = [bit for bit in bits if "=" in bit]
    optional = token_kwargs(with_default, parser)
    if with_default:
        raise TemplateSyntaxError(f"{kind}: cannot read {with_default[0]}")
    return DeclarationNode(kind, Declaration(required, tuple(optional.items())))


@register.tag(name="slot")
def fill_slot(parser: Parser, token: Token) -> SlotNode:
    bits = token.split_contents()
    if len(bits) != 2:
        raise TemplateSyntaxError("a slot has one name: {% slot footer %}…{% endslot %}")
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(bits[1].strip("\"'"), nodelist)


@register.tag(name="component")
def use_component(parser: Parser, token: Token) -> ComponentNode:
    """`{% component "name" prop=value %}…{% endcomponent %}`, or `/ %}` when no slot is filled.

    `{% component "name" as kept … / %}` renders once and keeps the result, for a badge that stands in fifty rows.
    """
    _, quoted, *bits = token.split_contents()
    name = quoted.strip("\"'")
    kept = bits[1] if bits[:1] == ["as"] else ""
    bits = bits[2:] if kept else bits
    closed = bits[-1:] == ["/"]
    if closed:
        bits.pop()
    props = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"component {name}: cannot read {bits[0]}; props are given as key=value")
    slots: dict[str, NodeList] = {}
    if not closed:
        slots = split_slots(parser.parse(("endcomponent",)))
        parser.delete_first_token()
    target = Engine.get_default().get_template(f"components/{name}.html")
    declared(target, "props").check(set(props), "prop", name)
    declared(target, "slots").check(set(slots), "slot", name)
    return ComponentNode(target, props, slots, kept)


def split_slots(nodes: NodeList) -> dict[str, NodeList]:
    """The named slots, and everything else that is more than white space as the default slot."""
    slots: dict[str, NodeList] = {}
    rest = NodeList()
    for node in nodes:
        if isinstance(node, SlotNode):
            if node.name in slots:
                raise TemplateSyntaxError(f"the slot {node.name} is filled twice")
            slots[node.name] = node.nodelist
        else:
            rest.append(node)
    if any(getattr(node, "s", "x").strip() for node in rest):
        slots[DEFAULT_SLOT] = rest
    return slots
