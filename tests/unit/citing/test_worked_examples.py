"""References against examples that guides and the standard's own readers have worked out. Each names where it stands.

Zotero: the sample list of zotero-chinese/styles, which sets the examples of GB/T 7714—2025 as its drafters do (index.md
in src/GB-T-7714—2025（顺序编码，双语） and its author–year twin). The other guides mix half- and full-width
marks and put spaces where they like, so that against them marks are compared folded.
"""

from __future__ import annotations

import re
import unicodedata

import pytest

from qa.citing.footnotes import footnote
from qa.citing.gbt7714 import gbt7714
from qa.citing.references import Host, Name, Reference, TypeMark

ZOTERO = "zotero-chinese/styles, GB/T 7714—2025（顺序编码，双语）"
ZOTERO_AY = "zotero-chinese/styles, GB/T 7714—2025（著者-出版年，双语）"
ZOTERO_2015 = "zotero-chinese/styles, GB/T 7714—2015（顺序编码，双语）"
GUIDE = "bitekongjian.com/caijing/23264709.html 国家参考文献标准GB/T 7714—2015"
JOURNAL = "m.lw881.com/xsqk/241418.html 参考文献著录项目示例"
HENAN = "m.lw881.com/lunwen/125307.html 河南理工大学学术出版中心参考文献著录规则"
RULES_2005 = "GB/T 7714-2005 文后参考文献著录规则示例（图书馆摘录）"
HISTORY = "《历史研究》注释体例示例"


def people(*families: str) -> tuple[Name, ...]:
    return tuple(map(Name, families))


def of(mark: TypeMark, title: str, authors: tuple[Name, ...] = (), **more) -> Reference:
    return Reference(mark, title, authors, **more)


EXAMPLES_2025 = [
    (
        of(
            "M", "全唐五代诗格汇考", people("张伯伟"), place="南京", publisher="江苏古籍出版社", date="2002", page="288"
        ),
        "张伯伟. 全唐五代诗格汇考[M]. 南京：江苏古籍出版社，2002：288.",
        ZOTERO,
    ),
    (
        of(
            "M",
            "银行业的未来与人工智能",
            people("博伯尔"),
            translators=people("徐超"),
            place="北京",
            publisher="清华大学出版社",
            date="2023",
            page="35",
        ),
        "博伯尔. 银行业的未来与人工智能[M]. 徐超，译. 北京：清华大学出版社，2023：35.",
        ZOTERO,
    ),
    (
        of(
            "M",
            "递归宏观经济理论",
            people("扬奎斯特", "萨金特"),
            translators=people("杨斌", "王忠玉", "陈彦斌", "严高剑"),
            edition="2 版",
            place="北京",
            publisher="中国人民大学出版社",
            date="2010",
            page="798",
        ),
        "扬奎斯特，萨金特. 递归宏观经济理论[M]. 杨斌，王忠玉，陈彦斌，等，译. 2 版. "
        "北京：中国人民大学出版社，2010：798.",
        ZOTERO,
    ),
    (
        of(
            "M",
            "康熙字典：巳集上 水部",
            edition="同文书局影印本",
            place="北京",
            publisher="中华书局",
            date="1962",
            page="50",
        ),
        "康熙字典：巳集上 水部[M]. 同文书局影印本. 北京：中华书局，1962：50.",
        ZOTERO,
    ),
    (
        of(
            "M",
            "Probability, random variable, and random signal principles",
            (Name("Peebles", "P. Z.", "Jr"),),
            edition="4th ed.",
            place="New York",
            publisher="McGraw-Hill",
            date="2001",
        ),
        "Peebles P Z Jr. Probability, random variable, and random signal principles[M]. 4th ed. New York：McGraw-Hill，"
        "2001.",
        ZOTERO,
    ),
    (
        of(
            "M",
            "1998年长江洪水的成因与减灾对策",
            people("程根伟"),
            host=Host("长江流域洪涝灾害与科技对策", people("许厚泽", "赵其国")),
            place="北京",
            publisher="科学出版社",
            date="1999",
            page="32-36",
        ),
        "程根伟. 1998年长江洪水的成因与减灾对策[M]//许厚泽，赵其国. 长江流域洪涝灾害与科技对策. 北京：科学出版社，"
        "1999：32-36.",
        ZOTERO,
    ),
    (
        of(
            "M",
            "谈谈记忆：与诺贝尔获奖得者埃里克·坎德尔的问答",
            people("阿扬"),
            translators=people("姜海伦"),
            host=Host("认识记忆力：关于学习、思考与遗忘的脑科学", people("《环球科学》杂志社")),
            place="北京",
            publisher="机械工业出版社",
            date="2023",
            page="15-18",
        ),
        "阿扬. 谈谈记忆：与诺贝尔获奖得者埃里克·坎德尔的问答[M]. 姜海伦，译//《环球科学》杂志社. "
        "认识记忆力：关于学习、思考与遗忘的脑科学. 北京：机械工业出版社，2023：15-18.",
        ZOTERO,
    ),
    (
        of(
            "M",
            "政治经济学批判",
            people("马克思"),
            host=Host("马克思恩格斯全集：卷35", people("马克思", "恩格斯")),
            edition="2 版",
            place="北京",
            publisher="人民出版社",
            date="2013",
            page="302",
        ),
        "马克思. 政治经济学批判[M]//马克思，恩格斯. 马克思恩格斯全集：卷35. 2 版. 北京：人民出版社，2013：302.",
        ZOTERO,
    ),
    (
        of(
            "C",
            "民国图书馆学教育的社会贡献",
            people("肖希明", "石庆功", "刘奕"),
            host=Host("纪念北京大学图书馆学教育100周年研讨会论文集"),
            place="北京",
            publisher="北京大学信息管理系",
            date="2024",
            page="134-147",
        ),
        "肖希明，石庆功，刘奕. 民国图书馆学教育的社会贡献[C]//纪念北京大学图书馆学教育100周年研讨会论文集. "
        "北京：北京大学信息管理系，2024：134-147.",
        ZOTERO,
    ),
    (
        of("N", "数字革命与竞争国际化", people("丁文详"), container="中国青年报", date="2000-11-20", page="15"),
        "丁文详. 数字革命与竞争国际化[N]. 中国青年报，2000-11-20（15）.",
        ZOTERO,
    ),
    (
        of(
            "N",
            "探索微观世界的无穷奥秘（科技大观）",
            people("陈缮真"),
            online=True,
            container="人民日报",
            date="2022-08-16",
            page="17",
            url="http://paper.people.com.cn/rmrb/html/2022-08/16/nw.D110000renmrb_20220816_3-17.htm",
        ),
        "陈缮真. 探索微观世界的无穷奥秘（科技大观）[N/OL]. 人民日报，2022-08-16（17）. "
        "http://paper.people.com.cn/rmrb/html/2022-08/16/nw.D110000renmrb_20220816_3-17.htm.",
        f"{ZOTERO_AY}，年份移回原处",
    ),
    (
        of("J", "四库馆私家抄校书考略", people("杨洪升"), container="文献", date="2013", issue="1", page="56-75"),
        "杨洪升. 四库馆私家抄校书考略[J]. 文献，2013（1）：56-75.",
        ZOTERO,
    ),
    (
        of(
            "J",
            "互联网药品可信交易环境中主体资质审核备案模式",
            people("于潇", "刘义", "柴跃廷", "孙宏波"),
            container="清华大学学报（自然科学版）",
            date="2012",
            volume="52",
            issue="11",
            page="1518-1523",
        ),
        "于潇，刘义，柴跃廷，等. 互联网药品可信交易环境中主体资质审核备案模式[J]. 清华大学学报（自然科学版），"
        "2012，52（11）：1518-1523.",
        ZOTERO,
    ),
    (
        of(
            "D",
            "融合星载GNSS-R和SAR数据的高时空分辨率土壤湿度反演方法研究",
            people("王琦"),
            place="武汉",
            publisher="武汉大学",
            date="2022",
            page="87",
        ),
        "王琦. 融合星载GNSS-R和SAR数据的高时空分辨率土壤湿度反演方法研究[D]. 武汉：武汉大学，2022：87.",
        ZOTERO,
    ),
    (
        of(
            "R",
            "人体安全重要技术标准研制最终报告",
            people("汤万金", "杨跃翔", "刘文", "郑建国"),
            online=True,
            number="7178999X-2006BAK04A10/10.2013",
            date="2013-09-30",
            url="http://www.nstrs.cn/xiangxiBG.aspx?id=41707",
        ),
        "汤万金，杨跃翔，刘文，等. 人体安全重要技术标准研制最终报告：7178999X-2006BAK04A10/10.2013[R/OL]. 2013-09-30. "
        "http://www.nstrs.cn/xiangxiBG.aspx?id=41707.",
        ZOTERO,
    ),
    (
        of(
            "R",
            "Guidelines for handling excavated acid-producing material",
            people("U.S. Department of Transportation Federal Highway Administration"),
            number="PB 91-194001",
            place="Springfield",
            publisher="U.S. Department of Commerce National Information Service",
            date="1990",
            page="25",
        ),
        "U.S. Department of Transportation Federal Highway Administration. Guidelines for handling excavated "
        "acid-producing material：PB 91-194001[R]. Springfield：U.S. Department of Commerce National Information "
        "Service，1990：25.",
        ZOTERO,
    ),
    (
        of(
            "EB",
            "“好好干，当一个好工人”",
            people("许振超"),
            online=True,
            date="2025-02-17",
            accessed="2025-06-22",
            url="https://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html",
        ),
        "许振超. “好好干，当一个好工人”[EB/OL]. （2025-02-17）[2025-06-22]. "
        "https://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html.",
        ZOTERO,
    ),
    (
        of(
            "EB",
            "馆际互借与文献传递服务",
            people("高等教育文献保障系统"),
            online=True,
            accessed="2025-06-21",
            url="http://home.calis.edu.cn/pages/list.html?id=4101e184-7f64-4798-a5e1-8e37aa6994fc",
        ),
        "高等教育文献保障系统. 馆际互借与文献传递服务[EB/OL]. [2025-06-21]. "
        "http://home.calis.edu.cn/pages/list.html?id=4101e184-7f64-4798-a5e1-8e37aa6994fc.",
        ZOTERO,
    ),
    (
        of(
            "A",
            "奏请上海道库洋务外销要款无款可筹仍拨药厘接济事",
            people("李鸿章"),
            number="04-01-35-0399-039",
            place="北京",
            publisher="中国第一历史档案馆",
            date="1887",
        ),
        "李鸿章. 奏请上海道库洋务外销要款无款可筹仍拨药厘接济事：04-01-35-0399-039[A]. 北京：中国第一历史档案馆，1887.",
        ZOTERO,
    ),
    (
        of("P", "全智能节电器", people("邓一刚"), number="CN200610171314.3", date="2008-01-16", page="8-9"),
        "邓一刚. 全智能节电器：CN200610171314.3[P]. 2008-01-16：8-9.",
        ZOTERO,
    ),
]

EXAMPLES_AUTHOR_YEAR = [
    (
        of("N", "数字革命与竞争国际化", people("丁文详"), container="中国青年报", date="2000-11-20", page="15"),
        "丁文详，2000. 数字革命与竞争国际化[N]. 中国青年报，2000-11-20（15）.",
    ),
    (
        of(
            "M",
            "1998年长江洪水的成因与减灾对策",
            people("程根伟"),
            host=Host("长江流域洪涝灾害与科技对策", people("许厚泽", "赵其国")),
            place="北京",
            publisher="科学出版社",
            date="1999",
            page="32-36",
        ),
        "程根伟，1999. 1998年长江洪水的成因与减灾对策[M]//许厚泽，赵其国. 长江流域洪涝灾害与科技对策. "
        "北京：科学出版社：32-36.",
    ),
    (
        of(
            "EB",
            "北京鲁迅博物馆志愿服务章程",
            people("北京鲁迅博物馆"),
            online=True,
            date="2021-04-21",
            accessed="2023-05-02",
            url="http://www.luxunmuseum.com.cn/html/202104/a11310.htm",
        ),
        "北京鲁迅博物馆，2021. 北京鲁迅博物馆志愿服务章程[EB/OL]. （2021-04-21）[2023-05-02]. "
        "http://www.luxunmuseum.com.cn/html/202104/a11310.htm.",
    ),
]

EXAMPLES_2015 = [
    (
        of(
            "M",
            "物质结构",
            people("徐光宪", "王祥云"),
            edition="2版",
            place="北京",
            publisher="科学出版社",
            date="2010",
        ),
        "徐光宪,王祥云.物质结构[M].2版.北京:科学出版社,2010.",
        GUIDE,
    ),
    (
        of(
            "J",
            "蓝田生物群:一个认识多细胞生物起源和早期演化的新窗口",
            people("袁训来", "陈哲", "肖书海", "万斌"),
            container="科学通报",
            date="2012",
            volume="55",
            issue="34",
            page="3219",
        ),
        "袁训来,陈哲,肖书海,等.蓝田生物群:一个认识多细胞生物起源和早期演化的新窗口[J].科学通报,2012,55(34):3219.",
        GUIDE,
    ),
    (
        of(
            "J",
            "Shaking without quaking",
            (Name("Kanamori", "Hiroo"),),
            container="Science",
            date="1998",
            volume="279",
            issue="5359",
            page="2063",
        ),
        "KANAMORI H. Shaking without quaking[J].Science,1998,279(5359):2063.",
        GUIDE,
    ),
    (
        of(
            "D",
            "人类活动影响下海河流域典型区水循环变化分析",
            people("马欢"),
            place="北京",
            publisher="清华大学",
            date="2011",
        ),
        "马欢.人类活动影响下海河流域典型区水循环变化分析[D].北京:清华大学,2011.",
        GUIDE,
    ),
    (
        of(
            "N",
            "“一带一路”助推非洲工业化(国际论坛)",
            people("李勇"),
            container="人民日报",
            date="2017-05-03",
            page="03",
        ),
        "李勇.“一带一路”助推非洲工业化(国际论坛)[N].人民日报,2017-05-03(03).",
        GUIDE,
    ),
    (
        of("N", "创造学习的新思路", people("谢希德"), container="人民日报", date="1998-12-25", page="10"),
        "谢希德.创造学习的新思路[N].人民日报,1998-12-25(10).",
        HENAN,
    ),
    (
        of(
            "R",
            "关于扩大高等教育规模对短期经济增长作用的研究报告",
            people("魏新"),
            place="北京",
            publisher="北京大学高等教育科学研究所",
            date="1999",
            page="13",
        ),
        "魏新.关于扩大高等教育规模对短期经济增长作用的研究报告[R].北京:北京大学高等教育科学研究所,1999:13.",
        JOURNAL,
    ),
    (
        of(
            "M",
            "美国出版业概况",
            people("林慧芳"),
            host=Host("世界出版概观", people("陆本瑞")),
            place="北京",
            publisher="中国书籍出版社",
            date="1991",
            page="1-23",
        ),
        "林慧芳.美国出版业概况[M]//陆本瑞.世界出版概观.北京:中国书籍出版社,1991:1-23.",
        JOURNAL,
    ),
    (
        of(
            "G",
            "论职工教育的特点",
            people("韩吉人"),
            host=Host("职工教育研究论文集", people("中国职工教育研究会")),
            place="北京",
            publisher="人民教育出版社",
            date="1985",
            page="90-99",
        ),
        "韩吉人.论职工教育的特点[G]//中国职工教育研究会.职工教育研究论文集.北京:人民教育出版社,1985:90-99.",
        RULES_2005,
    ),
    (
        of(
            "C",
            "第3届全国实验流体力学学术会议论文集",
            people("中国力学学会"),
            place="天津",
            publisher=None,
            date="1990",
        ),
        "中国力学学会.第3届全国实验流体力学学术会议论文集[C].天津:[出版者不详],1990.",
        RULES_2005,
    ),
    (
        of(
            "R",
            "第29次中国互联网络发展状况统计报告",
            people("中国互联网络信息中心"),
            online=True,
            date="2012-01-16",
            accessed="2013-03-26",
            url="http://www.cnnic.net.cn/hlwfzyj/hlwxzbg/201201/P020120709345264469680",
        ),
        "中国互联网络信息中心. 第29次中国互联网络发展状况统计报告[R/OL]. （2012-01-16）[2013-03-26]. "
        "http://www.cnnic.net.cn/hlwfzyj/hlwxzbg/201201/P020120709345264469680.",
        ZOTERO_2015,
    ),
    (
        of(
            "N",
            "我们的科技一直在追赶：访中国工程院院长周济",
            people("余建斌"),
            online=True,
            container="人民日报",
            date="2013-01-12",
            page="2",
            accessed="2013-03-20",
            url="http://paper.people.com.cn/rmrb/html/2013-01/12/nw.D110000renmrb_20130112_5-02.htm",
        ),
        "余建斌. 我们的科技一直在追赶：访中国工程院院长周济[N/OL]. 人民日报，2013-01-12（2）[2013-03-20]. "
        "http://paper.people.com.cn/rmrb/html/2013-01/12/nw.D110000renmrb_20130112_5-02.htm.",
        ZOTERO_2015,
    ),
    (
        of(
            "S",
            "信息与文献 都柏林核心元数据元素集",
            people("全国信息与文献标准化技术委员会"),
            number="GB/T 25100—2010",
            place="北京",
            publisher="中国标准出版社",
            date="2010",
            page="2-3",
        ),
        "全国信息与文献标准化技术委员会. 信息与文献 都柏林核心元数据元素集：GB/T 25100—2010[S]. 北京：中国标准出版社，"
        "2010：2-3.",
        ZOTERO_2015,
    ),
]

FOOTNOTES = [
    (
        of("M", "文坛忆旧", people("赵景深"), place="上海", publisher="北新书局", date="1948", page="43"),
        "赵景深：《文坛忆旧》，上海：北新书局，1948年，第43页。",
    ),
    (
        of(
            "M",
            "走向新世界主义",
            people("杜威·佛克马"),
            host=Host("全球化与后殖民批评", people("王宁", "薛晓源")),
            place="北京",
            publisher="中央编译出版社",
            date="1999",
            page="247-266",
        ),
        "杜威·佛克马：《走向新世界主义》，王宁、薛晓源编：《全球化与后殖民批评》，北京：中央编译出版社，1999年，"
        "第247—266页。",
    ),
    (
        of("J", "读顾诚〈南明史〉", people("何龄修"), container="中国史研究", date="1998", issue="3"),
        "何龄修：《读顾诚〈南明史〉》，《中国史研究》1998年第3期。",
    ),
    (
        of("N", "上海各路商界总联合会致外交部电", container="民国日报", date="1925-08-14", page="4"),
        "《上海各路商界总联合会致外交部电》，《民国日报》1925年8月14日，第4版。",
    ),
    (
        of(
            "EB",
            "关于中国学术期刊标准化数据库系统工程的进展",
            people("王明亮"),
            online=True,
            date="1998-08-16",
            url="http://www.cajcd.cn/pub/wml.txt/980810-2.html",
            accessed="1998-10-04",
        ),
        "王明亮：《关于中国学术期刊标准化数据库系统工程的进展》，1998年8月16日，"
        "http://www.cajcd.cn/pub/wml.txt/980810-2.html，1998年10月4日。",
    ),
]


def folded(text: str) -> str:
    """Half-width, without spaces, as guides differ in both."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize(("reference", "written", "source"), EXAMPLES_2025, ids=lambda v: getattr(v, "title", None))
def test_an_example_of_2025_is_written_to_the_letter(reference, written, source):
    assert gbt7714(reference) == written, source


@pytest.mark.parametrize(("reference", "written"), EXAMPLES_AUTHOR_YEAR, ids=lambda v: getattr(v, "title", None))
def test_an_author_year_example_of_2025_is_written_to_the_letter(reference, written):
    assert gbt7714(reference, author_year=True) == written, ZOTERO_AY


@pytest.mark.parametrize(("reference", "written", "source"), EXAMPLES_2015, ids=lambda v: getattr(v, "title", None))
def test_an_example_of_2015_is_written_alike(reference, written, source):
    assert folded(gbt7714(reference, "2015")) == folded(written), source


@pytest.mark.parametrize(("reference", "written"), FOOTNOTES, ids=lambda v: getattr(v, "title", None))
def test_a_footnote_example_is_written_to_the_letter(reference, written):
    assert footnote(reference) == written, HISTORY
