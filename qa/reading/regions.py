"""Where the runs of a source stand in its file, packed small: a box on a page, or words such as 表2第3行.

Readers gather runs while they write the source's text; `unpacked` gives them back. A file of 400 pages has some 15,000
lines, which take 130 kB packed. Knows nothing of formats, documents or quotations.
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from operator import sub

from qa.types import Region

Box = tuple[float, float, float, float]
MAX_BYTES = 128 << 20  # unpacked; a run takes 20
_ONE = 65535  # a box's edges are kept in 65,535ths of the page's width or height


@dataclass(slots=True)
class Runs:
    """Runs of `Source.text` in order, a column for each property. Either all have boxes, or all have words."""

    starts: array = field(default_factory=lambda: array("I"))
    ends: array = field(default_factory=lambda: array("I"))
    sheets: array = field(default_factory=lambda: array("I"))  # or, where there are words, which of them
    boxes: array = field(default_factory=lambda: array("H"))  # four numbers each
    words: list[str] = field(default_factory=list)

    def put(self, start: int, end: int, sheet: int, box: Box) -> None:
        """A run that stands on a page of the file, in fractions of its width and height from its upper left corner."""
        self._add(start, end, sheet)
        self.boxes.extend(round(_ONE * min(1.0, max(0.0, edge))) for edge in box)

    def tell(self, start: int, end: int, words: str) -> None:
        """A run whose place is told in words."""
        if not self.words or self.words[-1] != words:
            self.words.append(words)
        self._add(start, end, len(self.words) - 1)

    def _add(self, start: int, end: int, which: int) -> None:
        self.starts.append(start)
        self.ends.append(end)
        self.sheets.append(which)

    def within(self, start: int, end: int) -> range:
        """Which runs have characters of [start, end)."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def region(self, at: int) -> Region:
        """Where a run stands on its page."""
        x0, y0, x1, y1 = (round(edge / _ONE, 4) for edge in self.boxes[4 * at : 4 * at + 4])
        return Region(self.sheets[at], (x0, y0, x1, y1))


def packed(runs: Runs) -> str:
    """The runs as Base64 of their compressed columns, "" for none."""
    if not runs.starts:
        return ""
    gaps = array("I", map(sub, runs.starts[1:], runs.ends))  # small numbers take less room
    lengths = array("I", map(sub, runs.ends, runs.starts))
    columns = [array("I", [runs.starts[0], *gaps]), lengths, runs.sheets, runs.boxes]
    head = json.dumps([len(runs.starts), runs.words], ensure_ascii=False).encode()
    return base64.b64encode(zlib.compress(head + b"\n" + b"".join(map(_little, columns)), 6)).decode()


@lru_cache(maxsize=64)
def unpacked(text: str) -> Runs:
    """The runs that `packed` wrote. Raises ValueError for anything else."""
    runs = Runs()
    if not text:
        return runs
    head, _, rest = _inflated(text).partition(b"\n")
    count, runs.words = json.loads(head)
    if len(rest) != count * (20 if not runs.words else 12):
        raise ValueError("the runs are cut")
    gaps, lengths = (_read("I", rest[4 * count * part : 4 * count * (part + 1)]) for part in range(2))
    runs.sheets = _read("I", rest[8 * count : 12 * count])
    runs.boxes = _read("H", rest[12 * count :])
    at = 0
    for gap, length in zip(gaps, lengths, strict=True):
        runs.starts.append(at + gap)
        at += gap + length
        runs.ends.append(at)
    if runs.words and max(runs.sheets, default=0) >= len(runs.words):
        raise ValueError("a run without words")
    return runs


def reach(text: str) -> int:
    """Where the last of packed runs ends, 0 where there are none. Raises ValueError."""
    try:
        runs = unpacked(text)
    except (zlib.error, OverflowError, TypeError) as cause:
        raise ValueError("these are no runs") from cause
    return runs.ends[-1] if runs.ends else 0


def _inflated(text: str) -> bytes:
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(base64.b64decode(text, validate=True), MAX_BYTES)
    if not unpacking.eof:
        raise ValueError("the runs are cut, or too long")
    return data


def _little(column: array) -> bytes:
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column.tobytes()


def _read(kind: str, data: bytes) -> array:
    column = array(kind, data)
    if sys.byteorder == "big":
        column.byteswap()
    return column
