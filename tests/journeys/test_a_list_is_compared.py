"""A published list, as an office uses it: dropped, looked at, put in force; a likely row is decided on, and the queue is narrowed by it."""

from __future__ import annotations

from pathlib import Path

from journeys.browsing import PACKET_PAGE, PATIENCE, drop, keep_picture
from journeys.house import House
from journeys.packets import make_packet
from journeys.words import zh
from playwright.sync_api import Page, expect
from screening.listing import firms

from jiangbang.kernel.credit_code import synthetic
from jiangbang.kernel.firms import employer_of


def other_form(employer: str) -> str:
    """The firm as another office writes it."""
    return (
        employer.replace("股份有限公司", "有限公司")
        if "股份" in employer
        else employer.replace("有限公司", "股份有限公司")
    )


def test_a_list_is_brought_looked_at_put_in_force_and_a_likely_row_decided_on(
    office: Page, house: House, tmp_path: Path
) -> None:
    packet = make_packet(tmp_path, "余杭", 3, first=900)
    record = packet.records[0]
    row = other_form(employer_of(str(record["employer_and_position"])))
    wrong = synthetic(5)
    file = tmp_path / "小巨人名单.xlsx"
    file.write_bytes(firms((row, synthetic(4)), ("甲有限公司", wrong[:-1] + ("0" if wrong[-1] != "0" else "1"))))
    office.goto(house.base)
    drop(office, packet.path)
    office.wait_for_url(PACKET_PAGE, timeout=PATIENCE)
    office.goto(f"{house.base}/screening/")
    office.locator("form[action$='/begin/'] button").first.click()

    office.goto(f"{house.base}/screening/lists/")
    office.get_by_label(zh("What is it for?")).select_option("little_giant")
    drop(office, file)
    expect(office.get_by_role("heading", level=1, name="小巨人名单")).to_be_visible(timeout=PATIENCE)
    expect(
        office.get_by_text(zh("Look at what was read. Nothing counts before the list is put in force."))
    ).to_be_visible()
    expect(office.get_by_role("row", name="甲有限公司")).to_contain_text(
        zh("the credit code's check character is wrong")
    )
    keep_picture(office, "list-draft-1440")
    office.get_by_role("link", name=zh("Put in force")).click()
    office.locator("dialog#import button[type=submit]").click()
    expect(office.get_by_text(zh("The list is in force. The dossiers are being compared with it."))).to_be_visible()

    pair = office.locator("article.list-pair").filter(has_text=str(record["name"]))
    for _ in range(60):
        office.goto(f"{house.base}/screening/lists/waiting/")
        if pair.count():
            break
        office.wait_for_timeout(1000)
    expect(pair).to_contain_text(row)
    keep_picture(office, "list-waiting-1440")
    pair.get_by_label(zh("Reason")).fill("工商登记查实为同一企业")
    pair.get_by_role("button", name=zh("it is the same"), exact=True).click()
    expect(pair).to_have_count(0)

    office.goto(f"{house.base}/screening/?mark=little_giant")
    office.get_by_role("link", name=str(record["name"])).click()
    leaf = office.locator("#lists")
    expect(leaf).to_contain_text(row)
    expect(leaf).to_contain_text("工商登记查实为同一企业")
    keep_picture(office, "list-leaf-1440")
