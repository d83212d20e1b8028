"""The language between the house and its child processes: frames of JSON and raw bytes.

A frame is `4 bytes big-endian length · JSON header · blobs`; the header's `blobs` lists the blobs' lengths. Nothing that comes from a
child is ever unpickled or evaluated, and every length is checked before it is believed: the child has read foreign bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jiangbang.kernel.form import FieldSpec, FormSpec, SectionSpec
from jiangbang.papers.findings import CODES, Finding
from jiangbang.papers.reading import FormReading, Member, Photo, RosterReading, RosterRow

HEADER_MAX = 16 * 1024 * 1024
# the largest member and a little
BLOB_MAX = 80 * 1024 * 1024


class BrokenFrame(ValueError):
    """The other side does not keep to the protocol."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: what it is, its values, its raw bytes."""

    kind: str
    values: Mapping[str, Any]
    blobs: tuple[bytes, ...] = ()


def pack(kind: str, values: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> list[bytes]:
    """The frame in pieces, ready for `writelines` (blobs are not copied)."""
    header = json.dumps({"kind": kind, "values": values, "blobs": [len(blob) for blob in blobs]}, ensure_ascii=False)
    # a lone surrogate from a broken file must not break the line to the house
    encoded = header.encode("utf-8", "replace")
    return [struct.pack(">I", len(encoded)), encoded, *blobs]


def unpack(read: Callable[[int], bytes]) -> Frame | None:
    """The next frame; None at a clean end. `read(n)` gives exactly n bytes, fewer only at the end of the stream."""
    prefix = read(4)
    if not prefix:
        return None
    if len(prefix) < 4:
        raise BrokenFrame("a frame broke off in its length")
    (length,) = struct.unpack(">I", prefix)
    if length > HEADER_MAX:
        raise BrokenFrame("a frame's header is too long")
    try:
        header = json.loads(_exactly(read, length))
        kind, values, lengths = header["kind"], header["values"], header["blobs"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BrokenFrame("a frame's header is not what was agreed") from error
    if not (isinstance(kind, str) and isinstance(values, dict) and isinstance(lengths, list)):
        raise BrokenFrame("a frame's header is not what was agreed")
    if not all(isinstance(size, int) and size >= 0 for size in lengths) or sum(lengths) > BLOB_MAX:
        raise BrokenFrame("a frame's blobs are too long")
    return Frame(kind, values, tuple(_exactly(read, size) for size in lengths))


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    data = read(size) if size else b""
    if len(data) != size:
        raise BrokenFrame("a frame broke off")
    return data


# --- the form, downwards ----------------------------------------------------------------------------------------------


def form_to_json(form: FormSpec) -> dict[str, Any]:
    return {
        "title": form.title,
        "roster_title": form.roster_title,
        "field": [asdict(spec) for spec in form.fields],
        "section": [asdict(section) for section in form.sections],
    }


def form_from_json(document: Mapping[str, Any]) -> FormSpec:
    def spec(raw: Mapping[str, Any]) -> FieldSpec:
        lists = {key: tuple(raw[key]) for key in ("aliases", "roster_aliases", "options")}
        return FieldSpec(**{**raw, **lists, "visible": {k: tuple(v) for k, v in raw["visible"].items()}})

    return FormSpec(
        document["title"],
        document["roster_title"],
        tuple(spec(raw) for raw in document["field"]),
        tuple(SectionSpec(**raw) for raw in document["section"]),
    )


# --- readings, upwards ------------------------------------------------------------------------------------------------


def finding_from_json(stored: Mapping[str, Any]) -> Finding:
    """A finding, or BrokenFrame when its code or its parameters are not those of the closed list."""
    try:
        finding = Finding.from_stored(stored)
        finding.message()
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise BrokenFrame("an unknown finding") from error
    override = None if finding.severity == CODES[finding.code].severity else finding.severity
    return Finding(finding.code, finding.field, finding.clause, finding.where, dict(finding.params), override)


def _findings(stored: Any) -> tuple[Finding, ...]:
    return tuple(finding_from_json(one) for one in stored)


def member_to_json(member: Member) -> dict[str, Any]:
    return asdict(member)


def member_from_json(stored: Mapping[str, Any]) -> Member:
    if stored.get("kind") not in ("form", "roster", "ignored", "unexpected", "refused"):
        raise BrokenFrame("an unknown kind of member")
    sha256 = stored.get("sha256")
    return Member(str(stored["name"]), int(stored["size"]), None if sha256 is None else str(sha256), stored["kind"])


def form_reading_to_json(reading: FormReading) -> tuple[dict[str, Any], list[bytes]]:
    photo = reading.photo
    described = photo and {
        "media_type": photo.media_type,
        "width": photo.width,
        "height": photo.height,
        "sha256": photo.sha256,
    }
    values = {
        "source": reading.source,
        "record": reading.record,
        "photo": described,
        "findings": [finding.as_stored() for finding in reading.findings],
    }
    return values, [photo.data] if photo else []


def form_reading_from_json(values: Mapping[str, Any], blobs: Sequence[bytes], form: FormSpec) -> FormReading:
    """The reading with exactly the form's keys. Raises BrokenFrame."""
    record, described = values["record"], values["photo"]
    if not isinstance(record, dict) or set(record) != {spec.key for spec in form}:
        raise BrokenFrame("a record with other keys than the form's")
    photo = None
    if described is not None:
        if len(blobs) != 1:
            raise BrokenFrame("a photo without its bytes")
        media_type, sha256 = str(described["media_type"]), str(described["sha256"])
        photo = Photo(media_type, int(described["width"]), int(described["height"]), sha256, blobs[0])
    return FormReading(str(values["source"]), record, photo, _findings(values["findings"]))


def roster_reading_to_json(reading: RosterReading) -> dict[str, Any]:
    return {
        "source": reading.source,
        "unit": reading.unit,
        "rows": [asdict(row) for row in reading.rows],
        "findings": [finding.as_stored() for finding in reading.findings],
    }


def roster_reading_from_json(values: Mapping[str, Any]) -> RosterReading:
    """The roster. Raises BrokenFrame."""
    try:
        rows = tuple(RosterRow(**row) for row in values["rows"])
    except TypeError as error:
        raise BrokenFrame("a roster row with other keys") from error
    return RosterReading(str(values["source"]), values["unit"], rows, _findings(values["findings"]))
