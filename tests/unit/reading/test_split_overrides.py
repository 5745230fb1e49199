"""Where a person knows better how a file is split: never, at these titles, at these lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import SettingsInvalid
from qa.reading.compilation import SURE
from qa.reading.folder import scan
from qa.reading.overrides import load_plans, plan_for, plans_of
from qa.reading.reader import read_works, reader_version
from qa.types import Reading, SplitPlan

FERRY, BOOKS, TEA = "柳溪县渡口工作小结", "青屿市书屋工作小结", "桐湾区茶园防霜小结"
CONTENTS = ["目　录", f"{FERRY}……1", f"{BOOKS}……9", f"{TEA}……15"]
WORKS = [
    FERRY, "2023年柳溪县修好渡口12处，过河的人少等了半小时。",
    BOOKS, "2023年青屿市设立书屋73个，街坊喝茶时也能借书。",
    TEA, "2023年桐湾区装了一百二十台防霜风扇，头茬茶保住了。",
]  # fmt: skip


def read(lines: list[str], plan: SplitPlan = "auto") -> Reading:
    return read_works("\n".join(lines).encode(), "汇编.txt", plan)


def titles(reading: Reading) -> list[str]:
    return [document.title for document in reading.documents]


@pytest.fixture
def settings(tmp_path: Path):
    def write(text: str) -> Path:
        file = tmp_path / "yinju.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


# What the reader does


def test_without_a_plan_the_contents_decide():
    assert titles(read([*CONTENTS, *WORKS])) == [FERRY, BOOKS, TEA]


def test_never_keeps_a_compilation_one():
    assert len(read([*CONTENTS, *WORKS], "never").documents) == 1


def test_titles_split_a_file_without_contents():
    assert titles(read(WORKS, (FERRY, BOOKS, TEA))) == [FERRY, BOOKS, TEA]


def test_titles_are_looked_for_below_the_contents():
    assert titles(read([*CONTENTS, *WORKS], (FERRY, TEA))) == [FERRY, TEA]


def test_lines_split_a_file():
    assert titles(read(WORKS, (1, 3, 5))) == [FERRY, BOOKS, TEA]


def test_lines_are_counted_as_an_editor_counts_them():
    assert titles(read(["", "", *WORKS[:2], "", *WORKS[2:]], (3, 6))) == [FERRY, BOOKS]


def test_what_stands_before_the_first_work_is_dropped():
    reading = read(["编者按：以下是三篇小结，按收到的先后排列。", *WORKS], (2, 4, 6))
    assert "编者按" not in "".join(document.text for document in reading.documents)


def test_the_text_of_a_split_work_is_a_selection_of_the_file():
    reading = read(WORKS, (1, 3, 5))
    document = reading.documents[1]
    kept = "".join(reading.source.text[s.origin : s.origin + s.end - s.start] for s in document.spans)
    assert kept == document.text == WORKS[3]


def test_a_title_that_is_not_there_is_named():
    (doubt,) = read(WORKS, (FERRY, "没有这一篇", TEA)).source.doubts
    assert "没有这一篇" in doubt


def test_a_line_that_is_not_there_is_named():
    (doubt,) = read(WORKS, (1, 900)).source.doubts
    assert "第 900 行" in doubt


def test_a_plan_that_fits_nothing_keeps_the_file_one():
    assert len(read(WORKS, ("没有这一篇",)).documents) == 1


# How sure it is


def test_all_titles_found_is_sure():
    assert read([*CONTENTS, *WORKS]).sureness > SURE


def test_a_title_of_the_contents_that_is_missing_makes_it_less_sure():
    reading = read([*CONTENTS, "云泽省山路养护小结……20", *WORKS])
    assert reading.sureness == pytest.approx(0.75, abs=0.01)


def test_a_title_of_the_contents_that_is_missing_is_named():
    (doubt,) = read([*CONTENTS, "云泽省山路养护小结……20", *WORKS]).source.doubts
    assert "云泽省山路养护小结" in doubt


def test_a_file_without_contents_is_surely_one():
    assert (read(WORKS).sureness, read(WORKS).source.doubts) == (1.0, ())


# The file that says so


def test_a_plan_is_found_by_its_path(settings):
    lines = ('"旧/汇编.txt" = "never"', '"合订.txt" = [1, 20]', '"集.docx" = ["甲文", "乙文"]')
    plans = load_plans(settings("\n".join(["[split]", *lines])))
    found = [plan_for(plans, path) for path in ("旧/汇编.txt", "合订.txt", "集.docx", "别的.txt")]
    assert found == ["never", (1, 20), ("甲文", "乙文"), "auto"]


def test_a_pattern_stands_for_many_files(settings):
    plans = load_plans(settings('[split]\n"剪报/*.txt" = "never"\n"剪报/全.txt" = "auto"\n'))
    assert [plan_for(plans, path) for path in ("剪报/一.txt", "剪报/全.txt")] == ["never", "auto"]


def test_a_folder_without_settings_has_no_plans(tmp_path):
    assert plans_of(tmp_path) == {}


@pytest.mark.parametrize(
    "text",
    ['[split]\n"甲.txt" = "sometimes"', '[split]\n"甲.txt" = []', '[split]\n"甲.txt" = [20, 1]',
     '[split]\n"甲.txt" = ["甲", 3]', '[split]\n"甲.txt" = true', "split = 3", "[split", '[split]\n"甲.txt" = [0]'],
)  # fmt: skip
def test_settings_that_cannot_be_understood_are_an_error(settings, text):
    with pytest.raises(SettingsInvalid):
        load_plans(settings(text))


def test_the_settings_are_no_document(settings):
    file = settings("[split]\n")
    assert scan(file.parent) == []


def test_another_plan_is_another_reader():
    assert len({reader_version(), reader_version("never"), reader_version((1, 3)), reader_version(("1", "3"))}) == 4
