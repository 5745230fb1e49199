"""核稿 and 数据 in a real browser over a real library: verdicts, differences, what may be done about them, figures."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site, Visit

WRONG = "2023年，青屿市在老茶馆里设立阅览点78个。"
RIGHT = "柳溪县把6条老渡船换成新船。"
UNKNOWN = "青屿市去年新栽银杏4200棵。"
DRAFT = f"茶馆与渡口\n{WRONG}{RIGHT}\n{UNKNOWN}"


def check(page: Page, draft: str = DRAFT) -> None:
    page.get_by_role("link", name="核稿", exact=True).click()
    page.locator("#draft").fill(draft)
    page.get_by_role("button", name="核对", exact=True).click()
    page.get_by_text("都核过了").wait_for(timeout=60_000)


def test_each_sentence_of_a_draft_gets_its_verdict(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    check(page)
    expect(page.locator(".draft .bad")).to_have_text(WRONG)
    expect(page.locator(".draft .good")).to_have_text(RIGHT)
    expect(page.locator(".draft .none")).to_have_text(UNKNOWN)


def test_a_wrong_number_is_shown_beside_the_sources(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    check(page)
    finding = page.locator(".finding.bad")
    expect(finding.locator("del")).to_have_text("78个")
    expect(finding.locator("ins")).to_have_text("73个")
    expect(finding.locator("mark")).to_have_text("73个")


def test_a_finding_opens_its_source(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    check(page)
    page.locator(".finding.bad").get_by_role("button", name="打开原文").click()
    expect(page.locator("[data-reader-pane] mark").first).to_contain_text("阅览点73个")


def test_the_sources_wording_is_taken_over_and_back(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    check(page)
    page.get_by_role("button", name="采用原文的说法").click()
    expect(page.locator(".draft .settled")).to_have_text(WRONG.replace("78", "73"))
    page.get_by_role("button", name="撤回").click()
    expect(page.locator(".draft .bad")).to_have_text(WRONG)


def test_what_was_taken_over_is_in_the_draft_to_go_on_with(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    check(page)
    page.get_by_role("button", name="采用原文的说法").click()
    page.get_by_role("button", name="改稿").click()
    expect(page.locator("#draft")).to_have_value(DRAFT.replace("78", "73"))


def test_a_check_is_saved_as_a_word_file(real: Site, visit: Visit, tmp_path: Path) -> None:
    page = visit(real.url)
    check(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="核查报告").click()
    coming.value.save_as(tmp_path / "报告.docx")
    words = zipfile.ZipFile(tmp_path / "报告.docx").read("word/document.xml").decode()
    assert "78个" in words
    assert "不符" in words


def test_a_dropped_text_file_is_checked(real: Site, visit: Visit, tmp_path: Path) -> None:
    page = visit(real.url)
    (tmp_path / "稿.txt").write_bytes(DRAFT.encode("gb18030"))
    page.get_by_role("link", name="核稿", exact=True).click()
    page.get_by_label("选稿件").set_input_files(tmp_path / "稿.txt")
    page.get_by_text("都核过了").wait_for(timeout=60_000)
    expect(page.locator(".draft .bad")).to_have_text(WRONG)


def test_a_long_passage_in_the_question_box_is_offered_to_be_checked(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    page.locator("#question").fill(DRAFT * 3)
    page.get_by_role("button", name="去核稿").click()
    page.get_by_text("都核过了").wait_for(timeout=60_000)
    expect(page.locator(".draft .bad")).to_have_count(3)


def test_findings_are_walked_by_the_keyboard(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    check(page)
    page.locator(".draft .bad").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".draft .good")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".finding.good")).to_be_focused()


def test_a_check_fits_a_phone(real: Site, visit: Visit) -> None:
    page = visit(real.url, **PHONE)
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".finding.bad")).to_be_in_viewport()


def test_nothing_is_complained_of(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    check(page)
    page.get_by_role("link", name="数据", exact=True).click()
    page.locator(".stated tbody tr").first.wait_for()
    assert page.troubles == []  # type: ignore[attr-defined]
    assert page.evaluate("window.violations") == []


def test_figures_are_found_by_what_they_count_and_open_their_source(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    page.get_by_role("link", name="数据", exact=True).click()
    page.get_by_label("数的是什么").fill("渡船")
    row = page.locator(".stated tbody tr").filter(has_text="渡船")
    expect(row.first).to_contain_text("6 条")
    row.first.get_by_role("link").click()
    expect(page.locator("[data-reader-pane] mark").first).to_contain_text("6条老渡船")


def test_figures_are_saved_for_a_spreadsheet(real: Site, visit: Visit) -> None:
    page = visit(real.url)
    page.get_by_role("link", name="数据", exact=True).click()
    page.locator(".stated tbody tr").first.wait_for()
    with page.expect_download() as coming:
        page.get_by_role("button", name="导出表格").click()
    assert coming.value.suggested_filename == "数据.csv"
