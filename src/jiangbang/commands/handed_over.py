"""The server on a socket that another process opened: systemd keeps it while we start anew, so nobody is turned away.

`jiangbang web` becomes this module by exec. Source of the contract: sd_listen_fds(3).
"""

from __future__ import annotations

import os
import socket
from typing import Final

FIRST: Final = 3
# Seconds in which a worker that was told to stop finishes what it is answering.
PATIENCE: Final = 50


def handed_over() -> bool:
    """Whether this very process was handed a socket."""
    return os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1"


def serve() -> None:
    """Serve on descriptor 3 until told to stop. What was accepted is answered; what waits in the socket's queue is left to the next."""
    from granian._granian import SocketHolder  # noqa: PLC0415 — `handed_over` alone must not pay for it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server.mp import MPServer  # noqa: PLC0415

    class HandedOver(MPServer):
        """granian opens its sockets itself and has no option for one that is there: it is put where its own would be."""

        def _init_shared_socket(self) -> None:
            held = socket.socket(fileno=FIRST)
            held.set_inheritable(True)
            # granian's types leave the constructor's arguments out
            holder = SocketHolder(FIRST, held.family == socket.AF_UNIX, self.backlog)  # type: ignore[call-arg]
            vars(self).update(_sso=held, _sfd=FIRST, _ssp=None, _shd=holder)

    HandedOver(
        "jiangbang.wsgi:application",
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("JIANGBANG_WORKERS", "1")),
        blocking_threads=int(os.environ.get("JIANGBANG_THREADS", "4")),
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=PATIENCE,
    ).serve()


if __name__ == "__main__":
    serve()
