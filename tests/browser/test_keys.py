"""A service that wants a key: the page asks for it once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import LIBRARY_ROOMS, Visit, ask, serving
from tests.web.fakes import FakePipeline, sample
from web.keys import Keys


def test_the_page_asks_for_a_key_and_remembers_it(tmp_path: Path, visit: Visit) -> None:
    with serving(tmp_path, FakePipeline(sample()), host="0.0.0.0") as site:
        key = Keys(tmp_path / "data").add("张三", "reader")
        page = visit(site.url)
        dialog = page.get_by_role("dialog", name="这个服务要钥匙")
        dialog.get_by_label("钥匙").fill("yinju_wrong")
        dialog.get_by_role("button", name="进去").click()
        dialog.get_by_label("钥匙").fill(key)
        dialog.get_by_role("button", name="进去").click()
        ask(page, LIBRARY_ROOMS)
        expect(page.locator(".said")).to_contain_text("新开社区图书室318家")
        page.reload()
        expect(page.locator(".said")).to_contain_text("新开社区图书室318家")
        expect(dialog).to_have_count(0)
