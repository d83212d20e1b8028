"""Why a mail waits for a person, or was set aside: the closed list, each with its sentence."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A mail that could not be read, or that brings nothing (`papers.mail`, `papers.mail_packets`). The sender can mend these.
CANNOT_BE_READ: dict[str, str | Promise] = {
    "no_attachment": _("There is no attachment. Send the packet as an attachment."),
    "no_packet": _(
        "No attachment is an archive, a Word or an Excel file. Send forms and roster, packed in one archive."
    ),
    "link": _(
        "There is no attachment but a link to a net disk (%(name)s). Links expire and are not followed: send the packet as an attachment."
    ),
    "encrypted_smime": _("The mail is encrypted with S/MIME and cannot be read. Send it again without encryption."),
    "encrypted_pgp": _("The mail is encrypted with PGP and cannot be read. Send it again without encryption."),
    "signed_opaque": _(
        "The mail is wrapped whole in an S/MIME signature and cannot be opened. Send it unsigned or with a clear signature."
    ),
    "too_large": _(
        "The mail is larger than %(name)s and was not fetched. Send the packet in parts, or upload it on the page."
    ),
    "part_too_large": _("The attachment %(name)s is too large to be opened. Attach the archive itself."),
    "too_many_parts": _("The mail has more parts than can be read. Attach one archive."),
    "too_deep": _("The attachment lies in a mail in a mail in a mail. Attach the archive itself."),
    "broken_container": _("%(name)s is damaged. Send the mail as plain text or HTML, with the archive attached."),
    "partial": _("The mail is one piece of a message that was split. Send it in one piece."),
    "elsewhere": _("The attachment is only named and lies somewhere else. Attach the archive itself."),
    "malformed": _("The message is damaged; nothing could be made out in it. Send it again."),
    "reader_died": _("Reading this mail ended the reading program. Send the archive again, packed anew."),
    "fault": _("The program met a fault while reading this mail; the fault is in the log (%(name)s)."),
}
# Mails that were read, about which only a person can decide.
NEEDS_A_PERSON: dict[str, str | Promise] = {
    "unknown_sender": _("The sender is not among the contacts of any unit."),
    "no_sender": _("The mail does not say who sent it, or names several senders."),
    "several_units": _("The sender is a contact of several units."),
    "other_unit": _("The sender is a contact of one unit, and the packet names another."),
    "doubtful": _("The mail server doubts that the mail comes from its sender."),
    "repeated_id": _("A mail with the same Message-ID and other attachments came before."),
}
# Never a packet; set aside without asking anybody.
NOBODY_ASKED: dict[str, str | Promise] = {
    "automatic": _("A machine wrote it: an absence note, or word that a mail could not be delivered."),
    "own": _("It is one of our own answers."),
}
BY_A_PERSON: dict[str, str | Promise] = {"not_a_packet": _("A person said that it is no packet.")}

REASONS: dict[str, str | Promise] = {**CANNOT_BE_READ, **NEEDS_A_PERSON, **NOBODY_ASKED, **BY_A_PERSON}


def sentence(code: str, name: str = "") -> str:
    """The sentence of a reason; empty for none."""
    return str(REASONS[code]) % {"name": name} if code in REASONS else ""


def remark(code: str, name: str = "") -> str:
    """What is said of a mail that has a packet all the same: the link is beside the attachment, not in its place."""
    if code == "link":
        return str(_("The text also leads to a net disk (%(name)s); such links are not followed.")) % {"name": name}
    return sentence(code, name)
