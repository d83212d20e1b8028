"""A stream for archives that are sent while they are written. Pure."""

from __future__ import annotations

import io


class Pipe(io.RawIOBase):
    """Takes what is written and hands it over; a zip that cannot seek is written with its sizes behind each file."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        """What came since the last time."""
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece
