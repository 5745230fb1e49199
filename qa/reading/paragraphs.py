"""Lines become paragraphs: what a page break or a hard wrap cut is joined, headings are told from text.

Only joins; every character of a paragraph is a character of its lines. Knows nothing of works.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.reading.cleaning import Line, Run
from qa.reading.glued_headings import with_headings_cut
from qa.reading.headings import LIST_ITEM, heading_depth, headings, is_complete

_OPENS_WITH_CLOSER = re.compile(r"^[，。、；：！？”’）》」』】,;:!?)%％]")
_CLAUSE_END = re.compile(r"[，。；！？,;!?]")
# What opens a new paragraph and never the second half of one.
_OPENER = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[是要、)）．.]|第[一二三四五六七八九十\d]|其[一二三四五]|首先|其次|再次|最后)"
)
# What names the part of a paper that it opens.
_PART_LABEL = re.compile(
    r"^[【\[]?(?:摘\s*要|内容提要|关\s*键\s*词|中图分类号|收稿日期|基金项目|作者简介|参考文献)[】\]]?\s*[:：]"
)
_UNIT = re.compile(r"^[亿万千百余多个名人项条件次元年月日家处支位场期户座篇%％]")
_CLOSES_FIRST = re.compile(r"^[^“《]*[”》]")
_HEAD_WORD = re.compile(r"^[\u3400-\u9fff]{2,6}(?=[，。；、])")
SHORT_HEADING_CHARS = 20
LONG_LINE = 36
HEADING_TAIL_CHARS = 8
_TAIL_CHARS = 24  # enough to see how a paragraph ends
INDENTED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`runs` are spans of the source, `text` their characters; `depth` is 0 for text, 1 and more for a heading.

    `heading` is what of the text is the heading: all of it, or its first sentence where that is run in.
    """

    runs: tuple[Run, ...]
    text: str
    depth: int = 0
    heading: str = ""


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs and headings that lines make, in order."""
    lines = list(with_headings_cut(lines))
    indents = _uses_indents(lines)
    wrapped = _hard_wrapped(lines)
    usage = _Usage(lines)
    groups: list[_Group] = []
    for line in lines:
        if groups and _continues(groups[-1], line, indents, wrapped, usage):
            groups[-1].add(line)
        else:
            groups.append(_Group(line))
    texts = [group.text for group in groups]
    found = headings(texts, [group.lines[0].depth for group in groups])
    return [
        Paragraph(tuple(run for line in group.lines for run in line.runs), text, heading.depth, heading.words)
        for group, text, heading in zip(groups, texts, found, strict=True)
    ]


class _Group:
    """The lines of one paragraph so far, and what telling whether another one goes on with it needs."""

    def __init__(self, line: Line) -> None:
        self.lines = [line]
        self.chars = len(line.text)
        self.tail = line.text[-_TAIL_CHARS:]
        self.has_clause = bool(_CLAUSE_END.search(line.text))
        self._open = _balance(line.text)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.chars += len(line.text)
        self.tail = (self.tail + line.text)[-_TAIL_CHARS:]
        self.has_clause = self.has_clause or bool(_CLAUSE_END.search(line.text))
        self._open = tuple(a + b for a, b in zip(self._open, _balance(line.text), strict=True))

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    @property
    def quotes(self) -> bool:
        """Is a quotation or a book title open?"""
        return any(count > 0 for count in self._open)


def _balance(text: str) -> tuple[int, ...]:
    return tuple(text.count(opening) - text.count(closing) for opening, closing in ("“”", "《》"))


class _Usage:
    """Which pairs of characters a work writes more than once; counted when first asked."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    @cached_property
    def _counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for line in self._lines:
            for size in (2, 3):
                counts.update(line.text[at : at + size] for at in range(len(line.text) - size + 1))
        return counts

    def joins(self, before: str, after: str) -> bool:
        """Would the two halves make words that the work writes elsewhere?"""
        counts = self._counts
        wider = counts[before[-2:] + after[:1]], counts[before[-1:] + after[:2]]
        return counts[before[-1:] + after[:1]] >= 2 and max(wider) >= 1


def _uses_indents(lines: Sequence[Line]) -> bool:
    long = [line for line in lines if len(line.text) > LONG_LINE]
    return sum(line.indented for line in long) > INDENTED_SHARE * len(long)


def _hard_wrapped(lines: Sequence[Line]) -> int:
    """The width at which every line was cut, 0 when lines are whole paragraphs."""
    lengths = sorted(len(line.text) for line in lines if len(line.text) > 15)
    if len(lengths) < 8:
        return 0
    width = lengths[int(len(lengths) * 0.9)]
    near = sum(abs(length - width) <= 2 for length in lengths)
    return width if width <= 60 and near > 0.5 * len(lengths) else 0


def _continues(group: _Group, line: Line, indents: bool, wrapped: int, usage: _Usage) -> bool:
    """Does the line go on with the paragraph that the group holds?"""
    last = group.lines[-1]
    if line.depth or last.depth:
        return False
    if line.after_blank:
        return _surely_cut(group, line, indents, usage)
    if _OPENS_WITH_CLOSER.match(line.text):
        return True
    if heading_depth(line.text) or _PART_LABEL.match(line.text):
        return False
    complete = is_complete(group.tail)
    if line.indented and indents:
        return not complete and _cut_before_an_indent(group, line, usage)
    if heading_depth(group.lines[0].text):
        is_tail = len(line.text) <= HEADING_TAIL_CHARS and not is_complete(line.text)
        return indents and is_tail and len(group.lines) == 1
    if LIST_ITEM.match(line.text) and complete:
        return False
    if complete:
        return (group.quotes and indents) or (wrapped > 0 and len(last.text) >= wrapped - 2 and not line.indented)
    if group.quotes:
        return True
    if group.tail[-1] in "：:" and not wrapped:
        return False
    if wrapped:
        return len(last.text) >= wrapped - 4
    if indents:
        return group.lines[0].indented or group.chars > SHORT_HEADING_CHARS or group.has_clause
    return group.chars > LONG_LINE


def _surely_cut(group: _Group, line: Line, indents: bool, usage: _Usage) -> bool:
    """Does a line go on with a paragraph although both are marked up as paragraphs, or an empty line parts them?

    Asks for more than a page break does: a long paragraph of clauses, broken off within a quotation, a number, a word
    or an enumeration, and a clause that goes on. Lists, headings, captions and signatures show none of these.
    """
    tail, text = group.tail, line.text
    clauses = group.has_clause or group.quotes
    if group.chars <= LONG_LINE or not clauses or is_complete(tail) or tail[-1] in "：:":
        return False
    if any(LIST_ITEM.match(one) for one in (text, group.lines[0].text)) or _OPENER.match(text) or heading_depth(text):
        return False
    if _OPENS_WITH_CLOSER.match(text):
        return True
    if not _CLAUSE_END.search(text):
        return False
    if group.quotes and _CLOSES_FIRST.match(text):
        return True
    if indents and group.lines[0].indented and not line.indented:
        return True
    if tail[-1].isdigit():
        return bool(_UNIT.match(text))
    # A comma alone is no proof: people who write on the web end whole paragraphs with one.
    return tail[-1] not in "，、," and (_ends_an_enumeration(tail, text) or usage.joins(tail, text))


def _cut_before_an_indent(group: _Group, line: Line, usage: _Usage) -> bool:
    """Does an indented line go on with an unfinished paragraph?

    It does after a comma, within a number, and where the two halves make words that the work writes elsewhere: a
    paragraph may lack its full stop.
    """
    if group.chars <= LONG_LINE or not group.has_clause or _OPENER.match(line.text) or LIST_ITEM.match(line.text):
        return False
    return _goes_on(group.tail, line.text, usage)


def _goes_on(before: str, after: str, usage: _Usage) -> bool:
    """Do two pieces show that one was cut off the other: by a comma, a number, an enumeration, a word?"""
    if before[-1] in "，、,":
        return True
    if before[-1].isdigit():
        return bool(_UNIT.match(after)) or after[0].isdigit()
    return _ends_an_enumeration(before, after) or usage.joins(before, after)


def _ends_an_enumeration(before: str, after: str) -> bool:
    """Does the line open with the word that a member of the enumeration above it ends with: 教育工委、国资 | 工委，"""
    members = _CLAUSE_END.split(before)[-1].split("、")
    word = _HEAD_WORD.match(after)
    return word is not None and any(member.endswith(word[0]) for member in members[:-1])
