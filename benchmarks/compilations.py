"""Compilations made by program, and single works that look like them: what `benchmarks.splits` measures splitting on.

A form is one way in which people write contents and titles; the same form with the same seed is the same file. Knows
nothing of the product.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from benchmarks.collected import collected
from benchmarks.made_works import (
    CHINESE,
    COVER,
    INDENT,
    MIXED_TIMES,
    Case,
    Expected,
    Work,
    bodies,
    contents,
    expected,
    leader,
    stock,
    text,
    word_case,
    works,
)
from benchmarks.official_papers import official
from benchmarks.single_lookalikes import lookalikes
from benchmarks.single_works import (
    SINGLE,
    WORD_REPORTS,
    mixed_single,
    mixed_single_styled,
    single_bare,
    single_examples,
    single_numbered,
    single_places,
    single_quoting,
    single_table,
    single_with_appendix,
    single_with_contents,
    single_with_lists,
    single_word,
)
from tests.unit.reading.formats import office_files as office

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
    preface = ["前言", *[INDENT + p for p in rng.sample(stock()[0], 2)]]
    return text(
        "contents after a preface",
        [COVER, *preface, "目录", *contents(made, leader("{t}……{p}")), *bodies(made)],
        expected(made),
    )


def preface_below(rng: Random) -> Case:
    made = works(rng)
    preface = Work("前言", "", "", 1, [INDENT + p for p in rng.sample(stock()[0], 2)])
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


def word_headings(rng: Random) -> Case:
    made = works(rng, genre=rng.choice(["kind", "about"]))
    return word_case("docx: works are Heading 1", _styled(made), expected(made, False, False))


def word_headings_under_a_title(rng: Random) -> Case:
    made = works(rng)
    return word_case("docx: cover, works are Heading 1", [(COVER, "T"), *_styled(made)], expected(made, False, False))


def word_stories(rng: Random) -> Case:
    made = works(rng, genre="story")
    return word_case("docx: cover, stories are Heading 1", [(COVER, "T"), *_styled(made)], expected(made, False, False))


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


# Several oddities at once, drawn by chance.

COVERS = (
    COVER, "云泽省民生实事典型案例选编", "便民服务调研文集（2023年）", "2023年度便民服务优秀材料合集",
    "便民服务材料（内部学习资料）", "",
)  # fmt: skip


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
        lines += ["编者按", INDENT + rng.choice(stock()[0])]
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
        yield form, partial(single_with_contents, form)
    for form, heads, number in WORD_REPORTS:
        for titled in (True, False):
            make = partial(single_word, heads=heads, number=number, titled=titled, form=form)
            yield f"docx {form} {titled}", make
    yield from collected()
    yield from lookalikes()
    yield from official()


def cases(each: int = 4, salt: str = "") -> Iterator[Case]:
    """`each` files of every form."""
    for form, make in forms():
        for seed in range(each * (MIXED_TIMES if form.startswith("mixed") else 1)):
            yield make(Random(f"{salt}{form}{seed}"))
