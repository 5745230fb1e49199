"""The patterns of what is not the author's, and next to each the author's words that look like it and stay."""

from __future__ import annotations

import pytest

from qa.reading.cleaning import clean
from qa.reading.glued_headings import with_headings_cut
from qa.reading.reader import read_works
from qa.types import Source

LONG = (
    "　　2023年，柳溪县把渡口、书屋、食堂三件事列入清单，逐项定下时间和经办人，年底前全部办完，没有一件拖到来年。",
    "　　渡口管理所新添渡船6条，末班船延到20点，赶集的人不必再摸黑绕山路回家，老人孩子坐船都有人扶上岸。",
    "　　村级书屋添书1.8万册，管书的多是退休教师，他们每周三教孩子们认字画画，一年里来过的孩子有四千多人。",
)


def cleaned(*lines: str, name: str = "小结.txt"):
    text = "\n".join(lines)
    return clean(Source("0", name, len(text), "utf-8", False, text))


def kept(*lines: str, name: str = "小结.txt") -> list[str]:
    return [line.text for line in cleaned(*lines, name=name).lines]


def reason(line: str, *, above: tuple[str, ...] = LONG, below: tuple[str, ...] = LONG) -> str:
    """Why the line is dropped, "" when it is kept."""
    found = cleaned(*above, line, *below)
    return next((d.reason for d in found.dropped if line.strip() in found.source.text[d.start : d.end]), "")


# Lines of the page

PAGE_LINES = [
    "首页 > 要闻 > 民生",
    "当前位置：首页 > 组织工作",
    "您现在的位置：网站首页",
    "首页 / 新闻 / 正文",
    "要闻 >> 民生 >> 正文",
    "云泽网 » 专题 » 正文",
    "上一篇：河堤修好了",
    "下一条 桥也通了",
    "上一页 1 2 3 下一页",
    "返回顶部",
    "【返回首页】",
    "相关阅读",
    "相关链接：",
    "推荐阅读>>",
    "延伸阅读：柳溪县的桥",
    "分享到：微信 微博",
    "分享到",
    "扫一扫关注微信公众号",
    "扫码下载客户端",
    "长按识别二维码",
    "点击查看原文",
    "阅读原文",
    "字号：大 中 小",
    "【字体：大 中 小】",
    "大 中 小",
    "打印 | 收藏 | 关闭",
    "【打印本页】【关闭窗口】",
    "【打印本页】",
    "我要纠错",
    "网友评论(0)",
    "设为首页 | 加入收藏",
]
AUTHORS_LINES = [
    "相关阅读推广活动开展十二场，来的人坐满了报告厅",
    "分享至全县的三条经验",
    "扫码乘船覆盖全部渡口",
    "字体设计比赛办了三届",
    "首页改版之后",
    "位置好不如服务好",
    "关注我们身边的老人",
    "申请→受理→办结",
    "水深>3米",
    "甲>乙",
    "打印店里的年轻人",
    "点击率从何而来",
    "上一篇文章讲的是渡口，这一篇讲书屋，下一篇讲食堂，三篇连起来读才见全貌，一件也少不得，读者自会明白其中道理，不必多说，再往下读就是了，读完便知道了",
]


@pytest.mark.parametrize("line", PAGE_LINES)
def test_a_line_of_the_page_is_dropped(line):
    assert reason(line) in ("navigation", "boilerplate", "byline", "spam")


@pytest.mark.parametrize("line", AUTHORS_LINES)
def test_an_author_s_line_that_looks_like_one_stays(line):
    assert reason(line) == ""


# Bylines and notices

BYLINES = [
    "来源：青屿时报",
    "作者：林晚舟",
    "（责任编辑：周以宁）",
    "【编辑：周以宁】",
    "责编：周以宁  审核：许清和",
    "发布时间：2023-01-18 08:30",
    "浏览次数：1280",
    "阅读 1280 次",
    "原标题：渡口的灯",
    "2023-01-18 08:30:00　来源：青屿时报",
    "2023年1月18日 08:30",
    "青屿时报记者 许清和",
    "本报记者 许清和 通讯员 周以宁",
    "云泽日报全媒体记者许清和",
    "供稿：柳溪县渡口管理所",
    "图/文：许清和",
    "信息来源：县政府办",
    "《 青屿时报 》( 2023年01月18日 02 版)",
    "一审：许清和",
    "文章来源：云泽网",
]
NOTICES = [
    "云ICP备12345678号-1",
    "云公网安备 11010102000001号",
    "网站标识码：1100000001",
    "Copyright © 2023 云泽网 All Rights Reserved",
    "版权所有：柳溪县人民政府办公室",
    "技术支持：某某科技公司",
    "建议使用1024×768分辨率浏览",
    "举报电话：000-0000000",
    "未经授权，禁止转载、摘编。",
    "本文来源于网络，如有侵权请联系删除",
]


@pytest.mark.parametrize("line", BYLINES)
def test_a_byline_is_dropped_and_kept_for_the_description(line):
    assert line in [byline.text for byline in cleaned(*LONG, line, *LONG).bylines]


@pytest.mark.parametrize("line", NOTICES)
def test_a_notice_is_dropped_wherever_it_stands(line):
    assert reason(line) == "boilerplate"


@pytest.mark.parametrize(
    "line",
    [
        "记者队伍建设",
        "全媒体记者培训",
        "来源：财政拨款占六成；社会捐赠占四成。",
        "时间：2023年5月；数量：3座。",
        "版权意识进课堂",
        "备案制度更完善",
        "编辑部里的灯光",
        "作者们说：我们愿意再来。",
        "文字工作三十年",
    ],
)
def test_an_author_s_words_that_look_like_a_byline_stay(line):
    assert reason(line) == ""


@pytest.mark.parametrize("line", ["2023年5月6日", "时间：2023年5月6日", "审核：三道关口"])
def test_what_could_be_either_is_the_author_s_amid_the_text(line):
    assert reason(line) == ""


@pytest.mark.parametrize("line", ["2023年5月6日", "时间：2023年5月6日", "审核：周以宁"])
@pytest.mark.parametrize("place", ["above", "below"])
def test_what_could_be_either_is_a_byline_at_the_edge(line, place):
    assert reason(line, **{place: ()}) == "byline"


# Bars


@pytest.mark.parametrize(
    "line", ["党建频道|要闻|专题", "甲县| 乙县| 丙县| 丁县| 戊县", "要闻｜政务｜互动｜服务", "要闻│政务│互动"]
)
def test_a_menu_of_bars_is_spam(line):
    assert reason(line) == "spam"


def test_a_table_of_bars_stays():
    rows = ["地区|渡口|书屋", "柳溪县|12处|30间", "桐湾区|8处|22间"]
    assert kept(*LONG, *rows, *LONG)[3:6] == rows


def test_a_table_of_words_amid_the_text_stays():
    rows = ["名称|地点|特色", "渡口|河边|热水", "书屋|村口|夜读"]
    assert kept(*LONG, *rows, *LONG)[3:6] == rows


def test_a_markdown_table_loses_only_its_rule():
    rows = ["| 地区 | 渡口 |", "| --- | ---: |", "| 柳溪县 | 12处 |"]
    assert kept(*LONG, *rows, *LONG, name="小结.md")[3:5] == [rows[0], rows[2]]


def test_a_list_of_many_places_at_the_end_is_spam():
    lines = ["玛多县|新郑市|东安县|和林格尔县|永安市", "三明市|精河县|盐池县|静乐县|漠河县"]
    assert kept(*LONG, *lines) == kept(*LONG)


# Debris


@pytest.mark.parametrize(
    "debris",
    [
        "?!/p>",
        "？</p>",
        "<br/>",
        '<span style="color:red">',
        "<o:p>",
        "</strong>",
        "&nbsp;",
        "&amp;nbsp;",
        "&ldquo;",
        "&#160;",
        "nbsp;",
        "mdash;",
        "<!-- 注 -->",
        "<![endif]>",
        "[url=http://a.b]",
        "[/b]",
        "##paidbegin##",
        "锟斤拷锟斤拷",
        "\u200b",
        "\ufeff",
        "\u2066",
        "\ufe0f",
        "\ue5e5",
        "\U000f0000",
        "\ufffd",
        "\x07",
        "\x96",
    ],
)
def test_debris_leaves_the_sentence_whole(debris):
    assert kept(f"渡口{debris}修好了。") == ["渡口修好了。"]


@pytest.mark.parametrize(
    "line",
    [
        "差异显著(p<0.05)。",
        "x<y且y>z。",
        "R&D投入增长。",
        "订购,half-width, 50%;好!",
        "“甲”[1]与［乙］。",
        "价格 5/6 折。",
        "A&B;C",
        "图(a)与图(b)。",
        "𠮷野家的门口。",
    ],
)
def test_an_author_s_marks_are_no_debris(line):
    assert kept(line) == [line]


# Readings


@pytest.mark.parametrize(
    "reading",
    [
        "(chǎn)",
        "（wǎng）",
        "(DĀN)",
        "(Lǜ)",
        "(liǔ xī)",
        "(bìluó)",
        "(xiān'gé)",
        "[zhèn]",
        "(ㄅㄧˋ)",
        "(u\u0308\u030c)".replace("u", "lu"),
    ],
)
def test_a_reading_in_brackets_is_left_out(reading):
    assert kept(f"渡{reading}口的灯亮着。") == ["渡口的灯亮着。"]


@pytest.mark.parametrize(
    "bracket",
    [
        "(app)",
        "(AI)",
        "(kg)",
        "(CO2)",
        "（A4）",
        "(PM2.5)",
        "(café)",
        "(Zürich)",
        "(résumé)",
        "(a)",
        "(H5)",
        "（法定节假日除外）",
        "(lan)",
        "(he)",
    ],
)
def test_a_unit_or_a_name_in_brackets_stays(bracket):
    assert kept(f"渡口{bracket}的灯亮着。") == [f"渡口{bracket}的灯亮着。"]


def test_plain_readings_are_left_out_of_a_text_that_is_full_of_them():
    text = "渡(du4)口(kou3)的(de5)灯(deng1)亮(liang4)着(zhe5)，船(chuan2)工(gong1)等(deng3)末(mo4)班(ban1)客(ke4)。"
    assert kept(text) == ["渡口的灯亮着，船工等末班客。"]


def test_networks_named_by_letters_are_no_readings():
    text = "局域网（LAN）、广域网（WAN）、城域网（MAN）、个域网（PAN）、存储网（SAN）、控制网（CAN）、智能（AI）齐备。"
    assert kept(text) == [text]


# Page numbers


@pytest.mark.parametrize("line", ["- 3 -", "— 12 —", "第3页", "第 3 页 共 20 页"])
def test_a_page_number_alone_is_page_furniture(line):
    assert reason(line) == "page_furniture"


@pytest.mark.parametrize("line", ["3", "第3页的故事", "2023"])
def test_a_number_that_may_be_the_author_s_stays(line):
    assert reason(line) == ""


# Headings glued to a paragraph


def lines(*written: str) -> list[str]:
    return [line.text for line in with_headings_cut(cleaned(*written).lines)]


GLUED = "　　书屋添了书，孩子们有地方去，村里人都说好。二、修好渡口，方便赶集"


def test_a_heading_glued_to_a_paragraph_is_cut_off():
    found = lines("一、办好书屋", *LONG, GLUED, LONG[0], "三、办好食堂", *LONG)
    assert found[4:6] == [GLUED.strip()[:-11], "二、修好渡口，方便赶集"]


@pytest.mark.parametrize(
    "line", ["会议定了两件事。一、修渡口，二、办食堂", "做法有三条。二、三产业一起抓，各村都有活干"]
)
def test_a_number_that_does_not_go_on_from_the_headings_is_not_cut(line):
    assert line in lines(*LONG, line, LONG[0])


def test_what_goes_on_below_is_no_heading():
    decided = "　　会议定了两件事，书屋先办，渡口后办。二、修渡口要听船工的"
    assert lines("一、办好书屋", decided, "意见，不能关起门来定。", *LONG)[1] == decided.strip()


def test_a_cut_heading_stands_where_it_stood():
    found = cleaned("一、办好书屋", *LONG, GLUED, *LONG)
    cut = list(with_headings_cut(found.lines))
    assert all("".join(found.source.text[a:b] for a, b in line.runs) == line.text for line in cut)


def test_a_cut_heading_becomes_a_section():
    text = "\n".join(["柳溪县工作小结", "一、办好书屋", *LONG, GLUED, *LONG])
    headings = [s.heading for s in read_works(text.encode(), "小结.txt").documents[0].sections]
    assert headings == ["一、办好书屋", "二、修好渡口，方便赶集"]


# The end of a page


@pytest.mark.parametrize(
    "heading",
    [
        "版权声明",
        "免责声明：",
        "国际某某网版权与信息产品内容销售的声明",
        "版权与免责声明（仅供演示）：",
        "关于我们",
        "友情链接：",
    ],
)
def test_what_follows_a_closing_heading_is_dropped(heading):
    assert kept(*LONG * 3, heading, "1、转载请注明，违者必究，解释权归本站。")[-1] == LONG[-1].strip()


@pytest.mark.parametrize("heading", ["关于我们的渡口", "版权课堂开到村里"])
def test_an_author_s_heading_near_the_end_closes_nothing(heading):
    assert kept(*LONG * 3, heading, LONG[0])[-1] == LONG[0].strip()
