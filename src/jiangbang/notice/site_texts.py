"""The texts of the public page: written in Markdown by the office, shown without anything that runs or is loaded from elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import nh3
from django.utils import timezone
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from jiangbang.accounts.models import User
from jiangbang.nomination.pages import language
from jiangbang.notice import policy
from jiangbang.notice.site_models import SitePage
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record

KEYS: Final = ("about", "about_en", "call", "call_en")
LONGEST: Final = 20_000
# Text, lists, tables, links. No pictures: the page loads nothing from other houses.
_TAGS: Final = {
    "p", "br", "strong", "em", "code", "a", "h3", "h4", "hr", "ul", "ol", "li", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_SCHEMES: Final = {"https", "http", "mailto", "tel"}
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
# The page has its own title and sections: what the office calls a heading stands below these.
_LOWER: Final = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}


@act("site.worded")
def word_site(edition: Edition, texts: Mapping[str, str], *, called: bool, by: User) -> SitePage:
    """Set the texts of the public page; `called` puts the call for nominations and its forms before the public, or takes them away.

    Refused: `permission`; `long`; `empty` for a call without a word.
    """
    if not policy.may_lead_notice(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    said = {key: texts.get(key, "").replace("\r\n", "\n").strip() for key in KEYS}
    if max(map(len, said.values())) > LONGEST:
        raise Refused("long", _("A text is too long: %(most)s characters at most.") % {"most": LONGEST})
    if called and not said["call"]:
        raise Refused("empty", _("Write the call before you publish it."))
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    before = SitePage.objects.filter(edition=edition).first()
    page = before or SitePage(edition=edition)
    if before is not None and called == bool(page.called_at) and said == {key: getattr(page, key) for key in KEYS}:
        nothing_changed()
        return page
    for key, text in said.items():
        setattr(page, key, text)
    page.changed_by, page.changed_at = by, timezone.now()
    page.called_at = (page.called_at or page.changed_at) if called else None
    page.save()
    digest = hashlib.sha256("\0".join(said.values()).encode()).hexdigest()
    record(
        "site.worded",
        by=by,
        edition=edition.key,
        subject=f"edition:{edition.key}",
        facts={"sha256": digest, "called": called},
    )
    return page


def text_of(page: SitePage | None, key: str) -> str:
    """A text in the reader's language as HTML that may stand in a page; Chinese where there is no English."""
    if page is None:
        return ""
    return html_of((getattr(page, f"{key}_en") if language() == "en" else "") or getattr(page, key))


@lru_cache(maxsize=64)
def html_of(text: str) -> str:
    """Markdown as HTML: what is not allowed is left out, links say nothing of where the reader comes from.

    >>> html_of("# 说明\\n<script>x</script> [a](javascript:b)")
    '<h3>说明</h3>\\n<p>&lt;script&gt;x&lt;/script&gt; [a](javascript:b)</p>\\n'
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        token.tag = _LOWER.get(token.tag, token.tag)
    made = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
