"""What the addresses of the access matrix lead to: something that exists, made once for each role's walk through the house.

A package adds one function and one line in PLACES. It gives the arguments of its addresses; what a form of a page would send goes
into `stage.sent`, and what a role is held for (the unit's code, the candidacy's id) into `stage.scopes`, so that this role meets its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from archive.places import archive_places
from benefits.places import benefits_places
from candidacy import drafting
from conferral.places import conferral_places
from consultation.places import consultation_places
from decision.places import decision_places
from django.utils import timezone
from nomination.mailbox_cases import found
from nomination.readings import Cast, make_reading, person
from notice.objection_places import objection_places
from notice.places import notice_places
from privacy.places import privacy_places
from publicity.places import publicity_places
from recommendation.people import invited, ready, sealed_form, with_unit
from review.panels import held
from screening.listing import firms, imported

from jiangbang.accounts import invitations
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.candidacy import acts as candidacy_acts
from jiangbang.candidacy import attaching, files, handing
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.nomination import acts, evidence
from jiangbang.nomination.contact_models import UnitContact
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.mailbox_acts import take_mail
from jiangbang.nomination.mailbox_senders import Decision
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.outbox.acts import post_message
from jiangbang.papers.uploads import Seen
from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job
from jiangbang.recommendation import scanning, submitting
from jiangbang.recommendation.models import DirectRoute
from jiangbang.recommendation.quotas import in_order, stamp_of
from jiangbang.review.models import BlindCopy, Card, Discussion, Ranking, Recusal, Reviewed, Seat
from jiangbang.screening.acts import begin_screening
from jiangbang.screening.duplicates_models import DuplicatePair
from jiangbang.screening.letter_models import Letter
from jiangbang.screening.lists_comparing import compare
from jiangbang.screening.lists_models import ListMatch

Arguments = dict[str, object]
UNIT = "330108"


@dataclass
class Stage:
    """The house before anybody walks in."""

    cast: Cast
    edition: Edition
    scopes: dict[str, str] = field(default_factory=lambda: {"unit": UNIT})
    sent: dict[str, dict[str, object]] = field(default_factory=dict)


def nomination_places(stage: Stage) -> dict[str, Arguments]:
    """A packet with one dossier, and a file that waits for an answer."""
    packet, _ = acts.receive_packet(
        make_reading([person(1)]), edition=stage.edition, unit=stage.edition.spec.unit(UNIT), by=stage.cast.organiser
    )
    evidence.keep_bytes(b"photo")
    Packet.objects.update(sha256=evidence.keep_bytes(b"no archive"))
    intake = acts.bring_packet(
        edition=stage.edition,
        file_name="x.zip",
        sha256="0" * 64,
        size=9,
        unit_code="",
        channel="web",
        by=stage.cast.organiser,
    )
    Intake.objects.update(state="needs_unit")
    dossier: Arguments = {"pk": Dossier.objects.get().pk}
    stage.sent |= {"packet_intake_answer": {"unit": UNIT}, "dossier_reveal": {"field": "address"}}
    return {
        "packet_intake": {"pk": intake.pk},
        "packet_intake_answer": {"pk": intake.pk},
        "packet_detail": {"pk": packet.pk},
        "packet_receipt": {"pk": packet.pk},
        "packet_roster": {"pk": packet.pk, "kind": "xlsx"},
        "packet_original": {"pk": packet.pk},
        "dossier_detail": dossier,
        "dossier_reveal": dossier,
        **{f"dossier_{name}": dossier for name in ("photo", "form", "place", "proof", "original")},
        "unit_roster": {"code": UNIT, "kind": "docx"},
        "dossier_export": {"kind": "csv"},
        "register_list": {"kind": "csv"},
        "people_list": {"kind": "xlsx"},
        "outbox_list": {"kind": "csv"},
        "packet_export": {"kind": "xlsx"},
        "unit_export": {"kind": "csv"},
    }


def letter_about(dossier: Dossier, stage: Stage) -> Letter:
    """A letter as it was sent, whatever became of the screening."""
    plain = {"unit": {"title": "告知书", "body": "不符合。"}}
    return Letter.objects.create(
        edition=stage.edition,
        dossier=dossier,
        person=dossier.person,
        unit_code=UNIT,
        sequence=1,
        number="1号",
        clauses="X1",
        sealed=subject_of(dossier.person).seal(json.dumps(plain).encode(), b"letter:" + dossier.pk.bytes),
        objection_until=timezone.now(),
        concluded_at=timezone.now(),
        on_paper=True,
        sent_by=stage.cast.organiser,
        sent_at=timezone.now(),
    )


def screening_places(stage: Stage) -> dict[str, Arguments]:
    """The dossier of `nomination_places`, in screening."""
    begin_screening(stage.edition, by=stage.cast.organiser)
    dossier: Arguments = {"pk": Dossier.objects.get().pk}
    names = ["dossier", "next", "rule", "conclude", "reopen", "note", "facts"]
    letter: Arguments = {"pk": letter_about(Dossier.objects.get(), stage).pk}
    return {
        **{f"screening_{name}": dossier for name in (*names, "letter")},
        "screening_picture": {"key": "funnel", "kind": "svg"},
        "letter_withdraw": letter,
        "letter_paper": {**letter, "receiver": "unit", "kind": "pdf"},
        "unit_letter_paper": {**letter, "kind": "docx"},
        "screening_confirm": {**dossier, "ruling": 1},
        "screening_sheet": {**dossier, "kind": "pdf"},
        "screening_unit_sheet": {"code": UNIT, "kind": "docx"},
    }


def list_places(stage: Stage) -> dict[str, Arguments]:
    """A list in force, with a row that waits for a decision on the dossier."""
    by = stage.cast.organiser
    made = imported(stage.edition, firms(("杭州云栖智联科技股份有限公司", "")), "unicorn", by=by)
    compare(stage.edition, by=by)
    match = ListMatch.objects.get()
    names = ("screening_list", "screening_list_import", "screening_list_discard", "screening_list_withdraw")
    decided: Arguments = {"pk": match.dossier_id, "match": match.pk}
    rows: Arguments = {"pk": made.pk, "kind": "csv"}
    return {**{name: {"pk": made.pk} for name in names}, "screening_list_rows": rows, "screening_match_decide": decided}


def outbox_places(stage: Stage) -> dict[str, Arguments]:
    """A message, a template, and work that was set aside."""
    message = post_message(
        "outbox.trial",
        to="lin@example.com",
        name="林",
        edition=stage.edition.key,
        context={"edition": "x"},
        by=stage.cast.organiser,
    )
    job = Job.objects.create(name="x", state="aside", run_at=timezone.now(), finished_at=timezone.now(), max_attempts=1)
    kind: Arguments = {"key": "outbox.trial"}
    keep_contacts(stage.edition, [ContactRow(UNIT, "林", "lin@example.com")], by=stage.cast.organiser)
    return {
        "contact_remove": {"pk": UnitContact.objects.get().pk},
        "outbox_message": {"pk": message.pk},
        "outbox_resend": {"pk": message.pk},
        "outbox_template": kind,
        "outbox_template_preview": kind,
        "outbox_template_sample": kind,
        "job_retry": {"pk": job.pk},
    }


def web_places(stage: Stage) -> dict[str, Arguments]:
    stage.sent |= {
        "switch_edition": {"edition": "hangzhou-digital-craftsman/2024"},
        "set_language": {"language": "en"},
    }
    made, token = invitations.invite(
        role=Role.SCREENER, edition=stage.edition.key, name="张三", address="z@example.cn", by=stage.cast.organiser
    )
    colleague = create_account("colleague", role=Role.SCREENER, password=None, edition=stage.edition.key)
    one: Arguments = {"pk": colleague.pk}
    return {
        "person": one,
        "role_grant": one,
        "account_close": one,
        "account_reopen": one,
        "password_give": one,
        "person_sessions_end": one,
        "openid_connect_login": {"provider_id": "sso"},
        "openid_connect_callback": {"provider_id": "sso"},
        "session_end": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        "mfa_remove_webauthn": {"pk": 1},
        "role_withdraw": {"pk": colleague.memberships.get().pk},
        "invitation_revoke": {"pk": made.pk},
        "invitation": {"token": token},
        "register_consistency": {"old": 1, "new": 2},
        "register_inclusion": {"index": 0},
    }


def candidacy_places(stage: Stage) -> dict[str, Arguments]:
    """A form that lies with the employer, of whoever holds the candidate's role for it."""
    unit = drafting.account("access-unit", stage.edition, Role.UNIT, UNIT)
    (made,) = candidacy_acts.invite_candidates(
        stage.edition, stage.edition.spec.unit(UNIT), [candidacy_acts.InvitationRow("张三")], by=unit
    )
    writer = drafting.account("access-candidate", stage.edition, Role.CANDIDATE, str(made.candidacy.pk))
    drafting.agree(made.candidacy, writer)
    drafting.fill(drafting.again(made.candidacy), writer)
    handing.hand_to_employer(drafting.again(made.candidacy), by=writer)
    scan = files.add_scan(drafting.again(made.candidacy), drafting.pdf(), by=writer)
    Candidacy.objects.update(user=None)
    pk = {"pk": made.candidacy.pk}
    stage.scopes |= {"candidate": str(made.candidacy.pk), "employer": str(made.candidacy.pk)}
    names = "form save standing consent photo file_add paper docx hand_over confirm_scan call_back leave employer"
    return {
        **{f"candidacy_{name}": dict(pk) for name in names.split()},
        "candidacy_file": {**pk, "file": scan.pk},
        "candidacy_file_remove": {**pk, "file": scan.pk},
    }


def recommendation_places(stage: Stage) -> dict[str, Arguments]:
    """A unit's candidacies: one invited, one with the unit and sealed, one submitted; and what came of it."""
    unit = create_account("maker", role=Role.UNIT, password=None, edition=stage.edition.key, scope=UNIT)
    asked, sealed = invited(stage.edition, unit, 11), with_unit(stage.edition, unit, 12)
    sent = ready(stage.edition, unit, 13)
    (scan,) = scanning.bring_scan(sealed, [sealed_form()], by=unit)
    prepared = submitting.prepare(stage.edition, stage.edition.spec.unit(UNIT), [sent], by=unit)
    packet, _ = submitting.submit_packet(prepared, declaration="属实", by=unit)
    own = Intake.objects.create(
        edition=stage.edition,
        unit_code=UNIT,
        file_name="x.zip",
        sha256="1" * 64,
        size=9,
        channel="web",
        brought_by=unit,
    )
    sent_dossier = Dossier.objects.get(name=sent.name)
    route = DirectRoute.objects.create(
        dossier=sent_dossier,
        person=sent_dossier.person,
        title="x",
        sealed=b"",
        state="refused",
        claimed_by=unit,
        claimed_at=timezone.now(),
        decided_by=unit,
        decided_at=timezone.now(),
    )
    stage.sent |= {
        "unit_order": {"version": "0", "person": [asked.pk, sealed.pk, sent.pk]},
        "dossier_returns": {"items": "补充证书", "due": "2023-04-03"},
        "unit_quota": {"stamp": stamp_of(in_order(stage.edition, UNIT)), "goes": [str(sent_dossier.pk)]},
    }
    proof = attaching.keep(
        sent,
        "evidence",
        "skill_level",
        "证书.pdf",
        Seen("pdf", "application/pdf", None),
        evidence.keep_bytes(b"%PDF-1.4"),
        8,
        by=unit,
    )
    Attachment.objects.filter(pk=proof.pk).update(added_at=sent.invited_at)
    of_person = ("unit_person", "unit_invite_again", "unit_attest", "unit_withdraw", "unit_give_back", "unit_reopen")
    scanned: Arguments = {"pk": scan.pk}
    return {
        **{name: {"pk": sealed.pk} for name in (*of_person, "unit_opinion", "unit_facts", "unit_scan_bring")},
        "unit_scan_turn": scanned,
        "unit_scan_original": scanned,
        "unit_scan_page": {**scanned, "number": 1},
        "unit_packet_arriving": {"pk": own.pk},
        "unit_packet": {"pk": packet.pk},
        "unit_receipt": {"pk": packet.pk},
        "dossier_returns": {"pk": sent_dossier.pk},
        "dossier_evidence": {"pk": sent_dossier.pk},
        "dossier_file": {"pk": sent_dossier.pk, "file": proof.pk},
        "unit_direct_claim": {"pk": sent_dossier.pk},
        "direct_decide": {"pk": route.pk},
    }


def mailbox_places(stage: Stage) -> dict[str, Arguments]:
    """A mail that waits for a person."""
    mail, _ = take_mail(
        found(decision=Decision("held", "unknown_sender"), sha256=evidence.keep_bytes(b"a mail")),
        edition=stage.edition,
        by=stage.cast.organiser,
    )
    stage.sent |= {"mail_assign": {"unit": UNIT}}
    return {key: {"pk": mail.pk} for key in ("mail_detail", "mail_assign", "mail_aside", "mail_original")}


def review_places(stage: Stage) -> dict[str, Arguments]:
    """A panel that was drawn; the expert sits in it and has a recusal. The draw whose ceremony is still to come is another edition's."""
    drawn = held(stage.edition, stage.cast.organiser)
    seat = drawn.seats.select_related("entry__expert").filter(alternate=False).earliest("pk")
    stage.scopes["expert"] = str(seat.entry.expert_id)
    Seat.objects.filter(pk=seat.pk).update(state=Seat.State.CONFIRMED, declared_at=timezone.now())
    reviewed = Reviewed.objects.create(dossier=Dossier.objects.earliest("pk"), edition=stage.edition, code="D001")
    card = Card.objects.create(reviewed=reviewed, seat=seat, affinity=500, released_at=timezone.now())
    recusal = Recusal.objects.create(
        seat=seat, dossier=Dossier.objects.earliest("pk"), kind="other", origin="office", state="doubt",
        made_at=timezone.now(),
    )  # fmt: skip
    judged = reviewed.dossier
    copy, withdrawn = (
        BlindCopy.objects.create(
            dossier=judged, sha256=sha256, redacted=True, pages=[evidence.keep_bytes(b"\xff\xd8")], released_by=stage.cast.organiser,
            released_at=timezone.now(),
        )
        for sha256 in ("0" * 64, "1" * 64)
    )  # fmt: skip
    discussion = Discussion.objects.create(
        reviewed=reviewed, gap=30, opened_by=stage.cast.organiser, opened_at=timezone.now()
    )
    stage.sent |= {
        "review_ceremony": {"witness": ["甲", "乙"], "entry": ["1", "2"]},
        "review_seat": {"answer": "confirm"},
    }
    Ranking.objects.create(
        edition=stage.edition, number=1, method="mean", titles=1, nominees=0, seed=1,
        scores_csv="dossier,expert,technology,economy,society\nD001,P01,80,80,80\n",
        result_csv="rank,dossier,score,low,high,p_title,p_nominee\n1,D001,80.0000,1,1,1.0,1.0\n",
        computed_by=stage.cast.organiser, computed_at=timezone.now(),
        published_by=stage.cast.organiser, published_at=timezone.now(),
    )  # fmt: skip
    public: Arguments = {"programme": stage.edition.programme, "slug": stage.edition.slug}
    return {
        **{f"review_expert{name}": {"pk": seat.entry_id} for name in ("", "_invite", "_remove")},
        **{f"review_seat_{name}": {"pk": seat.pk} for name in ("answer", "replace")},
        "review_discussion_end": {"pk": discussion.pk},
        **{f"review_papers{name}": {"pk": judged.pk} for name in ("", "_release")},
        "review_copy_withdraw": {"pk": withdrawn.pk},
        "review_copy_page": {"pk": copy.pk, "number": 1},
        "review_card_paper": {"pk": card.pk, "copy": copy.pk, "number": 1},
        "review_minutes": {"kind": "docx"},
        "review_recusal_decide": {"pk": recusal.pk},
        **{f"review_card_{name}": {"pk": card.pk} for name in ("move", "reopen", "keep", "recuse", "remark")},
        "review_proof_file": {**public, "name": "scores.csv"},
        "review_proof": public,
        "review_proof_draw": public,
    }


def likeness_places(stage: Stage) -> dict[str, Arguments]:
    """Two dossiers that are alike."""
    first, second = Dossier.objects.exclude(revision=None).order_by("pk")[:2]
    pair = DuplicatePair.objects.create(
        edition=stage.edition,
        kind="text",
        first=first,
        second=second,
        first_revision_id=first.revision_id,
        second_revision_id=second.revision_id,
        score=800,
        found_at=timezone.now(),
    )
    keys = ("screening_duplicate", "screening_duplicate_decide", "screening_duplicate_undo")
    return {key: {"pk": pair.pk} for key in keys}


# in the order in which they are made
PLACES: tuple[Callable[[Stage], dict[str, Arguments]], ...] = (
    nomination_places,
    mailbox_places,
    screening_places,
    list_places,
    outbox_places,
    candidacy_places,
    web_places,
    recommendation_places,
    review_places,
    decision_places,
    conferral_places,
    consultation_places,
    likeness_places,
    notice_places,
    objection_places,
    publicity_places,
    archive_places,
    benefits_places,
    privacy_places,
)
