"""Signs that a short line is the title of a work, by what stands on it, above it and below it.

A name, an office or a date below; an opening that only whole works have (本报讯, 同志们, 摘要); a label, a box, a
count, a rule above. Each says little alone; that many titles of a file share one is what `works_or_chapters` weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from qa.numbers import parse_chinese
from qa.reading.cleaning import Line
from qa.reading.contents_rows import says_who
from qa.text import simplify

_NUMERAL = r"(?:[一二三四五六七八九十]{1,3}|\d{1,3})"
_DATE_LINE = re.compile(
    r"^[（(]?(?:\d{4}|[二〇○0一三四五六七八九]{4})年\d{0,2}[一二三四五六七八九十]{0,3}月?.{0,6}[)）]?$"
)
_DAY = r"(?:19|20)\d\d\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[-/.]\d{1,2}[-/.]\d{1,2})"
_DATED = re.compile(rf"^[（(【\[]?\s*{_DAY}|{_DAY}\s*[)）】\]]?$")
_OPENING = re.compile(
    r"^[【〔\[（(]?(?:(?:本[报网台刊站]|[\u3400-\u9fff]{1,6}(?:[报网台社]|融媒))\s*(?:讯|消息|[^，。；]{0,16}\d{1,2}[月日]\S{0,4}[电讯])"
    r"|(?:记者|通讯员)\s*[\u3400-\u9fff]{2,4}[\s）)]|摘\s*要\s*[】〕\]:：]|内容提要\s*[:：]|编者按\s*[:：])"
    r"|^(?:尊敬的|各位|同志们|女士们|老师们|同学们|朋友们|乡亲们)[^。]{0,40}[:：!！]|^各[^。；]{2,60}[:：]$"
)
_DATE_ALONE = re.compile(rf"^(?:{_DAY}|\d{{4}}年(?:\d{{1,2}}月)?|[一二〇○零三四五六七八九十年月日]+)$")
_NUMBER_OF_PAPER = re.compile(r"^\S{0,3}[\u3400-\u9fff]{1,10}[〔\[【(（]20\d\d[〕\]】)）]\s*(?:第\s*)?\d{1,4}\s*号$")
_FIELD = re.compile(
    r"^[【\[]?(?:(?:发布|发表|刊发|成文|召开)?(?:时间|日期)|地点|主持人?|参会人?员?|参加人?员?|出席人?员?|列席人?员?|缺席|记录人?|来源|作者|栏目"
    r"|提案人|建议人|联系人|电话|编号|文号|主题词?|关键词|摘要|(?:承办|主办|协办|报送|推荐|申报|责任)?(?:单位|部门))[】\]]?\s*[:：]"
)
_LABEL = re.compile(r"^[【\[]?(?:文章)?(?:标\s*题|题\s*目|题名|篇名|案由|议题)(?:[】\]]\s*[:：]?|\s*[:：])\s*(?=\S)")
_TEXT_LABEL = re.compile(r"^[【\[]?(?:正\s*文|内\s*容|全文)[】\]]?\s*[:：]?$")
_BOX = re.compile(
    r"^(?:【(?P<a>[^【】]{3,})】|〖(?P<b>[^〖〗]{3,})〗|《(?P<c>[^《》]{3,})》|(?P<mark>[■◆★▲●▶◇□※☆◎])\s*(?P<d>\S.{3,}))$"
)
_COUNT_ALONE = re.compile(
    rf"^[【\[(（]?(?P<word>第|NO\.?|No\.?|[\u3400-\u9fff]{{0,6}}(?:案例|材料|文件|发言|之|篇)|附件)?\s*(?:之)?[（(]?(?P<n>{_NUMERAL})[)）]?"
    r"(?:[篇则号]|号材料)?[】\])）]?$"
)
_COUNT_BEFORE = re.compile(rf"^[\u3400-\u9fff]{{0,4}}(?:案例|材料|故事|之)(?P<n>{_NUMERAL})\s*[:：]")
_COUNT_BEHIND = re.compile(rf"(?:之|[（(]之?)(?P<n>{_NUMERAL})[)）]?(?=[:：]|$)")
_BARE_CHAPTER = re.compile(rf"^(?:第{_NUMERAL}[章节条部]|[（(]?{_NUMERAL}[)）]?)$")
# Whence a cutting comes, at the end of its text: （2023年5月12日《青屿日报》）, （来源：青屿新闻网）.
_CUT_FROM = re.compile(
    r"[（(【](?:[^（）()]{0,24}《[^》]{2,14}[报刊志台网社]》[^（）()]{0,24}|(?:来源|摘自|转自|原载|据|选自)\s*[:：]?[^（）()]{2,30})[)）】]$"
)
_FEATURE = re.compile(r"^(?:[—–]{1,}|--)\s*\S")
_MASTHEAD = re.compile(r"(?:简\s*报|专\s*报|快\s*报|动\s*态|信\s*息|参\s*考|通\s*讯|要\s*情|摘\s*报|内\s*参|交\s*流)$")
_ISSUE = re.compile(r"^[（(【]?\s*(?:\d{4}年\s*)?(?:总?第|增刊)\s*[\d一二三四五六七八九十百〇○零]{0,6}\s*期?")
_SET_OFF = "（）()【】□■○●◎—- \u3000"
NAME_LINES = 3
LINES_ABOVE_TEXT = 5
LONG_LINE = 36
BESIDE_DATE = 22  # characters of a paper's name and a date


def named_below(lines: Sequence[Line], at: int) -> bool:
    """Does a name, an office, a paper's number or a field stand between lines[at - 1], a title, and its text?"""
    return any(stands_beside(line.text) or _dated_and_more(line.text) for line in _short(lines, at))


def dated_below(lines: Sequence[Line], at: int) -> bool:
    """Does a date stand alone on a line between a title and its text? Less than a name: an event has a date, too."""
    return any(dated(line.text) for line in _short(lines, at))


def _short(lines: Sequence[Line], at: int) -> Iterator[Line]:
    return takewhile(lambda line: len(line.text.strip()) < LONG_LINE, lines[at : at + NAME_LINES])


def _dated_and_more(text: str) -> bool:
    """A date in brackets, or beside a paper's name or an author's."""
    return dated(text) and (text.strip()[0] in "（(【[" or not _DATE_ALONE.match(text.strip()))


def is_number_of_paper(text: str) -> bool:
    """Is a text the number of an official paper: 柳政发〔2023〕5号?"""
    return bool(_NUMBER_OF_PAPER.match(text))


def stands_beside(text: str) -> bool:
    """Is a line what stands beside titles: the names of authors, an office, a paper's number, a labelled field?"""
    text = text.strip()
    return is_number_of_paper(text) or bool(_FIELD.match(text)) or says_who(text.strip(_SET_OFF))


def opens_masthead(lines: Sequence[Line], at: int) -> bool:
    """Is a line the name of a briefing, with 第8期 below it?"""
    if at + 1 >= len(lines) or not _MASTHEAD.search(simplify(lines[at].text.strip())):
        return False
    return bool(_ISSUE.match(simplify(lines[at + 1].text.strip())))


def cut_from(text: str) -> bool:
    """Does a text end by naming the paper that it was cut from?"""
    return bool(_CUT_FROM.search(text.rstrip()))


def has_subtitle(lines: Sequence[Line], at: int) -> bool:
    """Does a subtitle stand on lines[at], with its dash?"""
    return at < len(lines) and len(lines[at].text) < 2 * LONG_LINE and bool(_FEATURE.match(lines[at].text.strip()))


def dated(text: str) -> bool:
    """Is a line a date, or one beside a paper's name or an author's: 2023-05-12 青屿日报 许清和?"""
    text = text.strip()
    if len(text) >= LONG_LINE or text[-1:] in "。！？；":
        return False
    return bool(_DATE_LINE.match(text) or _DATED.match(text) or (len(text) <= BESIDE_DATE and _DATED.search(text)))


def holds_date(text: str) -> bool:
    return bool(re.search(_DAY, text))


def opens_below(lines: Sequence[Line], at: int) -> bool:
    """Does what stands below a title begin as only whole works do?"""
    for line in lines[at : at + LINES_ABOVE_TEXT]:
        if _OPENING.match(line.text.strip()):
            return True
        if len(line.text) >= LONG_LINE:
            return False
    return False


def labelled(text: str) -> str:
    """The title behind a label, 标题：渡口通了 → 渡口通了; "" where there is none."""
    match = _LABEL.match(text.strip())
    return text.strip()[match.end() :] if match else ""


def labels_text(text: str) -> bool:
    """Is a line nothing but 正文： or the like?"""
    return bool(_TEXT_LABEL.match(text.strip()))


def boxed(text: str) -> tuple[str, str]:
    """The mark around or before a title, and the title: 【渡口通了】 → ("【", "渡口通了"); ("", "") without one."""
    match = _BOX.match(text.strip())
    if match is None:
        return "", ""
    return text.strip()[0], next(title for title in match.group("a", "b", "c", "d") if title)


def counted_above(text: str) -> tuple[str, int]:
    """What a line that is nothing but a count says: 案例一 → ("案例", 1); ("", 0) for any other, chapters too."""
    match = None if _BARE_CHAPTER.match(text.strip()) else _COUNT_ALONE.match(text.strip())
    return (match["word"] or "", _number(match["n"])) if match else _two_digits(text)


def _two_digits(text: str) -> tuple[str, int]:
    return ("0", int(text)) if re.fullmatch(r"\s*0\d\s*|\s*1\d\s*", text) else ("", 0)


def counted(title: str) -> int:
    """The number of a title in a series: 便民服务见闻（之三） → 3; 0 where it has none."""
    match = _COUNT_BEFORE.match(title.strip()) or _COUNT_BEHIND.search(title.strip())
    return _number(match["n"]) if match else 0


def counts_up(numbers: Sequence[int]) -> bool:
    """1, 2, 3, to the last."""
    return len(numbers) >= 2 and numbers[0] == 1 and all(b == a + 1 for a, b in pairwise(numbers))


def _number(written: str) -> int:
    return int(written) if written.isdigit() else int(parse_chinese(written) or 0)
