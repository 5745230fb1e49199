"""The number printed on a page is found at its edges, and only where the pages around bear it out."""

from __future__ import annotations

import pytest

from qa.reading.formats.printed_pages import Printed, candidates_in, from_label, printed_pages, roman, roman_value


def numbers(*pages: tuple[str, ...]) -> list[int | str | None]:
    """The confident numbers of pages whose candidates are written `foot:12`, `head:第3页`, `label:iv`."""
    return [page.number if page.confident else None for page in found(*pages)]


def found(*pages: tuple[str, ...]) -> list[Printed]:
    return printed_pages([[c for written in page for c in _candidates(written)] for page in pages])


def _candidates(written: str):
    where, text = written.split(":", 1)
    return from_label(text) if where == "label" else candidates_in(text, where)


@pytest.mark.parametrize(
    "form",
    ["{}", "- {} -", "— {} —", "第 {} 页", "{}/80", "第{}页 共80页", "Page {}", "·{}·", "云泽年鉴 {}", "{} | 综述"],
)
def test_a_number_in_any_usual_form_is_read(form: str) -> None:
    pages = [(f"foot:{form.format(number)}",) for number in range(11, 16)]
    assert numbers(*pages) == [11, 12, 13, 14, 15]


def test_full_width_digits_count_as_digits() -> None:
    assert numbers(("foot:－１－",), ("foot:－２－",), ("foot:－３－",)) == [1, 2, 3]


def test_chinese_numerals_count() -> None:
    assert numbers(("foot:第十九页",), ("foot:第二十页",), ("foot:第二十一页",)) == [19, 20, 21]


def test_roman_front_matter_and_arabic_text_are_two_runs() -> None:
    pages = [(f"foot:{n}",) for n in ("i", "ii", "iii", "iv", "1", "2", "3", "4")]
    assert numbers(*pages) == ["i", "ii", "iii", "iv", 1, 2, 3, 4]


def test_capital_roman_numerals_stay_capital() -> None:
    assert numbers(("foot:I",), ("foot:II",), ("foot:III",)) == ["I", "II", "III"]


def test_a_page_without_number_between_numbered_ones_is_counted() -> None:
    assert numbers(("foot:5",), ("foot:6",), (), ("foot:8",), ("foot:9",)) == [5, 6, 7, 8, 9]


def test_a_number_that_was_counted_says_so() -> None:
    pages = found(("foot:5",), ("foot:6",), (), ("foot:8",), ("foot:9",))
    assert "推定" in pages[2].evidence


def test_evidence_names_where_a_number_stands() -> None:
    assert found(("foot:- 5 -",), ("foot:- 6 -",), ("foot:- 7 -",))[1].evidence == "页脚“- 6 -”"


def test_a_cover_before_the_first_number_has_none() -> None:
    assert numbers((), (), ("foot:1",), ("foot:2",), ("foot:3",)) == [None, None, 1, 2, 3]


def test_missing_pages_start_a_new_run() -> None:
    pages = [(f"foot:{n}",) for n in (1, 2, 3, 11, 12, 13)]
    assert numbers(*pages) == [1, 2, 3, 11, 12, 13]


def test_a_spread_bears_two_numbers() -> None:
    assert numbers(("foot:12", "foot:13"), ("foot:14", "foot:15"), ("foot:16", "foot:17")) == [
        "12-13",
        "14-15",
        "16-17",
    ]


def test_a_year_in_the_running_head_is_no_page() -> None:
    assert numbers(*[("head:云泽年鉴 2023",)] * 4) == [None] * 4


def test_the_printed_number_comes_before_the_label() -> None:
    pages = [(f"label:{sheet}", f"foot:{sheet + 230}") for sheet in range(1, 6)]
    assert numbers(*pages) == [231, 232, 233, 234, 235]


def test_labels_that_only_count_the_sheets_say_nothing() -> None:
    assert numbers(*[(f"label:{sheet}",) for sheet in range(1, 6)]) == [None] * 5


def test_labels_that_differ_from_the_sheets_are_believed() -> None:
    pages = [(f"label:{label}",) for label in ("i", "ii", "iii", "1", "2", "3")]
    assert numbers(*pages) == ["i", "ii", "iii", 1, 2, 3]


def test_one_misread_number_does_not_break_a_run() -> None:
    pages = [(f"foot:{n}",) for n in (21, 22, 28, 24, 25, 26)]
    assert numbers(*pages) == [21, 22, 23, 24, 25, 26]


def test_scattered_numbers_make_no_page() -> None:
    pages = [(f"foot:{n}",) for n in (40, 7, 91, 3, 66)]
    assert numbers(*pages) == [None] * 5


def test_a_bare_number_on_a_lone_page_is_not_enough() -> None:
    assert numbers(("foot:12",)) == [None]


def test_a_lone_page_that_says_which_page_it_is_is_believed() -> None:
    assert numbers(("foot:第12页",)) == [12]


def test_numbers_alternate_between_the_sides() -> None:
    pages = [(f"head:{n} 云泽年鉴",) if n % 2 else (f"head:公交 {n}",) for n in range(101, 108)]
    assert numbers(*pages) == list(range(101, 108))


def test_chapters_that_count_anew_are_runs_of_their_own() -> None:
    pages = [(f"foot:{n}",) for n in (1, 2, 3, 4, 1, 2, 3)]
    assert numbers(*pages) == [1, 2, 3, 4, 1, 2, 3]


@pytest.mark.parametrize(
    ("value", "written"), [(4, "iv"), (9, "ix"), (14, "xiv"), (40, "xl"), (88, "lxxxviii"), (120, "cxx")]
)
def test_roman_numerals_go_both_ways(value: int, written: str) -> None:
    assert (roman(value), roman_value(written)) == (written, value)


@pytest.mark.parametrize("written", ["iiii", "vx", "iV", "civil", ""])
def test_what_is_no_roman_numeral_has_no_value(written: str) -> None:
    assert roman_value(written) == 0


def test_five_thousand_pages_keep_their_numbers() -> None:
    pages = [(f"foot:{n}",) for n in range(1, 5001)]
    assert numbers(*pages) == list(range(1, 5001))
