"""Runs of a source and where they stand: packed small, given back as they were, refused when they are not ours."""

from __future__ import annotations

import base64
import random
import zlib

import pytest

from qa.reading.regions import Runs, packed, reach, unpacked
from qa.types import Region


def boxed(count: int) -> Runs:
    runs, at, chance = Runs(), 0, random.Random(7)
    for number in range(count):
        at += chance.randint(0, 3)
        top = number % 40 / 41
        runs.put(at, at + 30, 1 + number // 40, (0.1, top, 0.9, top + 0.02))
        at += 30
    return runs


def told(*places: str) -> Runs:
    runs = Runs()
    for at, place in enumerate(places):
        runs.tell(10 * at, 10 * at + 9, place)
    return runs


@pytest.mark.parametrize("runs", [Runs(), boxed(1), boxed(1000), told("第1段", "表1第2行", "脚注1")])
def test_packed_runs_are_given_back_as_they_were(runs):
    assert unpacked(packed(runs)) == runs


def test_the_lines_of_four_hundred_pages_take_little_room():
    assert len(packed(boxed(16_000))) < 200_000


def test_a_box_is_given_in_fractions_of_the_page():
    runs = Runs()
    runs.put(0, 9, 3, (0.125, 0.25, 0.875, 1.7))
    assert runs.region(0) == Region(3, (0.125, 0.25, 0.875, 1.0))


@pytest.mark.parametrize(("start", "end", "found"), [(0, 5, [0]), (8, 12, [0, 1]), (9, 10, []), (25, 99, [2])])
def test_the_runs_of_a_stretch_are_those_that_share_a_character_with_it(start, end, found):
    assert list(told("第1段", "第2段", "第3段").within(start, end)) == found


def test_runs_reach_as_far_as_the_last_one():
    assert (reach(packed(told("第1段", "第2段"))), reach("")) == (19, 0)


@pytest.mark.parametrize(
    "other",
    [
        "渡口",
        "AAAA",
        packed(boxed(9))[:-8],
        base64.b64encode(zlib.compress(b"[3, []]\n" + bytes(9))).decode(),
        base64.b64encode(zlib.compress(b"[1, 5]\n" + bytes(20))).decode(),
        base64.b64encode(zlib.compress(b'{"a": 1}\n')).decode(),
        base64.b64encode(zlib.compress(bytes(1 << 28))).decode(),
    ],
)
def test_what_is_no_packed_runs_is_refused(other):
    with pytest.raises(ValueError):
        reach(other)
