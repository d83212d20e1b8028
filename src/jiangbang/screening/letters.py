"""The final "not eligible": a letter to the unit and to the candidate, with the clause, the grounds and the way to object.

The words are two templates of the outbox, which the office may edit; a letter keeps the words with which it was sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangbang.accounts.invitations import addressee
from jiangbang.accounts.models import Invitation, Role, User
from jiangbang.kernel.edition import ClauseSpec, EditionSpec
from jiangbang.kernel.vault import VaultError
from jiangbang.nomination.contacts import address_of, contacts_of
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.acts import Attachment, post_message
from jiangbang.outbox.addresses import channel_of
from jiangbang.outbox.queries import current_text
from jiangbang.outbox.templates import Template, filled
from jiangbang.papers.paper import Block, Head, Paper, Signature, Text
from jiangbang.papers.paper_docx import write_docx
from jiangbang.papers.pdf import write_pdf
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.screening import policy
from jiangbang.screening.letter_models import Letter
from jiangbang.screening.messages import TO_CANDIDATE, TO_UNIT
from jiangbang.screening.models import Screening
from jiangbang.screening.pages import read_fact
from jiangbang.screening.standings import Standings, reason_of, standings_of

Receiver = Literal["unit", "candidate"]
TEMPLATES: dict[Receiver, Template] = {"unit": TO_UNIT, "candidate": TO_CANDIDATE}
# Where the edition does not say: days within which one may object, and how letters are numbered.
OBJECTION_DAYS = 7
LETTER_NUMBER = "初审〔{year}〕{n}号"
MOST_GROUNDS = 2000
# So many characters of a letter's title stand in one line.
LONGEST_TITLE = 20
PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# -- what a letter says --------------------------------------------------------------------------------------------------


def objection_days(spec: EditionSpec) -> int:
    """Days within which one may object: the edition's `screening.objection_days`."""
    days = spec.document.get("screening", {}).get("objection_days", OBJECTION_DAYS)
    return int(days)


def last_day(edition: Edition) -> datetime:
    """The end of the last day to object to a letter of today, on the edition's clock."""
    day = edition.now().astimezone(edition.zone).date() + timedelta(days=objection_days(edition.spec))
    return datetime.combine(day, time(23, 59, 59), edition.zone)


def letter_number(edition: Edition, sequence: int) -> str:
    """A letter's number by the edition's `screening.letter_number`."""
    pattern = str(edition.spec.document.get("screening", {}).get("letter_number", LETTER_NUMBER))
    year = edition.now().astimezone(edition.zone).year
    return pattern.replace("{year}", str(year)).replace("{n}", str(sequence))


def failing(edition: Edition, stands: Standings) -> list[ClauseSpec]:
    """The clauses because of which somebody is not eligible, in the letter's order."""
    because = set(stands.eligibility.because) if stands.eligibility.answer == "not_eligible" else set()
    return [clause for clause in edition.spec.clauses if clause.code in because]


def clause_lines(clauses: Sequence[ClauseSpec]) -> str:
    """The conditions that are not met, numbered; those of which one would be enough stand together."""
    lines = [_clause_line(clause) for clause in clauses if clause.kind != "one_of"]
    one_of = [_clause_line(clause) for clause in clauses if clause.kind == "one_of"]
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    if one_of:
        head = _("Of the following at least one must be met; none is:")
        numbered.append(f"{len(numbered) + 1}. {head}")
        numbered += [f"（{number}）{line}" for number, line in enumerate(one_of, 1)]
    return "\n".join(numbered)


def _clause_line(clause: ClauseSpec) -> str:
    return _("%(text)s (clause %(code)s).") % {"text": clause.text, "code": clause.code}


def proposed_grounds(dossier: Dossier, stands: Standings) -> str:
    """The grounds as the screening has them: the reason that was given, else the facts that the clause read."""
    facts = {fact.key: fact for fact in dossier.edition.spec.facts}
    lines = []
    with translation.override("zh-hans"):
        for clause in failing(dossier.edition, stands):
            found, ruling = stands.clause(clause.code), stands.rulings.get(clause.code)
            reason = reason_of(ruling, dossier) if ruling is not None and ruling.counts and not found.stale else ""
            read = [read_fact(facts[key], stands.facts.get(key)) for key in found.automatic.read if key in facts]
            said = reason or "；".join(f"{one.label}：{one.value}" for one in read)
            lines.append(f"{clause.code}　{said}")
    return "\n".join(lines)


def texts_of(
    dossier: Dossier, stands: Standings, *, number: str, grounds: str, until: datetime
) -> dict[Receiver, dict[str, str]]:
    """Title and text of both letters, as the edition words them now."""
    edition = dossier.edition
    with translation.override("zh-hans"):
        values = {
            "edition": edition.name,
            "unit": edition.spec.unit(dossier.unit_code).name,
            "candidate": dossier.name,
            "number": number,
            "clauses": clause_lines(failing(edition, stands)),
            "grounds": grounds.strip(),
            "days": str(objection_days(edition.spec)),
            "until": day_of(until.astimezone(edition.zone)),
            **office_of(edition),
            "day": day_of(edition.now().astimezone(edition.zone)),
        }
    found: dict[Receiver, dict[str, str]] = {}
    for receiver, template in TEMPLATES.items():
        text = filled(template, current_text(edition.key, template, "zh"), values)
        title = _broken(text.subject, edition.name)
        found[receiver] = {"title": title, "body": text.body, "values": json.dumps(values, ensure_ascii=False)}
    return found


def _broken(title: str, name: str) -> str:
    """A title that takes more than a line breaks after the edition's name, not within a word."""
    if len(title) <= LONGEST_TITLE or name not in title or title.endswith(name):
        return title
    return title.replace(name, f"{name}\n", 1)


def day_of(moment: datetime) -> str:
    """A day as an official paper writes it."""
    return f"{moment.year}年{moment.month}月{moment.day}日"


def office_of(edition: Edition) -> dict[str, str]:
    """Who signs and how he is reached: the edition's organiser."""
    bodies: Sequence[dict[str, Any]] = edition.spec.document.get("organisation", ())
    office = next((one for one in bodies if one.get("role") == "organiser"), {})
    ways = ((_("telephone %(way)s"), office.get("telephone")), (_("mail %(way)s"), office.get("mailbox")))
    contact = "，".join(words % {"way": way} for words, way in ways if way)
    return {"office": str(office.get("name", edition.name)), "contact": contact or "—"}


def paper_of(title: str, body: str, *, number: str, issuer: str = "") -> Paper:
    """A letter as a paper, the issuer in red above; an addressee at the beginning of the text stands apart, the signature below."""
    parts = [part.strip("\n") for part in body.strip().split("\n\n")]
    to, signed = "", tuple[str, ...]()
    if len(parts) > 1 and parts[0].endswith(("：", ":")) and "\n" not in parts[0]:
        to = parts.pop(0)[:-1]
    if len(parts) > 1 and 2 <= len(parts[-1].split("\n")) <= 3 and parts[-1].rstrip().endswith("日"):
        signed = tuple(parts.pop().split("\n"))
    blocks: list[Block] = [Text(part) for part in parts]
    if signed:
        blocks.append(Signature(signed))
    with translation.override("zh-hans"):
        kind = _("Letter on the result of the screening")
    head = Head((issuer,), "letter") if issuer else None
    return Paper(title, tuple(blocks), kind=kind, number=number, to=to, head=head, layout="letter")


def letter_paper(letter: Letter, receiver: Receiver) -> Paper:
    """A letter as it was sent. Raises VaultError when the person's key was destroyed."""
    plain = json.loads(subject_of(letter.person).unseal(bytes(letter.sealed), _aad(letter.dossier)))
    issuer = office_of(letter.edition)["office"]
    return paper_of(plain[receiver]["title"], plain[receiver]["body"], number=letter.number, issuer=issuer)


# -- to whom -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Addressees:
    """To whom a letter can go: the unit's contacts (name, address), and the candidate's own address where one is known."""

    contacts: tuple[tuple[str, str], ...]
    candidate: str


def addressees(dossier: Dossier) -> Addressees:
    """Whom the letter can reach. Two queries, three where the unit invited the candidate."""
    rows = contacts_of(dossier.edition).filter(unit_code=dossier.unit_code)
    contacts = tuple((one.name, address_of(one, dossier.edition)) for one in rows)
    return Addressees(contacts, _candidates_address(dossier))


def _candidates_address(dossier: Dossier) -> str:
    candidacy = dossier.candidacies.order_by("-invited_at").values_list("pk", flat=True).first()
    if candidacy is None:
        return ""
    invited = Invitation.objects.filter(role=Role.CANDIDATE, scope=str(candidacy), revoked_at=None).last()
    try:
        address = addressee(invited).address if invited is not None else ""
    except VaultError:
        return ""
    return address if channel_of(address) else ""


# -- sending -------------------------------------------------------------------------------------------------------------


@act("letter.sent")
def send_letter(dossier: Dossier, *, grounds: str, candidate: str = "", on_paper: bool = False, by: User) -> Letter:
    """Tell the unit (and the candidate, at the address given) that the person is not eligible, why, and how to object.

    The letter goes by the outbox as text, PDF and Word; `on_paper` says that it is handed over on paper. One letter for each conclusion.

    Refused: `permission`; `not_concluded` as not eligible; `sent` already; `no_grounds`; `too_long`; `address`; `nobody` to send it to.
    """
    # letters of an edition are numbered one after the other
    edition = Edition.objects.select_for_update(no_key=True).get(pk=dossier.edition_id)
    screening, dossier = _locked(dossier, edition)
    concluded_at = _check(screening, dossier, grounds, candidate, by)
    reached = addressees(dossier)
    if not reached.contacts and not candidate.strip() and not on_paper:
        raise Refused(
            "nobody", _("Nobody can be written to: keep a contact of the unit, or say that it is handed over on paper.")
        )
    stands = standings_of([dossier])[dossier.pk]
    sequence = Letter.objects.filter(edition=edition).count() + 1
    number, until = letter_number(edition, sequence), last_day(edition)
    texts = texts_of(dossier, stands, number=number, grounds=grounds, until=until)
    clauses = [clause.code for clause in failing(edition, stands)]
    letter = Letter(
        edition=edition,
        dossier=dossier,
        person=dossier.person,
        unit_code=dossier.unit_code,
        sequence=sequence,
        number=number,
        clauses=" ".join(clauses),
        objection_until=until,
        concluded_at=concluded_at,
        on_paper=on_paper,
        sent_by=by,
        sent_at=timezone.now(),
    )
    plain = {receiver: {key: text[key] for key in ("title", "body")} for receiver, text in texts.items()}
    letter.sealed = subject_of(dossier.person).seal(json.dumps(plain, ensure_ascii=False).encode(), _aad(dossier))
    letter.unit_messages = _post("unit", reached.contacts, letter, texts, by=by)
    to_candidate = ((dossier.name, candidate.strip()),) if candidate.strip() else ()
    letter.candidate_messages = _post("candidate", to_candidate, letter, texts, by=by)
    letter.save()
    facts = {
        "number": number,
        "clauses": clauses,
        "due": until.isoformat(timespec="seconds"),
        "count": letter.unit_messages + letter.candidate_messages,
        "on_paper": on_paper,
    }
    record("letter.sent", by=by, edition=edition.key, subject=dossier.subject, facts=facts)
    return letter


def _locked(dossier: Dossier, edition: Edition) -> tuple[Screening, Dossier]:
    screening = Screening.objects.select_for_update(of=("self",)).filter(pk=dossier.pk).first()
    if screening is None:
        raise Refused("not_concluded", _("The screening of this person is not concluded as not eligible."))
    found = Dossier.objects.select_related("person", "accepted_revision__person").get(pk=dossier.pk)
    found.edition = screening.edition = edition
    return screening, found


def _check(screening: Screening, dossier: Dossier, grounds: str, candidate: str, by: User) -> datetime:
    """Refused, or when it was concluded."""
    if not policy.may_send_letters(by, screening.edition):
        raise Refused("permission", _("You may not send letters of the screening."))
    if screening.state != Screening.State.NOT_ELIGIBLE or screening.concluded_at is None:
        raise Refused("not_concluded", _("The screening of this person is not concluded as not eligible."))
    if dossier.letters.filter(concluded_at=screening.concluded_at).exists():
        raise Refused("sent", _("The letter about this conclusion has been sent already."))
    if not grounds.strip():
        raise Refused("no_grounds", _("Give the grounds: the letter must say why."))
    if len(grounds.strip()) > MOST_GROUNDS:
        raise Refused("too_long", _("At most %(most)s characters of grounds.") % {"most": MOST_GROUNDS})
    if candidate.strip() and channel_of(candidate.strip()) is None:
        raise Refused("address", _("%(address)s is no address that a message can be sent to.") % {"address": candidate})
    return screening.concluded_at


def _post(
    receiver: Receiver,
    to: Sequence[tuple[str, str]],
    letter: Letter,
    texts: dict[Receiver, dict[str, str]],
    *,
    by: User,
) -> int:
    """One message to each, with the letter as PDF and Word. Returns how many."""
    if not to:
        return 0
    text = texts[receiver]
    issuer = office_of(letter.edition)["office"]
    paper = paper_of(text["title"], text["body"], number=letter.number, issuer=issuer)
    files = [
        Attachment(f"{letter.number}.pdf", PDF, write_pdf(paper)),
        Attachment(f"{letter.number}.docx", DOCX, write_docx(paper)),
    ]
    for name, address in to:
        post_message(
            TEMPLATES[receiver].key,
            to=address,
            name=name,
            edition=letter.edition.key,
            context=json.loads(text["values"]),
            by=by,
            attachments=files,
        )
    return len(to)


def _aad(dossier: Dossier) -> bytes:
    return b"letter:" + dossier.pk.bytes
