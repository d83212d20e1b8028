"""The edition's own page for everybody, its dates for a calendar, and a feed of its notices. No sign-in."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import rfc2822_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from icalendar import Calendar, Event

from jiangbang.kernel.edition import Stage
from jiangbang.nomination.pages import label_of, language
from jiangbang.notice.notice_models import Notice
from jiangbang.notice.objection_days import today
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.screening.letters import office_of

# Whoever asks again within this time gets what he has.
_KEPT = {"Cache-Control": "public, max-age=60"}


@require_GET
def programme(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """What the edition is: its stages with their dates, its titles, its notices, and who answers questions."""
    edition = _edition(programme, slug)
    day = today(edition)
    stages = [
        {
            "label": _label(stage),
            "opens": stage.opens,
            "closes": stage.closes,
            "state": "done" if stage.closes < day else "later" if stage.opens > day else "now",
        }
        for stage in edition.stages
    ]
    titles = [(label_of(title), title.seats) for title in edition.spec.titles]
    context = {
        "edition": edition,
        "stages": stages,
        "titles": titles,
        "notices": list(_published(edition)),
        "office": office_of(edition),
    }
    return render(request, "notice/programme.html", context)


@require_GET
def dates(_request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The stages as iCalendar (RFC 5545): whole days, and the deadline to the second."""
    edition = _edition(programme, slug)
    calendar = Calendar()
    calendar.add("prodid", "-//Jiangbang//dates//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", edition.label)
    stamp = datetime.combine(edition.loaded_at.date(), time(), UTC)
    for stage in edition.stages:
        event = Event()
        event.add("uid", f"{edition.slug}-{stage.key}@{edition.programme}")
        event.add("dtstamp", stamp)
        event.add(
            "summary",
            f"{edition.label}: {_label(stage)}" if language() == "en" else f"{edition.label}：{_label(stage)}",
        )
        event.add("dtstart", stage.opens)
        # RFC 5545: the end of whole days is the day after
        event.add("dtend", stage.closes + timedelta(days=1))
        calendar.add_component(event)
    event = Event()
    event.add("uid", f"{edition.slug}-deadline@{edition.programme}")
    event.add("dtstamp", stamp)
    event.add("summary", f"{edition.label} {_('Deadline')}")
    event.add("dtstart", edition.deadline.at.astimezone(UTC))
    calendar.add_component(event)
    headers = {**_KEPT, "Content-Disposition": f'attachment; filename="{edition.slug}.ics"'}
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8", headers=headers)


@require_GET
def feed(_request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The published notices as RSS 2.0, the newest first; nobody's name stands in it."""
    edition = _edition(programme, slug)
    page = absolute(reverse("notice_page", args=[edition.programme, edition.slug]))
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    for tag, text in (
        ("title", edition.label),
        ("link", page),
        ("description", _("Public notices")),
        ("language", "zh-CN"),
    ):
        SubElement(channel, tag).text = text
    for notice in _published(edition):
        item = SubElement(channel, "item")
        address = f"{page}#notice-{notice.number}"
        said = _("From %(first)s to %(last)s, %(days)s working days.")
        text = said % {"first": notice.first_day, "last": notice.last_day, "days": notice.days}
        assert notice.published_at is not None
        for tag, value in (
            ("title", _("Notice %(number)s") % {"number": notice.number}),
            ("link", address),
            ("guid", address),
            ("description", text),
            ("pubDate", rfc2822_date(notice.published_at)),
        ):
            SubElement(item, tag).text = value
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type="application/rss+xml; charset=utf-8", headers=_KEPT)


def _published(edition: Edition) -> list[Notice]:
    return list(Notice.objects.filter(edition=edition, published_at__isnull=False).order_by("-number"))


def _label(stage: Stage) -> str:
    return stage.label_en if language() == "en" else stage.label


def _edition(programme: str, slug: str) -> Edition:
    found = find_edition(f"{programme}/{slug}")
    if found is None:
        raise Http404
    return found
