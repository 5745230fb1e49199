"""A saved page gives its words in order; what is no part of the article is marked with its reason."""

from __future__ import annotations

import base64
import quopri

import pytest

from qa.errors import Unreadable
from qa.reading.formats.opening import read
from qa.reading.reader import read_works
from qa.types import Source

FIRST = "云泽省公共图书馆全年接待读者120万人次，比上年增长8%，夜间开放延长到22点。"
SECOND = "柳溪县新建分馆三座，流动书车开进十二个乡，藏书增加五万册。"
THIRD = "桐湾区把书房办到车站，候车的人坐得下，也读得进，借书不收押金。"
PROSE = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
MENU = '<div><a href="/">首页</a> <a href="/a">要闻</a> <a href="/b">政务</a> <a href="/c">互动</a></div>'


def page(body: str, head: str = "<title>云泽省图书馆综述</title>") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def source(markup: str, name: str = "页.html") -> Source:
    return read(markup.encode(), name)


def kept(found: Source) -> str:
    """The text without what is marked."""
    taken = {at for run in found.marked for at in range(run.start, run.end)}
    return "".join(c for at, c in enumerate(found.text) if at not in taken)


def reason_of(found: Source, words: str) -> str:
    at = found.text.index(words)
    return next((run.reason for run in found.marked if run.start <= at and at + len(words) <= run.end), "")


# Words in order


def test_each_block_is_a_line():
    assert kept(source(page(PROSE))).split("\n\n") == [FIRST, SECOND, THIRD]


def test_a_line_break_ends_a_line():
    assert f"{FIRST}\n{SECOND}" in source(page(f"<p>{FIRST}<br/>{SECOND}</p>{PROSE}")).text


def test_a_line_end_of_the_markup_between_chinese_characters_is_no_space():
    assert "全年接待读者" in source(page(f"<p>全年\n   接待\r\n读者</p>{PROSE}")).text


def test_spaces_between_latin_words_stay_one():
    assert "open data portal" in source(page(f"<p>open   data\nportal</p>{PROSE}")).text


def test_an_ideographic_space_stays():
    assert "甲\u3000乙" in source(page(f"<p>甲\u3000乙</p>{PROSE}")).text


def test_the_words_of_a_link_stay_in_their_sentence():
    assert "见柳溪县年报第三页" in kept(source(page(f'<p>见<a href="x">柳溪县年报</a>第三页。</p>{PROSE}')))


def test_entities_are_characters():
    assert "甲&乙·丙“丁”" in source(page(f"<p>甲&amp;乙&middot;丙&ldquo;丁&#8221;</p>{PROSE}")).text


def test_preformatted_lines_stay_lines():
    assert "甲  1\n乙  2" in source(page(f"<pre>甲  1\n乙  2</pre>{PROSE}")).text


def test_a_caption_and_a_picture_s_words_are_text():
    figure = '<figure><img src="a.jpg" alt="读者在车站看书"><figcaption>桐湾区车站书房</figcaption></figure>'
    found = kept(source(page(f"{PROSE}{figure}{PROSE}")))
    assert "读者在车站看书" in found and "桐湾区车站书房" in found


@pytest.mark.parametrize("alt", ["DSC_0012.jpg", "图片1", "logo", "", "——"])
def test_a_picture_s_name_that_says_nothing_is_left_out(alt):
    assert source(page(f'{PROSE}<img src="a.jpg" alt="{alt}">')).text == source(page(PROSE)).text


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "svg", "iframe"])
def test_what_nobody_sees_is_left_out(tag):
    assert "不该出现" not in source(page(f"<{tag}>不该出现</{tag}>{PROSE}")).text


def test_comments_are_left_out():
    assert "不该出现" not in source(page(f"<!-- 不该出现 -->{PROSE}")).text


# Headings


def test_headings_have_their_depth():
    found = source(page(f"<h1>云泽省图书馆综述</h1>{PROSE}<h2>阵地建设</h2>{PROSE}<h3>书房</h3>{PROSE}"))
    assert [(found.text[h.start : h.end], h.depth) for h in found.headings] == [
        ("云泽省图书馆综述", 1), ("阵地建设", 2), ("书房", 3),
    ]  # fmt: skip


def test_the_first_heading_is_the_title_of_the_work():
    reading = read_works(page(f"<h1>云泽省图书馆全年综述</h1>{PROSE}", "").encode(), "a.html")
    assert reading.documents[0].title == "云泽省图书馆全年综述"


def test_a_break_inside_a_heading_does_not_cut_it():
    found = source(page(f"<h1>云泽省图书馆<br>全年综述</h1>{PROSE}"))
    assert found.text.startswith("云泽省图书馆全年综述")


# Tables

ROWS = "<tr><td>柳溪县</td><td>3座</td></tr><tr><td>桐湾区</td><td>2处</td></tr>"


def test_a_row_says_its_columns():
    found = source(page(f"{PROSE}<table><tr><th>地区</th><th>分馆</th></tr>{ROWS}</table>"))
    assert "地区：柳溪县；分馆：3座。\n\n地区：桐湾区；分馆：2处。" in found.text


def test_a_first_row_of_labels_over_figures_is_a_header():
    found = source(page(f"{PROSE}<table><tr><td>地区</td><td>分馆</td></tr>{ROWS}</table>"))
    assert "地区：柳溪县；分馆：3座。" in found.text


def test_a_table_without_header_keeps_its_cells():
    found = source(page(f"{PROSE}<table><tr><td>馆长</td><td>林晚</td></tr><tr><td>电话</td><td>无</td></tr></table>"))
    assert "馆长\t林晚" in found.text


def test_a_cell_that_reaches_down_counts_in_each_row():
    rows = '<tr><td rowspan="2">柳溪县</td><td>3座</td></tr><tr><td>5座</td></tr>'
    found = source(page(f"{PROSE}<table><tr><th>地区</th><th>分馆</th></tr>{rows}</table>"))
    assert "地区：柳溪县；分馆：5座。" in found.text


def test_two_rows_of_headers_make_one_name():
    first = '<tr><th rowspan="2">地区</th><th colspan="2">2023年</th></tr>'
    head = f"<thead>{first}<tr><th>分馆</th><th>藏书</th></tr></thead>"
    rows = "<tr><td>柳溪县</td><td>3座</td><td>5万册</td></tr>" * 2
    assert (
        "地区：柳溪县；2023年·分馆：3座；2023年·藏书：5万册。"
        in source(page(f"{PROSE}<table>{head}{rows}</table>")).text
    )


def test_a_table_that_lays_out_the_page_is_read_as_blocks():
    layout = f"<table><tr><td>{MENU}</td><td><p>{FIRST}</p><p>{SECOND}{THIRD}</p></td></tr></table>"
    assert FIRST in kept(source(page(layout))).split("\n\n")


def test_a_huge_span_does_no_harm():
    found = source(page(f'{PROSE}<table><tr><th colspan="99999999">甲</th></tr>{ROWS}</table>'))
    assert "柳溪县" in found.text


def test_a_row_that_opens_with_a_date_is_no_byline():
    rows = "<tr><td>2023年5月</td><td>3座</td></tr><tr><td>2023年6月</td><td>5座</td></tr>"
    markup = page(f"<h1>云泽省图书馆综述</h1>{PROSE}<table><tr><th>时间</th><th>分馆</th></tr>{rows}</table>")
    assert "时间：2023年6月；分馆：5座。" in read_works(markup.encode(), "a.html").documents[0].text


# What is no part of the article

FURNITURE = {
    "nav": ("<nav>首页与栏目</nav>", "首页与栏目", "navigation"),
    "aside": ("<aside>旁边的话</aside>", "旁边的话", "navigation"),
    "footer": ("<footer>某某单位主办</footer>", "某某单位主办", "boilerplate"),
    "header": ("<header>云泽省某网站</header>", "云泽省某网站", "navigation"),
    "role": ('<div role="navigation">频道列表</div>', "频道列表", "navigation"),
    "class": ('<div class="left-menu">频道列表</div>', "频道列表", "navigation"),
    "camel case": ('<div id="mainSideBar2">频道列表</div>', "频道列表", "navigation"),
    "pinyin": ('<div class="mianbaoxie">某处 某页</div>', "某处 某页", "navigation"),
    "share": ('<div class="bdsharebuttonbox">分享给朋友们</div>', "分享给朋友们", "boilerplate"),
    "cookie": ('<div class="cookie-bar">本站使用小甜饼，继续即表示同意。</div>', "本站使用小甜饼", "boilerplate"),
    "comments": ('<div id="comments"><p>说得真好，支持柳溪县，期待更多。</p></div>', "说得真好", "boilerplate"),
    "related": ('<ul class="related"><li>另一条新闻</li></ul>', "另一条新闻", "boilerplate"),
    "search form": ("<form><label>站内搜索</label><button>查一查</button></form>", "查一查", "navigation"),
    "links": (MENU.replace("首页", "头版"), "头版", "navigation"),
    "outside the article": ("<div><div>某某技术支持</div></div>", "某某技术支持", "boilerplate"),
}


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(("part", "words", "reason"), FURNITURE.values(), ids=FURNITURE)
def test_furniture_is_marked_by_its_kind(part, words, reason, before):
    article = f"<div><h1>云泽省图书馆综述</h1>{PROSE}</div>"
    found = source(page(part + article if before else article + part))
    assert reason_of(found, words) == reason


@pytest.mark.parametrize(("part", "words", "reason"), FURNITURE.values(), ids=FURNITURE)
def test_furniture_takes_nothing_of_the_article(part, words, reason):
    found = source(page(f"{part}<div><h1>云泽省图书馆综述</h1>{PROSE}</div>{part}"))
    assert kept(found).split() == ["云泽省图书馆综述", FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "wrap",
    [
        '<form id="aspnetForm">{}</form>',
        '<div class="nav-open footer-fixed">{}</div>',
        '<div id="top"><div class="header"></div>{}</div>',
        '<div style="opacity:0">{}</div>',
        "<table><tr><td>{}</td></tr></table>",
        "<article><header><h1>综述</h1></header>{}</article>",
    ],
)
def test_what_holds_the_article_is_no_furniture_whatever_it_is_called(wrap):
    assert all(words in kept(source(page(wrap.format(PROSE)))) for words in (FIRST, SECOND, THIRD))


def test_a_page_without_any_semantic_tag_gives_its_article():
    lines = "<br>".join([FIRST, SECOND, THIRD])
    found = source(page(f"{MENU}<div><div>云泽省图书馆综述</div><div>{lines}</div></div><div>技术支持：某公司</div>"))
    assert kept(found).split() == ["云泽省图书馆综述", FIRST, SECOND, THIRD]


def test_a_title_outside_the_article_is_kept():
    found = source(page(f"<div><h1>云泽省图书馆综述</h1></div><div><div>{PROSE}</div></div>"))
    assert kept(found).startswith("云泽省图书馆综述")


def test_a_byline_between_title_and_article_is_read():
    markup = page(f"<h1>云泽省图书馆综述</h1><div>来源：云泽日报 2023-05-06</div><div>{PROSE}</div>")
    assert read_works(markup.encode(), "a.html").documents[0].publisher == "云泽日报"


def test_a_sentence_outside_the_article_is_kept():
    found = source(page(f"<div><p>{THIRD}</p></div><div>{PROSE * 9}</div>"))
    assert kept(found).startswith(THIRD)


def test_the_parts_of_an_article_in_boxes_of_their_own_are_all_kept():
    found = source(page(f"<div><div>{PROSE}</div><div><h2>附记</h2><p>{THIRD}</p><p>青屿市文化局</p></div></div>"))
    assert "附记" in kept(found) and "青屿市文化局" in kept(found)


def test_a_signature_under_one_long_paragraph_is_kept():
    found = source(page(f"<div><p>{FIRST * 9}</p><p>青屿市文化局</p></div>"))
    assert "青屿市文化局" in kept(found)


def test_attachments_are_words_of_the_author():
    links = "".join(f'<a href="{n}">附件{n}：分馆名录.docx</a>' for n in range(1, 5))
    assert "附件3：分馆名录.docx" in kept(source(page(f"<div>{PROSE}<p>{links}</p></div>")))


def test_an_index_page_is_not_emptied():
    assert "政务" in kept(source(page(MENU)))


# Hidden words

HIDDEN = {
    "display": '<div style="display: none">{}</div>',
    "important": '<div style="DISPLAY:none !important">{}</div>',
    "visibility": '<span style="visibility:hidden">{}</span>',
    "attribute": "<div hidden>{}</div>",
    "aria": '<span aria-hidden="true">{}</span>',
    "font size": '<span style="font-size:0px">{}</span>',
    "white on white": '<p style="color:#FFFFFF;background:#fff">{}</p>',
    "white on the page": '<p style="color:white">{}</p>',
    "off the screen": '<div style="position:absolute;left:-9999px">{}</div>',
}


@pytest.mark.parametrize("way", HIDDEN.values(), ids=HIDDEN)
def test_hidden_words_are_marked(way):
    assert reason_of(source(page(f"{PROSE}{way.format('藏起来的词')}{PROSE}")), "藏起来的词") == "hidden"


def test_hidden_words_in_a_sentence_leave_the_sentence():
    found = source(page(f'<p>柳溪县<span style="display:none">藏起来的词</span>新建分馆。</p>{PROSE}'))
    assert kept(found).startswith("柳溪县新建分馆。")


def test_hidden_words_in_a_cell_leave_the_row():
    rows = "<tr><td>柳溪县<i hidden>藏起来的词</i></td><td>3座</td></tr>" * 2
    found = source(page(f"{PROSE}<table><tr><th>地区</th><th>分馆</th></tr>{rows}</table>"))
    assert "地区：柳溪县；分馆：3座。" in found.text and reason_of(found, "藏起来的词") == "hidden"


def test_hidden_words_are_told_in_a_doubt():
    assert "看不见" in source(page(f"<p hidden>藏起来的词</p>{PROSE}")).doubts[0]


def test_white_words_on_a_dark_ground_are_seen():
    found = source(page(f'{PROSE}<p style="background:#900"><b style="color:#fff">要点提示</b></p>{PROSE}'))
    assert reason_of(found, "要点提示") == ""


def test_pinyin_above_characters_is_a_reading_aid():
    found = source(page(f"<p><ruby>溪<rt>xī</rt></ruby>水长流，年年如此。</p>{PROSE}"))
    assert kept(found).startswith("溪水长流") and reason_of(found, "xī") == "reading_aid"


# What the page says of itself


def test_the_site_s_name_is_cut_from_the_title():
    for title in (
        "云泽省图书馆综述_云泽网",
        "云泽省图书馆综述 - 云泽日报",
        "云泽省图书馆综述-云泽省政府门户网站",
        "云泽省图书馆综述 | 云泽",
    ):
        assert source(page(PROSE, f"<title>{title}</title>")).metadata.title == "云泽省图书馆综述"


@pytest.mark.parametrize(
    "meta",
    [
        '<meta property="article:published_time" content="2023-05-06T08:00:00+08:00">',
        '<meta name="PubDate" content="2023-05-06 08:00">',
        '<meta name="publishdate" content="2023年05月06日">',
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2023-05-06"}</script>',
    ],
)
def test_the_date_of_publication_is_read(meta):
    assert source(page(PROSE, meta)).metadata.published == "2023-05-06"


def test_author_and_publisher_are_read():
    told = source(
        page(PROSE, '<meta name="author" content="林晚"><meta name="ContentSource" content="云泽日报">')
    ).metadata
    assert (told.author, told.publisher) == ("林晚", "云泽日报")


def test_json_ld_names_author_and_publisher():
    ld = '{"@graph":[{"headline":"云泽省图书馆综述","author":[{"name":"林晚"}],"publisher":{"name":"云泽日报"}}]}'
    told = source(page(PROSE, f'<script type="application/ld+json">{ld}</script>')).metadata
    assert (told.title, told.author, told.publisher) == ("云泽省图书馆综述", "林晚", "云泽日报")


def test_broken_json_ld_does_no_harm():
    deep = "[" * 200_000
    assert source(page(PROSE, f'<script type="application/ld+json">{deep}</script>')).metadata.author is None


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16"])
def test_the_bytes_tell_the_encoding_against_the_label(encoding):
    article = PROSE if encoding != "big5" else "<p>雲澤省公共圖書館全年接待讀者，比上年增長，夜間開放延長。</p>" * 3
    data = page(article).replace('charset="utf-8"', 'charset="iso-8859-1"').encode(encoding, "ignore")
    assert read(data, "页.html").text in source(page(article)).text


# Hostile pages


def test_an_external_entity_is_not_read():
    markup = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "爆炸">]><p>甲&x;&y;乙</p>{PROSE}'
    assert "爆炸" not in kept(source(page(markup)))


def test_a_billion_laughs_stays_small():
    entities = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    assert len(source(f"<!DOCTYPE html [{entities}]><html><body><p>&j;</p>{PROSE}</body></html>").text) < 3_000


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "span", "blockquote"])
def test_words_under_a_hundred_thousand_tags_are_read(tag):
    markup = f"<{tag}>" * 100_000 + "深处的字" + f"</{tag}>" * 100_000 + PROSE
    found = source(page(markup))
    assert "深处的字" in found.text and THIRD in found.text


def test_a_nest_too_deep_is_told_in_a_doubt():
    assert "嵌套" in source(page("<div>" * 100_000 + PROSE)).doubts[-1]


def test_a_megabyte_in_an_attribute_does_no_harm():
    long = "a" * 1_000_000
    found = source(page(f'<div class="{long}" style="{long}" title="{long}">{PROSE}</div>'))
    assert kept(found).split("\n\n") == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("mark", ["<", "<!--", "<a ", "&", "<p", "</", "<![CDATA[", "<script>", "<table><tr><td>"])
def test_repeated_openings_do_no_harm(mark):
    markup = PROSE + mark * 50_000
    try:
        assert FIRST in source(page(markup)).text
    except Unreadable:
        pytest.fail("the page is readable")


@pytest.mark.parametrize("share", range(0, 100, 7))
def test_a_page_cut_anywhere_reads_or_is_refused(share):
    data = page(f"<h1>云泽省图书馆综述</h1>{MENU}{PROSE}<table>{ROWS}</table>").encode()
    try:
        read(data[: len(data) * share // 100], "页.html")
    except Unreadable as refusal:
        assert refusal.hint


@pytest.mark.parametrize("name", ["页.html", "页.htm", "页.XHTML", "页.shtml"])
def test_a_page_is_known_by_its_ending(name):
    assert FIRST in source(page(PROSE), name).text


def test_an_xhtml_head_does_no_harm():
    markup = (
        f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{PROSE}</body></html>'
    )
    assert source(markup, "页.xhtml").text.startswith(FIRST)


def test_a_page_without_words_is_refused():
    with pytest.raises(Unreadable) as refused:
        source(page("<script>1</script><img src=x>"))
    assert refused.value.code == "empty_file"


# Pages saved with their pictures


def archive(body: bytes, encoding: str, charset: str) -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n'
    part = f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    picture = "\r\n--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--x--\r\n"
    return (head + part).encode() + body + picture.encode()


def test_a_page_in_an_archive_is_read():
    data = archive(quopri.encodestring(page(PROSE).encode()), "quoted-printable", "utf-8")
    assert kept(read(data, "页.mhtml")).split("\n\n") == [FIRST, SECOND, THIRD]


def test_a_page_in_an_archive_may_be_in_gbk():
    data = archive(base64.encodebytes(page(PROSE).encode("gbk")), "base64", "gb2312")
    assert FIRST in read(data, "页.mht").text


def test_an_archive_without_a_page_is_refused():
    with pytest.raises(Unreadable):
        read(b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nabc", "页.mht")


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://www.yunze.example/a/1.html">',
        '<meta property="og:url" content="https://www.yunze.example/a/1.html">',
    ],
)
def test_a_page_says_where_it_comes_from(head):
    assert source(page(PROSE, head)).metadata.url == "https://www.yunze.example/a/1.html"


def test_a_browser_says_where_it_saved_a_page_from():
    saved = "<!-- saved from url=(0035)https://www.yunze.example/a/1.html -->\n" + page(PROSE)
    assert source(saved).metadata.url == "https://www.yunze.example/a/1.html"


@pytest.mark.parametrize("address", ["/a/1.html", "javascript:alert(1)", "https://a b", ""])
def test_what_is_no_whole_address_is_none(address):
    assert source(page(PROSE, f'<link rel="canonical" href="{address}">')).metadata.url is None


def test_an_archive_says_where_its_page_comes_from():
    data = archive(quopri.encodestring(page(PROSE).encode()), "quoted-printable", "utf-8")
    told = data.replace(
        b"MIME-Version", b"Snapshot-Content-Location: https://www.yunze.example/a/1.html\r\nMIME-Version", 1
    )
    assert read(told, "页.mhtml").metadata.url == "https://www.yunze.example/a/1.html"
