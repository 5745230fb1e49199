"""Titles of works where no contents list them: lines that their format styles as headings, or that read as titles do.

Only proposes; `works_or_chapters` judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.reading.cleaning import Line
from qa.reading.title_matching import Start, title_of
from qa.reading.title_signs import (
    boxed,
    counted,
    counted_above,
    counts_up,
    cut_from,
    dated,
    dated_below,
    has_subtitle,
    labelled,
    labels_text,
    named_below,
    opens_below,
    opens_masthead,
    stands_beside,
)
from qa.reading.works_or_chapters import Mark, names_collection, names_holder, names_kind, numbered
from qa.text import letters

_MARKS = re.compile(r"[。！？；;!?]")
_DASH_START = re.compile(r"^(?:[—–]|--)")
_PART = re.compile(r"^第[一二三四五六七八九十百]{1,4}[篇编]\s*\S{4}")
_ENCLOSURE = re.compile(r"^附[件录表]?\s*[一二三四五六七八九十\d]{0,2}\s*[:：]?$")
_ISSUES = re.compile("印发|转发|批转|公布|颁布|发布")
_ENDS = "，、：；—,:;。！？"
TITLE_LETTERS = range(6, 56)
LONG_LINE = 36
MAX_TITLE = 120  # characters
LINES_BELOW = 6  # a subtitle, an office, a date may stand between a title and its text
BODY_CHARS = 150
SHORT_BODY_CHARS = 80  # where a sign or a mark sets a title off
COVER_CHARS = 120
COUNT_CHARS = 16
MIN_ISSUED = 6  # letters of its title that the notice and the plan share


def styled_starts(lines: Sequence[Line]) -> list[Start]:
    """The headings of the shallowest depth that has several with text below them; [] when there is none."""
    for depth in sorted({line.depth for line in lines if line.depth}):
        heads = [at for at, line in enumerate(lines) if line.depth == depth]
        ends = [next((i for i in range(at + 1, len(lines)) if 0 < lines[i].depth <= depth), len(lines)) for at in heads]
        full = [at for at, end in zip(heads, ends, strict=True) if prose(lines[at + 1 : end]) >= BODY_CHARS]
        if len(full) >= 2:
            return [_start(lines, at) for at in full]
        if full and not _is_cover(lines, full[0]):
            return []
    return []


def _is_cover(lines: Sequence[Line], at: int) -> bool:
    """Do deeper headings follow a heading with hardly any text between?"""
    below = next((i for i in range(at + 1, len(lines)) if lines[i].depth), len(lines))
    return below < len(lines) and sum(len(line.text) for line in lines[at + 1 : below]) <= COVER_CHARS


def titled_starts(lines: Sequence[Line], bylines: Sequence[bool]) -> list[Start]:
    """The lines that read as the titles of works and have text below them; `bylines[i]`: one stands below line i."""
    halves = [at for at in range(1, len(lines) - 2) if _reads_as_half(lines, at)]
    runs = _together(lines, [at for at in range(len(lines)) if _reads_as_title(lines, at, bylines[at])])
    if len(halves) >= 2 and len(halves) > sum(map(len, runs)):
        return _on_two_lines(lines, halves)
    found = [_title_among(lines, run) for run in runs]
    found = [at for n, at in enumerate(found) if not n or not _is_issued_by(lines[at].text, lines[found[n - 1]].text)]
    if len(found) < 2 or sum(len(line.text) for line in lines[: found[0]]) > COVER_CHARS:
        return []
    ends = [*found[1:], len(lines)]
    full = [
        at
        for at, end in zip(found, ends, strict=True)
        if prose(lines[at + 1 : end]) >= (SHORT_BODY_CHARS if _is_signed(lines, at, bylines[at]) else BODY_CHARS)
    ]
    if full[:1] != found[:1] and not (full and len(found) == len(full) + 1):
        return []
    return [_start(lines, at) for at in full] if len(full) >= 2 else []


def _on_two_lines(lines: Sequence[Line], found: Sequence[int]) -> list[Start]:
    """The titles that stand on two lines each; that which opens the file may have a cover above it."""
    first = next((at for at in range(found[0]) if _reads_as_half(lines, at)), None)
    found = found if first is None else [first, *found]
    ends = [*found[1:], len(lines)]
    full = [at for at, end in zip(found, ends, strict=True) if prose(lines[at + 2 : end]) >= BODY_CHARS]
    if len(full) < len(found) or sum(len(line.text) for line in lines[: found[0]]) > COVER_CHARS:
        return []
    return [Start(at, at + 2, title_of(lines[at : at + 2])) for at in full]


def _reads_as_half(lines: Sequence[Line], at: int) -> bool:
    """Is a line the first half of a title that names, on the next line, its kind and whose it is?"""
    text, below, after = (line.text.strip() for line in lines[at : at + 3])
    if not (_is_title_like(text) and len(below) < LONG_LINE and len(after) >= LONG_LINE and below[-1:] not in _ENDS):
        return False
    if at and not _closed(lines[at - 1].text):
        return False
    if numbered(text) or numbered(below) or names_kind(text) or names_collection(text) or not names_kind(below):
        return False
    return names_holder(text + below) and not any(stands_beside(one) or dated(one) for one in (text, below))


def _is_issued_by(title: str, above: str) -> bool:
    """Does the work above issue this one: 关于印发渡口管护办法的通知, and below it 渡口管护办法?"""
    issued = _ISSUES.search(above)
    if issued is None:
        return False
    said, own = letters(above[issued.end() :]), letters(title)
    return own in said or any(own.endswith(said[:size]) for size in range(len(said), MIN_ISSUED - 1, -1))


def _together(lines: Sequence[Line], found: Sequence[int]) -> list[list[int]]:
    """The lines that read as titles, those together between which no text stands: a title, an office, a date."""
    runs: list[list[int]] = []
    for at in found:
        if runs and all(len(line.text) < LONG_LINE for line in lines[runs[-1][-1] : at]):
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _title_among(lines: Sequence[Line], run: Sequence[int]) -> int:
    """The title among lines that stand together: the last that names a kind of document, else the first.

    The cover of a collection is none.
    """
    named = next((at for at in reversed(run) if reads_as_named_title(lines[at].text)), None)
    if named is not None:
        return named
    return next((at for at in run if at == run[-1] or not names_collection(lines[at].text)), run[0])


def reads_as_named_title(text: str) -> bool:
    """Is it short, without a number, and does it name a kind of document and whose it is?"""
    return _is_title_like(text) and not numbered(text) and names_kind(text) and names_holder(text)


def _reads_as_title(lines: Sequence[Line], at: int, byline: bool) -> bool:
    below = lines[at + 1 : at + 1 + LINES_BELOW]
    if len(lines[at].text) > MAX_TITLE or not any(len(line.text) >= LONG_LINE for line in below):
        return False
    text = lines[at].text.strip()
    if (numbered(text) and not _PART.match(text)) or not _is_title_like(text):
        return False
    if at and (_ENCLOSURE.match(lines[at - 1].text.strip()) or not _closed(lines[at - 1].text)):
        return False
    if stands_beside(text) or dated(text) or opens_masthead(lines, at):
        return False
    if _PART.match(text) or _is_signed(lines, at, byline):
        return True
    whole = text + (below[0].text if _DASH_START.match(below[0].text) else "")
    return names_kind(whole) and names_holder(whole)


def _is_signed(lines: Sequence[Line], at: int, byline: bool) -> bool:
    """Does what stands below a title show that a work begins?"""
    below = at + 1 + has_subtitle(lines, at + 1)
    return (
        byline or below > at + 1 or named_below(lines, below) or dated_below(lines, below) or opens_below(lines, below)
    )


def _is_title_like(text: str) -> bool:
    text = text.strip()
    return (
        bool(text)
        and not _DASH_START.match(text)
        and text[-1] not in _ENDS
        and not _MARKS.search(text)
        and len(letters(text)) in TITLE_LETTERS
    )


def _closed(text: str) -> bool:
    """Can a title follow a line: the end of a sentence, or a short line such as a signature?"""
    return len(text) < LONG_LINE or text.rstrip("”’」』）) \u3000")[-1:] in set("。！？；…!?;.")


def marked_starts(lines: Sequence[Line], ruled: Sequence[bool]) -> Iterator[tuple[Mark, list[Start]]]:
    """Lines that one mark shows to be titles, mark by mark, where at least two works result.

    `ruled[i]`: a rule or a page's end stands above line i.
    """
    labels = [(at, title) for at, line in enumerate(lines) if (title := labelled(line.text))]
    yield from _marked(lines, "label", [(at, at, title) for at, title in labels])
    alone = [(at, *counted_above(line.text)) for at, line in enumerate(lines) if len(line.text) <= COUNT_CHARS]
    for word in dict.fromkeys(word for _, word, _ in alone if word):
        own = [(at, number) for at, said, number in alone if said == word]
        if counts_up([number for _, number in own]):
            titles = [(at, at + 1, lines[at + 1].text) for at, _ in own if at + 1 < len(lines)]
            yield from _marked(lines, "number" if word == "0" else "count", titles)
    series = [(at, number) for at, line in enumerate(lines) if _short(line) and (number := counted(line.text))]
    if counts_up([number for _, number in series]):
        yield from _marked(lines, "series", [(at, at, lines[at].text) for at, _ in series])
    yield from _marked(lines, "source", [(at, at, title_of(lines[at : at + 1])) for at in _after_sources(lines)])
    if any(ruled):
        first = next((at for at, line in enumerate(lines) if _short(line)), 0)
        under = [at for at in range(len(lines)) if ruled[at] or at == first]
        yield from _marked(lines, "rule", [(at, at, lines[at].text) for at in under])
    boxes = [(at, *boxed(line.text)) for at, line in enumerate(lines) if _short(line)]
    for mark in dict.fromkeys(mark for _, mark, _ in boxes if mark):
        yield from _marked(lines, "box", [(at, at, title) for at, said, title in boxes if said == mark])


def _after_sources(lines: Sequence[Line]) -> list[int]:
    """The lines that open cuttings, each of which ends by naming its paper; [] where the file's last line does not."""
    ends = [at for at, line in enumerate(lines) if len(line.text) >= LONG_LINE and cut_from(line.text)]
    if len(ends) < 2 or ends[-1] + 1 != len(lines):
        return []
    first = next((at for at in range(ends[0]) if len(lines[at + 1].text) >= LONG_LINE), 0)
    return [first, *(at + 1 for at in ends[:-1])]


def _marked(
    lines: Sequence[Line], mark: Mark, found: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[Mark, list[Start]]]:
    """The starts (first line, the title's line, the title) if each can be a title and has text below it."""
    ends = [at for at, _, _ in found[1:]] + [len(lines)] * bool(found)
    full = [
        (at, on, title)
        for (at, on, title), end in zip(found, ends, strict=True)
        if prose(lines[on + 1 : end]) >= SHORT_BODY_CHARS and _can_be_titled(title)
    ]
    short = len(full) < len(found) - (mark in ("rule", "box"))
    if len(full) < 2 or short or sum(len(line.text) for line in lines[: full[0][0]]) > COVER_CHARS:
        return
    yield mark, [Start(at, _below_labels(lines, on + 1), title.strip()) for at, on, title in full]


def _below_labels(lines: Sequence[Line], at: int) -> int:
    return at + 1 if at < len(lines) and labels_text(lines[at].text) else at


def _short(line: Line) -> bool:
    return len(line.text) <= TITLE_LETTERS.stop


def _can_be_titled(title: str) -> bool:
    said = letters(title)
    return 4 <= len(said) < TITLE_LETTERS.stop and title.strip()[-1] not in "，、：；,:;。" and "。" not in title


def prose(lines: Sequence[Line]) -> int:
    """How many characters of whole sentences lines hold."""
    return sum(len(line.text) for line in lines if len(line.text) >= 20 and "。" in line.text)


def _start(lines: Sequence[Line], at: int) -> Start:
    until = at + 1
    if until < len(lines) and _DASH_START.match(lines[until].text.strip()) and len(lines[until].text) < 2 * LONG_LINE:
        until += 1
    return Start(at, until, title_of(lines[at:until]))
