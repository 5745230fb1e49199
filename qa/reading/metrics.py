"""What a number counts or measures: the noun phrase that it stands with, by the words before and after it.

图书室318家 and 318家图书室 count the same; 税收1.2亿元，同比增长8.3% measures 税收 and 税收同比增长. Judges by form and
parts of speech only, and says nothing rather than guess.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Tag = Callable[[str], Sequence[tuple[str, str]]]  # a text's words, each with its part of speech (ICTCLAS letters)
LONGEST, LONGEST_EVENT, LOOSE = 28, 40, 12
_FILE = Path(__file__).resolve().parent.parent / "data" / "figure_words.toml"
_QUOTED = re.compile(r"[“「『《][^”」』》]{1,24}[”」』》]")
# Parts of speech that a noun phrase is made of; of 的 and the like only inside it.
_NOUN = ("n", "vn", "an", "j", "l", "b", "s", "eng", "i", "f", "ng", "nz", "k", "h")
_JOINS = ("uj", "c")
_BARE_JOIN = re.compile(r"^[的和与及或、以]+|[的和与及或、以等]+$")
_FROM = re.compile(
    r"(?:从|由|比)(?:(?:19|20)\d\d年|(?:[一二三四五六七八九十]+|\d+)年前|过去|原来|原先|当初|上年|上届|年初)?(?:底|末)?的?[^，。、的从由]{0,8}$"
)
_REACHED = re.compile(
    r"(?:增加|增长|提高|提升|上升|扩大|下降|降低|减少|发展|拓展|攀升|跃升)(?:到|至|为)了?"
    r"(?:(?:(?:19|20)\d\d|今|去)年(?:底|末|[上下]半年)?|目前|现在|如今|当前)?的?[^，。、的到至为]{0,8}$"
)
_CHANGED_AFTER = re.compile(
    r"[^，。；]{0,8}?(?:增|升|提高|提升|降|减|扩大|发展|拓展|跃|缩|变)[^，。；]{0,3}?(?:到|至|为|成)|(?:、|和|及)?$"
)
_SHARE = re.compile(r"占(?:了|到|据)?(?P<whole>[^，。；、占]{1,14}?)(?:的)?(?:比重|比例|比)?$")
_EACH = re.compile(r"(?:每(?:个|家|名|户|人|村|所|亩|座|周|月|天|万名|万人)?|人均|户均|村均|平均每个?)$")
_COMPARED = re.compile(r"(?:同比|环比|(?:比|较|相比)[^，；。、：]{1,16}?|年均|平均每年|每年平均|累计|净)?$")
_RATIO_CHARS = 24
_ENDINGS = frozenset("率量额数度值费款")
_TIME = re.compile(
    r"^(?:到|至|截至)?(?:(?:19|20)\d\d年|上年|去年|今年|前一年|当年|目前|现在|如今)(?:[底末初]|[上下]半年|同期)?[，,]?"
)
_HEADLESS = re.compile(r"^(?:其中|含|包括|包含)?")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts, and the verb before it; `taken` characters after the number belong to the phrase.

    `changed`: it is how much something changed. `former`: what something was, before it changed.
    """

    metric: str
    action: str = ""
    taken: int = 0
    changed: bool = False
    former: bool = False


@cache
def words(name: str) -> frozenset[str]:
    """A list of figure_words.toml."""
    return frozenset(str(_file()[name]).split())


@cache
def _file() -> dict[str, object]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def base_unit(unit: str) -> tuple[float, str]:
    """The factor and the unit in which a unit's values are compared: 公里 → (1000.0, 米), 家 → (1.0, 家)."""
    known = _file()["base"]
    assert isinstance(known, dict)
    factor, base = known.get(unit, (1.0, unit))
    return float(factor), str(base)


@cache
def ending(name: str) -> re.Pattern[str]:
    """One of a list's words at the end of a text."""
    longest = sorted(words(name), key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(map(re.escape, longest))})$")


def counted(left: str, right: str, unit: str, tag: Tag, before: str = "", follows: bool = False) -> Counted | None:
    """What a number between `left` and `right` (Simplified, cut at the marks around it) counts; None when unsaid.

    `before` is the metric of the figure before it in its sentence; `follows`: that figure stands directly before.
    """
    if unit == "%" and right.startswith("的"):
        rest = re.split(r"[，；。、：\n]", right[1:])[0]
        return Counted(f"{rest}的占比", taken=len(rest) + 1) if 2 <= len(rest) <= _RATIO_CHARS else None
    left = left.lstrip("、和及")
    former = None if _REACHED.search(left) or not _CHANGED_AFTER.match(right) else _FROM.search(left)
    bare, linked = _unlinked(left[: former.start()] if former else left)
    if unit == "%" and (share := _SHARE.search(bare)):
        part = _tidy(_trailing(bare[: share.start()], tag)[0]) or before
        return Counted(f"{part}占{share['whole']}", former=bool(former)) if part else None
    change = None if former or linked else _change(bare, tag, before)
    if change and (unit in words("amounts") or change.metric.startswith(before or "\0") or not _leading(right, tag)):
        return change
    following = _leading(right, tag, unit)
    if following and not linked and (unit not in words("amounts") or not _trailing(bare, tag)[0]):
        metric, action = following, _known(_verb(bare, tag))
        return Counted(_tidy(metric), action, len(following), former=bool(former)) if _tidy(metric) else None
    inherits = follows or (linked and not _TIME.sub("", bare))
    return _preceding(_TIME.sub("", bare) if inherits else bare, tag, before, inherits, bool(former))


def subject(clause: str, tag: Tag) -> str:
    """What a clause without a number speaks of, for the clauses after it: 联盟的成员馆，[上年是32家]."""
    return _tidy(_trailing(clause.rstrip("，, "), tag)[0])


def _preceding(bare: str, tag: Tag, before: str, inherits: bool, former: bool) -> Counted | None:
    """What stands before a number: a phrase, a verb alone (培训2万人次), or what the figure before it counted."""
    if bare.endswith("的") and before:
        modifier = _HEADLESS.sub("", bare)
        return Counted(f"{modifier}{before.split('的')[-1]}", former=former) if len(modifier) <= 16 else None
    metric, action = _trailing(bare, tag)
    metric = _tidy(metric)
    if metric:
        return Counted(metric, _known(action), former=former)
    if action and action not in words("empty"):
        return Counted(action, former=former)
    return Counted(before, former=former) if inherits and before else None


def _unlinked(left: str) -> tuple[str, bool]:
    """The words before a number without those that link it to them (达到, 增至); and were there any that say "is"?"""
    linked = False
    if reached := _REACHED.search(left):
        left, linked = left[: reached.start()], True
    while match := ending("links").search(left) or ending("qualifiers").search(left):
        left = left[: match.start()]
        linked = linked or len(match.group()) > 1 or match.group() in "达为是有"
    return left, linked


def _change(bare: str, tag: Tag, before: str) -> Counted | None:
    """How much something changed: 税收同比增长, of what stands before it or of the figure before it."""
    bare = bare.removesuffix("了").removesuffix("出")
    verb = ending("changes").search(bare)
    if verb is None:
        return None
    compared = _COMPARED.search(bare[: verb.start()])
    assert compared is not None
    relation = compared.group() + verb.group()
    if len(verb.group()) == 1 and not compared.group():
        return None
    subject, _ = _trailing(bare[: compared.start()], tag)
    subject = _tidy(subject) or (before if not re.search(r"[^\s其分别均各也又]", bare[: compared.start()]) else "")
    return Counted(subject + relation, changed=True) if subject else None


def _leading(right: str, tag: Tag, unit: str = "") -> str:
    """The noun phrase that a text begins with, "" for none."""
    chunk = re.split(r"[，；。：:;\n（(、]", right)[0]
    if unit in words("events") and len(chunk) <= LONGEST_EVENT and ending("happenings").search(chunk):
        return chunk
    chunk = re.split(r"[，；。：:;\n（(]", right)[0]
    pieces, end = _pieces(chunk, tag), 0
    for at, (word, kind) in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else ("", "")
        joins = (bool(at) and word in ("的", "和", "与", "及")) or (kind in ("a", "b", "v") and (not at or kind == "a"))
        if word in words("breaks") or not (_nominal(word, kind) or (joins and _nominal(*after))):
            break
        end = at + 1
    if end < len(pieces) and pieces[end][1] != "x":  # 干部联系服务各类园区: what has an object after it is a verb
        while end > 1 and (
            (pieces[end - 1][1] in ("v", "vn") and pieces[end - 1][0] not in words("nominal"))
            or (pieces[end][1] in ("r", "m") and pieces[end - 1][1] == "vn")
        ):
            end -= 1
    while end > 1 and pieces[end - 1][0] in words("breaks") | words("actions") - words("nominal"):
        end -= 1
    if not end:
        end = _loosely(pieces)
    end = _with_clause(pieces, end)
    phrase = "".join(word for word, _ in pieces[:end])
    return phrase if len(phrase) <= LONGEST else ""


def _loosely(pieces: Sequence[tuple[str, str]]) -> int:
    """Where a phrase ends that begins with what a tagger does not know (引才单位): at a noun before a function word."""
    until = next((at for at, (_, kind) in enumerate(pieces) if kind[:1] in "dpcrmxu" or kind == "ad"), len(pieces))
    ends = [at + 1 for at in range(until) if _nominal(*pieces[at]) and pieces[at][1] not in ("f", "s")]
    return ends[-1] if ends and len("".join(word for word, _ in pieces[: ends[-1]])) <= LOOSE else 0


def _with_clause(pieces: Sequence[tuple[str, str]], end: int) -> int:
    """Where a phrase ends that goes on after a clause with 的: 企业[反映的问题诉求]."""
    for at in range(end, min(end + 3, len(pieces) - 1)):
        word, kind = pieces[at]
        if word == "的" and at > end and _nominal(*pieces[at + 1]):
            end = at + 1
            while end < len(pieces) and _nominal(*pieces[end]):
                end += 1
            return end
        if kind[:1] not in "vda":
            break
    return end


def _trailing(left: str, tag: Tag) -> tuple[str, str]:
    """The noun phrase that a text ends with, and the verb before it; "" for what is not there."""
    pieces = list(_pieces(left, tag))
    start = len(pieces)
    while start:
        word, kind = pieces[start - 1]
        before = pieces[start - 2] if start > 1 else ("", "")
        inner = start < len(pieces)
        if not (
            kind == "quoted"
            or _nominal(word, kind)
            or (inner and word in ("的", "和", "与", "及", "、", "或") and _nominal(*before))
            or (inner and kind == "a" and len(word) > 1)
        ):
            break
        start -= 1
    while start < len(pieces) - 1 and (pieces[start][0] in words("actions") or pieces[start][1] == "f"):
        start += 1
    phrase, verb = "".join(word for word, _ in pieces[start:]), _last_verb(pieces[:start])
    if phrase in words("generic") and verb and verb not in words("actions"):
        return verb + phrase, ""
    if each := _EACH.search("".join(word for word, _ in pieces[:start])):
        return each.group() + phrase, verb
    if len(pieces) - start == 1 and phrase in words("actions"):
        return "", phrase
    return (phrase if len(phrase) <= LONGEST else ""), verb


def _verb(left: str, tag: Tag) -> str:
    return _last_verb(list(_pieces(left, tag)))


def _last_verb(pieces: Sequence[tuple[str, str]]) -> str:
    """The verb that a text ends with, a word or two before its end at most."""
    for word, kind in reversed(pieces[-3:]):
        if (word in words("actions") and len(word) > 1) or (kind.startswith("v") and len(word) > 1):
            return word
        if kind == "x":
            break
    return ""


def _known(verb: str) -> str:
    """A verb that says what was done, "" for what a tagger takes for one."""
    return verb if verb in words("actions") else ""


def _nominal(word: str, kind: str) -> bool:
    if kind == "quoted" or word in words("nominal"):
        return True
    return (kind.startswith("n") or kind in _NOUN) and word not in words("links") and word not in words("breaks")


def _pieces(text: str, tag: Tag) -> Sequence[tuple[str, str]]:
    """The words of a text with their parts of speech, what is quoted as one."""
    found: list[tuple[str, str]] = []
    at = 0
    for quoted in _QUOTED.finditer(text):
        found += [*tag(text[at : quoted.start()]), (quoted.group(), "quoted")]
        at = quoted.end()
    return _with_endings([*found, *tag(text[at:])])


def _with_endings(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The words, a verb and an ending that makes a measure of it as one: 借阅 率 → 借阅率."""
    made: list[tuple[str, str]] = []
    for word, kind in pieces:
        if word in _ENDINGS and made and made[-1][1][:1] in "vna":
            made[-1] = (made[-1][0] + word, "n")
        else:
            made.append((word, kind))
    return made


def _tidy(metric: str) -> str:
    """A metric without the words at its front that say how many or when, and without joins at its ends."""
    previous = None
    while metric != previous:
        previous = metric
        metric = _prefix().sub("", _BARE_JOIN.sub("", metric.strip(" \u3000\t·-—")))
    return "" if metric in words("prefixes") or metric in words("vague") or len(metric) < 2 else metric


@cache
def _prefix() -> re.Pattern[str]:
    """A prefix at a metric's front; one of a single character would be cut out of words (多 of 多媒体)."""
    longest = sorted((word for word in words("prefixes") if len(word) > 1), key=lambda word: (-len(word), word))
    return re.compile(f"^(?:{'|'.join(map(re.escape, longest))})(?=.)")
