"""The files of an objection or of a reply: looked at before they are kept, by content and within honest bounds."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jiangbang.kernel.objections import ObjectionSpec
from jiangbang.papers.sandbox import ChildDied
from jiangbang.papers.uploads import DOCX, look_at
from jiangbang.register.acts import Refused

MEGABYTE: Final = 1_000_000
ALLOWED: Final = frozenset({"image/jpeg", "image/png", "application/pdf", DOCX})


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that may be kept."""

    name: str
    media_type: str
    data: bytes


def looked_at(uploads: Sequence[UploadedFile[Any]], spec: ObjectionSpec) -> list[Sent]:
    """What was sent. Refused: `too_many`; `empty`; `too_large`; `wrong_kind` (by content, whatever the name says)."""
    if len(uploads) > spec.files:
        raise Refused("too_many", _("At most %(most)s files.") % {"most": spec.files})
    return [_one(upload, spec.megabytes * MEGABYTE) for upload in uploads]


def _one(upload: UploadedFile[Any], largest: int) -> Sent:
    name = PurePath((upload.name or "").replace("\\", "/").replace("\0", "")).name[-200:] or "file"
    size = upload.size or 0
    if size == 0:
        raise Refused("empty", _("%(name)s is empty. Nothing was sent.") % {"name": name})
    if size > largest:
        raise Refused(
            "too_large",
            _("%(name)s is larger than %(limit)s MB. Take a smaller picture, or reduce the PDF.")
            % {"name": name, "limit": largest // MEGABYTE},
        )
    data = upload.read()
    with tempfile.TemporaryFile() as copy:
        copy.write(data)
        copy.flush()
        try:
            kind = look_at(copy, limit=largest).media_type
        except ChildDied:
            kind = None
    if kind not in ALLOWED:
        raise Refused(
            "wrong_kind",
            _("%(name)s is damaged, or is no PDF, JPEG, PNG or Word file (.docx). Nothing was sent.") % {"name": name},
        )
    assert kind is not None
    return Sent(name, kind, data)
