"""The site of deploy/nginx, started as it is before the real server: what comes through, what does not, and what is said on the way."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter

import pytest
from deploy.asking import NAME, Answer, Client
from deploy.conftest import TOKEN, Front

PUBLIC = "/p/hangzhou-digital-craftsman/2023/"
ONCE = (
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cache-Control",
)


@pytest.fixture(scope="module")
def office(front: Front) -> Client:
    """The first account, signed in from an address of its own."""
    client = front.client("127.0.0.7")
    name, password = (front.home / "first-sign-in.txt").read_text("utf-8").split()
    answer = client.post("/account/login/", {"login": name, "password": password})
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    return client


def once(answer: Answer) -> list[str]:
    """The security headers that do not stand in the answer exactly once."""
    return [name for name in ONCE if len(answer.headers.get_all(name) or []) != 1]


def test_pages_come_with_each_security_header_once(front: Front) -> None:
    client = front.client()
    page = client("GET", "/account/login/")
    assert (page.status, once(page), page.headers["Server"]) == (200, [], "nginx")
    assert client("GET", "/readyz").text == '{"database": "ready", "files": "ready"}'
    assert client("GET", "/").headers["Location"].startswith("/account/login/")


def test_plain_http_leads_to_tls_and_other_names_get_nothing(front: Front) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=10)
    plain.request("GET", "/verify/?code=1", headers={"Host": NAME})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/verify/?code=1")
    plain.close()
    other = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=10)
    other.request("GET", "/", headers={"Host": "elsewhere.example"})
    with pytest.raises(http.client.RemoteDisconnected):
        other.getresponse()
    other.close()
    with socket.create_connection(("127.0.0.1", front.tls)) as raw, pytest.raises(ssl.SSLError, match="UNRECOGNIZED"):
        ssl.create_default_context().wrap_socket(raw, server_hostname="elsewhere.example")


def test_browsers_are_spoken_to_in_http_2(front: Front) -> None:
    done = subprocess.run(
        [
            *(
                "curl",
                "--silent",
                "--http2",
                "--cacert",
                str(front.folder / "certificate.pem"),
                "--output",
                "/dev/null",
            ),
            *("--resolve", f"{NAME}:{front.tls}:127.0.0.1", "--write-out", "%{http_version} %{http_code}"),
            f"https://{NAME}:{front.tls}/verify/",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "2 200"


def test_static_files_and_public_pages_are_kept(front: Front) -> None:
    client = front.client()
    style = re.search(r'href="(/static/[^"]+\.css)"', client("GET", "/account/login/").text)
    assert style is not None
    for _ in range(2):
        answer = client("GET", style[1], headers={"Accept-Encoding": "gzip"})
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        assert client("GET", PUBLIC).status == 200
        assert client("GET", "/account/login/").status == 200
    lines = [json.loads(line) for line in front.log().splitlines()]
    for place, cached in (("/static", "HIT"), ("/p", "HIT"), ("/account", "")):
        assert [line["cache"] for line in lines if line["place"] == place][-1] == cached, place


def test_a_packet_of_20_mb_arrives_and_other_files_have_a_smaller_limit(office: Client) -> None:
    packet = bytes(range(256)) * (20 * 1024 * 4)
    answer = office.post("/packets/receive/", {}, {"packets": packet}, form="/")
    assert answer.status == 302, answer.text[-1500:]
    assert office("GET", answer.headers["Location"]).status == 200
    refused = office("POST", "/verify/", b"", {"Content-Length": str(200 * 1024 * 1024)})
    assert (refused.status, once(refused)) == (413, [])
    assert "1 GB" in refused.text


def test_the_figures_are_for_this_host_and_its_token(front: Front) -> None:
    here, token = front.client(), {"Authorization": f"Bearer {TOKEN}"}
    assert here("GET", "/metrics").status == 404
    assert b"jiangbang_requests_total" in here("GET", "/metrics", headers=token).body
    assert front.client("127.0.0.2")("GET", "/metrics", headers=token).status == 403


def test_wrong_passwords_count_against_the_real_address(front: Front) -> None:
    """Whatever a caller writes into X-Forwarded-For, nginx's own observation counts."""
    waits = re.compile(r"429|再试|try again", re.IGNORECASE)

    def tries(source: str, count: int) -> list[bool]:
        client = front.client(source)
        wrong = {"login": "nobody-here", "password": "not the password"}
        answers = [
            client.post("/account/login/", wrong, **{"X-Forwarded-For": f"198.51.100.{number}"})
            for number in range(count)
        ]
        return [bool(waits.search(answer.text)) for answer in answers]

    assert tries("127.0.0.41", 8)[-1] is True
    assert tries("127.0.0.42", 1) == [False]


def test_what_a_log_line_says(front: Front) -> None:
    """Addresses may hold a capability; none of it and no network of a person stands in the log."""
    front.client("127.0.0.43")("GET", "/invitation/secret-capability/?name=zhangsan")
    line = json.loads(front.log().splitlines()[-1])
    assert (line["place"], line["method"]) == ("/invitation", "GET")
    assert not re.search("secret-capability|zhangsan", front.log())
    assert "127.0.0.43" not in front.log()


def test_nobody_is_turned_away_while_the_pages_start_anew(front: Front) -> None:
    """Reads and posts go on, from four clients, while the service ends and begins again on the same socket."""
    ended, statuses, lock = threading.Event(), Counter[int](), threading.Lock()

    def visitor(source: str) -> None:
        client = front.client(source)
        while not ended.is_set():
            for answer in (
                client("GET", "/account/login/"),
                client.post("/language/", {"language": "en"}, form="/account/login/"),
            ):
                with lock:
                    statuses[answer.status] += 1

    visitors = [threading.Thread(target=visitor, args=(f"127.0.0.{50 + number}",)) for number in range(4)]
    for one in visitors:
        one.start()
    time.sleep(0.5)
    front.end()
    before = sum(statuses.values())
    front.begin()
    while sum(statuses.values()) < before + 40 and all(one.is_alive() for one in visitors):
        time.sleep(0.1)
    ended.set()
    for one in visitors:
        one.join()
    assert (set(statuses), statuses[200] > 20, statuses[302] > 20) == ({200, 302}, True, True)
