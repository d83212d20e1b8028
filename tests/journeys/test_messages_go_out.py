"""The organiser words a message, sees how it reads, sends it, sees why it did not arrive, and sends it again. Mail is a real server's."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from journeys.browsing import DESKTOP, PATIENCE, PHONE, NewContext, Watch, keep_picture, sideways, sign_in
from journeys.house import House, running_house
from journeys.test_every_page import AXE, barriers
from journeys.words import zh
from playwright.sync_api import Page, expect


class Postman:
    """Refuses for good until it is told better."""

    def __init__(self) -> None:
        self.willing = False
        self.texts: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 — aiosmtpd's name
        if not self.willing:
            return "552 mailbox is full"
        assert isinstance(envelope.content, bytes)
        self.texts.append(envelope.content)
        return "250 taken"


@pytest.fixture(scope="module")
def postman() -> Iterator[tuple[Postman, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    postman = Postman()
    server = Controller(postman, hostname="127.0.0.1", port=port)
    server.start()
    yield postman, port
    server.stop()


@pytest.fixture(scope="module")
def house(chromium: str, postman: tuple[Postman, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that has a mail server."""
    settings = {
        "JIANGBANG_SMTP_URL": f"smtp://127.0.0.1:{postman[1]}",
        "JIANGBANG_MAIL_FROM": "认定办公室 <office@house.example>",
    }
    with running_house(tmp_path_factory.mktemp("mail") / "home", **settings) as running:
        yield running


def look(page: Page, name: str, watch: Watch) -> None:
    """A picture at both sizes; nothing sideways, no barrier."""
    for width, (wide, high) in {"390": PHONE, "1440": DESKTOP}.items():
        page.set_viewport_size({"width": wide, "height": high})
        keep_picture(page, f"{name}-{width}")
        reach, seen = sideways(page)
        assert (name, width, reach) == (name, width, seen)
        with watch.looking_away():
            assert (name, width, barriers(page, AXE.read_text("utf-8"))) == (name, width, [])


def test_a_message_is_worded_sent_refused_and_sent_again(
    house: House, new_context: NewContext, postman: tuple[Postman, int], watch: Watch
) -> None:
    page = new_context().new_page()
    sign_in(page, house.base, house.account)
    page.goto(f"{house.base}/messages/")
    expect(page.locator(".blank h2")).to_have_text(zh("Nothing has been sent yet"))
    look(page, "messages-empty", watch)
    page.get_by_role("link", name=zh("To the templates")).click()
    look(page, "templates", watch)
    page.get_by_role("link", name=zh("Reminder: three days left")).click()

    page.get_by_label(zh("Subject")).fill("致{nobody}")
    expect(page.locator("#preview .wrong-line")).to_contain_text("{nobody}")
    page.get_by_label(zh("Subject")).fill("{unit}请注意")
    expect(page.locator("#preview")).to_contain_text("滨江区总工会请注意")
    page.get_by_role("button", name=zh("Keep this wording")).click()
    expect(page.locator(".messages")).to_contain_text(zh("Kept. The next messages of this kind are worded so."))
    look(page, "template", watch)

    page.get_by_label(zh("To"), exact=True).fill("lin@unit.example")
    page.get_by_role("button", name=zh("Send a sample")).click()
    row = page.locator("[data-list] tbody tr")
    for _ in range(int(PATIENCE / 500)):
        if zh("given up") in row.inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(row).to_contain_text("552 mailbox is full")
    look(page, "messages", watch)
    row.get_by_role("link").click()
    expect(page.locator(".trouble")).to_contain_text(zh("Mend the cause, then send it again."))
    look(page, "message", watch)

    postman[0].willing = True
    page.get_by_role("link", name=zh("Send again")).click()
    page.get_by_role("dialog").get_by_role("button", name=zh("Send again")).click()
    expect(page.locator(".messages")).to_contain_text(zh("The message is on its way again."))
    for _ in range(int(PATIENCE / 500)):
        if page.locator(".facts .verdict[data-state=met]").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(".facts .verdict")).to_have_text(zh("sent"))
    expect(page.locator(".revisions li")).to_have_count(2)
    assert len(postman[0].texts) == 1


def test_contacts_are_pasted_and_set_aside_work_is_seen(house: House, new_context: NewContext, watch: Watch) -> None:
    page = new_context().new_page()
    sign_in(page, house.base, house.account)
    page.goto(f"{house.base}/units/contacts/")
    page.locator("#rows").fill("单位\t姓名\t邮箱\n滨江区总工会\t林一\tlin@unit.example\n余杭\t陈二\t无")
    page.get_by_role("button", name=zh("Keep these contacts")).click()
    expect(page.locator(".wrong-line")).to_contain_text("第 3 行")
    page.locator("#rows").fill("滨江区总工会\t林一\tlin@unit.example\n余杭\t陈二\tchen@unit.example")
    page.get_by_role("button", name=zh("Keep these contacts")).click()
    expect(page.locator("[data-list] tbody tr")).to_have_count(2)
    look(page, "contacts", watch)
    page.goto(f"{house.base}/jobs/")
    look(page, "jobs", watch)
