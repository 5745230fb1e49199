"""The body that a work speaks for or that issued it: 柳溪县财政局, 青屿大学, 中共云泽省委组织部.

Known by form (how names of bodies end, what stands before them) and only where it stands as the issuer: a signature, a
line of its own under the title, a labelled field, the head of the title, a publisher that is no medium, or the one body
of a text that says 我局. Else none: precision before all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile
from pathlib import Path

from qa.numbers import parse_date
from qa.places import gazetteer, innermost
from qa.reading.bylines import Bylines
from qa.reading.cleaning import Line
from qa.reading.evidence import Found, in_body, in_line, in_title
from qa.reading.headings import is_complete
from qa.reading.sections import Body
from qa.text import simplify

_FORMS = Path(__file__).resolve().parent.parent / "data" / "organisations.toml"
_OUTER = " \u3000\t()（）[]【】—-·"
_AREA = r"[\u4e00-\u9fff]{2,4}?[省市州盟县区旗乡镇]"
_BARE_COMMITTEE = re.compile(r"^(?P<level>[省市县区州旗])(?:委|政府|政协|人大|纪委)")
_SPACED = re.compile(r"^\S(?:[ \u3000]+\S)+$")
_DATE = re.compile(r"\s*(?:(?:19|20)\d\d\s*[-/.年]|[一二][〇○零0-9一二三四五六七八九]{3}年).*$")
_SUPPLIED = re.compile(r"(?:供稿|供图|报送|印发|整理|提供|撰稿)$|^(?:供稿|来源|发文机关|报送单位|单位)\s*[:：]\s*")
_SELF = re.compile(r"[我本](?P<ending>校|院|局|厅|公司|医院|中心|馆|集团|协会)")
MIN_CHARS = 3
MIN_STRONG = 4
MAX_CHARS = 30
HEAD_LINES = 3
TAIL_LINES = 4
MAX_SIGNERS = 2
MAX_LINE = 60
OPENING_CHARS = 1500
SELF_TIMES = 2


@dataclass(frozen=True, slots=True)
class _Forms:
    strong: re.Pattern[str]
    after_a_place: re.Pattern[str]
    media: re.Pattern[str]
    never: re.Pattern[str]
    in_title: re.Pattern[str]


@cache
def _forms() -> _Forms:
    data = tomllib.loads(_FORMS.read_text("utf-8"))
    strong, weak = _any(data["strong"]), _any(data["after_a_place"])
    return _Forms(
        strong=re.compile(rf"(?:{strong})$"),
        after_a_place=re.compile(rf"(?:{weak})$"),
        media=re.compile(data["media"]),
        never=re.compile(data["never"]),
        in_title=re.compile(rf"^(?P<name>[\u4e00-\u9fff]{{2,24}}?(?:{strong}|{weak}))(?={data['follows']})"),
    )


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def is_body(name: str) -> bool:
    """Is a whole text the name of a body? Simplified, without spaces."""
    forms = _forms()
    if not MIN_CHARS <= len(name) <= MAX_CHARS or forms.never.search(name):
        return False
    if not re.fullmatch(r"[\u4e00-\u9fff·（）()]+", name):
        return False
    if forms.after_a_place.search(name) or forms.strong.search(name):
        return _begins_with_a_place(name) or bool(_BARE_COMMITTEE.match(name)) or _is_strong(name)
    return False


def _is_strong(name: str) -> bool:
    return len(name) >= MIN_STRONG and bool(_forms().strong.search(name))


def _begins_with_a_place(name: str) -> bool:
    if name.startswith(("中共", "中国共产党", "中国", "国家", "全国", "中央", "共青团")):
        return True
    found = gazetteer().find(name[:8], "县级")
    return any(start == 0 for start, _, _ in found) or bool(re.match(_AREA, name))


def is_medium(name: str) -> bool:
    """A newspaper, a site, a station: it reports and is not the body that speaks."""
    return bool(_forms().media.search(name))


def issuer(title: Found | None, lines: Sequence[Line], body: Body, bylines: Bylines, place: str | None) -> Found | None:
    """The body behind a work. `lines` are its own without the title's, `body` is what they make."""
    found = (
        _signature(lines[-TAIL_LINES:], bylines.published is not None)
        or _heading(lines[:HEAD_LINES])
        or _of_field(bylines.organisation)
        or _of_field(bylines.author)
        or _of_title(title, simplify(body.text))
        or _of_field(bylines.publisher)
        or _of_self(body, place)
    )
    return replace(found, value=_whole(found.value, place)) if found else None


def _signature(lines: Sequence[Line], dated: bool) -> Found | None:
    """A body's name among the last lines, with a date by it, or alone below a whole paragraph; no list of bodies."""
    named = [(at, name) for at, line in enumerate(lines) if (name := _alone(line))]
    dated = dated or any(parse_date(line.text) and len(line.text) <= MAX_CHARS for line in lines)
    for at, name in named if len(named) <= MAX_SIGNERS else []:
        if dated or _is_marked(lines[at]) or (at and is_complete(lines[at - 1].text)):
            return in_line(name, lines[at], 0, len(lines[at].text), "text")
    return None


def _heading(lines: Sequence[Line]) -> Found | None:
    """A body's name alone under the title, above the text."""
    above = takewhile(lambda line: not is_complete(line.text), lines)
    named = [(line, name) for line in above if (name := _alone(line))]
    return in_line(named[0][1], named[0][0], 0, len(named[0][0].text), "text") if len(named) == 1 else None


def _alone(line: Line) -> str:
    """The name of a body that a line consists of (with a date, in brackets, spaced out); "" when it does not."""
    if len(line.text) > MAX_LINE:
        return ""
    bare = _SUPPLIED.sub("", _DATE.sub("", simplify(line.text)).strip(_OUTER)).strip(_OUTER)
    name = re.sub(r"[ \u3000]+", "", bare) if _SPACED.match(bare) else bare
    return name if is_body(name) and not is_medium(name) else ""


def _is_marked(line: Line) -> bool:
    """（柳溪县财政局供稿）"""
    bare = simplify(line.text).strip()
    return bare[:1] in "(（【" or bool(_SUPPLIED.search(bare.strip(_OUTER)))


def _of_field(found: Found | None) -> Found | None:
    name = simplify(found.value) if found else ""
    return replace(found, value=name) if found and is_body(name) and not is_medium(name) else None


def _of_title(title: Found | None, plain: str) -> Found | None:
    """柳溪县财政局2023年工作总结; without a place before it (青屿大学2023届……), one that the text names too."""
    match = _forms().in_title.match(simplify(title.value)) if title else None
    if title is None or match is None or not is_body(match["name"]):
        return None
    known = _begins_with_a_place(match["name"]) or plain.count(match["name"]) >= SELF_TIMES
    return in_title(match["name"], title, *match.span("name")) if known else None


def _of_self(body: Body, place: str | None) -> Found | None:
    """The one 局 of the work's own place that is named where the text says 我局 again and again."""
    plain = simplify(body.text)
    for ending in dict.fromkeys(_SELF.findall(plain) if place else ()):
        named = re.finditer(
            f"{re.escape(innermost(place or ''))}[\u4e00-\u9fff]{{0,10}}?{ending}", plain[:OPENING_CHARS]
        )
        bodies = [match for match in named if is_body(match.group())]
        often = len(re.findall(f"[我本]{ending}", plain)) >= SELF_TIMES
        if often and bodies and len({match.group() for match in bodies}) == 1:
            return in_body(bodies[0].group(), body.text, body.spans, *bodies[0].span())
    return None


def _whole(name: str, place: str | None) -> str:
    """市委组织部 of a work from 青屿市 is 青屿市委组织部, 区便民服务中心 of one from 桐湾区 its own."""
    inner = innermost(place) if place else ""
    is_bare = bool(inner) and name.startswith(inner[-1]) and inner[-1] in "省市县区州旗" and not name.startswith(inner)
    return f"{inner[:-1]}{name}" if is_bare and not _begins_with_a_place(name) else name
