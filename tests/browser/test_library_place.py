from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Page, expect

from qa.types import FileResult, Job
from tests.browser.conftest import Site, Visit
from tests.web.fakes import hexes, made_up

GOOD = {"name": "书店.txt", "mimeType": "text/plain", "buffer": "桐湾区开了三家书店。".encode()}
EMPTY = {"name": "空的.txt", "mimeType": "text/plain", "buffer": b""}


def library(site: Site, visit: Visit) -> Page:
    page = visit(f"{site.url}/#library")
    page.locator(".library .doc").first.wait_for()
    return page


def test_the_documents_are_listed_with_their_facts(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    row = page.locator(".library .doc").filter(has_text="青屿市渔港改造工作报告")
    expect(row).to_contain_text("市级 · 云泽省青屿市 · 报告 · 第 12 页 · 2025年11月20日")


def test_an_upload_shows_what_became_of_each_file(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.locator("[data-files]").set_input_files([GOOD, EMPTY])
    expect(page.locator(".job .line")).to_have_text("读入 1 个文件（共 1 篇），打不开 1 个。")
    expect(page.locator(".job .refused")).to_contain_text("空的.txt文件是空的。请换一个有文字的文件。")
    expect(page.locator(".library .doc").filter(has_text="书店")).to_be_visible()


DOUBTFUL = FileResult("旧稿.txt", "added", ("d1",), works=1, doubts=("编码是猜的（gb18030），请核对文字。",))
VEILED = FileResult("网页.html", "added", ("d2",), works=1, hidden=24)
BAD = FileResult("坏.pdf", "refused", code="empty_file", detail="文件里没有文字。请确认选对了文件。")


def reported(site: Site, *results: FileResult, created: str = "2026-03-01T08:00:00.000+00:00") -> None:
    job = Job(hexes(created), "sync", "done", len(results), len(results), "", results, created)
    site.pipeline.library.save_job(job)


def test_a_report_says_what_to_look_at_and_what_to_do(site: Site, visit: Visit) -> None:
    reported(site, DOUBTFUL, VEILED, BAD)
    page = library(site, visit)
    past = page.locator(".past")
    expect(past.locator("summary").first).to_contain_text("读入 2 个文件（共 2 篇），打不开 1 个。有 3 处要看")
    past.locator("summary").first.click()
    expect(past.locator("h3")).to_have_text(["打不开 1 处", "请核对 1 处", "有看不见的文字 1 处"])
    expect(past.locator("li").filter(has_text="旧稿.txt")).to_contain_text("另存为 UTF-8")


def test_the_last_report_is_there_after_a_reload(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.locator("[data-files]").set_input_files([GOOD, EMPTY])
    expect(page.locator(".job .line")).to_contain_text("打不开 1 个")
    page.reload()
    expect(page.locator(".past summary").first).to_contain_text("读入 1 个文件（共 1 篇），打不开 1 个。")


def test_earlier_reports_are_a_click_away(site: Site, visit: Visit) -> None:
    reported(site, BAD)
    reported(site, DOUBTFUL, created="2026-03-02T08:00:00.000+00:00")
    page = library(site, visit)
    expect(page.locator(".reportlist > .past")).to_contain_text("读入 1 个文件")
    page.get_by_text("更早的报告（1）").click()
    expect(page.locator(".earlier .past")).to_contain_text("打不开 1 个。")


def test_a_run_in_which_nothing_changed_leaves_no_report(site: Site, visit: Visit) -> None:
    reported(site, FileResult("旧.txt", "unchanged"))
    page = library(site, visit)
    page.wait_for_timeout(200)
    expect(page.locator(".past")).to_have_count(0)


def test_a_report_is_closed_when_all_is_well(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.locator("[data-files]").set_input_files([GOOD])
    expect(page.locator(".job summary").first).to_have_text("报告")
    expect(page.locator(".job .report")).to_be_hidden()


def test_a_report_is_copied_as_text(site: Site, visit: Visit) -> None:
    reported(site, BAD)
    page = visit(f"{site.url}/#library", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".past summary").first.click()
    page.get_by_role("button", name="复制报告").click()
    expect(page.locator(".toast")).to_contain_text("已复制报告")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[1:] == ["打不开 1 个。", "  打不开  坏.pdf（empty_file）：文件里没有文字。请确认选对了文件。"]


def test_a_doubtful_document_opens_from_the_report(site: Site, visit: Visit) -> None:
    known = site.pipeline.library.live()[1]
    reported(site, replace(DOUBTFUL, document_ids=(known.id,)))
    page = library(site, visit)
    page.locator(".past summary").first.click()
    page.get_by_role("button", name="打开 旧稿.txt").click()
    expect(page.locator(".reader .title")).to_have_text(known.title)


def test_each_file_is_named_on_request(site: Site, visit: Visit) -> None:
    reported(site, DOUBTFUL, FileResult("汇编.docx", "updated", ("d3", "d4"), works=2))
    page = library(site, visit)
    page.locator(".past summary").first.click()
    page.locator(".every summary").click()
    expect(page.locator(".every li")).to_have_text(["旧稿.txt新增", "汇编.docx更新 · 2 篇"])


def test_a_folder_that_is_gone_is_said_in_the_report(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    site.seeds.rename(site.seeds.with_name("拔走"))
    page.get_by_role("button", name="同步文件夹").click()
    expect(page.locator(".job .refused")).to_contain_text("找不到资料文件夹")


def test_a_screen_reader_hears_the_end_once(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.locator("[data-files]").set_input_files([GOOD, EMPTY])
    said = page.locator(".job [role=status]")
    expect(said).to_have_text("读入 1 个文件（共 1 篇），打不开 1 个。有 1 处要看。")


def test_progress_names_the_file_at_hand(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    site.pipeline.go_on.clear()
    page.locator("[data-files]").set_input_files([GOOD, EMPTY])
    expect(page.locator(".job .line")).to_have_text("正在读 1 / 2：书店.txt")
    expect(page.get_by_role("progressbar")).to_be_visible()


def test_files_dropped_anywhere_are_read(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.evaluate("""() => {
        const carried = new DataTransfer();
        carried.items.add(new File(["柳溪县修了一座廊桥。"], "廊桥.txt", { type: "text/plain" }));
        const target = document.querySelector(".docs");
        for (const name of ["dragenter", "dragover", "drop"])
            target.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: carried }));
    }""")
    expect(page.locator(".library .doc").filter(has_text="廊桥")).to_be_visible()


def test_a_file_dropped_on_the_conversation_does_not_replace_the_page(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    page.evaluate("""() => {
        const carried = new DataTransfer();
        carried.items.add(new File(["甲"], "甲.txt", { type: "text/plain" }));
        const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried });
        document.querySelector(".thread").dispatchEvent(drop);
    }""")
    page.get_by_role("button", name="打开资料").click()
    expect(page.locator(".library .doc").first).to_be_visible()


def test_the_folder_is_synced(site: Site, visit: Visit) -> None:
    (site.seeds / "清淤.txt").write_text("青屿市清淤三万方。", encoding="utf-8")
    page = library(site, visit)
    page.get_by_role("button", name="同步文件夹").click()
    expect(page.locator(".library .doc").filter(has_text="清淤")).to_be_visible()


def test_a_reload_comes_back_to_the_work_at_hand(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    site.pipeline.go_on.clear()
    page.locator("[data-files]").set_input_files([GOOD, EMPTY])
    expect(page.locator(".job .line")).to_contain_text("正在读 1 / 2")
    page.reload()
    expect(page.locator(".job .line")).to_contain_text("正在读 1 / 2")


def test_a_deletion_is_asked_about_first(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.get_by_role("button", name="删除《柳溪县茶园防霜经验》").click()
    page.get_by_role("dialog").get_by_role("button", name="不删").click()
    assert not site.pipeline.library.deleted


def test_a_deletion_can_be_undone(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.get_by_role("button", name="删除《柳溪县茶园防霜经验》").click()
    page.get_by_role("dialog").get_by_role("button", name="删除", exact=True).click()
    expect(page.locator(".library .doc").filter(has_text="茶园")).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".library .doc").filter(has_text="茶园")).to_be_visible()


def test_a_version_shows_where_it_differs(site: Site, visit: Visit) -> None:
    known = site.pipeline.library.live()[1]
    changed = known.text.replace("2046艘", "2064艘").replace("三号台风", "<b>四号</b>台风")
    site.pipeline.library.put(replace(known, id="later", title="送审稿", text=changed, duplicate_of=known.id))
    page = library(site, visit)
    page.get_by_role("button", name="与另一篇几乎相同").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"与《{known.title}》几乎相同，差 2 处")
    expect(dialog.locator("li").first).to_contain_text("2064艘")
    expect(dialog.locator("li").first).to_contain_text("2046艘")
    expect(dialog.locator("ul")).to_contain_text("<b>四号</b>")
    dialog.get_by_role("button", name="关上").click()
    expect(dialog).to_have_count(0)


def test_searching_and_finding_nothing_leads_back_to_all(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.get_by_label("按题目或文件名找").fill("月球")
    expect(page.locator(".nothing")).to_contain_text("没有这样的资料")
    page.get_by_role("button", name="看全部资料").click()
    expect(page.locator(".library .doc")).to_have_count(4)


def test_a_level_narrows_the_list(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.get_by_role("main", name="资料").get_by_label("级别", exact=True).select_option("县级")
    expect(page.locator(".library .doc")).to_have_count(1)


def test_a_long_list_comes_as_it_is_scrolled(site: Site, visit: Visit) -> None:
    for number in range(120):
        site.pipeline.library.put(made_up(f"第{number}号材料", [("一", f"第{number}号写水渠。")], "云泽省", "省级"))
    page = library(site, visit)
    expect(page.locator(".library .total")).to_have_text("124 篇")
    for _ in range(3):
        page.locator(".library .doc").last.scroll_into_view_if_needed()
        page.wait_for_timeout(200)
    expect(page.locator(".library .doc")).to_have_count(124)


def test_a_document_opens_from_the_list(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    page.get_by_role("link", name="青屿市渔港改造工作报告").click()
    expect(page.locator(".reader .page")).to_contain_text("登记渔船2046艘")


def test_a_list_that_did_not_come_is_tried_again(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    problem = {"status": 500, "code": "internal", "detail": "服务内部出错了。请重试。"}
    page.locator(".examples .suggestion").first.wait_for()
    page.route("**/api/v1/documents?*", lambda route: route.fulfill(status=500, json=problem), times=1)
    page.get_by_role("link", name="资料", exact=True).click()
    expect(page.locator(".liststate .failure")).to_contain_text("服务内部出错了")
    page.locator(".liststate").get_by_role("button", name="重试").click()
    expect(page.locator(".library .doc")).to_have_count(4)


def test_a_large_upload_goes_in_parts(site: Site, visit: Visit) -> None:
    page = visit(site.url)
    sizes = page.evaluate("""async () => {
        const { batchesOf } = await import("/static/library.js");
        const files = [...Array.from({ length: 50 }, () => ({ size: 10 })), { size: 60 * 1024 * 1024 }, { size: 10 }];
        return batchesOf(files).map((batch) => batch.length);
    }""")
    assert sizes == [40, 10, 1, 1]


def test_the_model_is_named_with_how_to_change_it(site: Site, visit: Visit) -> None:
    page = library(site, visit)
    model = page.locator(".libraryhead .model")
    expect(model.locator("summary")).to_have_text("模型 fake · 怎样换")
    model.locator("summary").click()
    expect(model).to_contain_text(".venv/bin/python -m qa models use BAAI/bge-small-zh-v1.5")
