"""The edition's own page for everybody with its call and its empty papers, its dates for a calendar, a feed of its notices. No sign-in
but for the office, which words the page."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import rfc2822_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from icalendar import Calendar, Event

from jiangbang.kernel.edition import Stage
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.pages import label_of, language
from jiangbang.nomination.performing import perform
from jiangbang.notice import policy
from jiangbang.notice.notice_models import Notice
from jiangbang.notice.objection_days import today
from jiangbang.notice.site_models import SitePage
from jiangbang.notice.site_pages import EMPTY_PAPERS, card_of, empty_paper, picture_of
from jiangbang.notice.site_texts import KEYS, LONGEST, text_of, word_site
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
    said = SitePage.objects.filter(edition=edition).first()
    now = next((stage["label"] for stage in stages if stage["state"] == "now"), "")
    about = text_of(said, "about")
    context = {
        "edition": edition,
        "about": about,
        "call": text_of(said, "call") if said is not None and said.called_at else "",
        "said": said,
        "papers": EMPTY_PAPERS,
        "deadline": edition.deadline.at.astimezone(edition.zone),
        "card": card_of(edition, "programme_page", edition.label, _("Now: %(stage)s") % {"stage": now} if now else ""),
        "stages": stages,
        "titles": titles,
        "notices": list(_published(edition)),
        "office": office_of(edition),
    }
    answer = render(request, "notice/programme.html", context)
    answer["Cache-Control"] = _KEPT["Cache-Control"]
    return answer


@require_GET
def card(_request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """The picture beside a shared link."""
    picture = picture_of(_edition(programme, slug))
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


@require_GET
def paper(_request: HttpRequest, programme: str, slug: str, which: str) -> HttpResponse:
    """An empty form or roster of the edition, once its call is public."""
    edition = _edition(programme, slug)
    if which not in EMPTY_PAPERS or not SitePage.objects.filter(edition=edition, called_at__isnull=False).exists():
        raise Http404
    name, kind = EMPTY_PAPERS[which]
    file_name = f"{edition.label}{name}.{which.rpartition('.')[2]}"
    headers = {**_KEPT, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"}
    return HttpResponse(empty_paper(edition.key, edition.sha256, which), content_type=kind, headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def texts(request: HttpRequest) -> HttpResponse:
    """The office words the public page. What was typed stays when it is refused."""
    edition, by = edition_for(request, policy.may_lead_notice), person(request)
    found = SitePage.objects.filter(edition=edition).first()
    typed = {key: getattr(found, key, "") for key in KEYS}
    called = found is not None and found.called_at is not None
    if request.method == "POST":
        typed = {key: request.POST.get(key, "").replace("\0", "") for key in KEYS}
        called = request.POST.get("called") == "on"
        if perform(request, lambda: word_site(edition, typed, called=called, by=by), _("The public page reads so.")):
            return redirect("site_texts")
    context = {"edition": edition, "typed": typed, "called": called, "found": found, "longest": LONGEST}
    return render(request, "notice/texts.html", context)


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
