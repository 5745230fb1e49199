from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LIBRARY_ROOMS, NOWHERE, Site, Visit, ask

QUOTE = "去年，全省新开社区图书室318家，其中夜间开放的96家。"


def replying(page: Page, **more: object) -> None:
    """Changes the service's own reply on its way to the page."""

    def change(route: Route) -> None:
        request = {**route.request.post_data_json, "stream": False}
        reply = route.fetch(
            post_data=json.dumps(request), headers={**route.request.headers, "accept": "application/json"}
        ).json()
        route.fulfill(json={**reply, **more})

    page.route("**/api/v1/ask", change)


def test_a_question_is_answered_with_marks(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".said")).to_contain_text("新开社区图书室318家")
    expect(page.locator(".said a.cite").first).to_have_text("1")


def test_words_appear_before_the_answer_is_whole(site: Site, visit: Visit) -> None:
    site.pipeline.pause_s = 0.25
    page = visit(site.url)
    page.locator("#question").fill(LIBRARY_ROOMS)
    page.locator("#question").press("Enter")
    expect(page.locator(".answer[aria-busy] .said")).to_contain_text("去年")


def test_candidates_are_shown_before_the_words(site: Site, visit: Visit) -> None:
    site.pipeline.pause_s = 0.4
    page = visit(site.url)
    page.locator("#question").fill(LIBRARY_ROOMS)
    page.locator("#question").press("Enter")
    expect(page.locator(".candidates .source").first).to_be_visible()
    expect(page.locator(".candidates .cite")).to_have_count(0)


@pytest.mark.parametrize("event", [{"isComposing": True}, {"keyCode": 229}])
def test_enter_does_not_send_while_an_input_method_is_composing(site: Site, visit: Visit, event: dict) -> None:
    page = visit(site.url)
    page.locator("#question").fill("图书shi")
    page.locator("#question").evaluate(
        "(box, event) => box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', bubbles: true, cancelable: true, ...event}))",
        event,
    )
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_have_value("图书shi")


def test_shift_and_enter_break_the_line(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.locator("#question").press_sequentially("上")
    page.locator("#question").press("Shift+Enter")
    page.locator("#question").press_sequentially("下")
    expect(page.locator("#question")).to_have_value("上\n下")


def test_a_refusal_shows_what_is_near(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, NOWHERE)
    expect(page.locator(".lead")).to_contain_text("资料里没有")
    expect(page.locator(".near .source").first).to_be_visible()


def test_what_is_near_opens_though_it_has_no_number(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, NOWHERE)
    page.locator(".near .opens").first.click()
    expect(page.locator(".reader mark").first).to_be_visible()
    expect(page.locator(".near .cite")).to_have_count(0)


def test_a_refusal_under_filters_offers_all_documents(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.get_by_role("button", name="只看一个级别").click()
    page.get_by_role("button", name="县级").click()
    ask(page, "渔港改造了几座？")
    page.get_by_role("button", name="不筛选，在全部资料里再问").click()
    expect(page.locator(".said")).to_contain_text("改造渔港4座")


def test_the_first_block_without_a_mark_leads(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    blocks = [{"text": "318家。", "citations": []}, {"text": QUOTE, "citations": [1]}]
    replying(page, blocks=blocks)
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".lead")).to_have_text("318家")


def test_what_was_added_to_a_quotation_is_set_apart(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    replying(page, blocks=[{"text": "〔云泽省〕" + QUOTE, "citations": [1]}])
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".said .added")).to_have_text("〔云泽省〕")


def test_different_figures_are_noted(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    values = [{"value": "318家", "citation": 1}, {"value": "305家", "citation": 2}]
    replying(page, conflicts=[{"what": "社区图书室", "values": values, "why": "统计截止时间不同"}])
    ask(page, LIBRARY_ROOMS)
    expect(page.get_by_role("note")).to_contain_text("几处数字不同")
    expect(page.get_by_role("note")).to_contain_text("305家")


def test_a_table_keeps_the_marks_of_its_rows(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    replying(page, table={"columns": ["地区", "数值"], "rows": [{"cells": ["云泽省", "318"], "citations": [1]}]})
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".figures td a.cite")).to_have_text("1")


def test_fields_that_are_not_known_are_left_alone(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    replying(page, mood="晴", verdicts=[{"x": 1}])
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".turn")).to_have_attribute("data-status", "answered")


def test_an_answer_is_copied_with_its_sources(site: Site, visit: Visit) -> None:
    page = visit(site.url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, LIBRARY_ROOMS)
    page.locator(".answer .acts").get_by_role("button", name="复制带出处").click()
    expect(page.locator(".toast")).to_contain_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1] 《把书送到家门口——云泽省社区图书室建设综述》" in copied
    assert f"{site.url}/documents/" in copied


def test_one_citation_is_copied_with_its_reference(site: Site, visit: Visit) -> None:
    page = visit(site.url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, LIBRARY_ROOMS)
    page.locator(".source .tool").first.click()
    expect(page.locator(".toast")).to_contain_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{QUOTE}”\n——《把书送到家门口——云泽省社区图书室建设综述》，云泽省，2025年2月，第13页")


def test_a_vote_is_kept(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="有用").click()
    expect(page.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    assert "up" in (site.service.settings.data / "feedback.jsonl").read_text(encoding="utf-8")


def test_a_suggestion_asks_itself(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="这些图书室夜间开放到几点？").click()
    expect(page.locator(".asked").nth(1)).to_have_text("这些图书室夜间开放到几点？")


def test_history_is_cut_to_what_the_service_takes(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    turns = page.evaluate("""async () => {
        const { historyOf } = await import("/static/thread.js");
        return historyOf(Array.from({ length: 40 }, (_, i) => ({ question: `第${i}问`, answer: "长".repeat(3000) })));
    }""")
    assert len(turns) <= 20
    assert sum(len(turn["content"]) for turn in turns) <= 20_000
    assert turns[-2]["content"] == "第39问"


def test_a_new_conversation_forgets_the_old_one(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="新对话").click()
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, LIBRARY_ROOMS)
    assert sent.value.post_data_json["history"] == []


def test_the_conversation_outlives_a_reload(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.reload()
    expect(page.locator(".said")).to_contain_text("新开社区图书室318家")


def test_a_chosen_level_narrows_the_question(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.get_by_role("button", name="只看一个级别").click()
    page.get_by_role("button", name="市级").click()
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "渔港改造了几座？")
    assert sent.value.post_data_json["filters"] == {"levels": ["市级"]}


def test_a_chosen_place_narrows_the_question(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.get_by_role("button", name="只看一个地区").click()
    page.get_by_label("地区，回车加上").fill("青屿市")
    page.get_by_label("地区，回车加上").press("Enter")
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "渔港改造了几座？")
    assert sent.value.post_data_json["filters"] == {"places": ["青屿市"]}


def test_the_first_visit_offers_questions_from_the_titles(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.locator(".examples .suggestion").filter(has_text="《青屿市渔港改造工作报告》讲了什么？").click()
    expect(page.locator(".asked")).to_have_text("《青屿市渔港改造工作报告》讲了什么？")


def test_an_empty_library_is_said_and_leads_to_adding_files(site: Site, visit: Visit) -> None:
    site.pipeline.library.deleted.update(site.pipeline.library.held)
    page = visit(site.url)
    page.locator(".first").get_by_role("button", name="添加文件").click()
    expect(page.locator(".library .nothing")).to_contain_text("还没有资料")


def test_stopping_leaves_the_question_to_be_asked_again(site: Site, visit: Visit) -> None:
    site.pipeline.go_on.clear()
    page = visit(site.url)
    page.locator("#question").fill(LIBRARY_ROOMS)
    page.locator("#question").press("Enter")
    page.get_by_role("button", name="停下").click()
    expect(page.locator(".words")).to_contain_text("已停下")
    site.pipeline.go_on.set()
    page.get_by_role("button", name="重问").click()
    expect(page.locator(".turn")).to_have_attribute("data-status", "answered")


def test_a_failure_says_what_happened_and_is_tried_again(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    problem = {"status": 503, "code": "overloaded", "detail": "现在问的人太多。请过一两秒再试。"}
    page.route("**/api/v1/ask", lambda route: route.fulfill(status=503, json=problem), times=1)
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".failure")).to_contain_text("现在问的人太多")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".turn")).to_have_attribute("data-status", "answered")


def test_a_stream_without_its_end_is_a_failure(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    cut = 'event: delta\ndata: {"text": "去年，全省新开社区图书室", "citations": []}\n\nevent: done\ndata: {"id"'
    page.route("**/api/v1/ask", lambda route: route.fulfill(content_type="text/event-stream", body=cut))
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".failure")).to_contain_text("没有传完")


def test_an_unreachable_service_is_said_and_waited_for(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    for path in ("**/api/v1/ask", "**/readyz"):
        page.route(path, lambda route: route.abort())
    ask(page, LIBRARY_ROOMS)
    expect(page.locator("[data-bar]")).to_contain_text("连不上引据的服务")
    for path in ("**/api/v1/ask", "**/readyz"):
        page.unroute(path)
    page.get_by_role("button", name="马上再试").click()
    expect(page.locator(".turn")).to_have_attribute("data-status", "answered")


def test_a_question_asked_too_early_is_answered_once_the_library_is_open(unready: Site, visit: Visit) -> None:
    page = visit(unready.url)
    expect(page.locator("[data-bar]")).to_contain_text("正在准备资料")
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".failure")).to_contain_text("正在准备资料")
    unready.ready()
    expect(page.locator(".turn")).to_have_attribute("data-status", "answered")
    expect(page.locator("[data-bar]")).to_be_hidden()


def test_an_answer_from_a_library_that_is_half_read_says_so(unready: Site, visit: Visit) -> None:
    unready.service.attach(unready.pipeline)
    page = visit(unready.url)
    expect(page.locator("[data-bar]")).to_contain_text("正在准备资料")
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".words")).to_contain_text("按读完的部分答的")


def test_a_refusal_from_a_library_that_is_half_read_is_asked_again(unready: Site, visit: Visit) -> None:
    library = unready.pipeline.library
    library.deleted.update(library.held)
    unready.service.attach(unready.pipeline)
    page = visit(unready.url)
    expect(page.locator("[data-bar]")).to_contain_text("正在准备资料")
    ask(page, LIBRARY_ROOMS)
    expect(page.locator(".words")).to_contain_text("读完后会自动再问一次")
    library.deleted.clear()
    unready.ready()
    expect(page.locator(".turn")).to_have_attribute("data-status", "answered")


def test_a_question_that_is_too_long_is_not_sent(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.locator("#question").fill("问" * 2001)
    expect(page.locator("#question-note")).to_contain_text("问题最长 2,000 字")
    expect(page.locator("[data-send]")).to_be_disabled()


def test_the_box_grows_to_eight_lines_and_no_further(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.locator("#question").fill("\n" * 7)
    eight = page.locator("#question").bounding_box()["height"]
    page.locator("#question").fill("\n" * 30)
    assert page.locator("#question").bounding_box()["height"] == pytest.approx(eight, abs=2)


def test_a_slash_brings_the_box_from_anywhere(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/#library")
    page.locator("body").press("/")
    expect(page.locator("#question")).to_be_focused()


def test_a_question_mark_lists_the_keys(site: Site, visit: Visit) -> None:
    page = visit(f"{site.url}/#library")
    page.locator("body").press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_contain_text("Shift + Enter")
