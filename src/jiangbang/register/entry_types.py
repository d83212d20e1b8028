"""The closed list of entry types. An act that writes a type which is not here is an error, never a silent skip.

`facts` are the only keys that an entry of the type may carry. Facts are public to whoever may read the register and stay for
ever: no personal value may stand in them, only counts, codes, file hashes and salted commitments.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class EntryType:
    """One kind of entry: what it says to a reader, and the facts that it may carry."""

    name: str
    says: str | Promise
    facts: frozenset[str]


def _types(*rows: tuple[str, str | Promise, str]) -> dict[str, EntryType]:
    return {name: EntryType(name, says, frozenset(facts.split())) for name, says, facts in rows}


ENTRY_TYPES = _types(
    ("account.created", _("Account created"), "username role"),
    ("account.closed", _("Account closed"), ""),
    ("account.reopened", _("Account reopened"), ""),
    ("account.renamed", _("User name changed"), ""),
    ("password.changed", _("Password changed"), ""),
    ("password.given", _("New first password given"), ""),
    ("factor.added", _("Second factor or passkey set up"), "kind"),
    ("factor.removed", _("Second factor or passkey taken off"), "kind"),
    ("session.ended", _("Sessions ended"), "count"),
    ("role.granted", _("Role given"), "role scope"),
    ("role.withdrawn", _("Role withdrawn"), "role scope"),
    ("invitation.made", _("Invitation made"), "role scope expires"),
    ("invitation.accepted", _("Invitation accepted"), "role scope"),
    ("invitation.revoked", _("Invitation revoked"), "role scope"),
    ("programme.loaded", _("Edition loaded"), "sha256 previous_sha256 changed"),
    ("edition.deadline_extended", _("Deadline extended"), "deadline previous reason"),
    ("packet.arrived", _("Packet arrived"), "sha256 size unit channel"),
    ("packet.refused", _("Packet refused"), "sha256 unit reason deadline arrived"),
    ("packet.unreadable", _("Packet could not be read"), "sha256 unit code"),
    (
        "packet.received",
        _("Packet received"),
        "sha256 unit number verdict members accepted waiting late late_reason late_by programme_sha256",
    ),
    ("dossier.accepted", _("Dossier accepted"), "packet revision commitment photo"),
    ("dossier.waiting", _("Dossier waits for correction"), "packet revision commitment photo findings"),
    ("dossier.held", _("Dossier held above the quota"), "packet revision commitment photo"),
    ("facts.declared", _("Facts declared"), "keys source evidence"),
    ("dossier.superseded", _("Dossier superseded"), "packet by"),
    ("screening.begun", _("Screening begun"), "dossiers"),
    ("screening.assigned", _("Dossier given to a screener"), "screener"),
    ("clause.ruled", _("Clause ruled on"), "clause value number rests_on"),
    ("clause.confirmed", _("Ruling confirmed by a second person"), "clause value number rests_on"),
    ("screening.concluded", _("Screening concluded"), "answer clauses"),
    ("screening.confirmed", _("Screening confirmed by a second person"), "answer clauses"),
    ("screening.reopened", _("Screening taken up again"), "answer"),
    ("screening.noted", _("Note written"), ""),
    ("letter.sent", _("Letter sent: not eligible, and how to object"), "number clauses due count on_paper"),
    ("letter.withdrawn", _("Letter taken back: its conclusion does not stand any more"), "number count on_paper"),
    ("duplicate.decided", _("Likeness decided on"), "likeness decision other score"),
    ("duplicate.undone", _("Decision on a likeness taken back"), "likeness decision other score"),
    ("list.brought", _("List read, to be looked at"), "sha256 size list_kind rows wrong_rows channel"),
    ("list.discarded", _("List discarded before it counted"), "sha256 list_kind"),
    ("list.imported", _("List imported"), "sha256 list_kind rows wrong_rows"),
    ("list.replaced", _("List replaced"), "sha256 list_kind replaced_by"),
    ("list.withdrawn", _("List withdrawn"), "sha256 list_kind"),
    ("list.compared", _("Dossiers compared with the lists"), "dossiers found near gone"),
    ("match.accepted", _("Row of a list accepted for this person"), "list row list_kind alike"),
    ("match.rejected", _("Row of a list rejected for this person"), "list row list_kind alike"),
    ("titles.none_found", _("Found on no list of titles"), "dossiers"),
    ("mail.taken", _("Mail with packets received"), "sha256 size packets unit arrived reason"),
    ("mail.held", _("Mail waits for a person"), "sha256 size packets unit arrived reason"),
    ("mail.set_aside", _("Mail set aside"), "sha256 size packets unit arrived reason"),
    ("value.revealed", _("Sensitive value revealed"), "field revision"),
    ("file.downloaded", _("File downloaded"), "file sha256"),
    ("contacts.kept", _("Contacts of units kept"), "units count"),
    ("contacts.removed", _("Contact of a unit removed"), "units count"),
    ("issuer.key_made", _("Key for certificates made"), "key valid_from valid_until"),
    ("issuer.key_withdrawn", _("Key for certificates withdrawn"), "key"),
    ("job.retried", _("Set-aside work put back"), "job"),
    ("message.posted", _("Message posted"), "template language channel attachments"),
    ("message.resent", _("Message sent again"), "template times"),
    ("template.edited", _("Message template edited"), "template language version sha256"),
    # a candidate's draft: who did what, never what was written
    ("candidacy.invited", _("Candidate invited"), "unit"),
    ("candidacy.opened", _("Invitation taken up"), "unit"),
    ("consent.given", _("Consent given"), "purpose"),
    ("consent.withdrawn", _("Consent withdrawn"), "purpose"),
    ("draft.edited", _("Draft edited"), "as"),
    ("draft.file_added", _("File added to the draft"), "kind claim sha256 size"),
    ("draft.file_removed", _("File removed from the draft"), "kind claim sha256"),
    ("candidacy.handed_to_employer", _("Form handed to the employer"), "commitment"),
    ("candidacy.confirmed", _("Form confirmed by the employer"), "commitment way"),
    ("candidacy.handed_to_unit", _("Form handed to the unit"), "unit commitment"),
    ("candidacy.returned", _("Form returned to the candidate"), "unit state sender"),
    ("candidacy.called_back", _("Form called back"), "unit"),
    ("candidacy.unit_opinion", _("Opinion of the unit written"), "unit sealed"),
    ("candidacy.submitted", _("Candidacy submitted"), "unit dossier"),
    ("candidacy.withdrawn", _("Candidacy withdrawn"), "state"),
    ("evidence.opened", _("Evidence opened"), "kind claim sha256"),
    # a unit's workspace
    ("nominees.ordered", _("Nominees ordered"), "unit version people"),
    ("consent.attested", _("Consent on paper attested by the unit"), "purposes"),
    ("scan.added", _("Sealed form scanned"), "kind sha256 pages replaces"),
    ("packet.submitted", _("Packet submitted by the unit"), "unit number people declaration"),
    ("candidacy.reopened", _("Submitted candidacy reopened by the unit"), "unit"),
    # the review: experts are named by number, never by name
    ("expert.listed", _("Expert taken into the pool"), "unit"),
    ("expert.invited", _("Expert invited"), ""),
    ("expert.changed", _("Profile of an expert brought up to date"), ""),
    ("expert.agreed", _("Expert agreed to review"), "source"),
    ("expert.declined", _("Expert declined"), ""),
    ("expert.removed", _("Expert removed from the pool"), ""),
    ("draw.committed", _("Draw committed"), "number commitment count"),
    ("draw.given_up", _("Draw given up"), "number reason"),
    ("draw.held", _("Draw held before witnesses"), "number sha256 count"),
    ("seat.asked", _("Drawn expert asked"), "panel place"),
    ("seat.confirmed", _("Seat confirmed"), "panel source"),
    ("seat.refused", _("Seat refused"), "panel source"),
    ("seat.released", _("Expert released from the panel"), "panel source"),
    ("seat.filled", _("Seat taken by an alternate"), "panel place"),
    ("seat.vacant", _("Seat stays empty: no alternate fits"), "panel"),
    ("relations.declared", _("Expert declared relations"), "count"),
    ("recusal.found", _("Recusal found"), "kind origin state"),
    ("recusal.decided", _("Recusal decided"), "kind state"),
    ("quota.chosen", _("Unit chose who goes within its quota"), "unit accepted held people"),
    ("direct.claimed", _("Direct title claimed outside the quota"), "unit title"),
    ("direct.granted", _("Direct title granted outside the quota"), "unit title"),
    ("direct.refused", _("Direct title outside the quota refused"), "unit title"),
    ("assignment.made", _("Dossiers assigned to experts"), "dossiers count score optimal"),
    ("assignment.changed", _("Card given to another expert"), "replaces"),
    ("assignment.cleared", _("Proposed assignment taken back"), "count"),
    ("assignment.released", _("Cards released to the experts"), "count"),
    ("card.signed", _("Card signed"), "number commitment"),
    ("card.reopened", _("Signed card opened again"), "number"),
    ("card.voided", _("Card void"), "reason"),
    ("card.recused", _("Expert recused while judging"), "kind"),
    ("ranking.computed", _("Ranking computed"), "number method scores sha256"),
    ("ranking.published", _("Ranking published"), "number scores sha256"),
    ("shortlist.deviated", _("Shortlist deviates from the ranking"), "rank added"),
    ("shortlist.taken", _("Shortlist taken"), "number count deviations"),
    ("sheet.brought", _("Score sheet brought"), "count"),
    # the leading group: no entry says who voted what, or when a secret ballot came in
    ("member.named", _("Member of the leading group named"), "body substitute"),
    ("member.invited", _("Member of the leading group invited"), ""),
    ("member.left", _("Member left the leading group"), "body"),
    ("member.recused", _("Member recused from one candidate"), "kind source"),
    ("meeting.called", _("Meeting of the leading group called"), "number count"),
    ("meeting.opened", _("Meeting of the leading group opened"), "number"),
    ("meeting.closed", _("Meeting of the leading group closed"), "number present"),
    ("attendance.recorded", _("Presence recorded"), "number source substitute"),
    ("attendance.removed", _("Presence taken back"), "number reason"),
    ("round.opened", _("Round of voting opened"), "title number mode seats candidates group present"),
    ("round.closed", _("Round of voting closed"), "title number cast present elected tied sha256 reason"),
    ("round.annulled", _("Round of voting annulled"), "title number reason"),
    ("vote.cast", _("Vote given by name"), "title number count"),
    ("result.resolved", _("Result resolved by the leading group"), "number count reserve sha256 reason"),
    ("result.released", _("Result released"), "number count"),
    ("dossier.returned", _("Dossier returned to the unit"), "revision items due"),
    ("dossier.answered", _("Return answered by the unit"), "revision returned_revision packet"),
)
