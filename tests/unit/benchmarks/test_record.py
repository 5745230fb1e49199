"""The record of figures is a file that people read and the next run compares with."""

from pathlib import Path

import pytest

from benchmarks import record
from benchmarks.evaluate import change


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "quality.md"


def test_nothing_is_last_before_the_first_row(file: Path) -> None:
    assert record.last("sample", "search", file) == {}


def test_the_last_row_is_the_one_added_last(file: Path) -> None:
    record.append("sample", "search", {"recall@1": "0.7"}, file)
    record.append("sample", "search", {"recall@1": "0.8"}, file)
    assert record.last("sample", "search", file)["recall@1"] == "0.8"


def test_sets_and_libraries_are_kept_apart(file: Path) -> None:
    record.append("sample", "search", {"recall@1": "0.7"}, file)
    record.append("eval", "search", {"recall@1": "0.5"}, file)
    record.append("sample", "documents", {"found": "1.0"}, file)
    assert record.last("sample", "search", file)["recall@1"] == "0.7"


def test_a_figure_that_was_not_measured_is_a_dash() -> None:
    assert record.kept("search", {"recall@1": None, "latency_ms": {"p50": 4.2, "p95": 9.0}})["recall@1"] == "—"


def test_the_change_is_signed() -> None:
    assert change("0.8", "0.75") == "+0.05"


def test_no_change_is_shown_without_a_former_figure() -> None:
    assert change("0.8", "") == ""
