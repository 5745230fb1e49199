"""Is there enough evidence to answer? A question about another place, or whose words the library does not bear out,
is refused.

Judged by normalised quantities only (raw BM25 and cosine were measured to be poor thresholds): how much of the
question the best sentence with its surroundings covers, whether its rarest word stands anywhere near, whether the
asked place and year are there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from qa.answering.selecting import Pick
from qa.answering.speaking import around, told
from qa.indexing.tokens import question_words
from qa.places import short_name
from qa.retrieval.questions import Asked, apart, of_one_country, ordinals, same_unit
from qa.retrieval.ranking import speaks_of
from qa.text import fold, simplify
from qa.types import Hit

# A logistic model; weights and the threshold were fitted on development questions and CMRC (docs/measurements.md).
WEIGHTS = {"coverage": 1.27, "lexical": 1.75, "missing": -0.33, "fit": 2.06, "beside": 2.98}
BIAS = -3.17
THRESHOLD = 0.39
# The same where a way is asked for, on the same scale as THRESHOLD; fitted on how-questions in people's own words
# (docs/measurements.md).
HOW_WEIGHTS = {"about": 2.1, "way": 3.4, "trees": 0.15}
HOW_BIAS = -1.42
# So much of what is counted must stand beside the number where its last word does not.
MOSTLY = 0.6
# A number without a unit fits the asked one a little more than this; one of another unit, beside another thing, less.
STATED, OF_KIND = 0.25, 0.6
# The same of texts that are no reports, which the reader reads; fitted on CMRC trial: its questions as they are, and
# with what answers them taken out (docs/measurements.md).
READ_WEIGHTS = {"lexical": 2.33, "trees": 0.77, "sure": 0.19, "alike": 1.08}
READ_BIAS = -1.13
# A sentence may leave out what the one before it names.
BEFORE_CHARS = 80
_MEASURED = re.compile(
    r"(?P<what>[\u4e00-\u9fffA-Za-z]{2,12}?)(?:一共|总共|大概|大约)?(?:是|有|为|达到?|占)(?:多少|几)"
)
# Words for an amount of whatever is spoken of: documents give the amount and leave them out.
_VAGUE = frozenset(
    {"总量", "总数", "数量", "人数", "总额", "规模", "数字", "数目", "比例", "占比", "比重", "总人数", "总共", "面积"}
    | {"金额", "时间", "次数", "价格", "家底"}
)
# Measures that a number must be in to answer; of things that are counted, people use many measure words.
_MEASURES = {"元": "金额", "%": "比例", "平方米": "面积", "岁": "年龄", "吨": "重量", "倍": "倍数"}
SAME_KIND, LIKELY, NEARLY = 0.7, 3, 0.6
UNSAID = 0.3  # how well a number without a unit fits, as qa.retrieval.questions.same_unit says
_RATE = re.compile(r"(?:平均)?每(?:个|一个?)?(?:人|月|年|天|日|户|村|周|名|位|亩|家|次)|(?:人|月|户|村|年|日)均")
_AT_RATE = re.compile(r"每|均|[/／](?:人|月|年|天|日|户|亩|次)|月薪|年薪|按[月年次]")
_PRESUPPOSITIONS = Path(__file__).resolve().parent.parent / "data" / "presuppositions.txt"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether the picks bear out an answer.

    `chance` is 0-1; `lacking` says in Chinese what is not there, "" if nothing stands out.
    """

    enough: bool
    chance: float
    lacking: str = ""


def weigh(asked: Asked, hits: Sequence[Hit], picks: Sequence[Pick]) -> Evidence:
    """The evidence that the best picks give for a question."""
    if not hits or not picks or asked.kind == "greeting":
        return Evidence(False, 0.0)
    if asked.words and question_words().issuperset(asked.words):
        return Evidence(False, 0.0)
    if place := lacking_place(asked, hits):
        return Evidence(False, 0.0, f"{place}的这件事")
    if year := lacking_year(asked, hits):
        return Evidence(False, 0.0, f"{year}年的这件事")
    if another := lacking_name(asked, picks[0]):
        return Evidence(False, 0.0, f"{another}的这件事")
    if presumed := not_borne_out(asked, picks):
        return Evidence(False, 0.0, f"“{presumed}”这件事")
    if asked.thing and not _is_near_by(asked.thing, asked, picks[0]):
        return Evidence(False, 0.0, f"“{''.join(asked.thing)}”")
    if unsaid := not_in_unit(asked, picks) or not_at_rate(asked, picks[0]):
        return Evidence(False, 0.0, unsaid)
    if uncounted := not_counted(asked, picks[0]):
        return Evidence(False, 0.0, f"所问的数目（{uncounted}）")
    if no_number(asked, picks[0]):
        return Evidence(False, 0.0, "所问的数目")
    if asked.kind == "how" and asked.about:
        chance = _chance(HOW_WEIGHTS, HOW_BIAS, measure_how(asked, picks))
    elif picks[0].alike:  # the reader read it, as it does all but reports
        chance = _chance(READ_WEIGHTS, READ_BIAS, measure_read(picks))
    else:
        chance = _chance(WEIGHTS, BIAS, measure(picks))
    return Evidence(chance >= THRESHOLD, chance)


def _chance(weights: Mapping[str, float], bias: float, features: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + math.exp(-(bias + sum(weights[name] * value for name, value in features.items()))))


def measure(picks: Sequence[Pick]) -> dict[str, float]:
    """The features of the decision, each 0-1."""
    best = max(picks[:3], key=lambda p: p.coverage)
    return {
        "coverage": best.coverage,
        "lexical": max(pick.hit.why.get("lexical", 0.0) for pick in picks[:3]),
        "missing": best.missing,
        "fit": picks[0].fit,
        "beside": picks[0].beside,
    }


def measure_how(asked: Asked, picks: Sequence[Pick]) -> dict[str, float]:
    """The features of the decision where a way is asked for.

    People ask for it in words of their own, so what counts is whether the passage speaks of what they ask about
    (`about`) and of what is to be done (`way`; of 怎么办 it is the same), each word alike: a rare one may just be
    another way to say it.
    """
    said = around(picks[0].hit, *picks[0].sentence)
    return {
        "about": told(asked.about, asked, said),
        "way": told(asked.way or asked.about, asked, said),
        "trees": _trees(picks[0]),
    }


def measure_read(picks: Sequence[Pick]) -> dict[str, float]:
    """The features of the decision where the reader read the passages: what was learned tells more than the words."""
    best = picks[0]
    return {
        "lexical": max(pick.hit.why.get("lexical", 0.0) for pick in picks[:3]),
        "trees": _trees(best),
        "sure": max(-8.0, min(6.0, best.sure)),
        "alike": best.alike,
    }


def _trees(pick: Pick) -> float:
    return max(-4.0, min(3.0, pick.trees))


@cache
def _presuppositions() -> tuple[frozenset[str], ...]:
    lines = _PRESUPPOSITIONS.read_text("utf-8").splitlines()
    return tuple(frozenset(line.split()) for line in lines if line.strip() and not line.startswith("#"))


def not_borne_out(asked: Asked, picks: Sequence[Pick]) -> str:
    """The word by which a question presumes what the evidence does not say (取消, 改名), "" when there is none."""
    plain = simplify(asked.text)
    said = simplify(picks[0].hit.document.text[slice(*picks[0].sentence)])
    groups = [(word, group) for group in _presuppositions() for word in group if word in plain]
    return next(
        (word for word, _ in groups if not any(other in said for w, g in groups if w == word for other in g)), ""
    )


def not_in_unit(asked: Asked, picks: Sequence[Pick]) -> str:
    """What is asked for in money, per cent or another measure when no likely pick holds a number in it, "" else."""
    measure = next((name for unit, name in _MEASURES.items() if same_unit(unit, asked.unit) >= SAME_KIND), "")
    if asked.kind != "number" or not asked.unit or not measure:
        return ""
    likely = (pick for pick in picks[:LIKELY] if pick.lead and pick.score >= NEARLY * picks[0].score)
    return "" if any(_may_be_in_unit(pick) for pick in likely) else f"所问的{measure}"


def _may_be_in_unit(pick: Pick) -> bool:
    """Is a pick's number in the asked unit, or large and in none (3250万)?"""
    assert pick.lead is not None
    return pick.fit > UNSAID or (pick.fit > 0 and pick.lead.text[-1:] in "万亿")


def not_at_rate(asked: Asked, pick: Pick) -> str:
    """The rate (每月, 每人) that a question asks for when the pick states none, "" otherwise."""
    rate = _RATE.search(simplify(asked.text))
    if asked.kind != "number" or rate is None:
        return ""
    said = simplify(pick.hit.document.text[max(0, pick.sentence[0] - BEFORE_CHARS) : pick.sentence[1]])
    return "" if _AT_RATE.search(said) else f"{rate.group()}的数目"


def not_counted(asked: Asked, pick: Pick) -> str:
    """The thing a question counts when the pick counts another, "" otherwise.

    The thing's last word says what it is (图书室 of 社区图书室). It must stand in the sentence, the one before or its
    headings, or most of the thing's words must, or else the quotation must have the first character of a thing of one
    word: people say 厂子 where documents write 工厂.
    """
    named = [] if _VAGUE.issuperset(asked.counted) else [word for word in asked.counted if len(word) > 1]
    things = named or measured(asked)
    if asked.kind != "number" or not things:
        return ""
    head = next((word for word in reversed(things) if word not in _VAGUE), things[-1])
    document = pick.hit.document
    text = document.text[max(0, pick.sentence[0] - BEFORE_CHARS) : pick.sentence[1]]
    near = fold(" ".join((*pick.hit.passage.heading, text)))
    if name := next((n for n in asked.names if len(n) > 2 and all(word in fold(n) for word in things)), ""):
        return "" if fold(name) in near else name
    if any(word in near for word in (head, *asked.alternatives.get(head, ()))):
        return ""
    if len(things) > 1:
        return "" if told(things, asked, near) >= MOSTLY else "".join(things)
    shared = set(head) & set(fold(pick.quote))
    return "" if head[0] in shared or len(shared) > 1 else "".join(things)


def no_number(asked: Asked, pick: Pick) -> bool:
    """Is a number asked for, and does the best sentence state none that may be meant?"""
    least = OF_KIND if asked.unit and asked.counted else STATED
    return asked.kind == "number" and (pick.lead is None or pick.fit < least)


def _is_near_by(words: Sequence[str], asked: Asked, pick: Pick) -> bool:
    """Does a word, or what may stand for it, stand in a pick's sentence, just before it or in its headings?"""
    document = pick.hit.document
    text = document.text[max(0, pick.sentence[0] - BEFORE_CHARS) : pick.sentence[1]]
    near = fold(" ".join((*pick.hit.passage.heading, text)))
    return any(word in near for one in words for word in (one, *asked.alternatives.get(one, ())))


def measured(asked: Asked) -> list[str]:
    """The word before 是多少 that says what is asked for (财政收入, GDP); [] where there is none, or a vague one."""
    match = _MEASURED.search(simplify(asked.text))
    if match is None or asked.carried:
        return []
    named = max((word for word in asked.words if match["what"].lower().endswith(word)), key=len, default="")
    places = {word for name in asked.place_names for word in (name, short_name(name))}
    return [named] if len(named) > 1 and named not in _VAGUE | places else []


def lacking_year(asked: Asked, hits: Sequence[Hit]) -> int | None:
    """The year whose number is asked for when no document of the hits is of it or names it, None otherwise."""
    if asked.kind not in ("number", "compare"):
        return None
    return next((year for year in asked.years if not any(_is_near(year, hit) for hit in hits)), None)


def _is_near(year: int, hit: Hit) -> bool:
    """Does a hit or its document name a year, or is the document of its time? A report also speaks of the year before.

    What 今年 and 近五年 mean stands in the passage's context.
    """
    document = hit.document
    told = [
        int(one) for one in re.findall(r"(?:19|20)\d\d", f"{document.period or ''} {(document.published or '')[:4]}")
    ]
    of_its_time = bool(told) and min(told) - 1 <= year <= max(told)
    return of_its_time or str(year) in hit.passage.context or str(year) in document.text


def lacking_name(asked: Asked, pick: Pick) -> str:
    """The place abroad, or the one of several (8号线, 第3届), of which the best pick does not speak; "" for none."""
    if not asked.abroad and not asked.ordinals:
        return ""
    plain = simplify(f"{pick.hit.passage.context}\n{pick.hit.passage.text}")
    named = next((name for name in asked.abroad if not any(one in plain for one in of_one_country(name))), "")
    own = set(ordinals(plain)) if asked.ordinals else set()
    return named or next((one for one in asked.ordinals if one not in own), "")


def lacking_place(asked: Asked, hits: Sequence[Hit]) -> str:
    """The place that is asked for when none of the hits speaks of it, "" otherwise."""
    innermost = apart(asked.places)
    for i, name in enumerate(asked.place_names):
        if asked.places[i] not in innermost:  # 三晋英才 of 大同 is no question about 山西
            continue
        one = replace(asked, places=asked.places[i : i + 1], place_names=(name,), unknown_places=())
        if not any(speaks_of(hit.document, hit.passage.text, one) for hit in hits):
            return name
    for name in asked.unknown_places:
        if not any(name in simplify(hit.passage.text + hit.passage.context) for hit in hits):
            return name
    return ""
