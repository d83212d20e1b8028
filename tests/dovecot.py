"""A Dovecot of our own: a free port, a private configuration and folder, an account for every name. Needs no root; as root it hands
the mails to another account, for Dovecot keeps none for root.

    with dovecot() as server:
        server.deliver(message); server.url
"""

from __future__ import annotations

import contextlib
import getpass
import grp
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

PASSWORD = "secret-of-the-test"
START_SECONDS = 30

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 0
mail_privileged_group =
mmap_disable = no
mail_fsync = never
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server. Accounts are made by being named."""

    folder: Path
    port: int
    secure_port: int

    def url(self, user: str = "box@award.example", folder: str = "INBOX", *, tls: str = "none") -> str:
        return f"imap://{user.replace('@', '%40')}@127.0.0.1:{self.port}/{folder}?tls={tls}"

    @contextlib.contextmanager
    def client(self, user: str = "box@award.example") -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", port=self.port, ssl=False) as client:
            client.login(user, PASSWORD)
            yield client

    def deliver(
        self,
        *messages: bytes,
        user: str = "box@award.example",
        folder: str = "INBOX",
        at: datetime | None = None,
    ) -> None:
        """Put messages into the mailbox, as having arrived at that moment."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            for message in messages:
                client.append(folder, message, msg_time=at or datetime.now(UTC))

    def flags(self, user: str = "box@award.example", folder: str = "INBOX") -> list[set[str]]:
        """The flags of each mail, in order; `\\Recent` left out."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            found = client.get_flags(client.search())
        return [{flag.decode() for flag in found[uid]} - {"\\Recent"} for uid in sorted(found)]

    def remake(self, user: str = "box@award.example") -> None:
        """The same mails in a folder made anew: other UIDs under another UIDVALIDITY. Flags are gone."""
        inbox = self.folder / "mail" / user
        # Dovecot's UIDVALIDITY is the second in which the folder was made: a new one needs a new second
        while time.time() < (inbox / "dovecot-uidlist").stat().st_mtime + 1.1:
            time.sleep(0.05)
        for file in inbox.glob("dovecot*"):
            file.unlink()
        for file in (inbox / "cur").iterdir():
            file.rename(inbox / "cur" / f"{file.name.partition(':')[0]}:2,")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def dovecot(*, certificate: tuple[Path, Path] | None = None) -> Iterator[Dovecot]:
    """Start a server in the foreground; stop it by its own process id. Skips where Dovecot is not installed."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        pytest.skip("no Dovecot (as root: apt-get install dovecot-imapd)")
    folder = Path(tempfile.mkdtemp(prefix="jiangbang-dovecot-"))
    root, me = os.geteuid() == 0, getpass.getuser()
    keeper = "nobody" if root else me
    server = Dovecot(folder, free_port(), free_port())
    # other accounts must get to the mails
    folder.chmod(0o755)
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
        if root:
            shutil.chown(folder / name, keeper)
    lines = f"ssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}" if certificate else ""
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            port=server.port,
            secure_port=server.secure_port if certificate else 0,
            password=PASSWORD,
            user=keeper,
            group=subprocess.run(["id", "-gn", keeper], capture_output=True, text=True, check=True).stdout.strip(),
            ssl="yes" if certificate else "no",
            certificate=lines,
            login_user="dovenull" if root else me,
            internal_user="dovecot" if root else me,
            internal_group="dovecot" if root else grp.getgrgid(os.getegid()).gr_name,
        )
    )
    process = subprocess.Popen([program, "-F", "-c", configuration], stderr=subprocess.PIPE, start_new_session=True)
    try:
        _wait(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert process.stderr is not None
        process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.stderr is not None
        assert process.poll() is None, process.stderr.read().decode()
        with contextlib.suppress(OSError), IMAPClient("127.0.0.1", port=server.port, ssl=False, timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(f"Dovecot did not start: {(server.folder / 'log').read_text('utf-8', 'replace')[-2000:]}")
