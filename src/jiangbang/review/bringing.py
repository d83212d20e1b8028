"""Tables that a browser sends."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiangbang.papers.sandbox import ChildDied
from jiangbang.papers.table_reading import Rows, UnreadableTable, read_table
from jiangbang.register.acts import Refused


def rows_brought(upload: UploadedFile[Any]) -> Rows:
    """The rows of a workbook or CSV file. Refused: `unreadable`, with what to do."""
    try:
        # the child that reads it gets a descriptor: what lies in memory goes to a file without a name first
        with tempfile.TemporaryFile() as file:
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            return read_table(file)
    except UnreadableTable as error:
        reason = error.reason_en if (get_language() or "").startswith("en") else str(error)
        sentence = _("%(name)s cannot be read: %(reason)s. Save it as .xlsx and bring it again.")
        raise Refused("unreadable", sentence % {"name": upload.name, "reason": reason}) from None
    except ChildDied:
        sentence = _("%(name)s is damaged and cannot be read. Save it as .xlsx and bring it again.")
        raise Refused("unreadable", sentence % {"name": upload.name}) from None
