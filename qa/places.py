"""Places of China as they are written: full names, short names, abbreviations, and what lies in what.

The table is the one that the package cpca carries (adcodes, MIT licence); only its data file is read. Places that are
not in it (an invented province, a new district) are known by their endings.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from qa.text import simplify

LEVELS = ("省级", "市级", "县级")
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_NATIONS = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_NATION_ENDING = re.compile(rf"(?:(?:{_NATIONS})族|维吾尔|壮族|回族)*(?:自治区|自治州|自治县|自治旗|联合旗)$")
_PLAIN_ENDING = re.compile(r"(?:特别行政区|地区|林区|新区|矿区|省|市|州|盟|区|县|旗)$")
# An unknown place is two or three characters and an ending; words that merely end so are not places. What follows an
# ending to make a word of it (市场, 旗帜) is not said of places.
_ENDING = re.compile(
    "省(?![钱略])|市(?![场值况盈])|州(?!际)|盟(?![友国军员主约誓])|区(?![域块间])|县|旗(?![帜号舰袍手])"
)
_NOT_PLACES = re.compile(
    r"^(?:.*(?:全|我|本|由|各|该|外|跨|两|多|级|个|大|老|新|小|城|园|社|片|景|街|辖|郊|灾|牧|矿|库|校|厂|军|战|地|特|邻|强|些|哪|几|每|某|周边|其他|"
    r"沿海|兄弟|贫困|示范|试点|以及|为|在|和|与|的|了|是|对|从|把|被|将|年)(?:省|市|州|盟|区|县|旗)|.*(?:社区|小区|园区|街区|城区|地区|山区|林区|城市|超市|都市|"
    r"门市|上市|股市|大湾区|开发区|自治区|景区|片区|辖区|灾区|牧区|库区|校区|厂区|矿区|军区|战区|新区|老区|特区|市区|郊区|县区|专区|"
    r"禁区|误区|选区|教区|民区|务区|护区|胜区|化区|业区|住区|宅区|学区|产区|公区|闲区|全区|能区|心区|试验区|国旗|"
    r"升旗|降旗|红旗|彩旗|锦旗|会旗|校旗|党旗|团旗|军旗))$|年|[0-9一二三四五六七八九十]{2}"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its path, outermost first: ("山西省", "临汾市", "尧都区"). `depth` is 1 for a province."""

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def full(self) -> str:
        return "".join(self.path)

    @property
    def level(self) -> str:
        if self.path[0] in MUNICIPALITIES:
            return "省级" if len(self.path) == 1 else "县级"
        return LEVELS[min(len(self.path), 3) - 1]


@lru_cache(maxsize=16_384)
def short_name(name: str) -> str:
    """The name without its ending:

    楚雄彝族自治州 → 楚雄, 内蒙古自治区 → 内蒙古, 尧都区 → 尧都; never under two characters.
    """
    for ending in (_NATION_ENDING, _PLAIN_ENDING):
        core = ending.sub("", name)
        if core != name and len(core) >= 2:
            return core
    return name


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """`names` maps a written name to the places it may mean, the outermost first.

    `openings` says for the first two characters of names how long one is at most: most spots of a text open none.
    """

    names: dict[str, tuple[Place, ...]]
    longest: int
    openings: dict[str, int]

    def lookup(self, name: str, level: str | None = None) -> Place | None:
        """The place that a name means; of several, the one of that level, else the outermost. None when unknown."""
        places = self.names.get(name, ())
        return next((p for p in places if p.level == level), places[0] if places else None)

    def find(self, text: str, level: str | None = None) -> list[tuple[int, int, Place]]:
        """Places named in a text: (start, end, place), longest first at each point, none overlapping.

        A county's short name counts only where a county is looked for: 合作, 和平 and 朝阳 are words first.
        """
        found: list[tuple[int, int, Place]] = []
        for at in [at for at in range(len(text) - 1) if text[at : at + 2] in self.openings]:
            if found and at < found[-1][1]:
                continue
            for end in range(min(len(text), at + self.openings[text[at : at + 2]]), at + 1, -1):
                if (name := text[at:end]) in self.names:
                    place = self.lookup(name, level)
                    if place is not None and (place.name == name or place.level != "县级" or level == "县级"):
                        found.append((at, end, place))
                        break
        return found


@cache
def gazetteer() -> Gazetteer:
    """The table, read once (about 20 ms). County-level short names count only where no larger place has them."""
    rows = _rows()
    codes = dict(rows)
    names: dict[str, list[Place]] = defaultdict(list)
    for code, name in sorted(rows, key=lambda row: (_depth(row[0]), row[0])):
        if name in {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}:
            continue
        place = Place(_path(code, codes))
        for written in _written(name):
            if len(written) >= 2:
                names[written].append(place)
    openings: dict[str, int] = {}
    for written in names:
        openings[written[:2]] = max(len(written), openings.get(written[:2], 0))
    return Gazetteer({name: tuple(places) for name, places in names.items()}, max(map(len, names)), openings)


def _written(name: str) -> set[str]:
    """The forms in use: 楚雄彝族自治州, 楚雄州, 楚雄."""
    short = short_name(name)
    return {name, short} | ({short + "州"} if name.endswith("自治州") else set())


def _rows() -> list[tuple[str, str]]:
    spec = find_spec("cpca")
    assert spec is not None and spec.origin is not None
    table = Path(spec.origin).parent / "resources" / "adcodes.csv"
    with table.open(encoding="utf-8") as file:
        return [(row["adcode"][:6], row["name"]) for row in csv.DictReader(file) if row["adcode"].endswith("000000")]


def _depth(code: str) -> int:
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def _path(code: str, codes: dict[str, str]) -> tuple[str, ...]:
    path = [codes.get(code[:2] + "0000", ""), codes.get(code[:4] + "00", ""), codes[code]]
    skip = {"", "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
    kept = [name for name in path if name not in skip]
    return tuple(dict.fromkeys(kept))


_STEP = re.compile(r"[^省市州盟区县旗]{2,}[省市州盟区县旗]")


def steps(path: str) -> tuple[str, ...]:
    """The names on a place's path, outermost first: 江苏省扬州市广陵区 → (江苏省, 扬州市, 广陵区).

    By the table, else by the endings of names.
    """
    return _steps_by_path().get(path) or tuple(_STEP.findall(path)) or (path,)


def innermost(path: str) -> str:
    """The last name of a place's path: 江苏省扬州市广陵区 → 广陵区."""
    return steps(path)[-1]


@cache
def _steps_by_path() -> dict[str, tuple[str, ...]]:
    return {place.full: place.path for places in gazetteer().names.values() for place in places}


_ABBREVIATIONS = Path(__file__).resolve().parent / "data" / "place_abbreviations.toml"


@dataclass(frozen=True, slots=True)
class _Abbreviations:
    single: dict[str, Place]
    names: dict[str, Place]
    listed: re.Pattern[str]
    within: re.Pattern[str]
    named: re.Pattern[str]


@cache
def _abbreviations() -> _Abbreviations:
    data = tomllib.loads(_ABBREVIATIONS.read_text("utf-8"))
    single = {char: _place(name) for name, chars in data["single"].items() for char in chars}
    names = {written: _place(name) for name, found in data["names"].items() for written in found}
    one = f"[{''.join(single)}]"
    groups = "|".join(sorted(data["groups"], key=len, reverse=True))
    forms = [form.replace("X", f"(?P<one{at}>{one})") for at, form in enumerate(data["forms"])]
    return _Abbreviations(
        single,
        names,
        listed=re.compile(
            rf"(?<![\u4e00-\u9fff]){one}(?:、{one})++(?=[两二三四五六七八九十等地]|[^\u4e00-\u9fff、]|$)|(?:{groups})"
        ),
        within=re.compile("|".join(forms)),
        named=re.compile("|".join(sorted(names, key=len, reverse=True))),
    )


def _place(name: str) -> Place:
    place = gazetteer().lookup(name)
    assert place is not None, name
    return place


def abbreviated(text: str) -> list[tuple[int, int, Place]]:
    """Places that a text names by abbreviation: (start, end, place), in order.

    沪 counts only in forms that mean the place (在沪, 沪上, 京、沪、粤), a group such as 京津冀 stands for each of its
    places, and names such as 蓉城 and 内蒙 count wherever they stand.
    """
    known = _abbreviations()
    found = [
        (match.start() + at, match.start() + at + 1, known.single[char])
        for match in known.listed.finditer(text)
        for at, char in enumerate(match.group())
        if char in known.single
    ]
    for match in known.within.finditer(text):
        group = match.lastgroup or ""
        found.append((*match.span(group), known.single[match[group]]))
    found += [(*match.span(), known.names[match.group()]) for match in known.named.finditer(text)]
    return sorted(dict.fromkeys(found), key=lambda one: one[:2])


def groups_named(text: str) -> list[tuple[int, int, tuple[Place, ...]]]:
    """Groups of places that a text names in one word: 京津冀, 粤港澳 (Hong Kong and Macao are in no table)."""
    known = _abbreviations()
    return [
        (*match.span(), tuple(known.single[char] for char in match.group() if char in known.single))
        for match in known.listed.finditer(text)
        if "、" not in match.group()
    ]


@cache
def nicknames() -> dict[str, Place]:
    """What people who ask call a place: 沪, 春城, 首都. They are words too and mean the place in few other texts."""
    data = tomllib.loads(_ABBREVIATIONS.read_text("utf-8"))["nicknames"]
    return {written: _place(name) for name, found in data.items() for written in found}


@lru_cache(maxsize=1024)
def paths_meant(written: str) -> tuple[str, ...]:
    """Pieces of paths: one stands in the path of each place that is written so or lies within it.

    沪 → (上海市), 四川成都 → (四川成都, 四川省成都市), 廣東 → (广东, 广东省); what no table knows, as it is.
    """
    plain = simplify(written).strip()
    known = _abbreviations()
    if place := known.single.get(plain) or known.names.get(plain) or nicknames().get(plain):
        return (place.full,)
    found = gazetteer().find(plain)
    whole = sum(end - start for start, end, _ in found) == len(plain) > 0
    return tuple(dict.fromkeys((plain, *((found[-1][2].full,) if whole else ()))))


def unknown_places(text: str, edges: frozenset[int] | None = None, around: str = "") -> list[str]:
    """Names that look like places by their ending and are in no table: 云泽省, 柳溪县.

    `edges` are the text's word boundaries; with them a name must begin and end on one (not 那个人才市 in 那个人才市场).
    `around` is a longer text in which a true name is likely to stand again: it settles where a name begins.
    """
    found = []
    for match in _ENDING.finditer(text):
        names = [text[match.end() - size : match.end()] for size in (3, 4) if match.end() >= size]
        likely = [name for name in names if _looks_like_place(name, match.end(), edges)]
        if likely:
            found.append(max(likely, key=lambda name: ((around or text).count(name), -len(name))))
    return found


def _looks_like_place(name: str, end: int, edges: frozenset[int] | None) -> bool:
    if not all("\u4e00" <= c <= "\u9fff" for c in name) or _NOT_PLACES.search(name):
        return False
    return edges is None or (end - len(name) in edges and end in edges)


def level_by_ending(name: str) -> str | None:
    """省级, 市级 or 县级 from a name's last character; None when it says nothing."""
    if name.endswith(("省", "自治区")) or name in MUNICIPALITIES:
        return "省级"
    if name.endswith(("市", "州", "盟")):
        return "市级"
    return "县级" if name.endswith(("区", "县", "旗")) else None
