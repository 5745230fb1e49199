"""Where and when a figure stands: its place and year, as its sentence, its headings or its document say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qa.numbers import parse_number
from qa.places import gazetteer, level_by_ending, unknown_places
from qa.text import simplify
from qa.types import Document

_YEAR = re.compile(
    r"(?P<against>比|较|与|从|由)?(?:(?P<year>(?:19|20)\d\d|[一二][零〇○0-9一二三四五六七八九]{3})|(?P<relative>今|去|前|上|本|明|当))年"
    r"(?P<since>(?:\d{1,2}月)?(?:以来|起|开始|至今))?"
)
_SHIFT = {"今": 0, "本": 0, "当": 0, "去": -1, "上": -1, "前": -2, "明": 1}
_SCOPE = re.compile(
    r"(?:近|过去)?[一二三四五六七八九十]+年(?:多)?(?:来|间|以来)|近[几两三四五六七八九十]+年(?:来)?|近年来|(?:十|二十)?[八九]大以来|"
    r"(?:19|20)\d\d年(?:\d{1,2}月)?(?:以来|起|至今)|今年以来|以来|累计|先后|连续\d+年|(?:上|下)半年|[一二三四]季度|1[-—至]\d+月|截至\d+月底?|"
    r"每年|本届"
)
_WHOLE_YEAR = ("一年来", "一年间")
_ALL_OF = re.compile(r"(?:全|我|本|该)(?P<kind>[国省市县区州旗])")
_KINDS = {"省": "省级", "市": "市级", "州": "市级", "县": "县级", "区": "县级", "旗": "县级"}
_NOT_A_PLACE = re.compile(r"^(?:籍|大学|学院|师范|医科|交通|协作|援|挂职|行|展|路|站|港|湾|精神|会议|人(?=$|[，。、]))")
_NO_NAMES = frozenset(("城区", "郊区", "矿区", "新区", "市区", "开发区"))  # counties so named, and parts of any city
_STARTS = re.compile(r"(?P<mark>^|[，；。：！？\n“”（ \u3000])(?:在|而|其中|目前|截至目前|今年|去年|\d{4}年[，,]?)?")
_AT_START = re.compile(r"(?:^|[，；。：！？\n“”（ \u3000])(?:在|而|其中|目前|截至目前|今年|去年|\d{4}年[，,]?)?$")


@dataclass(frozen=True, slots=True)
class Where:
    """The place (whole path) and year of a figure, and the span of time that it counts over."""

    place: str | None
    year: int | None
    scope: str


class Standing:
    """Reads one document's places and years; `plain` is its text, Simplified."""

    def __init__(self, document: Document, plain: str) -> None:
        self._document, self._plain = document, plain
        self._own = simplify(document.place) if document.place else None
        written = document.period or document.published or ""
        self._year = int(written[:4]) if written[:4].isdigit() else None
        self._headings: dict[str, str | None] = {}
        self._looked_up: dict[str, tuple[tuple[int, int, str], ...]] = {}

    def at(self, sentence: str, start: int, at: int, headings: tuple[str, ...]) -> Where:
        """Where a number at `at` in a sentence (at `start` in the text) stands."""
        return Where(self._place(sentence, at, headings), self._when(sentence, at), self._scope(sentence[:at]))

    def place_of(self, name: str) -> str | None:
        """The whole path of a place that a table's cell names, None where it names none: 柳溪县 → 云泽省柳溪县."""
        if name in ("全省", "全市", "全县", "全区", "合计", "总计"):
            return self._own if name.startswith("全") else None
        known = next((p for a, b, p in self._named(name) if (a, b) == (0, len(name)) and self._lies_within(p)), None)
        if known or level_by_ending(name) is None or not 2 < len(name) <= 12:
            return known
        own = self._own or ""
        if own.endswith(name):
            return own
        return name if level_by_ending(name) == level_by_ending(own) else own + name

    def without_place(self, metric: str) -> str:
        """A metric without the place that it begins with: 柳溪县图书室 → 图书室."""
        for begin, end, _ in self._named(metric):
            if begin == 0 and len(metric) - end >= 2 and not _NOT_A_PLACE.match(metric[end:]):
                return metric[end:].lstrip("的")
        own = self._own or ""
        for size in range(len(own), 1, -1):
            name = own[-size:]
            if metric.startswith(name) and len(metric) - size >= 2:
                return metric[size:].lstrip("的")
        return metric

    def _when(self, sentence: str, at: int) -> int | None:
        year = self._year
        for match in _YEAR.finditer(sentence, 0, at):
            if match["since"] or (match["against"] and not re.match(r"的?[^，。；]{0,8}$", sentence[match.end() : at])):
                continue
            if match["against"] in ("比", "较", "与"):
                continue
            named = parse_number(match["year"]) if match["year"] else None
            if named is not None and 1900 <= named <= 2100:
                year = int(named)
            elif match["relative"] and self._year is not None:
                year = self._year + _SHIFT[match["relative"]]
        return year

    @staticmethod
    def _scope(before: str) -> str:
        found = [match.group() for match in _SCOPE.finditer(before)]
        return found[-1] if found and found[-1] not in _WHOLE_YEAR else ""

    def _place(self, sentence: str, at: int, headings: tuple[str, ...]) -> str | None:
        place: str | None = None
        mentions: list[tuple[int, int, str | None]] = [
            (begin, end, path) for begin, end, path in self._named(sentence) if end <= at
        ]
        mentions += [(m.start(), m.end(), self._all_of(m["kind"])) for m in _ALL_OF.finditer(sentence, 0, at)]
        for begin, end, path in sorted(mentions):
            if path and _AT_START.search(sentence[:begin]) and not _NOT_A_PLACE.match(sentence[end:]):
                place = path
        if place is None:
            place = next((p for heading in reversed(headings) if (p := self._of_heading(heading))), self._own)
        return place

    def _of_heading(self, heading: str) -> str | None:
        """The first place within the document's own that a heading names."""
        if heading not in self._headings:
            named = (place.full for _, _, place in gazetteer().find(simplify(heading)))
            self._headings[heading] = next((path for path in named if self._lies_within(path)), None)
        return self._headings[heading]

    def _all_of(self, kind: str) -> str | None:
        """What 全省 or 我市 means here: the document's place or what it lies in; of a smaller place, nothing sure."""
        if kind == "国":
            return "全国"
        if self._own is None:
            return None
        steps = _steps(self._own)
        return next((path for path in reversed(steps) if level_by_ending(path) == _KINDS[kind]), self._own)

    def _named(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """(start, end, path) of the places that stand where a clause begins, those in no table among them."""
        if text not in self._looked_up:
            found = [(a, b, path) for a, b, path in _known_at_starts(text) if self._counts(text[a:b], path)]
            found += [(text.find(name), text.find(name) + len(name), path) for name, path in self._unknown(text)]
            self._looked_up[text] = tuple(sorted(found))
        return self._looked_up[text]

    def _unknown(self, text: str) -> list[tuple[str, str]]:
        """Places that are in no table: the document's own, or two characters and an ending at a clause's start."""
        own = [step for step in re.findall(r"[^省市州县区旗]{2,}[省市州县区旗]", self._own or "") if step in text]
        found = [(name, (self._own or "").partition(name)[0] + name) for name in own]
        for clause in re.finditer(
            r"(?:^|[，；。：、\n])(?P<name>[\u4e00-\u9fff]{2,3}[市县区])(?=[\u4e00-\u9fff“\d])", text
        ):
            name = clause["name"]
            if name in unknown_places(name) and self._plain.count(name) > 1 and name not in own and self._own:
                found.append((name, self._own + name if level_by_ending(name) != level_by_ending(self._own) else name))
        return found

    def _counts(self, name: str, path: str) -> bool:
        """Is a name a place here? One outside the document's own only with its ending: 南京 in 西宁's is not."""
        if name in _NO_NAMES:
            return (self._own or "").endswith(name)
        return self._lies_within(path) or level_by_ending(name) is not None

    def _lies_within(self, path: str) -> bool:
        own = self._own
        return own is None or path.startswith(own) or own.startswith(path)


def _known_at_starts(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, path) of the places of the table that stand where a clause begins: a tenth of the work of `find`."""
    table, seen = gazetteer(), -1
    for start in _STARTS.finditer(text):
        for at in dict.fromkeys((start.end("mark"), start.end())):
            if at <= seen:
                continue
            for end in range(min(len(text), at + table.longest), at + 1, -1):
                place = table.lookup(text[at:end]) if text[at:end] in table.names else None
                if place is not None and (place.name == text[at:end] or place.level != "县级"):
                    yield at, end, place.full
                    seen = end
                    break


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, ...]:
    """The places on a path, outermost first, each as a whole path."""
    ends = [m.end() for m in re.finditer(r"[^省市州盟县区旗]{2,}(?:自治区|[省市州盟县区旗])", path)]
    return tuple(path[:end] for end in ends) or (path,)
