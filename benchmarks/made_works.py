"""What made compilations and single works are made of: the sample library's words under invented titles and places.

Knows nothing of the product, and nothing of the ways in which contents are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from tests.unit.reading.formats import office_files as office

SAMPLE = Path(__file__).resolve().parent.parent / "seeds" / "01_年度工作汇编.txt"
INDENT = "\u3000\u3000"
LEVELS = {
    "省级": ("云泽省", "沧原省", "岭南海省"),
    "市级": ("青屿市", "鹭洲市", "霁川市", "榆浦市", "枫渡市", "岚港市"),
    "县级": ("柳溪县", "雁浦县", "桐湾区", "松坪县", "竹山湾区"),
}
SUBJECTS = ("公共服务", "便民服务", "公共图书馆", "城乡公交", "社区食堂", "绿化造林", "民生实事")
KINDS = ("工作综述", "工作总结", "情况报告", "工作汇报", "经验材料", "调研报告")
STORIES = (
    "渡口通了，日子近了", "一张读者证走遍全省", "末班车等一等晚归的人", "灯亮着，门就开着", "把菜摊搬进阴凉里",
    "老街坊的新食堂", "山坡上种出花果来", "三趟路并成一趟走", "修一座桥，暖一村人", "雨停之前巡一遍堤",
)  # fmt: skip
CHAPTERS = ("基本情况", "主要做法", "取得的成效", "存在的困难和问题", "下一步打算", "几点建议")
FREE_CHAPTERS = ("让借书更方便", "公交跑得更晚", "荒坡种出果园", "食堂办到楼下", "书房开在街角", "办事少跑一趟")
MIXED_TIMES = 10  # as many files of mixed forms for one of a plain form
CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True)
class Expected:
    """A work as a reader would list it; `first` and `last` are its first and last paragraphs."""

    title: str
    first: str
    last: str
    level: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class Case:
    """A file and the works in it; `many` when it is a compilation."""

    form: str
    name: str
    data: bytes
    works: tuple[Expected, ...]

    @property
    def many(self) -> bool:
        return len(self.works) > 1


@dataclass
class Work:
    title: str
    level: str
    place: str
    page: int
    lines: list[str] = field(default_factory=list)


@cache
def stock() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whole paragraphs and headings of the sample compilation."""
    lines = SAMPLE.read_text("utf-8").split("\n")[18:]
    whole = [line.strip() for line in lines if line.startswith(INDENT) and line.endswith("。") and len(line) > 40]
    heads = [line[2:] for line in lines if re.match(r"[一二三四]、\S{4,12}$", line) and not line.endswith("级")]
    return tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(heads))


def body(rng: Random, sections: int = 3, numbered: bool = True, paragraphs: int = 2) -> list[str]:
    whole, heads = stock()
    lines = [INDENT + rng.choice(whole)]
    for number, head in enumerate(rng.sample(heads, sections)):
        if numbered:
            lines.append(f"{CHINESE[number]}、{head}")
        lines += [INDENT + paragraph for paragraph in rng.sample(whole, paragraphs)]
    return lines


def works(rng: Random, count: int = 0, genre: str = "kind", numbered: bool = True) -> list[Work]:
    count = count or rng.randint(4, 9)
    places = [(level, place) for level, names in LEVELS.items() for place in names]
    chosen = sorted(rng.sample(range(len(places)), count))
    subject, kind, page = rng.choice(SUBJECTS), rng.choice(KINDS), 1
    made = []
    for number, at in enumerate(chosen):
        level, place = places[at]
        one = subject if genre == "kind" else rng.choice(SUBJECTS)
        title = {
            "kind": f"{place}{one}{kind}",
            "about": f"关于{place}{one}{rng.choice(('情况的调研报告', '工作的汇报', '经验的通报'))}",
            "story": STORIES[(number + count) % len(STORIES)],
            "subtitle": f"{STORIES[(number + count) % len(STORIES)]}——{place}{one}工作纪实",
        }[genre]
        made.append(Work(title, level, place, page, body(rng, rng.randint(2, 4), numbered)))
        page += rng.randint(2, 7)
    return made


def expected(made: Sequence[Work], pages: bool = True, levels: bool = True) -> tuple[Expected, ...]:
    return tuple(
        Expected(
            w.title, w.lines[0].strip(), w.lines[-1].strip(), w.level if levels else None, w.page if pages else None
        )
        for w in made
    )


COVER = "2023年便民服务工作总结、经验材料汇编"


def contents(made: Sequence[Work], entry: Callable[[Work, int], str], group: str = "{}、{}") -> list[str]:
    lines, before, groups = [], "", 0
    for number, work in enumerate(made):
        if group and work.level != before:
            lines.append(group.format(CHINESE[groups], work.level))
            groups += 1
        before = work.level
        lines.append(entry(work, number))
    return lines


def bodies(made: Sequence[Work], title: Callable[[Work, int], str] = lambda w, n: w.title) -> list[str]:
    return [line for number, work in enumerate(made) for line in (title(work, number), *work.lines)]


def text(form: str, lines: Sequence[str], found: Sequence[Expected], suffix: str = "txt") -> Case:
    return Case(form, f"材料.{suffix}", ("\n".join(lines) + "\n").encode(), tuple(found))


def leader(written: str) -> Callable[[Work, int], str]:
    return lambda work, number: written.format(t=work.title, p=work.page, n=number + 1, c=CHINESE[number])


def word_case(form: str, parts: Sequence[tuple[str, str]], found: Sequence[Expected]) -> Case:
    data = office.docx(
        "".join(office.paragraph(said, style) if style else office.paragraph(said) for said, style in parts)
    )
    return Case(form, "材料.docx", data, tuple(found))
