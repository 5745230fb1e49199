"""Earlier conversations on the first screen: what the service kept is opened, gone on with and deleted."""

from __future__ import annotations

import dataclasses

from playwright.sync_api import Page, expect

from tests.browser.conftest import LIBRARY_ROOMS, PHONE, Site, Visit, ask


def first_screen(page: Page, url: str) -> None:
    """A first screen as of a new day: the page itself remembers nothing."""
    page.evaluate("sessionStorage.clear()")
    page.goto(url)


def conversations(page: Page) -> list[dict]:
    return page.evaluate("fetch('/api/v1/conversations').then((reply) => reply.json())")["conversations"]


def test_the_first_screen_of_a_new_library_lists_nothing(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    expect(page.locator(".first .examples li").first).to_be_visible()
    expect(page.get_by_role("heading", name="以前的对话")).to_have_count(0)


def test_a_later_question_goes_on_with_the_services_conversation(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "夜间开放的有多少家？")
    said = sent.value.post_data_json
    assert (said["conversation_id"], "history" in said) == (conversations(page)[0]["id"], False)


def test_an_earlier_conversation_is_listed_by_its_first_question(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="新对话").click()
    expect(page.get_by_role("region", name="以前的对话")).to_contain_text(LIBRARY_ROOMS)


def test_an_earlier_conversation_is_shown_with_its_marks(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    first_screen(page, site.url)
    page.locator(".talks .suggestion").click()
    expect(page.locator(".asked")).to_have_text(LIBRARY_ROOMS)
    expect(page.locator(".said a.cite").first).to_have_text("1")


def test_an_opened_conversation_is_gone_on_with(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    first_screen(page, site.url)
    page.locator(".talks .suggestion").click()
    ask(page, "夜间开放的有多少家？")
    assert [one["turns"] for one in conversations(page)] == [2]


def test_a_conversation_goes_on_after_a_reload(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.reload()
    ask(page, "夜间开放的有多少家？")
    assert [one["turns"] for one in conversations(page)] == [2]


def test_an_earlier_conversation_is_deleted_after_asking(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="新对话").click()
    page.get_by_role("button", name=f"删去对话：{LIBRARY_ROOMS}").click()
    page.get_by_role("dialog").get_by_role("button", name="删去").click()
    expect(page.locator(".talks")).to_be_hidden()
    assert conversations(page) == []


def test_a_conversation_that_was_deleted_elsewhere_is_gone_on_with_from_the_page(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    gone = conversations(page)[0]["id"]
    page.evaluate(f"fetch('/api/v1/conversations/{gone}', {{method: 'DELETE'}})")
    with page.expect_request(lambda request: '"history":[{' in (request.post_data or "")):
        ask(page, "夜间开放的有多少家？")
    expect(page.locator(".turn")).to_have_count(2)


def test_where_nothing_is_kept_the_page_itself_says_what_was_said(site: Site, visit: Visit) -> None:
    site.service.settings = dataclasses.replace(site.service.settings, keep_conversations=False)
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "夜间开放的有多少家？")
    assert [turn["role"] for turn in sent.value.post_data_json["history"]] == ["user", "assistant"]


def test_a_long_list_is_shown_in_pieces(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    for number in range(7):
        page.request.post(
            f"{site.url}/api/v1/ask", data={"question": f"第{number}个图书室在哪里？"}, headers={"Origin": site.url}
        )
    page.reload()
    expect(page.locator(".talks li")).to_have_count(5)
    page.get_by_role("button", name="再看一些").click()
    expect(page.locator(".talks li")).to_have_count(7)


def test_a_long_first_question_does_not_widen_a_phone(site: Site, visit: Visit) -> None:
    page = visit(site.url, **PHONE)
    ask(page, "柳溪县ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ" + "社区图书室" * 12)
    first_screen(page, site.url)
    expect(page.locator(".talks li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_kept_conversation_is_offered_as_a_file(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    expect(page.get_by_role("button", name="导出对话")).to_be_hidden()
    ask(page, LIBRARY_ROOMS)
    page.get_by_role("button", name="导出对话").click()
    with page.expect_request("**/api/v1/conversations/*/export?format=*"):
        page.get_by_role("dialog").locator(".choice").first.click()
