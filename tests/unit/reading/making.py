"""Documents made up for tests: seeded, of invented places, with everything that real files have wrong with them."""

from __future__ import annotations

import random

PLACES = ("云泽省", "青屿市", "柳溪县", "桐湾区")
SUBJECTS = ("公交公司", "县图书馆", "园林站", "社区食堂", "渡口管理所", "文化馆")
DEEDS = ("新开线路", "添置书柜", "补种树苗", "改造站台", "培训馆员", "送餐上门")
UNITS = ("条", "个", "万株", "座", "名", "万人次")
TAILS = ("居民都说方便", "等候时间短了一半", "票价仍是２元", "比上年多两成", "家家都用得上", "名叫“慢一点”的窗口也开了")
NAVIGATION = ("首页 > 要闻 > 民生", "上一篇：河堤修好了", "分享到：")
DEBRIS = ("##br##", "&nbsp;", "</p>", "\u200b", "")
ENDS = ("。", "！", "；", "？")


def make_text(seed: int, newline: str = "\n") -> str:
    """A file's text: a title, headings, paragraphs cut by page breaks, blank lines, navigation, debris, a closing."""
    chance = random.Random(seed)
    place = chance.choice(PLACES)
    lines = [chance.choice(NAVIGATION), f"{place}公共服务工作综述", ""]
    for number in "一二三四五"[: chance.randint(1, 5)]:
        lines.append(f"{number}、{chance.choice(DEEDS)}")
        for _ in range(chance.randint(1, 4)):
            lines.extend(_cut(chance, "　　" + "".join(_sentence(chance, place) for _ in range(chance.randint(1, 9)))))
            lines.extend([""] * chance.choice((0, 0, 1)))
    if chance.random() < 0.5:
        lines.append("𠮷祥里的老人說：「車來得早，樹種得密。」")
    return newline.join([*lines, "免责声明：本文仅供演示。", "相关推荐：甲县| 乙县| 丙县| 丁县| 戊县"])


def _sentence(chance: random.Random, place: str) -> str:
    number = chance.choice((str(chance.randint(1, 999)), f"{chance.randint(1, 99)}.{chance.randint(1, 9)}"))
    year, deed = chance.randint(2018, 2024), chance.choice(SUBJECTS) + chance.choice(DEEDS)
    clauses = [f"{year}年，{place}{deed}{number}{chance.choice(UNITS)}"]
    clauses += [chance.choice(TAILS) for _ in range(chance.choice((0, 1, 2, 2, 30)))]
    return chance.choice(DEBRIS) + "，".join(clauses) + chance.choice(ENDS)


def _cut(chance: random.Random, paragraph: str) -> list[str]:
    """The paragraph on one line, or broken where a page ends."""
    if len(paragraph) < 90 or chance.random() < 0.5:
        return [paragraph]
    at = chance.randrange(60, len(paragraph) - 10)
    return [paragraph[:at], paragraph[at:]]


def make_compilation(seed: int) -> str:
    """Three works under a table of contents."""
    chance = random.Random(seed)
    titles = [f"{place}便民服务工作综述" for place in chance.sample(PLACES, 3)]
    contents = [f"{title}　　{page}" for page, title in enumerate(titles, 1)]
    lines = ["2023年便民服务工作汇编", "目　录", *contents]
    for title in titles:
        lines.append(title)
        for _ in range(chance.randint(2, 4)):
            sentences = [_sentence(chance, title[:3]) for _ in range(chance.randint(2, 6))]
            lines.extend(_cut(chance, "　　" + "".join(sentences)))
    return "\n".join(lines)
