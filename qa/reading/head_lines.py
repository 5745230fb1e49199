"""The lines between a title and its text that say who and when and nothing else: 许清和; （2023年5月12日《青屿日报》）.

They describe the work and are no part of its text. What says more than that stays text: a law's 2023年3月8日……通过.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.numbers import parse_date
from qa.reading.bylines import Bylines
from qa.reading.cleaning import Line, reads_as_byline
from qa.reading.contents_rows import are_names
from qa.reading.evidence import Found, in_line
from qa.reading.headings import is_complete
from qa.reading.organisations import is_medium
from qa.reading.title_signs import LONG_LINE, labels_text
from qa.text import simplify

_DATE = re.compile(
    r"(?:19|20)\d\d\s*(?:年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|[-/.]\d{1,2}[-/.]\d{1,2})(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|[一二][〇○零0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日)?"
)
_PIECE = re.compile(r"[^\s\u3000（）()【】\[\]《》<>□■○●◎|｜,，、:：—-]+")
# Who speaks, with the office held: 青屿市副市长　许清和.
_SPEAKER = re.compile(
    r"^[（(]?(?P<post>[\u3400-\u9fff、“”]{0,24}(?:书记|[省市县区州旗镇乡]长|主任|主席|[局厅部处科院校所馆站会秘]长|秘书长|董事长"
    r"|经理|总裁|教授))"
    r"[\s\u3000]+(?P<name>[\u3400-\u9fff·]{2,8}|[\u3400-\u9fff][\s\u3000]+[\u3400-\u9fff])[)）]?$"
)
_NOTE_MARK = re.compile(r"[\d①-⑳*＊†]")
_LABELS = frozenset(("文", "文/图", "图/文", "作者", "来源", "日期", "时间", "发布时间", "摘自", "原载", "刊于", "载"))
HEAD_LINES = 5


def head_of(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of a work's head that say who and when alone, and the work's other lines."""
    head: list[Line] = []
    for at, line in enumerate(lines[:HEAD_LINES]):
        text = line.text.strip()
        if line.depth or len(text) >= LONG_LINE or is_complete(text) or at + 1 == len(lines):
            break
        if labels_text(text) or reads_as_byline(text) or _pieces(text):
            head.append(line)
    return head, [line for line in lines if line not in head] if head else list(lines)


def said_in(head: Sequence[Line]) -> Bylines:
    """What lines without labels say: names of people, a medium, a date."""
    found: dict[str, Found] = {}
    for line in head:
        for field, value, start, end in _pieces(line.text):
            found.setdefault(field, in_line(value, line, start, end))
    return Bylines(found.get("author"), found.get("publisher"), found.get("published"))


def _pieces(text: str) -> list[tuple[str, str, int, int]]:
    """(field, value, start, end) of all that a line says; [] when it says anything but who and when."""
    found: list[tuple[str, str, int, int]] = []
    date = _DATE.search(text)
    if date and (value := parse_date(date.group())):
        found.append(("published", value, *date.span()))
        text = text[: date.start()] + " " * len(date.group()) + text[date.end() :]
    if names := _all_names(_NOTE_MARK.sub(" ", text)):
        return [*found, names]
    if (speaker := _SPEAKER.match(text.strip())) and are_names(speaker["name"]):
        at = text.index(speaker["name"])
        return [*found, ("author", re.sub(r"\s", "", simplify(speaker["name"])), at, at + len(speaker["name"]))]
    for piece in _PIECE.finditer(text):
        plain = simplify(piece.group())
        if plain in _LABELS:
            continue
        field = "publisher" if is_medium(plain) else "author" if are_names(plain) else ""
        if not field:
            return []
        found.append((field, plain, *piece.span()))
    return found


def _all_names(text: str) -> tuple[str, str, int, int] | None:
    """A row of names, set wide or not: 许清和 方既白; 林　叶."""
    start = len(text) - len(text.lstrip(" \u3000（(【□■○●◎—-"))
    end = len(text.rstrip(" \u3000）)】—-"))
    bare = text[start:end]
    if not bare or not are_names(bare):
        return None
    parts = re.split(r"[、,，/ \u3000]+", simplify(bare))
    names = "".join(parts) if all(len(part) == 1 for part in parts) else "、".join(parts)
    return "author", names, start, end
