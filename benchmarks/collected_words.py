"""Words that made collections are written with: speeches, news, papers, statutes, questions of invented places.

Each piece is filled in by chance, so that no two works say the same. Knows nothing of how collections are laid out.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.made_works import INDENT

PLACES = ("青屿市", "鹭洲市", "霁川市", "柳溪县", "雁浦县", "桐湾区", "松坪县", "云泽省", "榆浦市", "岚港市")
TOWNS = ("石门镇", "白鹭街道", "柳树湾村", "双河乡", "望潮社区", "南溪镇", "苇塘村", "灯塔街道")
THINGS = ("渡口", "夜班公交", "社区食堂", "村级书屋", "口袋公园", "河堤", "农贸市场", "托育站", "老年学堂", "灌溉渠")
DEEDS = ("改造", "建设", "管护", "提升", "巡查", "服务")
PEOPLE = (
    "许清和",
    "方既白",
    "沈砚秋",
    "林见微",
    "周望舒",
    "赵听澜",
    "宋知远",
    "何采薇",
    "陆云舟",
    "秦晚照",
    "郑禾生",
    "孟春晓",
)
OFFICES = ("交通运输局", "民政局", "文化和旅游局", "水务局", "住房和城乡建设局", "农业农村局", "教育局", "发展和改革局")
STORIES = (
    "守渡人的三十年", "夜里也有一盏灯等你", "菜摊搬家以后", "一本账记了十二年", "老街上的新学堂",
    "水来了，地也活了", "孩子们的放学路", "堤上走过四千里", "从一张饭桌说起", "巷口多了把椅子",
    "书屋里坐满了人", "末班车上的陌生人", "山那边通了网", "十字路口的志愿者",
)  # fmt: skip
_SENTENCES = (
    "{year}年，{place}{deed}{thing}{n}处，比上年多{m}处，{town}的居民出门走不到{k}里路就能用上",
    "{place}把{thing}的{deed}列入为民办实事清单，由{office}牵头，按月通报进度，全年完成投资{n}万元",
    "在{town}，{person}每天早上六点就到{thing}，先看水位，再查设备，一本登记簿写满了{m}个月",
    "为弄清群众究竟要什么，{office}派出{k}个小组，走访{n}户，收回意见{m}条，能当场办的当场办结",
    "过去办一件事要跑{k}趟，如今在{town}的窗口一次办完，平均用时由{n}分钟缩短到{m}分钟",
    "{person}说，{thing}修得再好，没有人管也撑不过三年，所以每一处都落实了管护人，工资按季发放",
    "截至{year}年底，全{kind}共有{thing}{n}处，其中{m}处由村里自己管，其余由{office}统一养护",
    "有了{thing}，{town}的老人吃饭、看病、借书都近了，{person}家里的电话簿上又添了{k}个常用号码",
    "问题也还不少，部分{thing}年久失修，{m}处没有照明，雨天路滑，群众反映集中",
    "下一步，{place}将再安排资金{n}万元，用{k}年时间把余下的{m}处{thing}全部{deed}一遍",
    "{office}与{town}签订协议，明确谁出钱、谁出力、谁验收，验收不合格的不付尾款",
    "比起{place}的平均水平，{town}的{thing}用得更勤，每天约有{n}人次，周末还要再多{m}人次",
)


def sentence(rng: Random, place: str = "") -> str:
    place = place or rng.choice(PLACES)
    return rng.choice(_SENTENCES).format(
        year=rng.randint(2019, 2024), place=place, deed=rng.choice(DEEDS), thing=rng.choice(THINGS),
        n=rng.randint(20, 980), m=rng.randint(3, 60), k=rng.randint(2, 9), town=rng.choice(TOWNS),
        office=rng.choice(OFFICES), person=rng.choice(PEOPLE), kind=place[-1],
    )  # fmt: skip


def paragraph(rng: Random, place: str = "", sentences: int = 0) -> str:
    count = sentences or rng.randint(2, 4)
    return "。".join(sentence(rng, place) for _ in range(count)) + "。"


def text(rng: Random, place: str = "", heads: Sequence[str] = (), opening: str = "", paragraphs: int = 2) -> list[str]:
    """Lines of a work: an opening, then paragraphs below each head; without heads, paragraphs alone."""
    lines = [INDENT + opening + paragraph(rng, place)]
    for head in heads:
        lines.append(head)
        lines += [INDENT + paragraph(rng, place) for _ in range(paragraphs)]
    return lines if heads else lines + [INDENT + paragraph(rng, place) for _ in range(paragraphs)]


def heads(rng: Random, count: int = 3, form: str = "{}、") -> list[str]:
    """Headings of their own words, numbered from 一."""
    things = rng.sample(THINGS, count)
    return [
        form.format("一二三四五六七八九十"[n]) + f"{thing}要{rng.choice(DEEDS)}到位" for n, thing in enumerate(things)
    ]
