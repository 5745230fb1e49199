"""Compilations made by program, and single works that look like them: what `benchmarks.splits` measures splitting on.

Their words are the sample library's, their titles and places invented. A form is one way in which people write contents
and titles; the same form with the same seed is the same file. Knows nothing of the product.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
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
def _stock() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whole paragraphs and headings of the sample compilation."""
    lines = SAMPLE.read_text("utf-8").split("\n")[18:]
    whole = [line.strip() for line in lines if line.startswith(INDENT) and line.endswith("。") and len(line) > 40]
    heads = [line[2:] for line in lines if re.match(r"[一二三四]、\S{4,12}$", line) and not line.endswith("级")]
    return tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(heads))


def body(rng: Random, sections: int = 3, numbered: bool = True, paragraphs: int = 2) -> list[str]:
    whole, heads = _stock()
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


# Forms of the contents: {t} the title, {p} the page, {n} and {c} the ordinal.
LEADERS = {
    "dots": "{t}......{p}", "many dots": "{t}............................{p}", "ellipsis": "{t}………………{p}",
    "middle dots": "{t}·········{p}", "spaced dots": "{t} . . . . . . . {p}", "tab": "{t}\t{p}",
    "wide spaces": "{t}\u3000\u3000{p}", "many spaces": "{t}              {p}", "one space": "{t} {p}",
    "one wide space": "{t}\u3000{p}", "glued page": "{t}{p}", "bracketed page": "{t}（{p}）",
    "dots and brackets": "{t}……（{p}）", "slash": "{t} / {p}", "dashes": "{t}--------{p}", "long dashes": "{t}————{p}",
    "underscores": "{t}________{p}", "the word page": "{t}……第{p}页", "page below": "{t}\n{p}", "page first": "{p} {t}",
    "page first, dots": "{p}……{t}", "no page": "{t}", "arabic numbers": "{n}. {t}……{p}",
    "zero numbers": "{n:02} {t}……{p}",
    "Chinese numbers": "{c}、{t}……{p}", "bracketed numbers": "（{c}）{t}\t{p}", "parts": "第{c}篇 {t}……{p}",
    "book marks": "《{t}》……{p}", "bulleted": "•{t}……{p}",
}  # fmt: skip
NO_PAGE = {"no page"}
GROUPS = {
    "levels 一、": "{}、{}", "levels 第一篇": "第{}篇 {}", "levels 第一部分": "第{}部分\u3000{}",
    "levels in brackets": "【{1}】",
    "levels （一）": "（{}）{}", "bare levels": "{1}", "levels with pages": "{}、{}……1",
}  # fmt: skip


def _of_leader(form: str, rng: Random) -> Case:
    made = works(rng, genre=rng.choice(["kind", "about"]))
    group = "" if any(mark in LEADERS[form] for mark in ("{n", "{c")) else rng.choice(["{}、{}", ""])
    lines = [COVER, "目　录", *contents(made, leader(LEADERS[form]), group), *bodies(made)]
    return text(f"contents: {form}", lines, expected(made, form not in NO_PAGE, bool(group)))


def _of_group(form: str, rng: Random) -> Case:
    made = works(rng)
    lines = [COVER, f"（{len(made)}篇）", "目录", *contents(made, leader("{t}……{p}"), GROUPS[form]), *bodies(made)]
    return text(f"groups: {form}", lines, expected(made))


def numbered_in_body(rng: Random) -> Case:
    made = works(rng)
    lines = [
        COVER,
        "目录",
        *contents(made, leader("{c}、{t}……{p}"), ""),
        *bodies(made, lambda w, n: f"{CHINESE[n]}、{w.title}"),
    ]
    return text("titles numbered in the body too", lines, expected(made, levels=False))


def numbered_parts_in_body(rng: Random) -> Case:
    made = works(rng, genre="story")
    lines = [
        COVER,
        "目录",
        *contents(made, leader("第{c}篇 {t}……{p}"), ""),
        *bodies(made, lambda w, n: f"第{CHINESE[n]}篇 {w.title}"),
    ]
    return text("第一篇 in contents and body", lines, expected(made, levels=False))


def stories(rng: Random) -> Case:
    made = works(rng, genre="story")
    return text(
        "titles without place or kind",
        [COVER, "目录", *contents(made, leader("{t}……{p}")), *bodies(made)],
        expected(made),
    )


def nested_in_body(rng: Random) -> Case:
    made, lines, before, groups = works(rng), [], "", 0
    for work in made:
        if work.level != before:
            lines.append(f"第{CHINESE[groups]}编 {work.level}")
            groups += 1
        before = work.level
        lines += [work.title, *work.lines]
    head = [COVER, "目录", *contents(made, leader("{t}……{p}"), rng.choice(["第{}编 {}", "第{}编 {}……1"]))]
    return text("parts stand in the body too", head + lines, expected(made))


def sections_in_contents(rng: Random) -> Case:
    made, listed = works(rng), []
    for work in made:
        listed.append(f"{work.title}……{work.page}")
        listed += [f"{INDENT}{line}……{work.page + 1}" for line in work.lines if re.match(r"[一二三四]、", line)]
    return text("contents list the sections too", [COVER, "目录", *listed, *bodies(made)], expected(made, levels=False))


# How a title differs between the contents and the body.


@dataclass(frozen=True)
class Difference:
    """How a title is written in the contents, and how in the body."""

    in_contents: Callable[[Work, int, Random], str]
    in_body: Callable[[Work, int, Random], str]
    genre: str = "kind"


def _differs(form: str, how: Difference) -> Callable[[Random], Case]:
    def make(rng: Random) -> Case:
        made = works(rng, genre=how.genre)
        listed = contents(made, lambda w, n: f"{how.in_contents(w, n, rng)}……{w.page}")
        return text(
            f"title: {form}",
            [COVER, "目录", *listed, *bodies(made, lambda w, n: how.in_body(w, n, rng))],
            expected(made),
        )

    return make


def _half(title: str, rng: Random) -> str:
    at = rng.randint(len(title) // 3, 2 * len(title) // 3)
    return title[:at] + "\n" + title[at:]


def _plain(work: Work, number: int, rng: Random) -> str:
    return work.title


def _misread(work: Work, number: int, rng: Random) -> str:
    at = rng.randrange(len(work.place), len(work.title))
    return work.title[:at] + rng.choice("囗日曰己巳末未") + work.title[at + 1 :]


def _traditional(work: Work, number: int, rng: Random) -> str:
    return work.title.replace("务", "務").replace("图书馆", "圖書館").replace("总结", "總結")


DIFFERENCES = {
    "two lines in the body": Difference(_plain, lambda w, n, r: _half(w.title, r)),
    "two lines in the contents": Difference(lambda w, n, r: _half(w.title, r), _plain),
    "spaced in the body": Difference(_plain, lambda w, n, r: " ".join(w.title)),
    "spaced in the contents": Difference(lambda w, n, r: " ".join(w.title), _plain),
    "page glued in the body": Difference(_plain, lambda w, n, r: f"{w.title}{w.page}"),
    "page before it in the body": Difference(_plain, lambda w, n, r: f"{w.page} {w.title}"),
    "a wrong character": Difference(_plain, _misread),
    "a wrong character in the contents": Difference(_misread, _plain),
    "in book marks": Difference(_plain, lambda w, n, r: f"《{w.title}》"),
    "numbered in the body": Difference(_plain, lambda w, n, r: f"{n + 1}. {w.title}"),
    "shorter in the contents": Difference(lambda w, n, r: w.title.partition("——")[0], _plain, "subtitle"),
    "subtitle on its own line": Difference(_plain, lambda w, n, r: w.title.replace("——", "\n——"), "subtitle"),
    "subtitle only in the body": Difference(
        lambda w, n, r: w.title.partition("——")[0], lambda w, n, r: w.title.replace("——", "\n——"), "subtitle"
    ),
    "a year before it in the body": Difference(_plain, lambda w, n, r: f"2023年{w.title}"),
    "Traditional in the contents": Difference(_traditional, _plain),
    "a colon before it": Difference(lambda w, n, r: f"：{w.title}" if n == 2 else w.title, _plain),
    "indented in the body": Difference(_plain, lambda w, n, r: " " * 16 + w.title),
}  # fmt: skip


# What the contents miss, say twice, or say elsewhere.


def listed_without_body(rng: Random) -> Case:
    made = works(rng, 6)
    gone = made.pop(rng.randrange(6))
    listed = contents(sorted([*made, gone], key=lambda w: w.page), leader("{t}……{p}"))
    return text("an entry without a work", [COVER, "目录", *listed, *bodies(made)], expected(made))


def unlisted(rng: Random) -> Case:
    made = works(rng, rng.randint(5, 9))
    gone = rng.randrange(1, len(made))
    listed = contents([w for n, w in enumerate(made) if n != gone], leader("{t}……{p}"), "")
    made_expected = list(expected(made, levels=False))
    made_expected[gone] = Expected(made[gone].title, made_expected[gone].first, made_expected[gone].last)
    return text("a work that the contents miss", [COVER, "目录", *listed, *bodies(made)], made_expected)


def twice(rng: Random) -> Case:
    made = works(rng, 6)
    made[3].title = made[2].title
    return text(
        "the same title twice", [COVER, "目录", *contents(made, leader("{t}……{p}")), *bodies(made)], expected(made)
    )


def running_heads(rng: Random) -> Case:
    made = works(rng)
    lines = [COVER, "目录", *contents(made, leader("{t}……{p}"))]
    for work in made:
        half = len(work.lines) // 2
        while not work.lines[half - 1].endswith("。"):
            half += 1
        lines += [work.title, *work.lines[:half], work.title, *work.lines[half:]]
    return text("titles run as page heads", lines, expected(made))


def several_pages(rng: Random) -> Case:
    made = works(rng, 9)
    listed = contents(made, leader("{t}……{p}"))
    half = len(listed) // 2
    lines = [COVER, "目录", *listed[:half], "— I —", COVER, "目录（续）", *listed[half:], "— II —", *bodies(made)]
    return text("contents over two pages", lines, expected(made))


def after_preface(rng: Random) -> Case:
    made = works(rng)
    preface = ["前言", *[INDENT + p for p in rng.sample(_stock()[0], 2)]]
    return text(
        "contents after a preface",
        [COVER, *preface, "目录", *contents(made, leader("{t}……{p}")), *bodies(made)],
        expected(made),
    )


def preface_below(rng: Random) -> Case:
    made = works(rng)
    preface = Work("前言", "", "", 1, [INDENT + p for p in rng.sample(_stock()[0], 2)])
    listed = ["前言……1", *contents(made, leader("{t}……{p}"))]
    found = [Expected("前言", preface.lines[0].strip(), preface.lines[-1].strip(), None, 1), *expected(made)]
    return text("a preface among the works", [COVER, "目录", *listed, *bodies([preface, *made])], found)


def at_the_end(rng: Random) -> Case:
    made = works(rng)
    return text(
        "contents at the end", [COVER, *bodies(made), "目录", *contents(made, leader("{t}……{p}"))], expected(made)
    )


def without_heading(rng: Random) -> Case:
    made = works(rng)
    return text(
        "contents without the word", [COVER, *contents(made, leader("{t}……{p}")), *bodies(made)], expected(made)
    )


def wrapped(rng: Random) -> Case:
    made = works(rng)
    lines = [COVER, "目录", *contents(made, leader("{t}……{p}"))]
    for work in made:
        lines.append(work.title)
        for line in work.lines:
            lines += [line[at : at + 36] for at in range(0, len(line), 36)]
    found = [Expected(e.title, e.first, e.last, e.level, e.page) for e in expected(made)]
    return text("lines of 36 characters", lines, found)


# Without contents.


def bare(rng: Random) -> Case:
    made = works(rng)
    return text("no contents: places and kinds", [COVER, *bodies(made)], expected(made, False, False))


def bare_about(rng: Random) -> Case:
    made = works(rng, genre="about")
    return text("no contents: 关于…的报告", bodies(made), expected(made, False, False))


def bare_with_bylines(rng: Random) -> Case:
    made = works(rng, genre="story", numbered=False)
    lines = bodies(made, lambda w, n: f"{w.title}\n作者：{'陈赵孙李周吴郑王冯'[n]}小舟　来源：云泽日报\n")
    return text("no contents: stories with bylines", lines, expected(made, False, False))


def bare_with_dates(rng: Random) -> Case:
    made = works(rng)
    lines = bodies(made, lambda w, n: f"{w.title}\n{w.place}便民服务办公室\n（2023年12月{n + 1}日）")
    found = [Expected(w.title, "", w.lines[-1].strip()) for w in made]
    return text("no contents: office and date below", lines, found)


def bare_parts(rng: Random) -> Case:
    made = works(rng)
    return text(
        "no contents: 第一篇",
        [COVER, *bodies(made, lambda w, n: f"第{CHINESE[n]}篇 {w.title}")],
        expected(made, False, False),
    )


def bare_blank(rng: Random) -> Case:
    made = works(rng, genre="subtitle")
    return text(
        "no contents: blank lines and subtitles",
        bodies(made, lambda w, n: "\n\n" + w.title.replace("——", "\n——") + "\n"),
        expected(made, False, False),
    )


def two_only(rng: Random) -> Case:
    made = works(rng, 2)
    return text("no contents: two works", [COVER, *bodies(made)], expected(made, False, False))


# Styled headings.


def word(parts: Sequence[tuple[str, str]]) -> bytes:
    return office.docx("".join(office.paragraph(*part) for part in parts))


def _styled(made: Sequence[Work], depth: int = 1) -> list[tuple[str, str]]:
    parts = []
    for work in made:
        parts.append((work.title, str(depth)))
        parts += [
            (line.strip(), str(depth + 1)) if re.match(r"[一二三四]、", line) else (line.strip(), "")
            for line in work.lines
        ]
    return parts


def _word_case(form: str, parts: Sequence[tuple[str, str]], found: Sequence[Expected]) -> Case:
    data = office.docx(
        "".join(office.paragraph(said, style) if style else office.paragraph(said) for said, style in parts)
    )
    return Case(form, "材料.docx", data, tuple(found))


def word_headings(rng: Random) -> Case:
    made = works(rng, genre=rng.choice(["kind", "about"]))
    return _word_case("docx: works are Heading 1", _styled(made), expected(made, False, False))


def word_headings_under_a_title(rng: Random) -> Case:
    made = works(rng)
    return _word_case("docx: cover, works are Heading 1", [(COVER, "T"), *_styled(made)], expected(made, False, False))


def word_stories(rng: Random) -> Case:
    made = works(rng, genre="story")
    return _word_case(
        "docx: cover, stories are Heading 1", [(COVER, "T"), *_styled(made)], expected(made, False, False)
    )


def word_contents(rng: Random, number: str, in_body: bool) -> Case:
    made = works(rng)
    toc = [
        office.paragraph(
            f"{office.run(number.format(CHINESE[n]) + w.title)}<w:r><w:tab/></w:r>{office.run(str(w.page))}", "TOC1"
        )
        for n, w in enumerate(made)
    ]
    titled = [
        Work((number.format(CHINESE[n]) if in_body else "") + w.title, w.level, w.place, w.page, w.lines)
        for n, w in enumerate(made)
    ]
    body_ = [office.paragraph(said, style) if style else office.paragraph(said) for said, style in _styled(titled)]
    data = office.docx("".join([office.paragraph(COVER, "T"), *toc, *body_]))
    return Case(f"docx: numbered contents {number.format('一')}", "材料.docx", data, expected(made, levels=False))


def page_headings(rng: Random) -> Case:
    made = works(rng)
    inner = "".join(
        f"<h1>{said}</h1>" if style == "1" else f"<h2>{said}</h2>" if style else f"<p>{said}</p>"
        for said, style in _styled(made)
    )
    return Case(
        "html: works are h1",
        "材料.html",
        f"<html><head><title>{COVER}</title></head><body><article>{inner}</article></body></html>".encode(),
        expected(made, False, False),
    )


def book_chapters(rng: Random) -> Case:
    made = works(rng)
    chapters = {
        f"c{n}": "".join(
            f"<h1>{s}</h1>" if style == "1" else f"<h2>{s}</h2>" if style else f"<p>{s}</p>"
            for s, style in _styled([w])
        )
        for n, w in enumerate(made)
    }
    return Case(
        "epub: works are chapters",
        "材料.epub",
        office.epub(chapters, f"<dc:title>{COVER}</dc:title>"),
        expected(made, False, False),
    )


def open_document(rng: Random) -> Case:
    made = works(rng)
    inner = "".join(
        f'<text:h text:outline-level="{style}">{s}</text:h>' if style else f"<text:p>{s}</text:p>"
        for s, style in _styled(made)
    )
    return Case("odt: works are Heading 1", "材料.odt", office.odt(inner), expected(made, False, False))


def markdown(rng: Random) -> Case:
    made = works(rng)
    lines = [("#" * int(style) + " " if style else "") + said + "\n" for said, style in _styled(made)]
    return text("md: works are #", lines, expected(made, False, False), "md")


# Single works that look like compilations.


def one(form: str, title: str, lines: Sequence[str], suffix: str = "txt") -> Case:
    return text(f"one: {form}", lines, (Expected(title, "", ""),), suffix)


def _report(rng: Random, heads: Sequence[str], number: str, sub: bool = True) -> list[str]:
    whole, stock = _stock()
    lines = []
    for n, head in enumerate(heads):
        lines.append(number.format(CHINESE[n], n + 1) + head)
        for m, inner in enumerate(rng.sample(stock, 2)):
            if sub:
                lines.append(f"（{CHINESE[m]}）{inner}")
            lines += [INDENT + p for p in rng.sample(whole, 3)]
    return lines


def _listed(heads: Sequence[str], number: str, end: str = "……") -> list[str]:
    return [f"{number.format(CHINESE[n], n + 1)}{head}{end}{2 * n + 1}" for n, head in enumerate(heads)]


REPORT = "柳溪县便民服务工作情况报告"
SINGLE = {
    "contents of 一、": (CHAPTERS, "{}、"), "contents of 第一章": (CHAPTERS, "第{}章 "),
    "contents of 1.": (CHAPTERS, "{1}. "),
    "contents without numbers": (CHAPTERS, ""), "contents of 一、 with free headings": (FREE_CHAPTERS, "{}、"),
    "contents of 第一部分": (FREE_CHAPTERS, "第{}部分 "), "contents of free headings": (FREE_CHAPTERS, ""),
    "contents of yearly chapters": (("2021年工作总结", "2022年工作总结", "2023年工作总结", "2024年工作计划"), "{}、"),
    "contents of chapters on places": (("柳溪县的做法", "雁浦县的做法", "桐湾区的做法", "松坪县的做法"), "{}、"),
}  # fmt: skip


def _single(form: str, rng: Random) -> Case:
    heads, number = SINGLE[form]
    return one(form, REPORT, [REPORT, "目录", *_listed(heads, number), *_report(rng, heads, number)])


def single_numbered(rng: Random) -> Case:
    return one("一、 without contents", REPORT, [REPORT, *_report(rng, FREE_CHAPTERS, "{}、")])


def single_bare(rng: Random) -> Case:
    return one("headings without numbers", REPORT, [REPORT, *_report(rng, FREE_CHAPTERS, "", False)])


def single_places(rng: Random) -> Case:
    heads = ["云泽省", "青屿市", "鹭洲市", "柳溪县", "桐湾区"]
    return one("places as headings", "各地便民措施名录", ["各地便民措施名录", *_report(rng, heads, "", False)])


def single_examples(rng: Random) -> Case:
    heads = ["青屿市：把食堂办到楼下", "鹭洲市：公交跑得更晚", "柳溪县：渡口添了新船", "桐湾区：巡堤不漏一段"]
    return one(
        "examples of places as headings",
        "云泽省便民服务典型做法综述",
        ["云泽省便民服务典型做法综述", *_report(rng, heads, "", False)],
    )


def single_word(rng: Random, heads: Sequence[str], number: str, titled: bool, form: str) -> Case:
    parts = [(REPORT, "T")] if titled else []
    for line in _report(rng, heads, number):
        style = "" if line.startswith(INDENT) else "2" if line.startswith("（") else "1"
        parts.append((line.strip(), style))
    return _word_case(f"one: docx, {form}", parts, (Expected(REPORT, "", ""),))


def single_table(rng: Random) -> Case:
    rows = [f"{place}\t{rng.randint(10, 99)}" for names in LEVELS.values() for place in names]
    lines = [
        REPORT,
        *_report(rng, FREE_CHAPTERS[:3], "{}、"),
        "附表：各地渡口数",
        *rows,
        *(INDENT + p for p in rng.sample(_stock()[0], 2)),
    ]
    return one("a table of names and figures", REPORT, lines)


def single_with_lists(rng: Random) -> Case:
    lines = [
        REPORT,
        *_report(rng, FREE_CHAPTERS[:2], "{}、"),
        "附件：",
        *(f"{n}. {s}工作总结" for n, s in enumerate(SUBJECTS, 1)),
    ]
    return one("a list of enclosures", REPORT, lines)


def single_with_appendix(rng: Random) -> Case:
    whole = _stock()[0]
    lines = [
        REPORT,
        *_report(rng, CHAPTERS[:4], "{}、"),
        "附件1",
        "柳溪县便民服务任务清单",
        *(INDENT + p for p in rng.sample(whole, 3)),
    ]
    return one("an appendix with a title", REPORT, lines)


# A speech in which a title-like line stands once.
def single_quoting(rng: Random) -> Case:
    lines = [REPORT, *_report(rng, FREE_CHAPTERS[:3], "{}、")]
    lines[6:6] = ["云泽省便民服务工作综述"]
    return one("a title-like line inside", REPORT, lines)


# Several oddities at once, drawn by chance.

COVERS = (
    COVER, "云泽省民生实事典型案例选编", "便民服务调研文集（2023年）", "2023年度便民服务优秀材料合集",
    "便民服务材料（内部学习资料）", "",
)  # fmt: skip
REPORTS = (
    REPORT, "柳溪县便民服务发展规划（2023—2025年）", "青屿市便民服务白皮书", "便民服务工作手册",
    "桐湾区便民服务实施方案",
    "关于云泽省便民服务情况的调研报告", "在全省便民服务工作会议上的讲话", "2023年柳溪县便民服务工作总结",
    "城乡公交服务指南",
)  # fmt: skip
HEADS = (
    CHAPTERS,
    FREE_CHAPTERS,
    ("办证流程", "借书须知", "乘车须知", "食堂订餐", "投诉办法"),
    ("柳溪县的做法", "雁浦县的做法", "桐湾区的做法", "松坪县的做法"),
)
NUMBERS = ("{}、", "第{}章 ", "第{}部分 ", "{1}. ", "", "（{}）", "{1}、")


def mixed(rng: Random) -> Case:
    made = works(rng, genre=rng.choice(["kind", "kind", "about", "story", "subtitle"]))
    form = rng.choice([form for form in LEADERS if "{n" not in LEADERS[form] and "{c" not in LEADERS[form]])
    same = Difference(_plain, _plain)
    how = rng.choice([*DIFFERENCES.values(), same, same])
    in_contents, in_body = how.in_contents, how.in_body
    if form == "page below" or ("page" in form and how is DIFFERENCES["spaced in the contents"]):
        in_contents = _plain
    cover = rng.choice(COVERS)
    group = rng.choice(["", *GROUPS.values()])
    listed = contents(made, lambda w, n: LEADERS[form].format(t=in_contents(w, n, rng), p=w.page), group)
    found = list(expected(made, form not in NO_PAGE, False))
    lines = [cover] if cover else []
    if rng.random() < 0.3:
        lines += ["编者按", INDENT + rng.choice(_stock()[0])]
    gap = [""] if rng.random() < 0.3 else []
    parts = [line for n, w in enumerate(made) for line in (*gap, in_body(w, n, rng), *gap, *w.lines)]
    return text("mixed", [*lines, rng.choice(["目录", "目  次", "目 录"]), *listed, *parts], found)


def mixed_bare(rng: Random) -> Case:
    made = works(rng, genre=rng.choice(["kind", "about", "subtitle"]))
    cover = rng.choice(COVERS)
    gap = [""] if rng.random() < 0.5 else []
    below = rng.choice([[], ["（2023年12月）"], ["便民服务办公室"]])
    parts = [line for w in made for line in (*gap, w.title, *below, *gap, *w.lines)]
    found = [Expected(w.title, "", w.lines[-1].strip()) for w in made]
    return text("mixed without contents", [*([cover] if cover else []), *parts], found)


def mixed_single(rng: Random) -> Case:
    title, heads, number = rng.choice(REPORTS), rng.choice(HEADS), rng.choice(NUMBERS)
    lines = [title]
    if rng.random() < 0.6:
        end = rng.choice(["……", "\t", "\u3000\u3000", " . . . . "])
        lines += [rng.choice(["目录", "目 录"]), *_listed(heads, number, end)]
    report_ = _report(rng, heads, number, rng.random() < 0.7)
    if rng.random() < 0.3:
        report_ = [re.sub(r"^（([一二])）", r"\1、", line) for line in report_]
    return one("mixed", title, [*lines, *report_])


def mixed_single_styled(rng: Random) -> Case:
    title, heads, number = rng.choice(REPORTS), rng.choice(HEADS), rng.choice(NUMBERS)
    parts = [(title, rng.choice(["T", "1"]))] if rng.random() < 0.7 else []
    for line in _report(rng, heads, number):
        style = "" if line.startswith(INDENT) else "2" if line.startswith("（") and not number.startswith("（") else "1"
        parts.append((line.strip(), style))
    return _word_case("one: docx, mixed", parts, (Expected(title, "", ""),))


WORD_REPORTS = (
    ("一、", CHAPTERS, "{}、"), ("第一章", CHAPTERS, "第{}章 "), ("plain chapters", CHAPTERS, ""),
    ("free chapters", FREE_CHAPTERS, ""), ("概述 to 附录", ("概述", "背景", "主要做法", "结语", "附录"), ""),
)  # fmt: skip


def forms() -> Iterator[tuple[str, Callable[[Random], Case]]]:
    for form in LEADERS:
        yield form, partial(_of_leader, form)
    for form in GROUPS:
        yield form, partial(_of_group, form)
    for form, how in DIFFERENCES.items():
        yield form, _differs(form, how)
    for make in (
        numbered_in_body, numbered_parts_in_body, stories, nested_in_body, sections_in_contents, listed_without_body,
        unlisted, twice, running_heads, several_pages, after_preface, preface_below, at_the_end, without_heading,
    wrapped,
        bare, bare_about, bare_with_bylines, bare_with_dates, bare_parts, bare_blank, two_only, word_headings,
        word_headings_under_a_title, word_stories, page_headings, book_chapters, open_document, markdown,
        single_numbered, single_bare, single_places, single_examples, single_table, single_with_lists,
        single_with_appendix, single_quoting, mixed, mixed_bare, mixed_single, mixed_single_styled,
    ):  # fmt: skip
        yield make.__name__, make
    for number in ("{}、", "第{}篇 "):
        for in_body in (False, True):
            yield f"docx contents {number} {in_body}", partial(word_contents, number=number, in_body=in_body)
    for form in SINGLE:
        yield form, partial(_single, form)
    for form, heads, number in WORD_REPORTS:
        for titled in (True, False):
            make = partial(single_word, heads=heads, number=number, titled=titled, form=form)
            yield f"docx {form} {titled}", make


def cases(each: int = 4, salt: str = "") -> Iterator[Case]:
    """`each` files of every form."""
    for form, make in forms():
        for seed in range(each * (MIXED_TIMES if form.startswith("mixed") else 1)):
            yield make(Random(f"{salt}{form}{seed}"))
