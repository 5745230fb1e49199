"""Single works that look like compilations: reports with contents, chapters on places, enclosures.

Each is one work, however it is written. Knows nothing of the product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from benchmarks.made_works import (
    CHAPTERS,
    CHINESE,
    FREE_CHAPTERS,
    INDENT,
    LEVELS,
    SUBJECTS,
    Case,
    Expected,
    stock,
    text,
    word_case,
)

# Single works that look like compilations.


def one(form: str, title: str, lines: Sequence[str], suffix: str = "txt") -> Case:
    return text(f"one: {form}", lines, (Expected(title, "", ""),), suffix)


def _report(rng: Random, heads: Sequence[str], number: str, sub: bool = True) -> list[str]:
    whole, inner_heads = stock()
    lines = []
    for n, head in enumerate(heads):
        lines.append(number.format(CHINESE[n], n + 1) + head)
        for m, inner in enumerate(rng.sample(inner_heads, 2)):
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


def single_with_contents(form: str, rng: Random) -> Case:
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
    return word_case(f"one: docx, {form}", parts, (Expected(REPORT, "", ""),))


def single_table(rng: Random) -> Case:
    rows = [f"{place}\t{rng.randint(10, 99)}" for names in LEVELS.values() for place in names]
    lines = [
        REPORT,
        *_report(rng, FREE_CHAPTERS[:3], "{}、"),
        "附表：各地渡口数",
        *rows,
        *(INDENT + p for p in rng.sample(stock()[0], 2)),
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
    whole = stock()[0]
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
    return word_case("one: docx, mixed", parts, (Expected(title, "", ""),))


WORD_REPORTS = (
    ("一、", CHAPTERS, "{}、"), ("第一章", CHAPTERS, "第{}章 "), ("plain chapters", CHAPTERS, ""),
    ("free chapters", FREE_CHAPTERS, ""), ("概述 to 附录", ("概述", "背景", "主要做法", "结语", "附录"), ""),
)  # fmt: skip
