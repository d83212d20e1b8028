"""A small client: TLS to nginx under the house's name, from a chosen address of this machine, with cookies."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path

NAME = "jiangbang.example"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Client:
    """Asks on a connection of its own each time. `source` is an address of 127.0.0.0/8."""

    port: int
    authority: Path
    source: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        context = ssl.create_default_context(cafile=str(self.authority))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60, source_address=(self.source, 0))
        connection = http.client.HTTPConnection(NAME, timeout=60)
        connection.sock = context.wrap_socket(plain, server_hostname=NAME)
        sent = {"Host": NAME, "Referer": f"https://{NAME}/", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def post(self, path: str, fields: dict[str, str], files: dict[str, bytes] | None = None, **headers: str) -> Answer:
        """Send a form as a page of the house would, its token taken from the page at the same address."""
        page = self("GET", headers.pop("form", path))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None, (page.status, page.text[:500])
        boundary = "jiangbang-boundary"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrfmiddlewaretoken": token[1], **fields}.items()
        ]
        for name, data in (files or {}).items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="packet.zip"\r\n'
            parts.append(f"{head}Content-Type: application/zip\r\n\r\n".encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        return self("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}", **headers})
