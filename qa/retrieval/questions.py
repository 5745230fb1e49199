"""What a question asks for: a number, a date, a person, a place, a name, a list, a way, a comparison; of which places
and years.

Reads the question's form only; whether the library can answer it is decided by the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from qa.indexing.tokens import Tokens, question_words
from qa.numbers import parse_mixed, units
from qa.periods import years_meant
from qa.places import gazetteer, innermost, short_name, unknown_places
from qa.retrieval.commands import Command
from qa.retrieval.counting import counted
from qa.retrieval.dialogue import StandAlone
from qa.retrieval.naming import Named, spelled_out
from qa.retrieval.synonyms import alternatives
from qa.retrieval.ways import HOW, MEASURES, way_asked
from qa.text import fold, simplify
from qa.types import Filters

Kind = Literal[
    "number",
    "when",
    "who",
    "where",
    "name",
    "list",
    "how",
    "definition",
    "compare",
    "why",
    "overview",
    "keyword",
    "greeting",
    "other",
]

_COMPARE = re.compile(
    r"对比|相比|比较一下|跟.{1,12}比|和.{1,12}比|谁.{0,6}(?:更?多|更?高|更?大|更?少)|更多|更高|哪个.{0,8}(?:更|最)|各(?:是|有|为|写|发|占)?了?的?(?:多少|几)|分别是?多少|一样吗"
)
_LIST = re.compile(
    r"哪些|哪几|哪[二三四五六七八九十两]|哪\d+|分别(?:是|指|有)|都有(?:谁|什么|啥)|包括(?:什么|哪)|有什么(?:内容|举措|措施)|[二三四五六七八九十两\d](?:个|项|种|类|条|大)?\s*(?:是|指)?(?:指?谁|什么|啥)|分哪"
)
_WHEN = re.compile(
    r"什么时候|啥时候|何时|哪一?年|哪一?天|哪一?月|哪个月|几月|几号|(?<!哪)几点(?!要求|意见|建议|措施|内容|做法|体会|启示|经验|问题|原因|不足|共识|安排|考虑|希望)|什么时间|哪个?时间|何年|什么日子|从什么时候"
)
_WHO = re.compile(
    r"谁(?![最更]?[多少高低大小](?:[？?呢些]|$))|哪位|哪一位|什么人|何人|哪个人|(?:书记|市长|教授|院士|老师|专家|主任|部长|人物|工匠|作者|记者|同志|人)(?:叫什么|是哪)"
)
_WHERE = re.compile(
    r"哪里|哪儿|何处|什么地方|在哪|地址|哪(?:个|一个|座|所|家|处)?(?:城市|地方|地区|省|市|县|区|镇|乡镇|乡|村|街道|社区|学校|高校|大学|国家|单位|公司|医院|企业|园区)|到了?哪|去哪|落在哪"
)
_NAME = re.compile(
    r"怎么说的|说了(?:什么|啥)|叫什么|叫啥|名字|名称|称为什么|什么(?:计划|工程|行动|平台|模式|机制|项目|活动|品牌|制度|称号|名)|哪个(?:计划|工程|行动|平台|模式|机制|项目|活动|品牌|制度)"
)
_NUMBER = re.compile(
    r"多少|几(?!乎|年来|十年|代|经)|百分之几|多大规模|多大|多高|多长|多久|多厚|多重|占比|比例|比重|第几|数量|总数|总量(?!.{0,4}(?:的|政策))|人数|次数|天数|套数|金额|面积|"
    r"房源|租金|价格|增收|规模有|平方米|最[大小]的?多大|岁数|比率|贡献率"
)
_DEFINITION = re.compile(r"什么是|是什么(?!时候)|指什么|指的?是|是指|什么意思|啥意思|含义|指的(?:哪|什么)|怎么个|是啥")
_OVERVIEW = re.compile(
    r"讲了?(?:些)?(?:什么|啥)|写了?(?:些)?(?:什么|啥)(?!时候)|主要(?:内容|讲|说|写)|(?:概括|总结|归纳|介绍)一下|^(?:请|帮我|麻烦)*(?:概括|总结|归纳|介绍)|大意|梗概|提要"
)
_GREETING = re.compile(
    r"(?:(?:你|您|大家)好|嗨|哈喽|hello|hi|早上好|下午好|晚上好|在吗|谢谢(?:你|您)?|多谢|辛苦了|再见|(?:你|您)是谁|(?:你|您)叫什么(?:名字)?|"
    r"(?:你|您)(?:能|会|可以)(?:做|干|回答|帮我做)?(?:什么|啥|哪些事)|怎么用(?:你|您)?|(?:使用)?帮助|help)[呀啊吗呢吧的了]*"
)
_WHY = re.compile(r"为什么|为何|为啥|什么原因|原因是|怎么解释")
_ASKED_UNIT = re.compile(r"(?:多少|几|第几|百分之几|多少个?)(?P<unit>余?[\u4e00-\u9fff]{0,4})")
_NUMERALS = "零〇一二三四五六七八九十百两"
_ORDINAL = re.compile(
    rf"(?P<number>\d{{1,4}}|[{_NUMERALS}]{{1,3}})号(?:线|楼|馆|院|店|船|机|车|文|厅|令|公告|井|桥|地块)|第(?P<other>\d{{1,4}}|[{_NUMERALS}]{{1,5}})(?:届|期|批|轮|条|章|代|集|卷)"
)
# Measure words that begin no other word.
_MEASURES = frozenset("个名位家项条件场次批期套座所处")
# Measure words that are things themselves.
_THINGS = frozenset(
    ("村", "镇", "乡", "县", "市", "省", "区", "部门", "街道", "社区", "支部", "网格", "站", "线", "桥")
)
_QUOTED = re.compile(r"[“\"「『《‘]([^”\"」』》’]{1,30})[”\"」』》’]")

# Measure words that count the same things.
UNIT_CLASSES = tuple(
    frozenset(units.split())
    for units in (
        "人 名 位 人次 员 个人 户 个",
        "元 钱 美元 块",
        "% 百分 成 百分点 个百分点",
        "个 家 所 支 座 处 项 条 件 批 期 场 次 套 枚 种 类 部 门 本 册 间 点 村 镇",
        "年 月 天 日 周 小时 分钟 岁 个工作日 工作日",
        "平方米 公里 亩 平方公里 米 千米 公顷",
        "吨 公斤 千克 斤",
    )
)
_UNIT_HINTS = (
    (
        re.compile(r"多少钱|资金|经费|租金|价格|收入|花了|掏了|挣了|投资|补贴|安家费|总额|金额|进账|增收|产值|工资"),
        "元",
    ),
    (
        re.compile(
            r"百分之|多少[%％]|占比|比例|比重|占[^，。？?]{1,8}多少(?=[？?呢]|$)|率(?:是|有|达|为|多|各|$|[，。？?])|贡献率|每一百|增速|年均|平均每年涨"
        ),
        "%",
    ),
    (re.compile(r"岁数|年龄|多大年纪|几岁"), "岁"),
    (re.compile(r"面积|平方米"), "平方米"),
    (re.compile(r"多少人|几个人|多少名|几名|几位|人数|人才(?:总量|家底|资源)|队伍|党员(?:总数|数量)|一共多少人"), "人"),
    (re.compile(r"几天|天数|多少天"), "天"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood. `words` and `bigrams` are searched for; `places` are paths, `place_names` as written.

    `unknown_places` look like places and are in no table; `unit` is the measure asked for, "" when none is.
    `alternatives` say for its words and bigrams what documents may write instead.
    `counted` are the words of what is counted (村 in 多少个村), () when the question says none.
    `about` are the words that say what a how-question is about, `way` those of them that say what is to be done; ()
    for another.
    `carried` are the words and bigrams that come from earlier turns: they find, but they weigh less in what answers.
    `mended` are its slips of the pen and what is looked for instead.
    `joints` are its other bigrams, where a word that asks touches one that tells: they help to find, and tell nothing.
    `command` is what a turn wants of the answer before it, "" for a question of its own; `only` which documents.
    `abroad` are its places that are in no table of this country's; `ordinals` its 8号线 and 第三届, with digits.
    `otherwise` is what else the turn may mean, None for nothing; `thing` the words of what it asks after, where it says
    nothing else (党员呢？).
    """

    text: str
    kind: Kind
    words: tuple[str, ...]
    bigrams: tuple[str, ...]
    places: tuple[str, ...] = ()
    place_names: tuple[str, ...] = ()
    unknown_places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    unit: str = ""
    counted: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()
    command: Command = ""
    only: Filters = Filters()
    mended: tuple[tuple[str, str], ...] = ()
    otherwise: StandAlone | None = None
    thing: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()
    ordinals: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()

    @property
    def states(self) -> bool:
        """Is it a statement: a whole sentence that asks nothing?"""
        last = self.text.rstrip()[-1:]
        return last in "。." or (self.kind == "other" and last not in "？?")


def understand(asks: StandAlone, tokens: Tokens, known_places: Iterable[str] = ()) -> Asked:
    """What a stand-alone question asks. `known_places` are the places of the library's documents."""
    known = tuple(known_places)
    named = spelled_out(simplify(asks.text).strip(), tokens, known)
    plain = spelled_out(simplify(asks.question).strip(), tokens, known).text if asks.carried else named.text
    whole = named.text
    asking = simplify(asks.asks_like) or plain
    places = _places_in(whole, known, tokens)
    words, bigrams = _content(tokens.words(plain)), _content_bigrams(plain, tokens)
    own = frozenset((*words, *bigrams))
    if whole != plain:
        words = list(dict.fromkeys((*words, *_content(tokens.words(whole)))))
        bigrams = list(dict.fromkeys((*bigrams, *_content_bigrams(whole, tokens))))
    kind = kind_of(asking, len(apart([full for _, full in places])))
    about, way = way_asked(whole, [name for name, _ in places], tokens) if kind == "how" else ((), ())
    return Asked(
        text=asks.text,
        kind=kind,
        words=tuple(words),
        bigrams=tuple(bigrams),
        places=tuple(full for _, full in places),
        place_names=tuple(name for name, _ in places),
        unknown_places=tuple(
            n for n in unknown_places(whole, tokens.boundaries(whole)) if not any(w in n or n in w for w, _ in places)
        ),
        years=tuple(years_meant(plain) or years_meant(whole)),
        names=tuple(_QUOTED.findall(whole)),
        unit=asked_unit(asking, tokens.boundaries(asking)),
        counted=counted(asking, tokens),
        about=about,
        way=way,
        alternatives=alternatives(whole, tokens) | _of_names(named, tokens),
        carried=frozenset((*words, *bigrams)) - own if asks.carried else frozenset(),
        command=asks.command,
        only=asks.only,
        otherwise=asks.otherwise,
        abroad=tuple(abroad(whole)),
        ordinals=tuple(ordinals(whole)),
        thing=tuple(w for w in tokens.cut(fold(asks.thing)) if len(w) > 1 and w not in question_words()),
        joints=tuple(dict.fromkeys(b for b in tokens.bigrams(whole) if b not in bigrams and b not in question_words())),
    )


def ordinals(plain: str) -> list[str]:
    """What a Simplified text numbers as one of several, its numerals as digits: 8号线, 第3届."""
    return [
        re.sub(rf"[{_NUMERALS}]+", lambda m: f"{parse_mixed(m.group()) or m.group():g}", match.group())
        for match in _ORDINAL.finditer(plain)
        if parse_mixed(match["number"] or match["other"]) is not None
    ]


@cache
def _countries() -> dict[str, frozenset[str]]:
    """Each place abroad with all the names of its country."""
    lines = (Path(__file__).resolve().parent.parent / "data" / "countries.txt").read_text("utf-8").splitlines()
    groups = [frozenset(line.split()) for line in lines if line.strip() and not line.startswith("#")]
    return {name: group for group in groups for name in group}


def abroad(plain: str) -> list[str]:
    """The countries and cities abroad that a Simplified text names, none within a longer name."""
    found = [name for name in _countries() if name in plain]
    return [name for name in found if not any(name != other and name in other for other in found)]


def of_one_country(name: str) -> frozenset[str]:
    """The names that a text may call a country or its cities by: who writes of 首尔 writes of 韩国."""
    return _countries()[name]


def spoken_of(asked: Asked) -> list[str]:
    """The words by which a question for an overview names a document: not its places and years, nor what asks."""
    names = (*asked.place_names, *map(str, asked.years))
    plain = _OVERVIEW.sub(" ", simplify(asked.text))
    return [
        word
        for word in asked.words
        if word in plain and word not in question_words() and not any(word in name or name in word for name in names)
    ]


def apart(paths: Iterable[str]) -> tuple[str, ...]:
    """The places of which none lies within another: of 四川省 and 四川省成都市 the inner one."""
    paths = tuple(dict.fromkeys(paths))
    return tuple(path for path in paths if not any(other != path and other.startswith(path) for other in paths))


def _places_in(plain: str, known_places: Iterable[str], tokens: Tokens) -> list[tuple[str, str]]:
    """(name as written, path) of the places that a text names, each once; the library's documents' are known too."""
    places = {place.full: plain[start:end] for start, end, place in reversed(gazetteer().find(plain))}
    for known in known_places:
        if known not in places and (name := _known_as(known, plain, tokens)):
            places[known] = name
    return sorted(((name, path) for path, name in places.items()), key=lambda place: plain.find(place[0]))


def _known_as(path: str, plain: str, tokens: Tokens) -> str:
    """How a text names a place of the library: by its path, its own name or its short name; "" where it does not."""
    for name in _names_of(path):
        if name in plain:
            return name
    short = _short_of(path)
    if not short or short not in plain or not tokens.may_be_name(short):  # 合作 and 公司 have another meaning
        return ""
    apart = _cuts_no_word if short_name(path) == short else _stands_alone
    return short if apart(short, plain, tokens) else ""


@lru_cache(maxsize=16_384)
def _names_of(path: str) -> tuple[str, ...]:
    names = (path, innermost(path), short_name(path))
    return tuple(name for name in dict.fromkeys(names) if len(name) > 1 and name != _short_of(path))


@lru_cache(maxsize=16_384)
def _short_of(path: str) -> str:
    """The short name of a path's last place (尧都), "" where it is one character or no shorter."""
    last = innermost(path)
    short = short_name(last)
    return short if len(short) > 1 and short != last else ""


def _stands_alone(short: str, plain: str, tokens: Tokens) -> bool:
    """Is a county's short name (尧都) a word of the text?"""
    at = plain.find(short)
    return {at, at + len(short)} <= tokens.boundaries(plain)


def _cuts_no_word(short: str, plain: str, tokens: Tokens) -> bool:
    """Is the short name of a place that lies in no other (云泽) no piece of a longer word (斯科 in 莫斯科)?"""
    start = plain.find(short)
    end, edges = start + len(short), sorted(tokens.boundaries(plain))
    across = [(a, b) for a, b in pairwise(edges) if a < end and start < b and (a < start or end < b)]
    return not any(tokens.has_word(plain[a:b]) for a, b in across)


def _of_names(named: Named, tokens: Tokens) -> dict[str, tuple[str, ...]]:
    """What may stand for the places: 蓉城 for 成都, the members of a group for it."""
    others = {name: (written,) for name, written in named.written.items()} | named.groups
    return {term: same for name, same in others.items() for term in (*tokens.words(name), *tokens.bigrams(name))}


def kind_of(plain: str, places: int = 0) -> Kind:
    """What is asked for, by the words that ask."""
    if _GREETING.fullmatch(re.sub(r"[\s，,。.！!？?~～]+", "", plain.lower())):
        return "greeting"
    if _OVERVIEW.search(plain):
        return "overview"
    if _WHY.search(plain):
        return "why"
    if _COMPARE.search(plain) and (places >= 2 or re.search(r"各|分别|一样吗|对比|谁[最更]?[多少高低大小]", plain)):
        return "compare"
    if places >= 2 and re.search(r"多少|几(?!乎|年来|十年|代|经)|百分之几", plain) and not _WHEN.search(plain):
        return "compare"
    for kind, pattern in (("when", _WHEN), ("who", _WHO)):
        if pattern.search(plain):
            return kind  # type: ignore[return-value]
    if MEASURES.search(plain):
        return "how"
    if _LIST.search(plain):
        return "list"
    if _WHERE.search(plain):
        return "where"
    if _NUMBER.search(plain):
        return "number"
    for kind, pattern in (("name", _NAME), ("definition", _DEFINITION), ("how", HOW)):
        if pattern.search(plain):
            return kind  # type: ignore[return-value]
    return "keyword" if " " in plain or "\u3000" in plain or len(plain) <= 12 else "other"


def asked_unit(plain: str, boundaries: frozenset[int] | None = None) -> str:
    """The measure word that is asked for (期 in 几期, 元 in 多少钱), "" when the question names none.

    It ends where a word does, where the `boundaries` are known: 年 is none in 多少年轻干部, 本 none in 多少本科生;
    what is a thing itself (社区) is none before another (社区工作者).
    """
    match = _ASKED_UNIT.search(plain)
    written, at = (match["unit"], match.start("unit")) if match else ("", 0)
    said = next((written[:size] for size in (3, 2, 1) if written[:size] in units()), "")
    end = at + len(said)
    ends = said in _MEASURES or boundaries is None or end in boundaries
    if said and ends and not (said in _THINGS and plain[end : end + 1].isalpha()):
        return said
    return next((unit for pattern, unit in _UNIT_HINTS if pattern.search(plain)), "")


def same_unit(asked: str, unit: str) -> float:
    """How well a quantity's unit fits the asked one: 1 the same, 0.7 of the same kind, 0.3 unsaid, 0 another kind."""
    if not asked:
        return 0.5
    if asked == unit:
        return 1.0
    if any(asked in units and unit in units for units in UNIT_CLASSES):
        return 0.7
    return 0.3 if not unit else 0.0


def _content(words: list[str]) -> list[str]:
    kept = [word for word in dict.fromkeys(words) if word not in question_words()]
    return kept or list(dict.fromkeys(words))


def _content_bigrams(plain: str, tokens: Tokens) -> list[str]:
    """Bigrams of the runs that remain when the words that ask are taken out."""
    runs, run = [], ""
    for word in tokens.cut(plain):
        if word in question_words():
            runs.append(run)
            run = ""
        else:
            run += word
    runs.append(run)
    bigrams = [b for part in runs if part for b in tokens.bigrams(part)]
    return list(dict.fromkeys(bigrams)) or list(dict.fromkeys(tokens.bigrams(fold(plain))))
