"""The reader says of each description of a document where it was found, and shows the words in the text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from qa.citing.permalinks import permalink
from tests.browser.conftest import LIBRARY_ROOMS, PHONE, Site, Visit, ask

ASKED = "这些信息从哪里来"


def open_reader(site: Site, visit: Visit, title: str = "青屿市茶馆阅览点工作小结", **options: object) -> Page:
    rows, *_ = site.pipeline.library.documents(10)
    document = next(site.pipeline.library.document(row.document.id) for row in rows if row.document.title == title)
    page = visit(site.url + permalink(document.id, 0, 5, document.text[:5]), **options)
    expect(page.locator(".reader mark")).to_be_visible()
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator(".evidence > div").filter(has=page.get_by_text(name, exact=True))


def test_the_descriptions_are_shown_on_demand(real: Site, visit: Visit) -> None:
    page = open_reader(real, visit)
    expect(page.locator(".evidence")).to_be_hidden()
    page.get_by_role("button", name=ASKED).click()
    expect(page.locator(".evidence")).to_be_visible()


def test_each_description_says_where_it_was_found(real: Site, visit: Visit) -> None:
    page = open_reader(real, visit)
    page.get_by_role("button", name=ASKED).click()
    expect(row(page, "级别")).to_contain_text("出自标题里写的“青屿市”")


def test_words_in_the_text_are_shown_there(real: Site, visit: Visit) -> None:
    page = open_reader(real, visit)
    page.get_by_role("button", name=ASKED).click()
    page.get_by_role("button", name="在正文里看所述时间").click()
    expect(page.locator(".reader mark")).to_have_text("2023")


def test_the_button_works_by_keyboard_and_says_whether_it_is_open(real: Site, visit: Visit) -> None:
    page = open_reader(real, visit)
    page.get_by_role("button", name=ASKED).press("Enter")
    expect(page.get_by_role("button", name=ASKED)).to_have_attribute("aria-expanded", "true")


def test_another_document_opens_with_the_list_closed(real: Site, visit: Visit) -> None:
    page = open_reader(real, visit)
    page.get_by_role("button", name=ASKED).click()
    again = open_reader(real, visit, "柳溪县渡口工作小结")
    expect(again.locator(".evidence")).to_be_hidden()


def test_a_document_of_which_nothing_is_known_has_no_button(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    ask(page, LIBRARY_ROOMS)
    page.locator(".said a.cite").first.click()
    expect(page.locator(".reader mark")).to_be_visible()
    expect(page.get_by_role("button", name=ASKED)).to_be_hidden()


@pytest.mark.parametrize("options", [{}, PHONE])
def test_the_list_fits_into_the_reader(real: Site, visit: Visit, options: dict[str, object]) -> None:
    page = open_reader(real, visit, **options)
    page.get_by_role("button", name=ASKED).click()
    assert page.evaluate(
        "document.querySelector('.evidence').scrollWidth <= document.querySelector('.evidence').clientWidth"
    )
