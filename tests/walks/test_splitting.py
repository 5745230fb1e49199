"""Compilations made by program are split as their authors divided them; single works like them are not."""

from __future__ import annotations

from functools import cache

from benchmarks.compilations import cases
from benchmarks.splits import faults
from qa.reading.reader import read_works

RIGHT_SHARE = 0.97


@cache
def judged() -> list[tuple[str, bool, float, list[str]]]:
    """Of each file: its form, whether it holds several works, how sure the reader is, and what is wrong."""
    found = []
    for case in cases(1):
        reading = read_works(case.data, case.name)
        found.append((case.form, case.many, reading.sureness, faults(case, reading)))
    return found


def test_there_are_files_of_a_hundred_forms():
    assert len({form for form, *_ in judged()}) >= 100


def test_no_single_work_is_split():
    assert [(form, wrong) for form, many, _, wrong in judged() if not many and wrong] == []


def test_nearly_all_compilations_are_split_where_their_works_begin():
    wrong = [(form, faults) for form, many, _, faults in judged() if many and faults]
    assert len(wrong) <= (1 - RIGHT_SHARE) * sum(many for _, many, *_ in judged()), wrong


def test_what_is_surely_split_is_split_right():
    sure = [wrong for _, _, sureness, wrong in judged() if sureness > 0.95]
    assert sum(not wrong for wrong in sure) >= 0.98 * len(sure)
