"""The house as docs/deploy.md sets it up: the web service on a socket that stays, Debian's nginx with the site of deploy/ before it."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from deploy.asking import NAME, Client
from deploy.units import DEPLOY, as_nobody, open_socket, start, stop

WEB = "jiangbang-web.service"
TOKEN = "only-for-prometheus"
MAIN = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
  include /etc/nginx/mime.types;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/site.conf;
}}
"""


@dataclass
class Front:
    """The running house: nginx's ports, the folder of its log, and the service behind it."""

    folder: Path
    home: Path
    plain: int
    tls: int
    listening: socket.socket
    web: subprocess.Popen[bytes] = field(init=False)

    def client(self, source: str = "127.0.0.1") -> Client:
        return Client(self.tls, self.folder / "certificate.pem", source)

    def begin(self) -> None:
        """Start the pages, on the socket that stands."""
        self.web = start(WEB, self.home, self.listening, JIANGBANG_METRICS_TOKEN=TOKEN)

    def end(self) -> None:
        stop(self.web, WEB)

    def log(self) -> str:
        return (self.folder / "access.log").read_text("utf-8")


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory, served_home: Path) -> Iterator[Front]:
    """Everything at work, for all tests of this folder."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed (as root: apt-get install nginx)")
    home = tmp_path_factory.mktemp("deployed") / "home"
    shutil.copytree(served_home, home)
    with contextlib.ExitStack() as stack:
        # not pytest's: its folders are closed to the account that nginx runs as
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jiangbang-nginx-")))
        listening = stack.enter_context(open_socket(folder / "web.sock"))
        plain, tls = stack.enter_context(nginx(folder))
        house = Front(folder, home, plain, tls, listening)
        house.begin()
        stack.callback(house.end)
        # asked before it is there: the socket lets it wait
        assert house.client()("GET", "/readyz").status == 200, (home / "journal").read_text("utf-8")
        yield house


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[tuple[int, int]]:
    """Debian's nginx as another account than root, with the site of deploy/ moved to free ports and to this folder."""
    plain, tls = free_port(), free_port()
    certify(folder)
    site = (DEPLOY / "nginx" / "jiangbang.conf").read_text("utf-8")
    for there, here in {
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{tls}",
        "/run/jiangbang/web.sock": f"{folder}/web.sock",
        "/var/cache/nginx/jiangbang": f"{folder}/kept",
        "/etc/ssl/jiangbang/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/ssl/jiangbang/key.pem": f"{folder}/key.pem",
        "/var/log/nginx/jiangbang.log": f"{folder}/access.log",
        "/etc/nginx/snippets/jiangbang-headers.conf": f"{DEPLOY}/nginx/jiangbang-headers.conf",
    }.items():
        assert there in site, f"{there} no longer stands in the site: mend this list"
        site = site.replace(there, here)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    account = as_nobody()
    if account:
        for place in (folder, folder / "web.sock", folder / "key.pem"):
            shutil.chown(place, account["user"], account["group"])
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False, **account)  # type: ignore[call-overload]
    assert (tried.returncode, "[warn]" in tried.stderr, "[emerg]" in tried.stderr) == (0, False, False), tried.stderr
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, **account)  # type: ignore[call-overload]
    try:
        wait_for(tls)
        yield plain, tls
    finally:
        server.terminate()
        server.wait(timeout=20)


def certify(folder: Path) -> None:
    """A certificate of our own for the house's name."""
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start within five seconds")
