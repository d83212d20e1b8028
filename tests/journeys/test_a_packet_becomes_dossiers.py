"""The main job, as an office does it: a unit's packet is dropped on the desk and becomes checked dossiers and an official roster."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from journeys.browsing import ARRIVING_PAGE, PACKET_PAGE, PATIENCE, drop, keep_picture, sign_in
from journeys.house import House
from journeys.packets import Packet, edition, make_packet, seeded, without
from journeys.words import zh
from playwright.sync_api import Locator, Page, expect

from jiangbang.kernel.form import Record
from jiangbang.kernel.names import mask
from jiangbang.papers.nomination_form import read_form
from jiangbang.papers.roster import read_roster

PEOPLE = 12
CHECKSUM, ADDRESS, PHOTO = 1, 4, 7
UNIT = "西湖"


@pytest.fixture(scope="module")
def packet(tmp_path_factory: pytest.TempPathFactory) -> Packet:
    """Twelve people of one unit, three of them with a fault each."""
    faults = {CHECKSUM: seeded("id_number.checksum"), ADDRESS: without("address"), PHOTO: seeded("photo.missing")}
    return make_packet(tmp_path_factory.mktemp("packet"), UNIT, PEOPLE, first=0, faults=faults)


@pytest.fixture(scope="module")
def received() -> dict[str, str]:
    """Where the packet's page is, once the first journey has brought it."""
    return {}


@pytest.fixture
def packet_page(office: Page, house: House, packet: Packet, received: dict[str, str]) -> Page:
    """The packet's page; it is brought first when this journey is walked alone."""
    if "href" not in received:
        office.goto(house.base)
        drop(office, packet.path)
        office.wait_for_url(PACKET_PAGE, timeout=PATIENCE)
        received["href"] = office.url
    office.goto(received["href"])
    return office


def ledger_row(page: Page, unit: str) -> Locator:
    return page.locator("#ledger tbody tr").filter(has=page.get_by_role("rowheader", name=unit, exact=True))


def so_far(people: int) -> str:
    """What the bar says of a count below a range that binds."""
    sentence = zh("%(count)s people so far, quota %(wanted)s, which binds", count=people, wanted="10–30")
    return zh("%(name)s: %(sentence)s", name="西湖区总工会", sentence=sentence)


def quota_sentence(row: Locator) -> str:
    return row.locator(".quota-bar").get_attribute("aria-label") or ""


def test_an_empty_desk_teaches(stranger: Page, house: House) -> None:
    """In the edition to which no journey brings anything."""
    sign_in(stranger, house.base, house.account)
    stranger.locator(".edition-switch summary").click()
    stranger.get_by_role("button", name="第二届“杭州数字工匠”认定").click()
    expect(stranger.locator(".edition-switch summary")).to_contain_text("第二届“杭州数字工匠”认定")
    expect(stranger.locator("#needs")).to_contain_text(zh("Nothing waits for you."))
    expect(stranger.locator("main")).to_contain_text("单位+数字工匠推荐.zip")
    expect(stranger.locator(".dropzone-title")).to_have_text(zh("Drop packets here, or choose them"))
    stranger.goto(f"{house.base}/packets/")
    expect(stranger.locator(".blank h2")).to_have_text(zh("No packet has come yet"))
    expect(stranger.locator(".blank .btn")).to_have_attribute("href", "/")
    stranger.goto(f"{house.base}/dossiers/")
    expect(stranger.locator(".blank h2")).to_have_text(zh("Nobody has been recommended yet"))
    expect(stranger.locator(".blank .btn")).to_have_attribute("href", "/")


def test_a_dropped_packet_is_read_before_ones_eyes(
    office: Page, house: House, packet: Packet, received: dict[str, str]
) -> None:
    office.goto(house.base)
    assert quota_sentence(ledger_row(office, "西湖区总工会")) == so_far(0)
    with house.held_worker():
        drop(office, packet.path)
        office.wait_for_url(ARRIVING_PAGE)
        board = office.locator(".board")
        expect(board).to_have_attribute("aria-busy", "true")
        expect(board.get_by_role("heading")).to_have_text(zh("Reading %(name)s", name=packet.path.name))
        expect(board.get_by_role("status")).to_have_text(zh("Its turn comes at once."))
    office.wait_for_url(PACKET_PAGE, timeout=PATIENCE)
    received["href"] = office.url
    expect(office.get_by_role("heading", level=1)).to_contain_text("西湖区总工会")
    boxes = office.locator(".figure-row .figure-value").all_inner_texts()
    assert boxes == [str(PEOPLE), str(PEOPLE - 3), "3"]
    assert office.locator(".figure-row .quota-bar").get_attribute("aria-label") == so_far(PEOPLE - 3)
    expect(office.locator(".figure-row .figure-hint")).to_have_text(zh("%(n)s more possible", n=30 - PEOPLE + 3))


def test_each_fault_says_file_field_rule_and_remedy(packet_page: Page, packet: Packet) -> None:
    wanted = [
        (finding.code, finding.message(), finding.where)
        for dossier in packet.judged().dossiers
        for finding in dossier.findings
        if finding.severity == "block"
    ]
    shown = [
        (one.locator("code").inner_text(), one.locator(".finding-message").inner_text(), one.locator(".finding-where"))
        for one in packet_page.locator("#findings .finding[data-severity=block]").all()
    ]
    assert sorted(wanted) == sorted(
        (code, message.removeprefix(zh("Must be mended")).strip(), where.inner_text().removesuffix(code).strip())
        for code, message, where in shown
    )
    name = packet.slips[ADDRESS].person.name
    group = packet_page.locator(".finding-group").filter(has=packet_page.get_by_role("heading", name=name, exact=True))
    expect(group.locator(".finding-message")).to_have_text(
        f"{zh('Must be mended')} “通讯地址”未填写。请在推荐表中补填。"
    )
    expect(group.locator(".finding-where")).to_contain_text(f"05-附件2推荐表（{name}）.docx · 通讯地址")


def test_the_ledger_has_moved(packet_page: Page, house: House) -> None:
    packet_page.goto(house.base)
    row = ledger_row(packet_page, "西湖区总工会")
    assert quota_sentence(row) == so_far(PEOPLE - 3)
    assert [cell.strip().split()[0] for cell in row.locator("td.number").all_inner_texts()] == ["3", "1"]
    expect(packet_page.locator("#needs")).to_contain_text("西湖区总工会")
    row.locator("a.waits").click()
    expect(packet_page.locator("[data-list] tbody tr")).to_have_count(3)
    row_names = packet_page.locator("[data-list] tbody th a").all_inner_texts()
    assert len(row_names) == 3


def test_a_dossier_shows_everything_but_the_sensitive_values(packet_page: Page, house: House, packet: Packet) -> None:
    record = packet.records[0]
    number = str(record["id_number"])
    packet_page.locator("#people tbody th a", has_text=str(record["name"])).click()
    expect(packet_page.get_by_role("heading", level=1)).to_have_text(str(record["name"]))
    photo = packet_page.locator(".portrait img")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])") == [354, 496]
    labels = packet_page.locator(".dossier-body dl.facts dt").all_inner_texts()
    assert labels == [field.label for field in edition().form if field.kind != "image"]
    for key in edition().form.keys_of("open", "personal"):
        for value in as_shown(record, key):
            expect(packet_page.locator(f"#field-{key} + dd")).to_contain_text(value)
    source = without_spaces(packet_page)
    hidden_values = [str(record[key]) for key in edition().form.keys_of("sensitive") if isinstance(record[key], str)]
    assert [value for value in hidden_values if value in source] == []
    masked = packet_page.locator("#field-id_number + dd .figures")
    hidden = mask(number, "identity").replace("*", "•")
    assert masked.inner_text().replace(" ", "") == hidden

    packet_page.locator("#field-id_number + dd").get_by_role("button", name=zh("Show")).click()
    expect(packet_page.locator("#field-id_number + dd .masked-note")).to_have_text(
        zh("your look stands in the register")
    )
    assert masked.inner_text().replace(" ", "") == number
    packet_page.reload()
    assert number not in without_spaces(packet_page)

    packet_page.goto(f"{house.base}/register/?type=value.revealed")
    # the photo's look stands there too, before or after
    look = packet_page.locator("tbody tr").filter(has_text=edition().form["id_number"].label)
    expect(look).to_contain_text(str(record["name"]))
    assert number not in without_spaces(packet_page)


def as_shown(record: Record, key: str) -> list[str]:
    """The pieces of a value as the Chinese page shows them."""
    value = record[key]
    match key:
        case "gender":
            return ["男" if value == "male" else "女"]
        case "birth_month":
            year, month = str(value).split("-")
            return [f"{year}年{int(month)}月"]
        case "opinions":
            assert isinstance(value, dict)
            return [str(one["text"]) for one in value.values() if one["text"]]
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one is not None]


def without_spaces(page: Page) -> str:
    """The page's source without tags and spaces: a number grouped by either is found, too."""
    return re.sub(r"<[^>]*>|\s", "", page.content()) + page.content()


def download(page: Page, link: str, folder: Path) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link, exact=True).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target.name, target.read_bytes()


def of_roster(record: Record) -> Record:
    """What the roster prints of a record."""
    return {field.key: record[field.key] for field in edition().form if field.roster_label}


@pytest.mark.parametrize(("link", "kind"), [("Roster, Excel", "xlsx"), ("Roster, Word", "docx")])
def test_the_roster_comes_back_in_the_official_layout(
    packet_page: Page, packet: Packet, tmp_path: Path, link: str, kind: str
) -> None:
    name, body = download(packet_page, zh(link), tmp_path)
    assert re.fullmatch(rf"西湖\+汇总表\+2023-330106-\d{{3}}\.{kind}", name)
    reading = read_roster(body, edition().form, source=name)
    assert (reading.unit, reading.findings) == ("西湖区总工会", ())
    on_forms = [of_roster(slip.on_form.record) for slip in packet.slips if slip.on_form]
    assert [of_roster(row.record) for row in reading.rows] == on_forms


def test_the_original_comes_back_byte_for_byte(packet_page: Page, packet: Packet, tmp_path: Path) -> None:
    name, body = download(packet_page, zh("As received"), tmp_path)
    assert (name, body) == (packet.path.name, packet.path.read_bytes())


def test_a_form_comes_back_in_the_official_layout(packet_page: Page, packet: Packet, tmp_path: Path) -> None:
    person = packet.slips[0].person
    packet_page.locator("#people tbody th a", has_text=person.name).click()
    name, body = download(packet_page, zh("Form in the official layout"), tmp_path)
    reading = read_form(body, edition().form, source=name)
    assert name == f"{person.name}+推荐表.docx"
    assert (reading.record, reading.findings) == (person.record, ())
    assert reading.photo is not None
    assert reading.photo.data == person.photo


def test_the_receipt_is_one_printed_page(packet_page: Page, packet: Packet, tmp_path: Path) -> None:
    packet_page.get_by_role("link", name=zh("Receipt")).click()
    expect(packet_page.get_by_role("heading", level=1)).to_have_text(zh("Receipt for recommendation papers"))
    number = packet_page.locator(".receipt-number").inner_text()
    assert re.fullmatch(r"2023-330106-\d{3}", number)
    rows = {
        row.locator("dt").inner_text(): row.locator("dd").inner_text()
        for row in packet_page.locator(".receipt-rows > div").all()
    }
    assert (rows[zh("Recommending unit")], rows[zh("File")]) == ("西湖区总工会", packet.path.name)
    assert rows[zh("SHA-256 of the file")] == hashlib.sha256(packet.path.read_bytes()).hexdigest()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[zh("Received")])
    assert re.fullmatch(r"第 \d+ 条", rows[zh("Place in the register")])
    packet_page.emulate_media(media="print")
    expect(packet_page.locator(".paper-bar")).to_be_hidden()
    keep_picture(packet_page, "receipt-printed")
    printed = packet_page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-", "-"], input=printed, capture_output=True, check=True).stdout.decode()
        assert number in text


def test_the_register_is_whole(packet_page: Page, house: House) -> None:
    packet_page.goto(f"{house.base}/register/")
    packet_page.get_by_role("button", name=zh("Verify the register")).click()
    outcome = packet_page.locator(".outcome")
    expect(outcome).to_have_attribute("data-state", "met")
    expect(outcome.get_by_role("heading")).to_have_text(zh("The register is whole"))
