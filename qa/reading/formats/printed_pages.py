"""Finds the number that is printed on each page of a file, apart from the file's own count.

From candidates (page labels, numbers in head and foot lines) a piecewise sequence over the pages is fitted: runs of
Roman and Arabic numbers, spreads that carry two, gaps, pages without a number. Only numbers that the pages around them
bear out are confident. Knows nothing of PDF.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Where = Literal["label", "head", "foot"]
CONFIDENT = 0.86
MAX_STATES = 80
_NAMES = {"head": "页眉", "foot": "页脚", "label": "PDF 页码标签"}
_DASH = r"[-‐-―−~～·.•*\s\[\]()【】〔〕<>《》|]"
_WHOLE = re.compile(rf"^{_DASH}*(\d{{1,4}}){_DASH}*$")
_SPREAD = re.compile(r"^\D{0,4}(\d{1,4})\s*[-‐-―−~～/]\s*(\d{1,4})\D{0,4}$")
_OF_PAGES = re.compile(r"(?<![\d/.])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.])")
_SAID = re.compile(r"第\s*(\d{1,4}|[〇零一二三四五六七八九十百]{1,7})\s*[页頁]")
_ENGLISH = re.compile(r"(?:\bpage|\bp\.)\s*(\d{1,4})\b", re.IGNORECASE)
_ROMAN_WHOLE = re.compile(rf"^{_DASH}*([ivxlc]{{1,8}}|[IVXLC]{{1,8}}){_DASH}*$")
_ROMAN = re.compile(r"^(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})$")
_ENCLOSED = re.compile(r"[\u2460-\u24ff\u2776-\u2793]")  # ①: a footnote's mark
_BETWEEN = re.compile(r"[\s|·•—―/]+")
_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may be a page's. `last` is the second number of a spread; `weight` lies in 0-1."""

    value: int
    where: Where
    written: str
    weight: float = 1.0
    roman: bool = False
    last: int | None = None
    alone: bool = True  # nothing else stands in its line


@dataclass(frozen=True, slots=True)
class Printed:
    """The number of one page, None when none was found; `confidence` lies in 0-1."""

    number: int | str | None = None
    evidence: str = ""
    confidence: float = 0.0
    candidate: Candidate | None = None

    @property
    def confident(self) -> bool:
        return self.number is not None and self.confidence >= CONFIDENT


@dataclass(frozen=True, slots=True)
class _Run:
    """A rule for numbers: value = offset + step * sheet, written in Roman or Arabic."""

    roman: bool
    step: int
    offset: int

    def value(self, sheet: int) -> int:
        return self.offset + self.step * sheet


def candidates_in(text: str, where: Where) -> list[Candidate]:
    """The numbers in a head or foot line that may be the page's."""
    written = text.strip()
    plain = unicodedata.normalize("NFKC", _ENCLOSED.sub("※", written)).strip()
    if len(plain) > 120:
        return []
    if match := _SPREAD.match(plain):
        first, last = int(match[1]), int(match[2])
        if last == first + 1 and "/" not in plain:
            return [Candidate(first, where, written, 1.0, last=last)]
    found = [Candidate(int(m[1]), where, m[0], 1.0, alone=m[0] == plain) for m in _OF_PAGES.finditer(plain) if _of(m)]
    found += [Candidate(_chinese(m[1]), where, m[0], 1.0, alone=_alone(m, plain)) for m in _SAID.finditer(plain)]
    found += [Candidate(int(m[1]), where, m[0], 1.0, alone=m[0] == plain) for m in _ENGLISH.finditer(plain)]
    if found:
        return found
    if match := _WHOLE.match(plain):
        return [Candidate(int(match[1]), where, written, 0.8 if match[1] == plain else 1.0)]
    if match := _ROMAN_WHOLE.match(plain):
        value = roman_value(match[1])
        return [Candidate(value, where, written, 0.8, roman=True)] if value else []
    return _at_the_ends(plain, where)


def _at_the_ends(plain: str, where: Where) -> list[Candidate]:
    """Numbers that open or close a line with other words: 12 | 云泽年鉴."""
    words = [word for word in _BETWEEN.split(plain) if word]
    found = []
    for word in dict.fromkeys([words[0], words[-1]] if len(words) > 1 else []):
        if re.fullmatch(r"\d{1,4}", word):
            found.append(Candidate(int(word), where, word, 0.7, alone=False))
        elif value := roman_value(word):
            found.append(Candidate(value, where, word, 0.5, roman=True, alone=False))
    return found


def _of(match: re.Match[str]) -> bool:
    return 1 <= int(match[1]) <= int(match[2])


def _alone(match: re.Match[str], plain: str) -> bool:
    return not re.sub(r"[/,，\s]|共\s*[\d〇零一二三四五六七八九十百]+\s*[页頁]", "", plain.replace(match[0], ""))


def from_label(label: str) -> list[Candidate]:
    """The number that a PDF's page label is, if it is one."""
    if label.isascii() and label.isdigit() and len(label) <= 5:
        return [Candidate(int(label), "label", label)]
    value = roman_value(label)
    return [Candidate(value, "label", label, roman=True)] if value else []


def roman_value(written: str) -> int:
    """The value of a Roman numeral below 400 in one case (iv, IV), 0 for anything else."""
    if not written or not (written.islower() or written.isupper()) or not _ROMAN.match(written.lower()):
        return 0
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[c] for c in written.lower()]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def roman(value: int) -> str:
    """A number as a small Roman numeral."""
    pieces = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    written = ""
    for worth, letters in pieces:
        while value >= worth:
            written, value = written + letters, value - worth
    return written


def _chinese(written: str) -> int:
    if written.isdigit():
        return int(written)
    if not any(c in "十百" for c in written):
        return int("".join(str(_CHINESE[c]) for c in written))
    total, digit = 0, 0
    for char in written:
        if char in _CHINESE:
            digit = _CHINESE[char]
        else:
            total, digit = total + (digit or 1) * (10 if char == "十" else 100), 0
    return total + digit


def printed_pages(pages: Sequence[Sequence[Candidate]]) -> list[Printed]:
    """For each page of the file its printed number, from the candidates on all of them."""
    offered = [_with_spreads(page) for page in _without_idle_labels(pages)]
    runs = _runs(offered)
    chosen = _best_path(offered, runs)
    result = [Printed()] * len(pages)
    for run, group in groupby(range(len(pages)), key=lambda sheet: chosen[sheet]):
        if run is not None:
            _number(list(group), run, offered, result)
    return result


def _without_idle_labels(pages: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
    """Labels that only count the file's pages say nothing of what is printed; programs write them by themselves."""
    labels = [next((c for c in page if c.where == "label"), None) for page in pages]
    idle = all(c is None or (c.value == sheet and not c.roman) for sheet, c in enumerate(labels, 1))
    return [[c for c in page if not (idle and c.where == "label")] for page in pages]


def _with_spreads(page: Sequence[Candidate]) -> list[Candidate]:
    """A page with two numbers that follow each other may be a spread."""
    result = list(page)
    for one in page:
        for other in page:
            if other.value == one.value + 1 and other.where == one.where != "label" and one.last is other.last is None:
                written = f"{one.written}”“{other.written}"
                result.append(Candidate(one.value, one.where, written, one.weight, one.roman, other.value, one.alone))
    return result


def _run_of(candidate: Candidate, sheet: int) -> _Run:
    step = 1 if candidate.last is None else 2
    return _Run(candidate.roman, step, candidate.value - step * sheet)


def _runs(pages: Sequence[Sequence[Candidate]]) -> list[_Run]:
    """The rules that at least two pages follow (one, where the file has no more), the best supported first."""
    support: dict[_Run, float] = defaultdict(float)
    count: dict[_Run, int] = defaultdict(int)
    for sheet, page in enumerate(pages):
        for run, weight in {_run_of(c, sheet): c.weight for c in page}.items():
            support[run] += weight * (1.5 if run.step == 2 else 1)
            count[run] += 1
    needed = 1 if len(pages) == 1 else 2
    runs = sorted((run for run in support if count[run] >= needed), key=lambda run: (-support[run], run.offset))
    return runs[:MAX_STATES]


def _best_path(pages: Sequence[Sequence[Candidate]], runs: Sequence[_Run]) -> list[_Run | None]:
    """The rule that holds on each page (None for no rule): the path of highest score (Viterbi)."""
    states: list[_Run | None] = [None, *runs]
    scores = [0.0] + [-0.5] * len(runs)
    back: list[list[int]] = []
    for sheet, page in enumerate(pages):
        best = max(range(len(states)), key=lambda s: scores[s])
        came, new = [], []
        for index, run in enumerate(states):
            switch = scores[best] - (1.2 if run is not None else 0.0)
            stays = scores[index] >= switch
            came.append(index if stays else best)
            new.append((scores[index] if stays else switch) + _reward(page, run, sheet))
        back.append(came)
        scores = new
    at = max(range(len(states)), key=lambda s: scores[s])
    path: list[_Run | None] = []
    for came in reversed(back):
        path.append(states[at])
        at = came[at]
    return path[::-1]


def _reward(page: Sequence[Candidate], run: _Run | None, sheet: int) -> float:
    if run is None:
        return 0.0
    if run.value(sheet) < 1:
        return -9.0
    matched = max((c.weight for c in page if _run_of(c, sheet) == run), default=0.0)
    if matched:
        return matched * (1.5 if run.step == 2 else 1)
    return -0.6 if any(c.alone for c in page) else -0.05


def _number(sheets: list[int], run: _Run, pages: Sequence[Sequence[Candidate]], result: list[Printed]) -> None:
    """Writes the numbers of one run, from its first page that bears one to its last."""
    borne = {s: found for s in sheets if (found := _best([c for c in pages[s] if _run_of(c, s) == run]))}
    if not borne:
        return
    first, last = min(borne), max(borne)
    confidence = _confidence(list(borne.values()), last - first + 1, len(pages))
    upper = any(c.roman and c.written.isupper() for c in borne.values())
    for sheet in range(first, last + 1):
        number = _written(run, sheet, upper)
        candidate = borne.get(sheet)
        if candidate is not None:
            evidence = f"{_NAMES[candidate.where]}“{candidate.written}”"
            result[sheet] = Printed(number, evidence, confidence, candidate)
        else:
            result[sheet] = Printed(number, "本页没有页码，由前后页推定", confidence - 0.05)


def _best(candidates: Sequence[Candidate]) -> Candidate | None:
    """What is printed comes before what the file merely says."""
    return max(candidates, key=lambda c: (c.where != "label", c.weight), default=None)


def _written(run: _Run, sheet: int, upper: bool) -> int | str:
    value = run.value(sheet)
    if run.step == 2:
        return f"{value}-{value + 1}"
    if run.roman:
        return roman(value).upper() if upper else roman(value)
    return value


def _confidence(borne: Sequence[Candidate], length: int, pages: int) -> float:
    """How far a run may be believed: by how many pages bear it, how clearly, and how few lack it."""
    share, support = len(borne) / length, len(borne)
    clear = sum(c.weight for c in borne) / support
    if support >= 3:
        return min(0.99, 0.72 + 0.04 * min(support, 6) + 0.2 * min(1.0, share) * clear - (0.3 if share < 0.4 else 0))
    if support == pages or (support == 2 and share == 1):
        return 0.9 if clear >= 0.95 else 0.87 if support == 2 and clear >= 0.8 else 0.5
    return 0.5
