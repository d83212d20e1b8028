"""From an edition to its archive: rules, data, papers, the register with its proofs, and the script that checks all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from jiangbang.archive import tables
from jiangbang.archive.package import Built, Package, Progress, as_json
from jiangbang.conferral import papers as conferral_papers
from jiangbang.conferral.award_models import Award
from jiangbang.decision import papers as decision_papers
from jiangbang.decision.group_models import Meeting
from jiangbang.decision.result_models import Result
from jiangbang.nomination import evidence
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.notice.notice_pages import notice_paper, notices_of
from jiangbang.papers.paper import Paper
from jiangbang.papers.pdf import write_pdf
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.keys import signer
from jiangbang.register.models import Entry, Head
from jiangbang.register.queries import head
from jiangbang.review.access import rules_of
from jiangbang.review.draw_views import current_draw
from jiangbang.review.drawing import published
from jiangbang.review.minutes import minutes
from jiangbang.review.models import Draw
from jiangbang.review.rank_views import published_ranking

DATA: Final = Path(__file__).parent / "data"
VERIFY: Final = DATA / "verify.py"
# Somebody may act on the edition while its rows are read; then they are read again, but not for ever.
_TRIES: Final = 3
# Tables, papers, register and what checks them.
_FEW: Final = 25
_PIECE: Final = 1 << 20


def build_archive(edition: Edition, path: Path, *, full: bool = False, progress: Progress | None = None) -> Built:
    """Write the archive of an edition to `path`. Without `full` it names nobody but whoever stood before the public, and holds no personal
    field; with it, also every dossier in clear and every packet as it came: for the office's own archive room.

    Raises Refused `changing` where people go on acting on the edition; OSError.
    """
    with translation.override("zh-hans"):
        for _attempt in range(_TRIES):
            signed = head()
            built = _build(edition, path, signed, full, progress)
            if not Entry.objects.filter(edition=edition.key, index__gte=signed.size).exists():
                return built
    path.unlink(missing_ok=True)
    raise Refused("changing", _("Somebody is working on the edition: archive it when nobody is."))


def files_of(edition: Edition, *, full: bool) -> int:
    """About how many files an archive will have, for a progress bar. Two queries where `full`."""
    if not full:
        return _FEW
    dossiers = Dossier.objects.filter(edition=edition, accepted_revision__isnull=False)
    return _FEW + dossiers.count() + Packet.objects.filter(edition=edition).count()


def _build(edition: Edition, path: Path, signed: Head, full: bool, progress: Progress | None) -> Built:
    with Package(path, edition.key, progress) as package:
        package.add("data/edition.json", as_json(edition.document))
        _add_data(package, edition)
        _add_review(package, edition)
        papers = [*_public_papers(edition), *(_office_papers(edition) if full else ())]
        for name, paper, day in papers:
            package.add(f"papers/{name}.pdf", write_pdf(paper, archived=day))
        if full:
            _add_records(package, edition)
        entries = _add_register(package, edition, signed)
        package.add("verify.py", VERIFY.read_bytes())
        package.add("style.css", (DATA / "style.css").read_bytes())
        package.add("index.html", _index(edition, package, papers, signed, entries, full))
        return package.close(full=full, entries=entries, register_size=signed.size)


def _add_data(package: Package, edition: Edition) -> None:
    package.table("dossiers", tables.dossiers(edition), tables.DOSSIERS)
    package.table("units", tables.units(edition), tables.UNITS)
    package.table("awards", tables.awards(edition), tables.AWARDS)
    package.table("coverage", tables.coverage(edition), tables.COVERAGE)
    package.add("data/notices.json", as_json(tables.notices(edition)))


def _add_review(package: Package, edition: Edition) -> None:
    """What was published so that anybody can draw and rank again."""
    drawn, ranking = current_draw(edition), published_ranking(edition)
    if drawn is not None and drawn.state == Draw.State.HELD:
        package.add("review/draw.json", published(drawn))
    if ranking is not None:
        files = {"scores.csv": ranking.scores_csv, "ranking.csv": ranking.result_csv}
        files |= {"first_scores.csv": ranking.first_csv} if ranking.first_csv else {}
        for name, text in files.items():
            package.add(f"review/{name}", text.encode())


def _public_papers(edition: Edition) -> Iterator[tuple[str, Paper, date]]:
    for shown in sorted(notices_of(edition, published=True), key=lambda one: one.notice.number):
        assert shown.notice.first_day is not None
        yield f"notice-{shown.notice.number}", notice_paper(edition, shown), shown.notice.first_day
    first = Award.objects.filter(edition=edition).order_by("conferred_at").first()
    if first is not None:
        yield "decision", conferral_papers.decision(edition), first.conferred_at.astimezone(edition.zone).date()


def _office_papers(edition: Edition) -> Iterator[tuple[str, Paper, date]]:
    drawn = current_draw(edition)
    if drawn is not None and drawn.held_at is not None:
        yield "draw-minutes", minutes(drawn, rules_of(edition)), drawn.held_at.astimezone(edition.zone).date()
    for meeting in Meeting.objects.select_related("edition").filter(edition=edition, opened_at__isnull=False):
        assert meeting.opened_at is not None
        day = meeting.opened_at.astimezone(edition.zone).date()
        yield f"minutes-{meeting.number}", decision_papers.minutes(edition, meeting), day
    result = Result.objects.select_related("edition").filter(edition=edition).first()
    if result is not None:
        day = result.resolved_at.astimezone(edition.zone).date()
        yield "resolution", decision_papers.resolution(result), day
    first = Award.objects.filter(edition=edition).order_by("conferred_at").first()
    if first is not None:
        yield "hand-over", conferral_papers.handing_list(edition), first.conferred_at.astimezone(edition.zone).date()


def _add_records(package: Package, edition: Edition) -> None:
    packets = tables.packets(edition)
    package.table("rulings", tables.rulings(edition), tables.RULINGS)
    package.table("shortlist", tables.shortlist(edition), tables.SHORTLIST)
    package.table("consultation", tables.questions(edition), tables.QUESTIONS)
    package.table("result", tables.places(edition), tables.PLACES)
    package.table("objections", tables.objections(edition), tables.OBJECTIONS)
    package.add("data/ballots.json", as_json(tables.ballots(edition)))
    for name, record in tables.records(edition):
        package.add(name, as_json(record))
    for packet, row in packets:
        ending = Path(packet.file_name).suffix.lower()[:8]
        try:
            with evidence.open_plain(packet.sha256) as plain:
                package.add(f"packets/{packet.number}{ending}", iter(lambda: plain.read(_PIECE), b""))
        except FileNotFoundError:
            row["kept"] = False
    package.table("packets", [row for _packet, row in packets], tables.PACKETS)


def _add_register(package: Package, edition: Edition, signed: Head) -> int:
    """The edition's entries whole; of everybody else's only the leaf hashes, from which the signed root follows."""
    counted = 0

    def lines() -> Iterator[bytes]:
        nonlocal counted
        found = Entry.objects.filter(edition=edition.key, index__lt=signed.size).order_by("index")
        for entry in found.iterator(chunk_size=2000):
            counted += 1
            yield entry.leaf() + b"\n"

    hashes = Entry.objects.filter(index__lt=signed.size).order_by("index").values_list("leaf_hash", flat=True)
    package.add("register/entries.jsonl", lines())
    package.add("register/leaf-hashes.bin", map(bytes, hashes.iterator(chunk_size=10_000)))
    package.add("register/checkpoint", signed.checkpoint.encode())
    package.add("register/key.pub", f"{signer().verifier}\n".encode())
    return counted


def _index(
    edition: Edition,
    package: Package,
    papers: Sequence[tuple[str, Paper, date]],
    signed: Head,
    entries: int,
    full: bool,
) -> bytes:
    """The page that opens without a network."""
    awards, units = tables.awards(edition), tables.units(edition)
    held = [one for one in awards if one["state"] == "held"]
    titles: dict[str, list[dict[str, Any]]] = {}
    for one in held:
        titles.setdefault(one["label"], []).append(one)
    context = {
        "edition": edition,
        "full": full,
        "titles": titles,
        "revoked": len(awards) - len(held),
        "units": [one for one in units if one["dossiers"] or one["titles"]],
        "dossiers": sum(one["dossiers"] for one in units),
        "papers": [(f"papers/{name}.pdf", paper.kind) for name, paper, _day in papers],
        "files": [one for one in package.files if one["path"].partition("/")[0] in ("data", "review", "register")],
        "records": sum(one["path"].startswith("records/") for one in package.files),
        "packets": sum(one["path"].startswith("packets/") for one in package.files),
        "entries": entries,
        "register_size": signed.size,
        "key": str(signer().verifier),
    }
    return render_to_string("archive/index.html", context).encode()
