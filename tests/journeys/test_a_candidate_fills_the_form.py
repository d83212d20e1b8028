"""A candidate on a telephone, from the invitation to the employer's word; without a network in between; and two who write at once."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from journeys.browsing import PHONE, NewContext, Watch, keep_picture, sideways
from journeys.house import House
from journeys.inviting import freeze, invite_candidate, link_for
from journeys.test_every_page import SIZES, axe, barriers  # noqa: F401 — a fixture
from journeys.words import zh
from PIL import Image
from playwright.sync_api import Page, Route, expect

from jiangbang.kernel.identity import synthetic

NUMBER = synthetic("330106", date(1988, 5, 12), 21)
TYPED = {
    "birth_month": "1988年5月",
    "political_status": "群众",
    "id_number": NUMBER,
    "native_place": "浙江杭州",
    "mobile": "199 0000 0001",
    "address": "杭州市滨江区江南大道1号",
    "education": "硕士研究生",
    "years_in_industry": "11",
    "employer_and_position": "云栖智联科技有限公司 算法工程师",
    "motto": "慢一点，准一点，稳一点。",
    "deeds": "带队攻关国产芯片封装缺陷检测系统，形成行业标准一项。",
}


def enter(page: Page, link: str) -> None:
    """Open an invitation and take it up."""
    page.goto(link)
    page.get_by_role("button", name=zh("Accept and go in")).click()
    page.wait_for_load_state()


def agree(page: Page) -> None:
    for box in page.locator("input[name=purpose]").all():
        box.check()
    page.get_by_role("button", name=zh("Agree and begin")).click()
    expect(page.locator("#draft")).to_be_visible()


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def field(page: Page, key: str) -> object:
    return page.locator(f"#f-{key}-input")


def picture(folder: Path) -> Path:
    out = BytesIO()
    Image.new("RGB", (1200, 1600), "#8a8f99").save(out, "JPEG")
    path = folder / "portrait.jpg"
    path.write_bytes(out.getvalue())
    return path


def test_from_the_invitation_to_the_employers_word(house: House, new_context: NewContext, tmp_path: Path) -> None:
    candidacy, link = invite_candidate(house, "陈思远")
    page = new_context(PHONE).new_page()
    enter(page, link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("陈思远")
    agree(page)
    page.locator("#f-gender").get_by_text(zh("male"), exact=True).click()
    for key, value in TYPED.items():
        page.locator(f"#f-{key}-input").fill(value)
        page.locator(f"#f-{key}-input").blur()
    saved(page)

    # a class by its words
    search = page.locator("#f-industry_class-input-search")
    search.fill("软件开发")
    search.press("Enter")
    expect(search).to_have_value(re.compile("^0301"))

    # entries: two, in the other order, with evidence that stays with its own
    first = page.locator("#f-achievements .item").nth(0)
    first.locator("textarea").fill("先写的成果")
    page.locator("#f-achievements [data-add]").click()
    page.locator("#f-achievements .item").nth(1).locator("textarea").fill("后写的成果")
    saved(page)
    (tmp_path / "证书.pdf").write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF")
    first.locator("[data-evidence]").set_input_files(tmp_path / "证书.pdf")
    expect(first.get_by_role("link", name="证书.pdf")).to_be_visible()
    first.locator("[data-down]").click()
    saved(page)

    # the photo, placed by keyboard
    page.locator("#photo-file").set_input_files(picture(tmp_path))
    crop = page.locator("#crop")
    expect(crop).to_be_visible()
    page.keyboard.press("+")
    page.keyboard.press("ArrowDown")
    crop.get_by_role("button", name=zh("Use this photo")).click()
    expect(page.locator(".photo-frame img")).to_be_visible()

    # questions that the form does not carry
    page.locator("#f-fact-union_member").get_by_text(zh("yes"), exact=True).click()
    page.locator("#f-fact-earlier_titles-input").fill("无")
    page.locator("#f-fact-earlier_titles-input").blur()
    saved(page)
    assert sideways(page) == (PHONE[0], PHONE[0])

    page.reload()
    assert [area.input_value() for area in page.locator("#f-achievements textarea:visible").all()] == [
        "后写的成果",
        "先写的成果",
    ]
    moved = page.locator("#f-achievements .item").nth(1)
    expect(moved.get_by_role("link", name="证书.pdf")).to_be_visible()
    expect(field(page, "birth_month")).to_have_value("1988.05")  # type: ignore[arg-type]
    expect(field(page, "mobile")).to_have_value("19900000001")  # type: ignore[arg-type]

    page.get_by_role("link", name=zh("Ready: hand over")).click()
    page.get_by_role("link", name=zh("Hand over to the employer")).click()
    sheet = page.locator("#hand-over")
    sheet.get_by_label(zh("Name"), exact=True).fill("吴经理")
    sheet.get_by_label(zh("E-mail address")).fill("wu@example.org")
    sheet.get_by_role("button", name=zh("Hand over"), exact=True).click()
    expect(page.get_by_role("heading", name=zh("Your form lies with your employer"))).to_be_visible()

    employer = new_context(PHONE).new_page()
    enter(employer, link_for(house, candidacy, "employer", "吴经理"))
    expect(employer.locator(".form-paper")).to_contain_text(TYPED["deeds"])
    employer.get_by_label(zh("Opinion of the employer")).fill("情况属实，同意推荐。")
    employer.locator("input[name=entitled]").check()
    employer.get_by_role("button", name=zh("Confirm and hand on to the unit")).click()
    expect(employer.get_by_role("heading", name=zh("You have confirmed this form"))).to_be_visible()
    page.reload()
    expect(
        page.get_by_role("heading", name=zh("Your employer has confirmed; the form lies with the unit"))
    ).to_be_visible()


def test_without_a_network_nothing_is_lost(house: House, new_context: NewContext, watch: Watch) -> None:
    candidacy, link = invite_candidate(house, "周明")
    context = new_context(PHONE)
    page = context.new_page()
    enter(page, link)
    agree(page)
    # the browser says of each attempt that it failed; that is what is tried here
    watch.allowed |= {f"{house.base}/candidacies/{candidacy}/save/"}
    context.set_offline(True)
    page.locator("#f-motto-input").fill("没有网络时写的话")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "kept")
    expect(page.locator("#f-motto [data-control-state]")).to_contain_text(
        zh("Not saved yet: kept on this device, and sent when the network is back")
    )
    context.set_offline(False)
    saved(page)
    page.reload()
    expect(page.locator("#f-motto-input")).to_have_value("没有网络时写的话")

    # closed while there was no network: the device gives it back
    context.set_offline(True)
    page.locator("#f-motto-input").fill("关掉页面之前写的话")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "kept")
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{house.base}/candidacies/{candidacy}/")
    expect(again.locator("#f-motto-input")).to_have_value("关掉页面之前写的话")
    saved(again)
    again.reload()
    expect(again.locator("#f-motto-input")).to_have_value("关掉页面之前写的话")
    assert again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('jiangbang.draft'))") == []


def test_two_who_write_at_once_lose_nothing(house: House, new_context: NewContext, watch: Watch) -> None:
    candidacy, link = invite_candidate(house, "沈一")
    mine = new_context(PHONE)
    page = mine.new_page()
    enter(page, link)
    agree(page)
    # a conflict is an answer with status 409, which the browser reports
    watch.allowed |= {f"{house.base}/candidacies/{candidacy}/save/"}
    other = new_context(PHONE, mine.storage_state()).new_page()
    for one in (page, other):
        one.goto(f"{house.base}/candidacies/{candidacy}/")

    def both_write(key: str, first: str, second: str) -> None:
        other.locator(f"#f-{key}-input").fill(first)
        other.locator(f"#f-{key}-input").blur()
        saved(other)
        page.locator(f"#f-{key}-input").fill(second)
        page.locator(f"#f-{key}-input").blur()
        box = page.locator(f"#f-{key} .conflict")
        expect(box).to_contain_text(first)
        expect(box).to_contain_text(second)

    both_write("motto", "另一页写的", "这一页写的")
    page.locator("#f-motto").get_by_role("button", name=zh("Take mine")).click()
    saved(page)
    both_write("education", "本科", "硕士研究生")
    page.locator("#f-education").get_by_role("button", name=zh("Take theirs")).click()
    saved(page)
    both_write("deeds", "另一页的事迹。", "这一页的事迹。")
    page.locator("#f-deeds").get_by_role("button", name=zh("Edit together")).click()
    saved(page)
    other.reload()
    expect(other.locator("#f-motto-input")).to_have_value("这一页写的")
    expect(other.locator("#f-education-input")).to_have_value("本科")
    expect(other.locator("#f-deeds-input")).to_have_value("另一页的事迹。\n这一页的事迹。")


def test_what_is_typed_before_the_script_has_come_is_saved(house: House, new_context: NewContext) -> None:
    candidacy, link = invite_candidate(house, "周早")
    page = new_context(PHONE).new_page()
    enter(page, link)
    agree(page)
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route(re.compile(r"/candidacy/draft[^/]*\.js"), hold)
    page.goto(f"{house.base}/candidacies/{candidacy}/", wait_until="commit")
    page.locator("#f-motto-input").fill("手快的人写的")
    page.locator("#f-gender").get_by_text(zh("female"), exact=True).click()
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        late[0].continue_()
    saved(page)
    page.unroute_all()
    page.reload()
    expect(page.locator("#f-motto-input")).to_have_value("手快的人写的")
    expect(page.locator("#f-gender").get_by_label(zh("female"), exact=True)).to_be_checked()


def test_what_came_too_late_stays_on_the_device(house: House, new_context: NewContext, watch: Watch) -> None:
    candidacy, link = invite_candidate(house, "孙二")
    page = new_context(PHONE).new_page()
    enter(page, link)
    agree(page)
    watch.allowed |= {f"{house.base}/candidacies/{candidacy}/save/"}
    page.locator("#f-motto-input").fill("及时写的")
    saved(page)
    freeze(house, candidacy)
    page.locator("#f-motto-input").fill("晚了才写的")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "refused")
    expect(page.locator("#f-motto [data-control-state]")).to_contain_text(zh("Not saved; kept on this device."))
    expect(page.locator("#f-motto-input")).to_have_value("晚了才写的")
    page.reload()
    stands = page.locator("[data-kept-key=motto]")
    expect(stands).to_contain_text("及时写的")
    expect(stands.locator(".kept-here")).to_contain_text("晚了才写的")


@pytest.mark.parametrize("width", SIZES)
def test_the_form_has_no_barrier_and_fits(
    house: House,
    new_context: NewContext,
    axe: str,  # noqa: F811
    watch: Watch,
    width: str,
) -> None:
    candidacy, link = invite_candidate(house, "陈思远")
    page = new_context(SIZES[width]).new_page()
    for language in ("zh-hans", "en"):
        page.context.add_cookies([{"name": "jiangbang_language", "value": language, "url": house.base}])
        if language == "zh-hans":
            page.goto(link)
            page.get_by_role("button", name=zh("Accept and go in")).click()
            page.wait_for_load_state()
            _looked_at(page, f"candidate-agree-{width}", axe, watch)
            agree(page)
        page.goto(f"{house.base}/candidacies/{candidacy}/")
        page.locator("#f-years_in_industry-input").fill("很多年" if language == "zh-hans" else "many")
        page.locator("#f-years_in_industry-input").blur()
        expect(page.locator("#f-years_in_industry .finding")).to_be_visible()
        page.locator("#f-fact-union_member summary").click()
        _looked_at(page, f"candidate-form-{language}-{width}", axe, watch)
        page.goto(f"{house.base}/candidacies/{candidacy}/paper/")
        _looked_at(page, f"candidate-paper-{language}-{width}", axe, watch)


def _looked_at(page: Page, name: str, axe: str, watch: Watch) -> None:  # noqa: F811
    keep_picture(page, f"{name}")
    reach, seen = sideways(page)
    assert (name, reach) == (name, seen)
    with watch.looking_away():
        assert (name, barriers(page, axe)) == (name, [])
