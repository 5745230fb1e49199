from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect

from qa.citing.permalinks import permalink
from qa.types import Document
from tests.browser.conftest import LIBRARY_ROOMS, NOWHERE, PHONE, Site, Visit, ask

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def references(page: Page) -> None:
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="引文格式").click()
    page.locator(".references .reference").first.wait_for()


def test_an_answers_sources_are_shown_as_references(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    references(page)
    expect(page.locator(".reference").first).to_contain_text("[Z]. [出版地不详：出版者不详]，2025：13.")


def test_what_a_reference_misses_is_marked(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    references(page)
    expect(page.locator(".references li").first.locator(".unknown")).to_have_text(["佚名", "[出版地不详：出版者不详]"])
    expect(page.locator(".references .missing").first).to_contain_text("责任者、出版地、出版者")


def test_another_style_is_a_choice_away(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    references(page)
    page.get_by_label("样式").select_option("footnote")
    expect(page.locator(".reference").first).to_contain_text("〔责任者不详〕：《")


def test_the_style_is_remembered(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    references(page)
    page.get_by_label("样式").select_option("bibtex")
    page.reload()
    page.get_by_role("button", name="引文格式").click()
    expect(page.get_by_label("样式")).to_have_value("bibtex")
    expect(page.locator(".reference").first).to_contain_text("@misc{")


def test_all_references_are_copied_as_one_list(site: Site, visit: Visit) -> None:
    page = visit(site.url, **CLIPBOARD)
    references(page)
    page.get_by_role("button", name="全部复制").click()
    expect(page.locator(".toast")).to_contain_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()").startswith("[1] 佚名. 把书送到家门口")


def test_one_card_is_cited_by_itself(site: Site, visit: Visit) -> None:
    page = visit(site.url, **CLIPBOARD)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="复制引文：").first.click()
    expect(page.locator(".references li")).to_have_count(1)
    page.get_by_role("button", name="复制第 1 条引文").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("佚名. 把书送到家门口")


def test_escape_leads_back_to_where_one_was(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    references(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="引文格式")).to_be_focused()


def test_an_answer_is_saved_as_word(site: Site, visit: Visit, tmp_path: Path) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="导出", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Word 文档").click()
    waiting.value.save_as(tmp_path / "答.docx")
    with zipfile.ZipFile(tmp_path / "答.docx") as archive:
        assert "新开社区图书室318家" in archive.read("word/document.xml").decode()
        assert "把书送到家门口" in archive.read("word/footnotes.xml").decode()


def test_an_answer_is_saved_as_markdown(site: Site, visit: Visit, tmp_path: Path) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="导出", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Markdown").click()
    waiting.value.save_as(tmp_path / "答.md")
    assert "[^1]" in (tmp_path / "答.md").read_text(encoding="utf-8")
    assert page.evaluate("window.violations") == []


def test_a_document_that_went_since_is_said_to_be_gone(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    for document in site.pipeline.library.live():
        site.pipeline.library.delete(document.id)
    page.get_by_role("button", name="引文格式").click()
    expect(page.locator(".references")).to_contain_text("已不在资料库里")
    expect(page.get_by_role("button", name="全部复制")).to_be_disabled()


def test_a_refusal_without_sources_has_no_references(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, NOWHERE)
    expect(page.get_by_role("button", name="引文格式")).to_have_count(0)


def test_the_references_fit_a_phone(site: Site, visit: Visit) -> None:
    page = visit(site.url, **PHONE)
    references(page)
    box = page.locator("dialog").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390


QUOTE = "去年，全省新开社区图书室318家，其中夜间开放的96家。"


def kept_link(site: Site) -> tuple[str, Document]:
    """A permalink to the quotation, as someone copied it, and its document."""
    document = next(one for one in site.pipeline.library.live() if QUOTE in one.text)
    start = document.text.index(QUOTE)
    return site.url + permalink(document.id, start, start + len(QUOTE), QUOTE), document


def test_a_link_whose_words_moved_opens_them(site: Site, visit: Visit) -> None:
    link, document = kept_link(site)
    site.pipeline.library.put(replace(document, text="这份材料补了一段开头。\n" + document.text))
    page = visit(link)
    expect(page.locator(".reader mark")).to_have_text(QUOTE)
    expect(page.locator(".reader .notice")).to_contain_text("换了位置")


def test_a_link_whose_words_changed_marks_nothing_and_says_so(site: Site, visit: Visit) -> None:
    link, document = kept_link(site)
    site.pipeline.library.put(replace(document, text=document.text.replace("318家", "381家")))
    page = visit(link)
    expect(page.locator(".reader .notice")).to_contain_text("资料更新过")
    expect(page.locator(".reader mark")).to_have_count(0)
