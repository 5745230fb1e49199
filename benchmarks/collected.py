"""Collections as offices, papers and schools put them together: speeches, news, briefings, papers, statutes, digests.

Their works differ from those of `benchmarks.compilations` in how titles look, what stands beside them in the contents,
and what parts one work from the next. Knows nothing of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from random import Random

from benchmarks import collected_words as words
from benchmarks.made_works import CHINESE, INDENT, Case, Expected
from benchmarks.made_works import text as text_case
from qa.text import simplify
from tests.unit.reading.formats import office_files as office

MONTHS = range(1, 13)


@dataclass
class _Piece:
    """A work: its title, who wrote it, when (a month of 2023 and a day), its place and page, its lines."""

    title: str
    author: str
    month: int
    day: int
    place: str
    page: int
    lines: list[str]

    @property
    def date(self) -> str:
        return f"2023年{self.month}月{self.day}日"


def _pieces(rng: Random, titles: Sequence[str] = (), heads: bool | None = None, count: int = 0) -> list[_Piece]:
    count = count or rng.randint(4, 8)
    places = rng.sample(words.PLACES, count)
    stories = rng.sample(words.STORIES, count)
    people = rng.sample(words.PEOPLE, count)
    pieces, page = [], rng.randint(1, 3)
    for n in range(count):
        title = (
            titles[n % len(titles)].format(place=places[n], thing=rng.choice(words.THINGS), n=CHINESE[n])
            if titles
            else stories[n]
        )
        own = words.heads(rng) if (rng.random() < 0.4 if heads is None else heads) else ()
        lines = words.text(rng, places[n], own, paragraphs=rng.randint(1, 3))
        pieces.append(_Piece(title, people[n], 1 + n, rng.randint(1, 28), places[n], page, lines))
        page += rng.randint(2, 6)
    return pieces


def _expected(pieces: Sequence[_Piece], pages: bool = True) -> list[Expected]:
    return [Expected(p.title, p.lines[0].strip(), p.lines[-1].strip(), None, p.page if pages else None) for p in pieces]


def _loose(pieces: Sequence[_Piece], pages: bool = False) -> list[Expected]:
    """What is expected where lines below the title (an author, a date) may stay in the text."""
    return [replace(one, first="") for one in _expected(pieces, pages)]


def _lines(pieces: Sequence[_Piece], above: Callable[[_Piece, int], Sequence[str]]) -> list[str]:
    return [line for n, piece in enumerate(pieces) for line in (*above(piece, n), *piece.lines)]


def _file(form: str, lines: Sequence[str], found: Sequence[Expected], suffix: str = "txt") -> Case:
    return text_case(f"collected: {form}", lines, found, suffix)


ANALYSES = ("{place}{thing}管护情况的调查与思考", "关于{place}{thing}建设的几点建议", "{place}{thing}利用状况分析")
REPORTS = ("关于{place}{thing}建设情况的调研报告", "{place}{thing}管护工作汇报", "{place}{thing}提升行动总结")


# Contents that say more than title and page, or say it otherwise.


def authors_in_contents(rng: Random) -> Case:
    pieces = _pieces(rng)
    form = rng.choice(
        ["{t}……{a}……{p}", "{t}……{a}（{p}）", "{t}\t{a}\t{p}", "{t} / {a}……{p}", "{t}（{a}）……{p}", "{t}　{a}　{p}"]
    )
    listed = [form.format(t=p.title, a=p.author, p=p.page) for p in pieces]
    by = rng.choice(["{}", "作者：{}", "□ {}", "（{}）"])
    lines = ["桐湾文艺作品选", "目录", *listed, *_lines(pieces, lambda p, n: (p.title, by.format(p.author)))]
    return _file("authors between title and page", lines, _loose(pieces, True))


def authors_first_in_contents(rng: Random) -> Case:
    pieces = _pieces(rng)
    listed = [rng.choice(["{a}：{t}……{p}"]).format(t=p.title, a=p.author, p=p.page) for p in pieces]
    lines = ["调研文集", "目录", *listed, *_lines(pieces, lambda p, n: (p.title, p.author))]
    return _file("authors before titles in contents", lines, _loose(pieces, True))


def two_columns(rng: Random) -> Case:
    pieces = _pieces(rng, count=rng.choice([4, 6, 8]))
    leader, gap = rng.choice(["……", " ", "\u3000", "...... "]), rng.choice(["\u3000\u3000\u3000", "\t", "          "])
    cells = [f"{p.title}{leader}{p.page}" for p in pieces]
    if rng.random() < 0.5:
        rows = [cells[at] + gap + cells[at + 1] for at in range(0, len(cells), 2)]
    else:
        half = len(cells) // 2
        rows = [a + gap + b for a, b in zip(cells[:half], cells[half:], strict=True)]
    lines = ["青屿故事集", "目　录", *rows, *_lines(pieces, lambda p, n: (p.title,))]
    return _file("contents in two columns run together", lines, _expected(pieces))


def contents_on_one_line(rng: Random) -> Case:
    pieces = _pieces(rng)
    run = "\u3000".join(f"{p.title}……{p.page}" for p in pieces)
    lines = ["云泽便民服务故事汇编", f"目录：{run}" if rng.random() < 0.5 else "目录\n" + run]
    return _file(
        "contents run together on one line", [*lines, *_lines(pieces, lambda p, n: (p.title,))], _expected(pieces)
    )


def contents_as_table(rng: Random) -> Case:
    pieces = _pieces(rng, REPORTS)
    rows = ["序号\t题目\t单位\t页码"]
    rows += [f"{n}\t{p.title}\t{p.place}交通运输局\t{p.page}" for n, p in enumerate(pieces, 1)]
    lines = ["交流材料汇编", "目录", *rows, *_lines(pieces, lambda p, n: (p.title, f"{p.place}交通运输局"))]
    return _file("contents as a table with offices", lines, _loose(pieces, True))


def contents_in_three_depths(rng: Random) -> Case:
    pieces = _pieces(rng, count=8)
    listed, body = [], []
    for n, piece in enumerate(pieces):
        if n in (0, 4):
            part = f"第{CHINESE[n // 4]}编　{('综合篇', '基层篇')[n // 4]}"
            listed.append(part)
            body.append(part)
        if n % 2 == 0:
            section = f"（{CHINESE[n % 4 // 2]}）{('出行', '助老', '读书', '水利')[n // 2]}"
            listed.append(section)
            body.append(section)
        listed.append(f"{INDENT}{piece.title}……{piece.page}")
        body += [piece.title, *piece.lines]
    return _file("contents in parts and sub-parts", ["便民服务年鉴", "目录", *listed, *body], _expected(pieces))


def contents_of_parts_with_pages(rng: Random) -> Case:
    pieces = _pieces(rng, count=6)
    listed, body = [], []
    for n, piece in enumerate(pieces):
        if n in (0, 2, 4):
            name = ("领导讲话", "经验交流", "媒体报道")[n // 2]
            listed.append(f"{CHINESE[n // 2]}、{name}……{piece.page}")
            body.append(rng.choice([name, f"{CHINESE[n // 2]}、{name}"]))
        listed.append(f"{n % 2 + 1}．{piece.title}……{piece.page}")
        body += [piece.title, *piece.lines]
    return _file("parts with pages, works numbered anew", ["会议材料选编", "目录", *listed, *body], _expected(pieces))


def contents_at_the_end_bare(rng: Random) -> Case:
    pieces = _pieces(rng)
    listed = [f"{p.title}（{p.author}）" for p in pieces]
    lines = ["柳溪文学", *_lines(pieces, lambda p, n: (p.title, p.author)), "本期目录", *listed]
    return _file("contents at the end, without pages", lines, _loose(pieces))


def contents_headed_otherwise(rng: Random) -> Case:
    pieces = _pieces(rng)
    head = rng.choice(
        ["本期要目", "目录 CONTENTS", "本期目录", "【目录】", "篇目", "文章目录", "内容提要", "本书目录", "★目录★"]
    )
    lines = ["青屿调研", head, *[f"{p.title}……{p.page}" for p in pieces], *_lines(pieces, lambda p, n: (p.title,))]
    return _file("contents headed otherwise", lines, _expected(pieces))


def contents_with_wrapped_titles(rng: Random) -> Case:
    titles = [
        f"关于进一步做好{place}{thing}建设管护工作\n切实方便群众出行的调研报告"
        for place, thing in zip(words.PLACES, words.THINGS, strict=True)
    ]
    pieces = _pieces(rng, titles)
    listed = [f"{p.title}……{p.page}" for p in pieces]
    for piece in pieces:
        piece.title = piece.title.replace("\n", "")
    body = _lines(pieces, lambda p, n: (p.title[:12], p.title[12:22], p.title[22:]))
    return _file("titles on two lines there and three here", ["汇编", "目录", *listed, *body], _expected(pieces))


# Without contents: what parts the works.


def header_blocks(rng: Random) -> Case:
    pieces = _pieces(rng)
    block = rng.choice([
        "发布时间：2023-{m:02}-{d:02}\u3000来源：青屿日报\u3000作者：{a}",
        "发布时间：2023-{m:02}-{d:02}\n来源：青屿日报\n作者：{a}",
        "2023-{m:02}-{d:02} 08:30　青屿日报　{a}", "（2023年{m}月{d}日《青屿日报》　{a}）", "青屿日报 2023年{m}月{d}日",
    ])  # fmt: skip
    lines = _lines(pieces, lambda p, n: (p.title, *block.format(m=p.month, d=p.day, a=p.author).split("\n")))
    return _file("a block of date, source and author below titles", lines, _loose(pieces))


def labelled_records(rng: Random) -> Case:
    pieces = _pieces(rng)
    label = rng.choice(["标题：{}", "【标题】{}", "题目：{}"])
    lines = _lines(
        pieces,
        lambda p, n: (label.format(p.title), f"时间：2023-{p.month:02}-{p.day:02}", "来源：云泽日报", "正文："),
    )
    return _file("records with labels 标题 and 正文", lines, _loose(pieces))


def ruled_off(rng: Random) -> Case:
    pieces = _pieces(rng)
    rule = rng.choice(
        [
            "=" * 30,
            "-" * 40,
            "* * *",
            "＊＊＊＊＊",
            "━━━━━━━━━━",
            "～～～～～～～～",
            "＝＝＝＝＝＝＝＝",
            "#####",
            "◆◆◆◆◆",
        ]
    )
    lines: list[str] = []
    for piece in pieces:
        lines += [*([rule] if lines else []), piece.title, *piece.lines]
    return _file("ruled off from each other", lines, _loose(pieces))


def boxed_titles(rng: Random) -> Case:
    pieces = _pieces(rng)
    form = rng.choice(["【{}】", "■ {}", "◆{}", "★{}", "▲ {}", "● {}", "〖{}〗", "《{}》"])
    lines = ["一周要闻摘编", *_lines(pieces, lambda p, n: (form.format(p.title),))]
    return _file("titles in boxes or behind marks", lines, _expected(pieces, False))


def new_pages(rng: Random) -> Case:
    pieces = _pieces(rng)
    lines: list[str] = []
    for n, piece in enumerate(pieces):
        lines += [*([f"— {n + 1} —", "\f" + piece.title] if n else [piece.title]), piece.author, *piece.lines]
    return _file("a page each, with the author below the title", lines, _loose(pieces))


def speeches(rng: Random) -> Case:
    titles = [
        f"在全{kind}{thing}工作推进会上的讲话" for kind, thing in zip("市县区省市县区省", words.THINGS, strict=False)
    ]
    pieces = _pieces(rng, titles)
    if rng.random() < 0.5:
        body = _lines(pieces, lambda p, n: (p.title, f"（{p.date}）", p.author))
        listed: list[str] = []
    else:
        for piece in pieces:
            piece.title = f"{piece.title}（{piece.date}）"
        body = _lines(pieces, lambda p, n: (p.title,))
        listed = ["目录", *[f"{p.title}……{p.page}" for p in pieces]] if rng.random() < 0.5 else []
    for piece in pieces:
        piece.lines[0] = INDENT + "同志们：" + piece.lines[0].strip()
    return _file("speeches with their dates", [*listed, *body], _loose(pieces))


def speeches_of_one_title(rng: Random) -> Case:
    pieces = _pieces(rng, ["在市政府常务会议上的讲话"])
    for piece in pieces:
        piece.lines.insert(0, INDENT + "同志们：")
    lines = ["2023年讲话汇编", *_lines(pieces, lambda p, n: (p.title, f"（{p.date}）"))]
    return _file("speeches of one title", lines, _loose(pieces))


def series(rng: Random) -> Case:
    form = rng.choice(
        [
            "便民服务调研报告之{n}：{place}的{thing}",
            "“小事看民心”系列报道之{n}",
            "{place}{thing}见闻（之{n}）",
            "民生走笔（{n}）",
        ]
    )
    pieces = _pieces(rng, [form])
    lines = _lines(pieces, lambda p, n: (p.title, *([f"本报记者 {p.author}"] if rng.random() < 0.5 else [])))
    return _file("a series numbered 之一, 之二", lines, _loose(pieces))


def datelines(rng: Random) -> Case:
    pieces = _pieces(rng, heads=False)
    form = rng.choice(
        [
            "本报讯（记者 {a}）",
            "本报{q}{m}月{d}日电（记者{a}）",
            "本报讯 ",
            "云泽社{q}{m}月{d}日电　",
            "本网{q}{m}月{d}日讯",
        ]
    )
    for piece in pieces:
        line = form.format(a=piece.author, m=piece.month, d=piece.day, q=piece.place[:-1])
        piece.lines[0] = INDENT + line + piece.lines[0].strip()
    return _file("news with datelines", _lines(pieces, lambda p, n: (p.title,)), _expected(pieces, False))


def briefings(rng: Random) -> Case:
    pieces = _pieces(rng, REPORTS)
    issue = rng.randint(3, 30)
    lines: list[str] = []
    for n, piece in enumerate(pieces):
        head = ["便民服务工作简报", f"第{issue + n}期", f"柳溪县便民服务办公室编　　{piece.date}"]
        tail = ["报：县委办公室、县政府办公室。", "送：各乡镇、县直各单位。"]
        lines += [*head, piece.title, *piece.lines, *tail]
    found = [replace(one, last="") for one in _loose(pieces)]
    return _file("briefings with their mastheads", lines, found)


def meeting_papers(rng: Random) -> Case:
    pieces = _pieces(rng, REPORTS)
    form = rng.choice(["会议材料之{}", "材料{}", "会议文件（{}）", "交流发言材料{}", "发言材料之{}"])
    lines = _lines(pieces, lambda p, n: (form.format(CHINESE[n]), p.title, f"{p.place}人民政府", f"（{p.date}）"))
    return _file("papers of a meeting, numbered above", lines, _loose(pieces))


def papers(rng: Random) -> Case:
    pieces = _pieces(rng, ANALYSES)
    for piece in pieces:
        piece.lines += ["参考文献", f"[1] {piece.author}. 乡村公共服务研究[J]. 云泽学刊, 2021(3): 12-18."]

    def above(p: _Piece, n: int) -> list[str]:
        return [
            p.title, p.author, f"（{p.place[:-1]}大学 公共管理学院，云泽 {p.place[:-1]} 300{n}00）",
            "摘要：" + words.paragraph(rng, p.place, 1), "关键词：便民服务；管护；评价",
        ]  # fmt: skip

    listed = ["目录", *[f"{p.title}……{p.author}（{p.page}）" for p in pieces]] if rng.random() < 0.5 else []
    found = [replace(one, last="") for one in _loose(pieces, bool(listed))]
    return _file("papers with abstracts", ["首届便民服务研讨会论文集", *listed, *_lines(pieces, above)], found)


def policies(rng: Random) -> Case:
    pieces = _pieces(rng, ["{place}人民政府关于印发《{place}{thing}管理办法》的通知", "{place}{thing}管理规定"])
    listed = [f"{n}. {p.title}……{p.page}" for n, p in enumerate(pieces, 1)] if rng.random() < 0.6 else []
    for piece in pieces:
        piece.lines = [INDENT + words.paragraph(rng, piece.place, 1), "第一章　总则"]
        for n in range(6):
            if n == 3:
                piece.lines.append("第二章　管护责任")
            piece.lines.append(f"{INDENT}第{CHINESE[n]}条　" + words.paragraph(rng, piece.place, 1))
    body = _lines(pieces, lambda p, n: (p.title, f"{p.place[0]}政发〔2023〕{n + 3}号"))
    lines = ["公共服务政策文件汇编", *(["目录", *listed] if listed else []), *body]
    return _file("policies with articles and chapters", lines, _loose(pieces, bool(listed)))


def numbers_above(rng: Random) -> Case:
    pieces = _pieces(rng)
    form = rng.choice(["{:02}", "案例{}", "NO.{}", "第{}篇", "之{}"])
    lines = ["便民服务优秀案例集"]
    for n, piece in enumerate(pieces):
        number = form.format(n + 1 if "0" in form or "." in form else CHINESE[n])
        lines += [number, piece.title, *piece.lines]
    return _file("numbers on a line above titles", lines, _loose(pieces))


def cases_named(rng: Random) -> Case:
    pieces = _pieces(rng, ["案例{n}：{place}{thing}的做法"])
    listed = ["目录", *[f"{p.title}……{p.page}" for p in pieces]] if rng.random() < 0.5 else []
    lines = ["全省便民服务典型案例汇编", *listed, *_lines(pieces, lambda p, n: (p.title,))]
    return _file("cases numbered 案例一：", lines, _expected(pieces, bool(listed)))


TO_TRADITIONAL = dict(
    zip(
        "汇编录务总结图书馆报调研关于乡镇县区东门车长为个万时间",
        "匯編錄務總結圖書館報調研關於鄉鎮縣區東門車長為個萬時間",
        strict=True,
    )
)


def traditional(rng: Random) -> Case:
    pieces = _pieces(rng, REPORTS)
    lines = ["便民服务调研报告汇编", "目录", *[f"{p.title}……{p.page}" for p in pieces]]
    lines += _lines(pieces, lambda p, n: (p.title,))
    found = [
        Expected(_traditional(e.title), _traditional(e.first), _traditional(e.last), None, e.page)
        for e in _expected(pieces)
    ]
    return _file("all in Traditional", [_traditional(line) for line in lines], found)


def _traditional(text: str) -> str:
    written = "".join(TO_TRADITIONAL.get(char, char) for char in text)
    assert simplify(written)
    return written


# Word and web files.


def bold_titles(rng: Random) -> Case:
    pieces = _pieces(rng)
    centred = '<w:jc w:val="center"/>'
    big = '<w:b/><w:sz w:val="36"/>' if rng.random() < 0.5 else "<w:b/>"
    page = '<w:r><w:br w:type="page"/></w:r>' if rng.random() < 0.5 else ""
    parts = []
    for piece in pieces:
        parts.append(office.paragraph(page + office.run(piece.title, big), properties=centred))
        parts.append(office.paragraph(office.run(piece.author), properties=centred))
        parts += [office.paragraph(line.strip()) for line in piece.lines]
    return Case(
        "collected: docx, titles bold and centred", "作品集.docx", office.docx("".join(parts)), tuple(_loose(pieces))
    )


def word_contents_with_authors(rng: Random) -> Case:
    pieces = _pieces(rng)
    rows = [["题目", "作者", "页码"], *[[p.title, p.author, str(p.page)] for p in pieces]]
    parts = [office.paragraph("获奖征文集"), office.paragraph("目录"), office.table(rows)]
    for piece in pieces:
        parts += [office.paragraph(piece.title), office.paragraph(piece.author)]
        parts += [office.paragraph(line.strip()) for line in piece.lines]
    data = office.docx("".join(parts))
    return Case("collected: docx, contents in a table", "征文集.docx", data, tuple(_loose(pieces, True)))


def web_digest(rng: Random) -> Case:
    pieces = _pieces(rng)
    tag = rng.choice(["h2", "h3", "p><strong", 'p style="text-align:center"><b'])
    close = "></".join(part.split(" ")[0] for part in reversed(tag.split("><")))
    inner = "".join(
        f"<{tag}>{escape(p.title)}</{close}><p>来源：青屿日报　日期：2023-{p.month:02}-{p.day:02}</p>"
        + "".join(f"<p>{escape(line.strip())}</p>" for line in p.lines)
        for p in pieces
    )
    page = f"<html><head><title>每周要闻</title></head><body><h1>每周要闻</h1><div>{inner}</div></body></html>"
    return Case("collected: html, a digest", "要闻.html", page.encode(), tuple(_loose(pieces)))


COLLECTED: tuple[Callable[[Random], Case], ...] = (
    authors_in_contents, authors_first_in_contents, two_columns, contents_on_one_line, contents_as_table,
    contents_in_three_depths, contents_of_parts_with_pages, contents_at_the_end_bare, contents_headed_otherwise,
    contents_with_wrapped_titles, header_blocks, labelled_records, ruled_off, boxed_titles, new_pages, speeches,
    speeches_of_one_title, series, datelines, briefings, meeting_papers, papers, policies, numbers_above, cases_named,
    traditional, bold_titles, word_contents_with_authors, web_digest,
)  # fmt: skip


def collected() -> Iterator[tuple[str, Callable[[Random], Case]]]:
    for make in COLLECTED:
        yield make.__name__, make
