from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qa.citing.permalinks import permalink
from qa.reading.left_out import LeftOut
from qa.types import Document
from tests.browser.conftest import LIBRARY_ROOMS, PHONE, Site, Visit, ask
from tests.web.fakes import made_up

QUOTE = "去年，全省新开社区图书室318家，其中夜间开放的96家。"


def link(site: Site, document: Document, quote: str) -> str:
    start = document.text.index(quote)
    return site.url + permalink(document.id, start, start + len(quote), quote)


def put(site: Site, title: str, *paragraphs: tuple[str, str], **more: object) -> Document:
    document = made_up(title, paragraphs, "云泽省", "省级", **more)
    site.pipeline.library.put(document)
    return document


def place_of_mark(page: Page) -> float:
    """Where the mark begins, as a share of the reader's height."""
    return page.evaluate("""() => {
        const view = document.querySelector(".page").getBoundingClientRect();
        return (document.querySelector(".page mark").getBoundingClientRect().top - view.top) / view.height;
    }""")


def test_a_mark_opens_the_source_at_the_quotation(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.locator(".said a.cite").first.click()
    expect(page.locator(".reader mark")).to_have_text(QUOTE)
    expect(page.locator(".reader .title")).to_have_text("把书送到家门口——云泽省社区图书室建设综述")


def test_the_address_leads_to_the_quotation(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.locator(".said a.cite").first.click()
    expect(page.locator(".reader mark")).to_be_visible()
    again = visit(page.url)
    expect(again.locator(".reader mark")).to_have_text(QUOTE)


def test_a_quotation_deep_in_a_long_document_stands_at_a_third_of_the_height(site: Site, visit: Visit) -> None:
    paragraphs = [
        (f"第{n}节", f"第{n}节写的是水库。" + "水库的水位一天天回升，巡堤的人换了三班。" * 40) for n in range(400)
    ]
    paragraphs.insert(350, ("找的一节", "桐湾区的老闸门在这一年换成了新的。"))
    document = put(site, "云泽省水库志", *paragraphs)
    page = visit(link(site, document, "桐湾区的老闸门在这一年换成了新的。"))
    expect(page.locator(".reader mark")).to_be_in_viewport()
    page.wait_for_timeout(500)
    assert place_of_mark(page) == pytest.approx(1 / 3, abs=0.05)


def test_offsets_count_characters_beyond_the_basic_plane_once(site: Site, visit: Visit) -> None:
    document = put(site, "𠮷野𡈽地志", ("一、𠮮字", "𠮷野村有𡈽屋三间，𪚥字牌一块。桐湾区收了它们。"))
    page = visit(link(site, document, "桐湾区收了它们。"))
    expect(page.locator(".reader mark")).to_have_text("桐湾区收了它们。")


def test_a_quotation_over_two_paragraphs_is_marked_in_both(site: Site, visit: Visit) -> None:
    document = put(site, "两段", ("一、头", "前一段的末句。\n后一段的首句。"))
    page = visit(link(site, document, "末句。\n后一段"))
    expect(page.locator(".reader mark")).to_have_text(["末句。", "后一段"])


def test_page_edges_show_the_printed_page(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/documents/{site.pipeline.library.live()[0].id}")
    expect(page.locator(".page .leaf")).to_have_text(["第 12 页", "第 13 页", "第 14 页"])


def test_headings_are_headings(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/documents/{site.pipeline.library.live()[0].id}")
    expect(page.locator(".page").get_by_role("heading", name="二、把书送到家门口")).to_be_visible()


def test_a_page_known_only_as_the_beginning_is_said_so(site: Site, visit: Visit) -> None:
    document = next(one for one in site.pipeline.library.live() if one.page_kind == "work_start")
    page = visit(f"{site.url}/documents/{document.id}")
    expect(page.locator(".facts")).to_contain_text("第 12 页起")


def test_arrows_walk_the_citations_and_escape_returns_to_the_question(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.locator(".said a.cite").first.click()
    page.locator(".reader .page").press("ArrowDown")
    expect(page.locator(".position")).to_have_text("2 / 2")
    page.locator(".reader .page").press("Escape")
    expect(page.locator("#question")).to_be_focused()


def test_the_mark_that_is_open_is_shown_in_the_answer(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.locator(".said a.cite").nth(1).click()
    expect(page.locator(".said a.cite[aria-current]")).to_have_text("2")


def test_the_source_opens_beside_the_answer_by_itself_and_stays_shut_once_closed(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".reader mark")).to_have_text(QUOTE)
    page.get_by_role("button", name="关上原文").click()
    ask(page, "渔港改造了几座？")
    expect(page.locator(".reader")).to_be_hidden()


def test_on_a_phone_the_source_slides_over_and_back_closes_it(site: Site, visit: Visit) -> None:
    page = visit(site.url, **PHONE)
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".reader")).to_be_hidden()
    page.locator(".said a.cite").first.tap()
    expect(page.locator(".reader mark")).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".reader")).to_be_hidden()
    expect(page.locator(".said").first).to_be_in_viewport()


def test_on_a_phone_what_lies_under_the_source_cannot_be_reached(site: Site, visit: Visit) -> None:
    page = visit(site.url, **PHONE)
    ask(page, LIBRARY_ROOMS)
    page.locator(".said a.cite").first.tap()
    expect(page.locator(".reader mark")).to_be_visible()
    assert page.locator("main[data-place-of=ask]").evaluate("(main) => main.inert")


def test_a_span_that_no_longer_fits_is_said(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/documents/{site.pipeline.library.live()[0].id}#s90000-90010-00000000")
    expect(page.locator(".reader .notice")).to_contain_text("位置可能变了")


def test_a_quotation_that_moved_is_found_again(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    held = site.pipeline.library.held
    first = next(iter(held))
    page.reload()
    old = held[first]
    moved = made_up("x", [("新添的一节", "新添的一段。"), ("二、把书送到家门口", QUOTE)], "云泽省", "省级")
    held[first] = Document(
        **{**{f: getattr(old, f) for f in old.__slots__}, "text": moved.text, "sections": (), "pages": ()}
    )
    page.locator(".said a.cite").first.click()
    expect(page.locator(".reader mark")).to_have_text(QUOTE)
    expect(page.locator(".reader .notice")).to_contain_text("换了位置")


def leaving_out(site: Site) -> Document:
    """A document around which a menu, within which debris and behind which a notice was left out."""
    document = put(site, "桐湾渡口记", ("一、修渡口", "桐湾渡口去年修好了。过河的人少等了半小时。"))
    amid = document.text.index("过河的人")
    site.pipeline.left[document.id] = [
        LeftOut(0, "navigation", "首页 > 要闻"),
        LeftOut(amid, "mojibake", "##br##"),
        LeftOut(len(document.text), "boilerplate", "分享到：\n<b>责任编辑</b>"),
    ]
    return document


def show_left_out(page: Page) -> None:
    page.get_by_role("button", name="显示未收入的文字").click()
    page.locator(".reader .dropped").first.wait_for()


def test_what_was_left_out_is_shown_on_request_where_it_stood_with_the_reason(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/documents/{leaving_out(site).id}")
    expect(page.locator(".page")).to_contain_text("桐湾渡口去年修好了。")
    expect(page.locator(".reader .dropped")).to_have_count(0)
    show_left_out(page)
    expect(page.locator(".reader .dropped .why")).to_have_text(["导航", "残码", "声明、分享等套话"])
    expect(page.locator(".page p").first).to_contain_text("修好了。残码##br##过河的人")
    expect(page.locator(".dropcount")).to_contain_text("3 处，不算正文")


def test_what_was_left_out_goes_again(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/documents/{leaving_out(site).id}")
    show_left_out(page)
    page.get_by_role("button", name="显示未收入的文字").click()
    expect(page.locator(".reader .dropped")).to_have_count(0)


def test_what_was_left_out_is_never_quoted(site: Site, visit: Visit) -> None:
    document = leaving_out(site)
    page = visit(f"{site.url}/documents/{document.id}", permissions=["clipboard-read", "clipboard-write"])
    show_left_out(page)
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.page'))")
    page.locator(".picked").click()
    expect(page.locator(".toast")).to_contain_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“桐湾渡口记一、修渡口桐湾渡口去年修好了。过河的人少等了半小时。”")


def test_a_quotation_is_marked_beside_what_was_left_out(site: Site, visit: Visit) -> None:
    document = leaving_out(site)
    page = visit(link(site, document, "过河的人少等了半小时"))
    show_left_out(page)
    expect(page.locator(".reader mark")).to_have_text("过河的人少等了半小时")


def test_a_document_that_leaves_nothing_out_says_so(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/documents/{site.pipeline.library.live()[0].id}")
    page.get_by_role("button", name="显示未收入的文字").click()
    expect(page.locator(".dropcount")).to_have_text("没有未收入的文字")


def test_a_document_that_is_gone_is_said(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/documents/{'0' * 32}")
    expect(page.locator(".reader")).to_contain_text("这篇资料不在了")


def test_selected_words_are_copied_with_their_reference(site: Site, visit: Visit) -> None:
    document = site.pipeline.library.live()[1]
    page = visit(link(site, document, "新建冷库3处"), permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator(".reader mark")).to_be_visible()
    page.evaluate("""() => {
        const mark = document.querySelector(".page mark");
        getSelection().selectAllChildren(mark);
    }""")
    page.locator(".picked").click()
    expect(page.locator(".toast")).to_contain_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    start = document.text.index("新建冷库3处")
    assert copied.splitlines()[0] == "“新建冷库3处”"
    assert copied.splitlines()[1] == "——《青屿市渔港改造工作报告》，云泽省青屿市，2025年11月20日，第13页，二、改造进展"
    assert copied.splitlines()[2] == f"{site.url}/documents/{document.id}#s{start}-{start + 6}"


def test_markup_in_a_document_stays_text(site: Site, visit: Visit) -> None:
    evil = "<img src=x onerror=\"document.title='坏'\"><b>粗</b>"
    document = put(site, evil, (f"一、{evil}", f"正文里也有{evil}。"), file=f"{evil}.txt")
    page = visit(f"{site.url}/documents/{document.id}")
    expect(page.locator(".reader .title")).to_have_text(evil)
    expect(page.locator(".page")).to_contain_text(f"正文里也有{evil}。")
    assert page.locator(".reader img").count() == 0


def test_markup_in_an_answer_stays_text(site: Site, visit: Visit) -> None:
    put(site, "〈b〉", ("一", "茉莉花田<script>window.bad=1</script><i>斜</i>共有九百亩。"))
    page = visit(site.url)
    ask(page, "茉莉花田共有九百亩")
    expect(page.locator(".said")).to_contain_text("<script>window.bad=1</script><i>斜</i>")
    assert page.evaluate("window.bad") is None
