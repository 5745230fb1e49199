"""The piece of a sentence that is what was asked: a number, a date, a name, a person, a place, an enumeration.

Looks at form only; which of several pieces is meant, `selecting` decides by the question's words around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.indexing.people import person_spans
from qa.numbers import DATE, Quantity, quantities
from qa.places import gazetteer, short_name
from qa.retrieval.questions import Asked, same_unit
from qa.text import fold, simplify

_NAME_QUOTED = re.compile(r"[“「『《]([^”」』》]{2,24})[”」』》]")
_REASON = re.compile(r"因为|由于|原因|缘于|缘由|导致|致使|因此|所以|为了|源于|得益于|是因")
_PLACE_ENDING = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:省|市|州|盟|县|区|旗|镇|乡|村|街道|社区|大学|学院|学校|医院|公司|园区|基地|路\d+号|广场|中心|馆|站)"
)
# Who reports a story is hardly who is asked about, unless reporters are.
_REPORTS = re.compile(r"记者|通讯员|作者|编辑|摄影|摄|报道|撰稿|供图|写的")
_REPORTER = re.compile(
    r"(?:记者|通讯员|作者|责编|编辑|摄影|供图|撰文|文/|图/|摄/)[\s:：]*(?:[\u4e00-\u9fff·]{2,4}[\s、]+)*$"
)
REPORTER = 0.2
# The time of day that 几点 asks for: 晚上八点半, 18:30, 22时.
_OF_DAY = re.compile(r"几点|几时|什么钟点")
_TIME = re.compile(
    r"(?:凌晨|清晨|早上?|上午|中午|下午|傍晚|晚上?|夜里|深夜|每[天日晚早])?"
    r"(?:\d{1,2}[:：]\d{2}|(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[点时](?!间|候|段|代|期|刻)(?:半|[一三]刻|(?:\d{1,2}|[一二三四五六七八九十]{1,3})分)?))"
    r"(?:[—\-－~至到](?:次日|凌晨|上午|中午|下午|晚上?)?(?:\d{1,2}[:：]\d{2}|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[点时](?!间|候)半?))?"
)
_ISO_DATE = re.compile(r"(?:19|20)\d\d[-/]\d{1,2}(?:[-/]\d{1,2})?(?!\d)")
_NAMING = re.compile(
    r"(?:实施|启动|开展|推出|打造|建立|创建|创新|推行|推进|推动|组建|成立|设立|开设|举办|建设|深化|完善|探索|形成|提出|制定|出台|"
    r"叫做?|名为|称为|称作|命名为)(?:的|了)?$"
)
_NAMED = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}?)(?:计划|工程|行动|平台|模式|机制|项目|活动|品牌|制度|称号|体系|工作法|做法|基地|基金|政策|卡|码|奖|节|周|日|队|团|站|班)"
)
HARDLY_NAMED = 0.7
# What a number is worth whose clause does not name what is counted.
COUNTED, BESIDE = 0.8, 0.85  # and of one whose clause does, but not beside it
BESIDE_CHARS = 10
OF_ITS_UNIT = 0.9
_TYPED = {"number", "when", "who", "where", "name", "list", "compare"}


@dataclass(frozen=True, slots=True)
class Lead:
    """The piece of a quotation that is what was asked for. The span counts into the document.

    `of` is what a number counts, where that is more than the question says (专业技术人才 for 人才), "" elsewhere.
    """

    text: str
    start: int
    end: int
    of: str = ""


def fit_without_lead(asked: Asked, sentence: str) -> float:
    """How well (0-1) a sentence without a piece to lead with fits: a reason must be said where one is asked for."""
    if asked.kind == "why":
        return 1.0 if _REASON.search(simplify(sentence)) else 0.0
    return 0.0 if asked.kind in _TYPED else 0.5


def pieces(asked: Asked, text: str, start: int, end: int) -> list[tuple[float, int, int]]:
    """Pieces of text[start:end] of the kind that is asked for: (fit 0-1, start, end)."""
    clause = text[start:end]
    if asked.kind in ("number", "compare"):
        ordinal = "第" in asked.text  # 第十六届 counts nothing
        return [
            (
                _fit(asked, clause, q) - 0.3 * _is_year_like(q) - 0.5 * _is_article(q),
                start + q.start,
                start + q.end,
            )
            for q in quantities(simplify(clause))
            if not _names(clause, q) and not _in_date(clause, q) and (ordinal or clause[q.start - 1 : q.start] != "第")
        ]
    if asked.kind == "when" and _OF_DAY.search(asked.text):
        return [(1.0, start + m.start(), start + m.end()) for m in _TIME.finditer(simplify(clause))]
    if asked.kind == "when":
        return [(_date_fit(asked, m), start + m.start(), start + m.end()) for m in DATE.finditer(simplify(clause))]
    if asked.kind == "name":
        return [
            (_name_fit(asked, m.group(1), clause, *m.span()), start + m.start(1), start + m.end(1))
            for m in _NAME_QUOTED.finditer(clause)
        ]
    if asked.kind in ("list", "definition"):
        named = not asked.names or any(name in simplify(clause) for name in asked.names)
        return [(0.6 + 0.4 * ("、" in clause), start, end)] if named and ("、" in clause or asked.names) else []
    if asked.kind == "where":
        return _place_pieces(asked, clause, start)
    if asked.kind == "who":
        plain, wanted = simplify(clause), bool(_REPORTS.search(simplify(asked.text)))
        return [
            (1.0 if wanted or not _REPORTER.search(plain[:a]) else REPORTER, start + a, start + b)
            for a, b in people(plain)
            if clause[a:b] not in asked.text
        ]
    return []


def _fit(asked: Asked, clause: str, quantity: Quantity) -> float:
    """How well (0-1) a number is of the asked unit and counts what is asked for: beside it, or in its clause, or not.

    Where no unit is asked for or written, a number beside the thing is of its unit.
    """
    fit = same_unit(asked.unit, quantity.unit)
    if not asked.counted:
        return fit
    plain = fold(clause) if len(fold(clause)) == len(clause) else simplify(clause)
    if not any(word in plain for word in asked.counted):
        return COUNTED * fit
    after = re.split(r"\d", plain[quantity.end : quantity.end + BESIDE_CHARS])[0]
    before = re.split(r"\d", plain[max(0, quantity.start - BESIDE_CHARS) : quantity.start])[-1]
    if asked.counted[-1] not in after and asked.counted[-1] not in before:
        return BESIDE * fit
    return fit if asked.unit and quantity.unit else OF_ITS_UNIT


def _names(clause: str, quantity: Quantity) -> bool:
    """Is a number part of a name (“六个引领”工作法, “七项措施”), which counts what the name holds and nothing else?"""
    spans = (m.span(1) for m in _NAME_QUOTED.finditer(clause))
    return quantity.text[0] in "一二三四五六七八九十两" and any(
        a <= quantity.start and quantity.end <= b for a, b in spans
    )


def _in_date(clause: str, quantity: Quantity) -> bool:
    """Is a number part of a date as tables write it (2024-02)?"""
    return any(m.start() <= quantity.start < m.end() for m in _ISO_DATE.finditer(clause))


def _is_article(quantity: Quantity) -> bool:
    """一批, 一个: a word like "a", hardly a count."""
    return quantity.value == 1.0 and quantity.text.startswith("一")


def _is_year_like(quantity: Quantity) -> bool:
    return quantity.unit in ("年", "月", "日")


def _date_fit(asked: Asked, match: re.Match[str]) -> float:
    """A date that says more is better, one that the question names already is no answer."""
    if match.group() in asked.text:
        return 0.1
    day = "日" in match.group() or "号" in match.group()
    if re.search(r"哪一?年|何年", asked.text):
        return 1.0 if match["year"] else 0.4
    if re.search(r"哪一?天|几号|哪一?日", asked.text):
        return 1.0 if day else 0.6
    return 1.0 if match["month"] or match["month2"] or match["year"] else 0.7


def _name_fit(asked: Asked, name: str, clause: str, start: int, end: int) -> float:
    """What is carried out, or a plan of some kind, is called so; other words in quotation marks hardly."""
    if fold(name) in fold(asked.text):
        return 0.2
    named = _NAMING.search(simplify(clause[:start])) or _NAMED.match(simplify(clause[end:]))
    return 1.0 if named else HARDLY_NAMED


def _place_pieces(asked: Asked, clause: str, start: int) -> list[tuple[float, int, int]]:
    plain = simplify(clause)
    # short: who asks of 桐湾 is not told 桐湾区
    named = [(a, b) for a, b, _ in gazetteer().find(plain) if short_name(plain[a:b]) not in asked.text]
    endings = (m for m in _PLACE_ENDING.finditer(plain) if not m.group().endswith(("全省", "全市", "全县", "全区")))
    ended = [m.span() for m in endings if short_name(m.group()) not in asked.text]
    return [(1.0, start + a, start + b) for a, b in named] + [(0.8, start + a, start + b) for a, b in ended]


@lru_cache(maxsize=4096)
def people(clause: str) -> tuple[tuple[int, int], ...]:
    """Spans of the personal names in a Simplified text."""
    return tuple(person_spans(clause))
