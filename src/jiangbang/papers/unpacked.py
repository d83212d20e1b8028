"""An archive that another program has already unpacked into a stream of frames (`unrar.cjs`): first all entries, then contents.

The stream comes from a program that has read foreign bytes, so it is judged like any other archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from jiangbang.papers.archive import Entry, EntryType, Refused, encrypted, too_large, unreadable
from jiangbang.papers.wire import BrokenFrame, Frame, unpack


class Unpacked:
    """The stream as an archive. Kind `rar`: no other format comes this way."""

    kind = "rar"

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name

    def entries(self) -> Sequence[Entry]:
        return [
            self._entry(position, frame.values)
            for position, frame in enumerate(frame for frame in self._frames() if frame.kind == "entry")
        ]

    def read(self, wanted: Sequence[Entry], limit: int) -> Iterator[tuple[Entry, bytes | Refused]]:
        by_position = {entry.position: entry for entry in wanted}
        for frame in self._frames():
            entry = by_position.pop(int(frame.values.get("position", -1)), None) if frame.kind == "content" else None
            if entry is None:
                continue
            data = frame.blobs[0] if frame.blobs else b""
            if len(data) > min(limit, entry.size):
                yield entry, Refused(too_large("实际大小超过压缩包目录所写的大小", entry.name))
            else:
                yield entry, data
        for entry in by_position.values():
            yield entry, Refused(unreadable(entry.name, "压缩数据已损坏"))

    def _frames(self) -> Iterator[Frame]:
        self._file.seek(0)
        try:
            while (frame := unpack(self._file.read)) is not None:
                if frame.kind == "failed":
                    locked = frame.values.get("reason") == "encrypted"
                    raise Refused(encrypted(self._name) if locked else unreadable(self._name, "压缩数据已损坏"))
                yield frame
        except BrokenFrame as error:
            raise Refused(unreadable(self._name, "压缩数据已损坏")) from error

    def _entry(self, position: int, values: Any) -> Entry:
        kind: EntryType = "directory" if values.get("directory") else "file"
        size = max(0, int(values.get("size", 0)))
        return Entry(position, str(values.get("name", "")), size, None, kind, bool(values.get("encrypted")))
