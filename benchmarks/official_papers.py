"""Collections of official papers and daily work, and single papers of offices and papers that look like them.

Written after `benchmarks.collected` and `benchmarks.single_lookalikes`, to see what had been learned from those alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from benchmarks import collected_words as words
from benchmarks.collected import REPORTS, _file, _lines, _loose, _pieces
from benchmarks.made_works import CHINESE, INDENT, Case
from benchmarks.single_lookalikes import _paragraphs
from benchmarks.single_works import one


def titles_on_two_lines(rng: Random) -> Case:
    pieces = _pieces(rng, ["关于进一步做好{place}{thing}建设管护有关工作切实方便群众出行的情况报告"])
    lines = _lines(pieces, lambda p, n: (p.title[:18], p.title[18:]))
    return _file("titles on two lines, without contents", lines, _loose(pieces))


def sources_at_the_end(rng: Random) -> Case:
    pieces = _pieces(rng, heads=False)
    for piece in pieces:
        piece.lines[-1] += f"（{piece.date}《青屿日报》）"
    lines = ["剪报", *_lines(pieces, lambda p, n: (f"{n + 1}．{p.title}",))]
    return _file("numbered cuttings, the source behind each", lines, _loose(pieces))


def enclosures(rng: Random) -> Case:
    pieces = _pieces(rng, REPORTS)
    lines = _lines(pieces, lambda p, n: (f"附件{n + 1}", p.title, f"（{p.place}人民政府　{p.date}）"))
    return _file("papers called 附件1, 附件2", lines, _loose(pieces))


def meetings(rng: Random) -> Case:
    pieces = _pieces(rng, ["柳溪县人民政府第{n}次常务会议纪要"])
    for piece in pieces:
        piece.lines.insert(0, INDENT + f"{piece.date}，县长{piece.author}主持召开县政府常务会议。现纪要如下：")
    lines = _lines(pieces, lambda p, n: (p.title, f"时间：{p.date}", "地点：县政府会议室", f"主持：{p.author}"))
    return _file("minutes of one office after another", lines, _loose(pieces))


def statutes(rng: Random) -> Case:
    pieces = _pieces(rng, ["云泽省{thing}条例"])
    for piece in pieces:
        piece.lines = ["第一章　总则"]
        for n in range(8):
            if n == 4:
                piece.lines.append("第二章　管理")
            piece.lines.append(f"{INDENT}第{CHINESE[n]}条　" + words.paragraph(rng, "", 1))
    lines = _lines(pieces, lambda p, n: (p.title, f"（{p.date}云泽省人民代表大会常务委员会第{n + 2}次会议通过）"))
    return _file("statutes one after another", ["云泽省地方性法规汇编", *lines], _loose(pieces))


def work_log(rng: Random) -> Case:
    pieces = _pieces(rng, ["{place}{thing}走访记"], heads=False)
    lines = _lines(pieces, lambda p, n: (p.title, f"{p.date}　星期{CHINESE[n % 6]}　晴"))
    return _file("a log of visits, day and weather below", lines, _loose(pieces))


def questions_to_members(rng: Random) -> Case:
    pieces = _pieces(rng, ["关于加强{thing}管护的提案"])
    lines = _lines(
        pieces,
        lambda p, n: (
            f"第{n + 1:03}号提案",
            f"案由：{p.title}",
            f"提案人：{p.author}",
            f"承办单位：{p.place}交通运输局",
        ),
    )
    return _file(
        "motions with a form's fields", ["政协提案选编", *lines], [replace(one, title="") for one in _loose(pieces)]
    )


def level_headings_only(rng: Random) -> Case:
    pieces = _pieces(rng, REPORTS, count=6)
    lines: list[str] = ["经验交流材料"]
    for n, piece in enumerate(pieces):
        lines += [*([("【综合】", "【交通】", "【民政】")[n // 2]] if n % 2 == 0 else []), piece.title, *piece.lines]
    return _file("columns in boxes between works", lines, [replace(one, last="") for one in _loose(pieces)])


def contents_with_leaders_of_spaces(rng: Random) -> Case:
    pieces = _pieces(rng)
    listed = [f"{p.author}  {p.title}  ({p.page})" for p in pieces]
    lines = ["桐湾散文选", "目 次", *listed, *_lines(pieces, lambda p, n: (p.title, p.author))]
    return _file("contents: author, title, page in brackets", lines, _loose(pieces, True))


def interviews_each(rng: Random) -> Case:
    pieces = _pieces(rng)
    for piece in pieces:
        piece.title = f"{piece.title}——访{piece.place}水务局局长{piece.author}"
    lines = _lines(pieces, lambda p, n: (p.title.replace("——", "\n——"),))
    return _file("interviews with subtitles", lines, _loose(pieces))


# Single works.


def signed_sections(rng: Random) -> Case:
    title = "云泽省便民服务发展报告"
    lines = [title]
    for n, thing in enumerate(rng.sample(words.THINGS, 5)):
        lines += [f"{CHINESE[n]}、{thing}", *_paragraphs(rng, 2), f"（执笔：{words.PEOPLE[n]}）"]
    return one("a report whose parts are signed", title, lines)


def dated_events(rng: Random) -> Case:
    title = "柳溪县渡口改造工程进展情况"
    lines = [title]
    for n, thing in enumerate(rng.sample(words.THINGS, 5)):
        lines += [f"{thing}工程开工", f"2023年{n + 2}月{n + 3}日", *_paragraphs(rng, 1)]
    return one("events with their dates below", title, lines)


def award_list(rng: Random) -> Case:
    title = "青屿市便民服务先进集体事迹简介"
    lines = [title]
    for place in rng.sample(words.PLACES, 5):
        lines += [f"{place}交通运输局", *_paragraphs(rng, 1)]
    return one("short sketches of offices", title, lines)


def lecture(rng: Random) -> Case:
    title = "乡村公共服务十讲"
    lines = [title, "目录", *[f"第{CHINESE[n]}讲　{words.THINGS[n]}怎么管……{5 * n + 1}" for n in range(6)]]
    for n in range(6):
        lines += [f"第{CHINESE[n]}讲　{words.THINGS[n]}怎么管", *_paragraphs(rng, 3)]
    return one("lectures of one course", title, lines)


def table_of_duties(rng: Random) -> Case:
    title = "柳溪县便民服务责任清单"
    lines = [
        title,
        *[
            f"{n}\t{thing}\t{rng.choice(words.OFFICES)}\t{rng.choice(words.PEOPLE)}"
            for n, thing in enumerate(words.THINGS * 3, 1)
        ],
    ]
    return one("a list of duties", title, [*lines, *_paragraphs(rng, 2)])


def long_title_report(rng: Random) -> Case:
    title = "从一张饭桌看民生"
    lines = [title, "目录", *[f"{story}……{3 * n + 1}" for n, story in enumerate(words.STORIES[:5])]]
    for story in words.STORIES[:5]:
        lines += [story, *_paragraphs(rng, 3)]
    return one("a book of chapters with stories' titles", title, lines)


def chat(rng: Random) -> Case:
    title = "便民服务圆桌谈"
    lines = [title, "主持人", INDENT + words.paragraph(rng)]
    for _ in range(8):
        lines += [rng.choice(words.PEOPLE), INDENT + words.paragraph(rng)]
    return one("a talk with names on lines of their own", title, lines)


def notice_with_three_enclosures(rng: Random) -> Case:
    title = "关于做好便民服务工作的通知"
    lines = [
        title,
        "各乡镇人民政府：",
        *_paragraphs(rng, 2),
        "附件：1. 渡口管护方案",
        "2. 食堂管理办法",
        "柳溪县人民政府",
        "2023年3月8日",
    ]
    for n, name in enumerate(("柳溪县渡口管护方案", "柳溪县食堂管理办法"), 1):
        lines += [f"附件{n}", name, *_paragraphs(rng, 3)]
    return one("a notice with titled enclosures", title, lines)


OFFICIAL: tuple[Callable[[Random], Case], ...] = (
    titles_on_two_lines, sources_at_the_end, enclosures, meetings, statutes, work_log, questions_to_members,
    level_headings_only, contents_with_leaders_of_spaces, interviews_each, signed_sections, dated_events, award_list,
    lecture, table_of_duties, long_title_report, chat, notice_with_three_enclosures,
)  # fmt: skip


def official() -> Iterator[tuple[str, Callable[[Random], Case]]]:
    for make in OFFICIAL:
        yield make.__name__, make
