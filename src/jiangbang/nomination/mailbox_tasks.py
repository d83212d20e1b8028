"""Looking into the mailbox every minute, and answering what has been dealt with."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings

from jiangbang.nomination import mailbox
from jiangbang.nomination.mailbox_acts import mailbox_account
from jiangbang.nomination.mailbox_models import Mail
from jiangbang.nomination.mailbox_replies import answer_due
from jiangbang.nomination.mailbox_server import MailboxTrouble, configured
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import default_edition, find_edition
from jiangbang.queue.jobs import Finish, periodic

log = logging.getLogger("jiangbang.mailbox")
EVERY = timedelta(minutes=1)


def mailbox_edition() -> Edition | None:
    """The edition that mails are for: the one that the settings name, else the default one."""
    named = settings.JIANGBANG_IMAP_EDITION
    return find_edition(named) if named else default_edition()


@periodic("mailbox.look", every=EVERY, outside=True, max_attempts=3)
def look_into_mailbox() -> Finish | None:
    """Take in what is new, and answer what has been dealt with. A failed look is noted (`MailboxLook`); the next minute tries again."""
    try:
        address, edition = configured(), mailbox_edition()
        if address is not None and edition is not None:
            summary = mailbox.fetch(address, edition=edition, by=mailbox_account(), wait=False)
            if summary.fresh:
                log.info("%d mails taken in, %d wait for a person", summary.fresh, summary.held)
    except MailboxTrouble as trouble:
        log.warning("%s", trouble)
    if Mail.objects.filter(answer=Mail.Answer.DUE).exists():
        answer_due(by=mailbox_account())
    return None
