"""Small tags and filters of the house: icons, exact and relative times, grouped figures, links that keep the filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, cast

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

register = template.Library()


@lru_cache(maxsize=1)
def sprite() -> str:
    """The address of the icon sprite; it does not change while the process lives."""
    return static("web/icons.svg")


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: int = 20) -> SafeString:
    """A decorative icon of the sprite; the word beside it carries the meaning. Kept: a page shows fifty of them, most alike."""
    return format_html(
        '<svg class="icon" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        size,
        size,
        sprite(),
        name,
    )


@register.filter
def unprompted(field: BoundField) -> SafeString:
    """A form's field without a placeholder: the label above it says what it is."""
    return field.as_widget(attrs={"placeholder": False})


# How figures are grouped for the eye; what is copied has no gaps.
GROUPS = {"identity": (6, 8, 4), "mobile": (3, 4, 4)}


@register.filter
def grouped(value: object, kind: str) -> SafeString:
    """Figures in groups set apart by style, not by characters: an identity number as 6, 8, 4; a mobile as 3, 4, 4."""
    text, parts, start = str(value), [], 0
    if len(text) != sum(GROUPS.get(kind, ())):
        return format_html("{}", text)
    for width in GROUPS[kind]:
        parts.append((text[start : start + width],))
        start += width
    return format_html_join("", '<span class="figure-group">{}</span>', parts)


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@register.filter
def exact(value: date | datetime | None) -> str:
    """The exact time on the edition's clock: `2023年3月31日 17:30` or `31 March 2023, 17:30`.

    Written out here because lists show fifty of them: Django's date formatting takes a tenth of a millisecond each.
    """
    if value is None:
        return ""
    clock = ""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        clock = f"{value.hour:02}:{value.minute:02}"
    if (get_language() or "").startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日 {clock}".rstrip()
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" + (f", {clock}" if clock else "")


@register.filter
def to_the_second(value: datetime | None) -> str:
    """The exact time with its second, on the clock of the value's own zone."""
    if value is None:
        return ""
    clock = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    day = exact(value.date())
    return f"{day} {clock}" if (get_language() or "").startswith("zh") else f"{day}, {clock}"


@register.simple_tag
def countdown_words(days: int) -> str:
    """How the countdown is written with so many days, with {days} and {clock} for the script to fill; 0: the last day."""
    if not days:
        return gettext("%(clock)s left") % {"clock": "{clock}"}
    words = ngettext("%(days)s day %(clock)s left", "%(days)s days %(clock)s left", days)
    return words % {"days": "{days}", "clock": "{clock}"}


def seconds_until(value: date | datetime, now: datetime) -> float:
    if isinstance(value, datetime):
        return (value - now).total_seconds()
    return (value - timezone.localtime(now).date()).days * 86400.0


@register.filter
def relative(value: date | datetime | None, now: datetime | None = None) -> str:
    """How far off: "in 3 days", "2 hours ago". `now` is the clock of a rehearsed edition; without it, the real one."""
    if value is None:
        return ""
    seconds = seconds_until(value, now or timezone.now())
    day_only = not isinstance(value, datetime)
    span = timedelta(seconds=abs(seconds))
    if day_only and span.days == 0:
        return gettext("today")
    if span.days >= 1:
        return _signed(ngettext("%(count)s day", "%(count)s days", span.days) % {"count": span.days}, seconds)
    minutes = span.seconds // 60
    if minutes < 1:
        return gettext("just now") if seconds <= 0 else gettext("in a moment")
    if minutes < 60:
        return _signed(ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}, seconds)
    hours = minutes // 60
    return _signed(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}, seconds)


@register.filter
def ago(value: date | datetime | None, now: datetime | None = None) -> str:
    """`relative` for what has happened: a rehearsed clock that stands before it gives way to the real one."""
    return relative(value, now if value is None or now is None or seconds_until(value, now) <= 0 else None)


def _signed(span: str, seconds: float) -> str:
    return gettext("in %(span)s") % {"span": span} if seconds > 0 else gettext("%(span)s ago") % {"span": span}


@register.filter
def closing(value: date, now: datetime | None = None) -> str:
    """What is left until the end of a stage: "closes in 3 days", "last day", "closed 2 days ago"."""
    days = (value - timezone.localtime(now or timezone.now()).date()).days
    if days == 0:
        return gettext("last day")
    if days < 0:
        return ngettext("closed %(count)s day ago", "closed %(count)s days ago", -days) % {"count": -days}
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


@register.filter
def dotted(value: date, with_year: bool = True) -> str:
    """A day in the narrow column of the stages: `2023.03.31`, or `03.31`."""
    return value.strftime("%Y.%m.%d" if with_year else "%m.%d")


@register.filter
def iso(value: date | datetime | None) -> str:
    """The machine's form of a time, for `<time datetime>`."""
    return value.isoformat() if value is not None else ""


@register.filter
def percent_of(part: float, whole: float) -> float:
    """`part` in hundredths of `whole`, between 0 and 100; 0 when there is no whole."""
    return round(min(100.0, max(0.0, 100.0 * part / whole)), 2) if whole else 0.0


@register.filter
def base_name(path: str) -> str:
    """The last part of an archive path."""
    return path.rpartition("/")[2]


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key) if mapping else None


@register.filter
def bytes_size(value: int) -> str:
    """Bytes as people read them: `4.5 MB` (10⁶ bytes, as file managers count)."""
    size = float(value or 0)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")


@register.simple_tag
def keep_query(query: QueryDict | None, **changes: object) -> str:
    """The query string with some keys set, or dropped where the new value is empty; the cursor never survives a change."""
    kept = query.copy() if query is not None else QueryDict(mutable=True)
    kept.pop("after", None)
    kept.pop("before", None)
    for key, value in changes.items():
        if value in (None, ""):
            kept.pop(key, None)
        else:
            kept[key] = str(value)
    encoded = kept.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag
def keep_query_of(query: QueryDict | None, name: str, value: object) -> str:
    """`keep_query` for a key that is itself a variable."""
    return keep_query(query, **{name: value})


@dataclass(frozen=True, slots=True)
class QuotaView:
    """Places on a quota bar in hundredths of its width, and its words."""

    state: Literal["under", "within", "over", "over-hard"]
    count_at: float
    minimum_at: float
    maximum_at: float
    range_width: float
    words: str
    sentence: str


@register.simple_tag
def quota_view(count: int, minimum: int, maximum: int, hard: bool = False, name: str = "") -> QuotaView:
    """A count against its range, of `name`. The bar's right end is a tenth beyond the greater of count and quota."""
    end = max(count, maximum, 1) * 1.1
    over, hard = count - maximum, bool(hard)
    wanted = f"{minimum}–{maximum}" if 0 < minimum < maximum else str(maximum)
    facts = {"count": count, "wanted": wanted, "over": over, "left": maximum - count}
    if over > 0 and hard:
        state, sentence = "over-hard", gettext("%(count)s people, %(over)s more than the quota of %(wanted)s allows")
    elif over > 0:
        state, sentence = "over", gettext("%(count)s people, %(over)s more than the usual %(wanted)s")
    elif count < minimum and hard:
        state, sentence = "under", gettext("%(count)s people so far, quota %(wanted)s, which binds")
    elif count < minimum:
        state, sentence = "under", gettext("%(count)s people so far of the usual %(wanted)s")
    else:
        state, sentence = "within", gettext("%(count)s people, quota %(wanted)s, %(left)s more possible")
    low, high = percent_of(minimum, end), percent_of(maximum, end)
    return QuotaView(
        cast(Any, state),
        percent_of(count, end),
        low if hard or minimum != maximum else 0.0,
        high,
        round(high - low, 2),
        f"{count} / {wanted}",
        gettext("%(name)s: %(sentence)s") % {"name": name, "sentence": sentence % facts} if name else sentence % facts,
    )


@register.simple_tag
def chart_data(
    kind: str, columns: list[str], rows: list[list[Any]], unit: str = "", marks: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """What `charts.js` draws, as it stands in the page's data element."""
    return {"kind": kind, "columns": columns, "rows": rows, "unit": unit, "marks": marks or []}
