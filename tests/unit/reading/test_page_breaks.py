"""What the page breaks of a real compilation cut is joined again.

Marked by hand, by line number; the file itself is not ours to keep, so the check runs where it lies beside the project.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from functools import cache
from pathlib import Path

import pytest

from qa.reading.cleaning import clean
from qa.reading.compilation import split
from qa.reading.formats.opening import read
from qa.reading.paragraphs import paragraphs

MARKS = json.loads((Path(__file__).parent / "page_breaks.json").read_text("utf-8"))
FOLDER = Path(__file__).resolve().parents[4] / "shared" / "seeds"
JOINED_SHARE = 0.98


def marked_file() -> bytes:
    """The file that the marks were made on, told by its hash; skips, and says so, where it is absent."""
    for path in sorted(FOLDER.glob("*.txt")):
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() == MARKS["file"]:
            return data
    warnings.warn("the compilation whose page breaks are marked is absent: they are NOT checked", stacklevel=1)
    pytest.skip(f"no file with the marked hash in {FOLDER.name}")


@cache
def joined() -> dict[int, bool]:
    """For each line number of the file within a work: does the line go on with the paragraph above it?"""
    source = read(marked_file(), "汇编.txt")
    found = {}
    for work in split(clean(source)).works:
        starts = {paragraph.runs[0][0] for paragraph in paragraphs(work.lines)}
        for line in work.lines[1:]:
            found[source.text.count("\n", 0, line.start) + 1] = line.start not in starts
    return found


@pytest.mark.filterwarnings("default")
def test_page_breaks_inside_a_sentence_are_joined():
    cut = [number for number, mark in MARKS["marks"] if mark == "join"]
    assert sum(joined().get(number, False) for number in cut) >= JOINED_SHARE * len(cut)


@pytest.mark.filterwarnings("default")
def test_no_paragraph_is_joined_wrongly():
    assert [number for number, mark in MARKS["marks"] if mark == "break" and joined().get(number, True)] == []


def test_two_hundred_lines_are_marked():
    assert len({number for number, _ in MARKS["marks"]}) == 200
