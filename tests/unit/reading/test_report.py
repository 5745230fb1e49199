"""The report on many files: what was read, what was not and why, and what a person should look at."""

from __future__ import annotations

from dataclasses import replace

from qa.reading.reader import read_works
from qa.reading.report import noted, report
from qa.types import Dropped, FileResult

TEXT = "柳溪县渡口工作小结\n\n2023年柳溪县修好渡口12处，过河的人少等了半小时。\n"
READ = FileResult("渡口.txt", "added", ("a",), works=1)
BOOK = FileResult("汇编.docx", "updated", ("b", "c"), works=2, doubts=("编码是猜的。", "有 1 篇没有找到日期和年份"))
BAD = FileResult("坏.pdf", "refused", code="unreadable_file", detail="文件已损坏。")
SAME = FileResult("旧.txt", "unchanged")
GONE = FileResult("没了.txt", "removed")
VEILED = FileResult("网页.html", "added", ("d",), works=1, hidden=30)
ALL = (READ, BOOK, BAD, SAME, GONE, VEILED)


def said(*results: FileResult) -> str:
    return "\n".join(report(results).lines())


def of(text: str, **changes: object) -> FileResult:
    reading = read_works(text.encode(), "小结.txt")
    return noted(FileResult("小结.txt", "added"), replace(reading, source=replace(reading.source, **changes)))


def test_every_file_stands_where_it_belongs():
    made = report(ALL)
    assert (made.read, made.updated, made.split, made.refused) == ((READ, BOOK, VEILED), (BOOK,), (BOOK,), (BAD,))


def test_what_did_not_change_and_what_is_gone_stand_apart():
    made = report(ALL)
    assert (made.unchanged, made.removed) == ((SAME,), (GONE,))


def test_files_for_a_person_to_look_at_are_listed():
    made = report(ALL)
    assert (made.doubtful, made.hidden) == ((BOOK,), (VEILED,))


def test_the_first_line_counts():
    assert said(*ALL).splitlines()[0] == "读入 3 个文件（共 4 篇），其中更新 1 个，未变 1 个，移除 1 个，打不开 1 个。"


def test_a_refused_file_is_named_with_its_reason():
    assert "打不开  坏.pdf（unreadable_file）：文件已损坏。" in said(BAD)


def test_a_doubtful_file_is_named_with_its_doubts():
    assert "存疑  汇编.docx：编码是猜的；有 1 篇没有找到日期和年份" in said(BOOK)


def test_a_file_that_was_split_says_into_how_many():
    assert "分为 2 篇  汇编.docx" in said(BOOK)


def test_hidden_words_are_told():
    assert "隐藏文字  网页.html：30 字" in said(VEILED)


def test_a_file_that_is_another_once_more_is_told():
    copy = FileResult("副本.txt", "added", ("a",), works=1, same_as="渡口.txt")
    assert "重复  副本.txt：与 渡口.txt 内容完全相同" in said(copy)


def test_a_file_that_resembles_another_is_told():
    second = FileResult("二稿.txt", "added", ("e",), works=1, alike=("柳溪县渡口小结",))
    assert "重复  二稿.txt：与《柳溪县渡口小结》几乎相同" in said(second)


def test_what_kept_the_run_from_going_on_is_no_file():
    failure = FileResult("", "refused", code="empty_seeds", detail="资料文件夹空了。")
    assert said(failure).splitlines() == ["没有读成。", "  原因（empty_seeds）：资料文件夹空了。"]


def test_the_most_pressing_comes_first():
    kinds = [notice.kind for notice in report((VEILED, BOOK, READ, BAD)).notices()]
    assert kinds == ["refused", "doubtful", "hidden"]


def test_a_doubt_says_what_to_do_about_it():
    (notice,) = report([BOOK]).notices()
    assert "UTF-8" in notice.todo and "yinju.toml" not in notice.todo


def test_nothing_to_look_at_is_no_notice():
    assert list(report([READ, SAME, GONE]).notices()) == []


def test_nothing_read_is_said_plainly():
    assert said(SAME) == "未变 1 个。"


def test_no_files_are_said_plainly():
    assert said() == "没有文件。"


def test_a_sound_file_has_no_doubts():
    assert of(TEXT) == FileResult("小结.txt", "added", works=1)


def test_the_readers_own_doubts_are_kept():
    assert of(TEXT, doubts=("有几处看不清",)).doubts == ("有几处看不清",)


def test_an_encoding_that_was_guessed_is_a_doubt():
    assert "big5" in of(TEXT, encoding="big5", encoding_unsure=True).doubts[0]


def test_an_encoding_is_doubted_once():
    assert of(TEXT, encoding_unsure=True, doubts=("编码是猜的（big5）",)).doubts == ("编码是猜的（big5）",)


def test_a_work_without_any_date_is_a_doubt():
    assert "日期" in of("柳溪县渡口工作小结\n\n柳溪县修好渡口12处，过河的人少等了半小时。\n").doubts[0]


def test_a_work_without_a_title_is_a_doubt():
    assert "标题" in of("2023年柳溪县修好渡口12处，过河的人少等了半小时。\n").doubts[0]


def test_hidden_words_are_counted():
    reading = replace(read_works(TEXT.encode(), "小结.txt"), dropped=(Dropped(0, 4, "hidden"), Dropped(5, 9, "spam")))
    assert noted(FileResult("小结.txt", "added"), reading).hidden == 4
