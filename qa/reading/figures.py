"""The numbers that a document states become rows: what is counted, how much, where and when.

Numbers that state nothing are left out: years and dates, document and telephone numbers, ordinals and list marks, what
stands in the name of a thing (“光荣在党50年”), ranges.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from qa.numbers import SCALE, Quantity, parse_number, quantities
from qa.reading.metrics import Counted, Tag, base_unit, counted, ending, subject, words
from qa.reading.sections import heading_path, heading_starts
from qa.reading.standing import Standing
from qa.reading.table_figures import table_figures
from qa.text import sentence_spans, simplify
from qa.types import Document, Figure

LONGEST_QUOTE = 140
_WRITTEN = re.compile(
    r"(?:百分之)?(?P<number>[\d,.．]+|[零〇○一二三四五六七八九十百千两]+)(?P<few>[余餘多来几](?=[万萬亿億]))?(?P<scale>万亿|萬億|百万|千万|万|萬|亿|億|千|百)?"
    r"(?P<more>[余餘多来几]?)(?P<unit>.*)"
)
_HOLDS_NUMBER = re.compile(r"[\d百千十]")
_CUT = re.compile(r"[，；。：！？;:!?\n\t（）()]|,(?!\d{3})")
_NAMED = re.compile(r"[“「『《][^”」』》“「]{1,16}[”」』》]|《[^》]*》")
_RANGE = re.compile(r"[-—－~～至到、]\s*\d")
_BOUND = re.compile(r"(?:及)?(?:以上|以下|以内)(?=[\u4e00-\u9fff])(?!的?(?:增长|提高))")
_AIM = re.compile(r"的?(?:预期|既定|年度|总体|全年)*(?:目标|任务数?)")
_MEASURE = re.compile(r"(?:党组织)?(?:覆盖率|占比|比例|比重|总量|总数|数量|人数|收入|产值|[增达合成就满及出]\S率|率)$")


@dataclass(frozen=True, slots=True)
class _Stated:
    """A number with its unit, as written; offsets into the sentence."""

    start: int
    end: int
    value: float
    unit: str
    factor: float
    qualifier: str


@cache
def made_with() -> str:
    """Names the rules by which figures are read: a library whose figures were read by others reads them anew."""
    here = Path(__file__).resolve().parent
    rules = [here / f"{name}.py" for name in ("figures", "metrics", "standing", "table_figures")]
    rules += [here.parent / "numbers.py", here.parent / "places.py", here.parent / "data" / "figure_words.toml"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in rules)).hexdigest()[:16]


def figures(document: Document, tag: Tag) -> list[Figure]:
    """The figures that a document states, in order. `tag` gives a text's words with their parts of speech."""
    plain = simplify(document.text)
    standing = Standing(document, plain)
    headings = heading_starts(document)
    tabled, rows = table_figures(document, plain, standing)
    told = [
        figure
        for start, end in sentence_spans(plain)
        if start not in headings and _HOLDS_NUMBER.search(plain, start, end) and not _within(start, rows)
        for figure in _of_sentence(document, plain, start, end, standing, tag)
    ]
    return sorted((*tabled, *told), key=lambda figure: figure.at)


def _within(start: int, spans: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (start, len(spans) and spans[-1][1])) - 1
    return at >= 0 and start < spans[at][1]


def _of_sentence(
    document: Document, plain: str, start: int, end: int, standing: Standing, tag: Tag
) -> Iterator[Figure]:
    sentence = plain[start:end]
    stated = _stated(sentence)
    if not stated:
        return
    path = heading_path(document.sections, start)
    before, taken, last = "", 0, 0
    for at, number in enumerate(stated):
        left = sentence[max(taken, _cut_before(sentence, number.start)) : number.start]
        right = _after(sentence, stated, at)
        follows = bool(last) and not sentence[last : number.start].strip("、和及 ")
        known = before or _spoken_of(sentence, number.start, tag)
        found = counted(left, right, number.unit, tag, known, follows)
        found = found and _shared(sentence, stated, at, found)
        last = number.end
        if found is None or not found.metric:
            continue
        aim = _AIM.match(sentence, number.end)
        taken = aim.end() if aim else number.end + found.taken
        before = before if found.changed else found.metric
        quote = _quote(sentence, number.start, number.end + found.taken)
        where = standing.at(sentence, start, number.start, path)
        metric = standing.without_place(found.metric)
        if metric and not aim:
            yield Figure(
                document.id, metric, number.value, number.unit, number.value * number.factor,
                "原" if found.former else number.qualifier, where.place, where.year,
                start + quote[0], start + quote[1], start + number.start, sentence[number.start : number.end],
                found.action, where.scope,
            )  # fmt: skip


def _spoken_of(sentence: str, at: int, tag: Tag) -> str:
    """What the clause before a number's own speaks of."""
    cut = _cut_before(sentence, at)
    return subject(sentence[_cut_before(sentence, cut - 1) : cut - 1], tag) if cut > 2 else ""


def _after(sentence: str, stated: list[_Stated], at: int) -> str:
    """What stands between a number and the next; of two that touch (6批225名干部), what stands after the second."""
    starts = [number.start for number in stated[at + 1 :]] + [len(sentence)]
    if starts[0] == stated[at].end and len(starts) > 1:
        return sentence[stated[at + 1].end : starts[1]]
    return sentence[stated[at].end : starts[0]]


def _shared(sentence: str, stated: list[_Stated], at: int, found: Counted) -> Counted:
    """甲、乙总量分别达83人、62人: each number has its own of what stands before 分别."""
    cut = _cut_before(sentence, stated[at].start)
    run = [number for number in stated if _cut_before(sentence, number.start) == cut]
    told = sentence[cut : run[0].start].rpartition("分别")
    names = [name for name in re.split(r"[、和及与]", re.sub(r"(?:从|由)$", "", told[0])) if name] if told[1] else []
    if len(names) != len(run) or len(run) < 2:
        return found
    tail = _MEASURE.search(names[-1])
    if tail:
        names[:-1] = [name if _MEASURE.search(name) else name + tail.group() for name in names[:-1]]
    return replace(found, metric=names[run.index(stated[at])])


def _stated(sentence: str) -> list[_Stated]:
    """The numbers of a sentence that state something."""
    named = [match.span() for match in _NAMED.finditer(sentence)]
    found = []
    for quantity in quantities(sentence):
        if not any(a <= quantity.start < b for a, b in named) and (stated := _read(sentence, quantity)):
            found.append(stated)
    return found


def _read(sentence: str, quantity: Quantity) -> _Stated | None:
    """A quantity as it is written, None for what is no figure."""
    before, after = sentence[: quantity.start], sentence[quantity.end :]
    match = _WRITTEN.fullmatch(quantity.text)
    value = parse_number(match["number"]) if match else None
    if match is None or value is None or _is_no_figure(before, quantity, match, after):
        return None
    scale, unit, more = match["scale"] or "", quantity.unit, match["few"] or match["more"]
    end, more_end = quantity.end, after
    if not unit:
        unit = _unit_after(after)
        end += len(unit)
    if not unit and not (scale and "\u4e00" <= sentence[end : end + 1] <= "\u9fff"):
        return None
    more_end = sentence[end:]
    qualifier = _qualifier(before, more, more_end)
    written = f"{scale}{unit}" if scale in ("万", "亿", "万亿", "萬", "億") and match["number"][0].isdigit() else unit
    shown = value if written != unit or not scale else value * SCALE[scale]
    factor = (SCALE[scale] if written != unit else 1.0) * base_unit(unit)[0]
    return _Stated(quantity.start, end, shown, written, factor, qualifier)


def _is_no_figure(before: str, quantity: Quantity, match: re.Match[str], after: str) -> bool:
    unit, number = quantity.unit, match["number"]
    if (
        unit in words("never")
        or f"{unit}{after[:1]}" in words("never")
        or before.endswith(("第", "前", "No.", "NO."))
        or before[-1:] in "+＋·•-—－~～/"
    ):
        return True
    if re.search(r"[A-Za-z]$", before) or re.match(r"[+＋·•/A-Za-z]", after) or (_RANGE.match(after) and not unit):
        return True
    if re.match(r"[-—－~～至]\s*\d", after) or re.search(r"\d\s*[-—－~～至]$", before):
        return True
    if not number[0].isdigit() and not quantity.text.startswith("百分之") and (parse_number(number) or 0) < 10:
        return True
    if not number[0].isdigit() and number in ("十", "百", "千", "百千") and not match["more"]:
        return True
    clause = before[_cut_before(before, len(before)) :]
    if unit in words("spans") and not any(word in clause for word in words("measured")):
        return True
    if unit in words("ages") and "龄" not in clause:
        return True
    if after.startswith("的") and unit in words("amounts") and unit not in ("%", "人", "人次"):
        return True  # 收入超过50万元的村: a mark that others are measured by
    return bool(_BOUND.match(after)) or (unit == "%" and not number[0].isdigit() and number in ("百",))


def _unit_after(after: str) -> str:
    """A unit that numbers do not know, at the beginning of a text."""
    for unit in _units():
        if after.startswith(unit):
            return unit
    return ""


@cache
def _units() -> tuple[str, ...]:
    from qa.numbers import units

    return tuple(sorted(words("further") | units(), key=lambda unit: (-len(unit), unit)))


def _qualifier(before: str, more: str, after: str) -> str:
    """How exactly a number is meant: 约, 近, 余, 以上; "" where nothing is said."""
    said = ending("qualifiers").search(before)
    if said:
        return said.group()
    trailing = next((word for word in sorted(words("qualifiers_after")) if after.startswith(word)), "")
    return more or trailing


def _cut_before(sentence: str, at: int) -> int:
    """Where the clause begins that stands before a point, closing marks left out."""
    last = 0
    for match in _CUT.finditer(sentence, 0, at):
        last = match.end()
    return last


def _quote(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The sentence where it is short, else the clauses around a number, as many as fit."""
    if len(sentence) <= LONGEST_QUOTE:
        return 0, len(sentence)
    cuts = [0, *(match.end() for match in _CUT.finditer(sentence)), len(sentence)]
    first = max(cut for cut in cuts if cut <= start)
    last = min(cut for cut in cuts if cut >= end)
    for cut in sorted((c for c in cuts if c < first), reverse=True):
        if last - cut > LONGEST_QUOTE:
            break
        first = cut
    return first, last
