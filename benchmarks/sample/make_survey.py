"""Prints the sample's survey of canteens, 07 of `seeds/`: two columns, a table over a page break, a scanned page.

Set in Noto Sans CJK (SIL Open Font License 1.1), of which Chromium embeds what is used; so it needs playwright,
Chromium and that font, and the product's own library has the file ready. `paragraphs` is what stands in it, for the
tests. Knows nothing of the product.
"""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Iterator
from html import escape
from pathlib import Path

SURVEY = Path(__file__).resolve().parents[2] / "seeds" / "07_柳溪县社区食堂调研.pdf"
FONT = "Noto Sans CJK SC"
FONT_FILE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
TITLE, BYLINE = "柳溪县社区食堂调研", "县民政局调研组（2024年4月9日）"
HEADER, FIRST_PAGE = "柳溪县情　2024年第2期", 41
NOTICE = "（示例资料，地名与数字均为虚构）"
CAPTION = "表1　各乡镇食堂的就餐情况"
TABLE = (
    ("乡镇", "走访食堂", "日均就餐", "六十岁以上"),
    ("城关镇", "6家", "412人", "58%"),
    ("石桥镇", "4家", "236人", "71%"),
    ("望溪镇", "3家", "158人", "66%"),
    ("松坪乡", "3家", "127人", "83%"),
    ("双河乡", "3家", "119人", "79%"),
    ("云岭乡", "2家", "64人", "88%"),
)
ROWS_BEFORE_THE_BREAK = 4  # its header among them
NOTE = "①一份午餐收6元，一荤两素；村集体每份另补2元5角。"
BEFORE_THE_TABLE = (
    "2024年3月5日至22日，调研组走进城关镇和五个乡镇的21家食堂，在饭桌边发出问卷840份，收回796份。组长梁秋实定下一条规矩："
    "每到一家，先排队打饭，再坐下问话。",
    "一、谁在这里吃饭",
    "来吃饭的多是留在村里的老人。松坪乡的三家食堂离集镇最远，冬天要把饭菜装进棉套桶，由志愿者背上山，一趟走四十分钟。"
    "县城的情形不同，城关镇的食堂里，放学的孩子和下班的年轻人坐满半屋。各乡镇的人数和年纪，列在后面的表里。",
    "二、难在哪里",
    "头一难是人手。21家食堂共有掌勺人38名，平均年龄57岁，其中9名说再干一年就要歇下。第二难是送餐。云岭乡山路长，"
    "一份饭从出锅到进门平均要47分钟，到家时汤已经凉了。",
    "第三难是账。有5家食堂没有单独记账，盈亏说不清楚；双河乡的会计姚立冬把每天的进出写在门口黑板上，谁都能看，吵架的反而少了。",
)
AFTER_THE_TABLE = (
    "三、饭是怎么做出来的",
    "菜钱来自三处：吃饭的人付一份，村集体补一份①，自家菜园抵一份。望溪镇把七亩撂荒地翻成“食堂菜园”，去年收菜3.4吨，"
    "够三家食堂吃八个月。",
    "石桥镇的食堂最挤，平日两口锅，逢集那天添到三口，赶集的人一直排到石桥上。镇里借来中学的旧课桌，在廊檐下多摆出两排，下雨天也坐得住。",
)
SCANNED = ("社区食堂问卷", "您多久来吃一次？天天来。", "您最想添的一道菜？红烧豆腐。", "您愿意帮忙送餐吗？愿意。")
LAST_PAGE = (
    "四、几点建议",
    "一是请年轻人进灶房。县职业学校从今年秋天起开办“乡厨班”，头一期招30人，学满半年发上岗证。",
    "二是给送餐车装保温箱。先从云岭乡做起，年底以前配齐12只。",
    "三是账目上墙。各家食堂按月公布收支，由村民代表签字。账本放在打饭的窗口旁边，谁吃谁看，谁看谁问。",
    NOTICE,
)
# In points.
WIDTH, HEIGHT = 595, 842
LEFT, TOP, GAP = 72, 90, 27
COLUMN = (WIDTH - 2 * LEFT - GAP) / 2
SIZE, LEADING = 13, 24
ROW = 26


def paragraphs() -> list[str]:
    """What stands in the survey, a paragraph or a row of the table each; without header, page numbers and the scan."""
    rows = ["　".join(row) for row in TABLE]
    return [TITLE, BYLINE, *BEFORE_THE_TABLE, CAPTION, *rows, *AFTER_THE_TABLE, NOTE, *LAST_PAGE]


def wrapped(text: str) -> list[str]:
    """A paragraph's lines; no mark that closes begins one. A heading is not indented."""
    line, lines = "" if text[1:2] == "、" else "　　", []
    for char in text:
        if _ems(line + char) * SIZE > COLUMN:
            kept = len(line) - 1 if char in "，。、；：！？”）①" or line[-1] in "“（" else len(line)
            lines.append(line[:kept])
            line = line[kept:]
        line += char
    return [*lines, line]


def _ems(text: str) -> float:
    return sum(0.56 if char.isascii() else 1.0 for char in text)


def words(x: float, y: float, text: str, size: float = SIZE) -> str:
    style = f"left:{x:.1f}pt;top:{y:.1f}pt;font-size:{size}pt"
    return f'<p style="{style}">{escape(text)}</p>'


def columns(texts: tuple[str, ...], top: float) -> Iterator[str]:
    """Paragraphs in two columns of the same height."""
    lines = [line for text in texts for line in wrapped(text)]
    half = (len(lines) + 1) // 2
    for number, line in enumerate(lines):
        column, row = divmod(number, half)
        yield words(LEFT + column * (COLUMN + GAP), top + row * LEADING, line)


def table(rows: tuple[tuple[str, ...], ...], top: float) -> Iterator[str]:
    wide = (WIDTH - 2 * LEFT) / len(TABLE[0])
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            x, y = LEFT + column * wide, top + at * ROW
            yield f'<i style="left:{x:.1f}pt;top:{y:.1f}pt;width:{wide:.1f}pt;height:{ROW}pt"></i>'
            yield words(x + 8, y + 3, cell, 11)


def page(number: int, inner: Iterator[str] | list[str]) -> str:
    head = words((WIDTH - 9 * _ems(HEADER)) / 2, 42, HEADER, 9)
    foot = words(WIDTH / 2 - 14, HEIGHT - 56, f"· {FIRST_PAGE + number} ·", 9)
    return f"<section>{head}{''.join(inner)}{foot}</section>"


def scan() -> str:
    """A page that is but a picture of words."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (827, 1169), 244)
    draw = ImageDraw.Draw(picture)
    for at, line in enumerate(SCANNED):
        draw.text((120, 173 + 87 * at), line, 40, ImageFont.truetype(FONT_FILE, 35, index=2))
    out = io.BytesIO()
    picture.rotate(0.4, fillcolor=244).point(lambda grey: 255 * (grey > 128)).convert("1").save(
        out, "PNG", optimize=True
    )
    return f'<section><img src="data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"></section>'


def pages() -> Iterator[str]:
    middle = (WIDTH - 20 * _ems(TITLE)) / 2
    first = [words(middle, 84, TITLE, 20), words((WIDTH - 11 * _ems(BYLINE)) / 2, 120, BYLINE, 11)]
    first += columns(BEFORE_THE_TABLE, 156)
    at = HEIGHT - 90 - ROWS_BEFORE_THE_BREAK * ROW
    first += [words((WIDTH - 11 * _ems(CAPTION)) / 2, at - 26, CAPTION, 11), *table(TABLE[:ROWS_BEFORE_THE_BREAK], at)]
    yield page(0, first)
    rest = (TABLE[0], *TABLE[ROWS_BEFORE_THE_BREAK:])
    second = [*table(rest, TOP), *columns(AFTER_THE_TABLE, TOP + len(rest) * ROW + 24)]
    yield page(1, [*second, words(LEFT, HEIGHT - 100, NOTE, 9)])
    yield scan()
    yield page(3, columns(LAST_PAGE, TOP))


def html() -> str:
    style = (
        f"@page{{size:{WIDTH}pt {HEIGHT}pt;margin:0}}body{{margin:0;font-family:'{FONT}'}}"
        f"section{{position:relative;width:{WIDTH}pt;height:{HEIGHT}pt;overflow:hidden;break-after:page}}"
        "section:last-child{break-after:auto}"
        "p{position:absolute;margin:0;white-space:pre;line-height:1.5}i{position:absolute;border:.6pt solid #000}"
        "img{width:100%;height:100%;display:block}"
    )
    return f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>{TITLE}</title><style>{style}</style>' + (
        f"<body>{''.join(pages())}</body></html>"
    )


def pdf(browser: str = "/usr/bin/chromium") -> bytes:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=browser)
        sheet = chromium.new_page()
        sheet.set_content(html())
        printed = sheet.pdf(prefer_css_page_size=True, tagged=False)
        chromium.close()
    return packed(printed)


def packed(data: bytes) -> bytes:
    """The same PDF with its small objects compressed together (object and cross-reference streams, ISO 32000-1, 7.5.7
    and 7.5.8): Chromium writes a font of its own for every few characters."""
    objects = {int(found[1]): found[2] for found in re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", data, re.DOTALL)}
    root = re.search(rb"/Root (\d+ 0 R)", data[data.rindex(b"trailer") :])
    assert root is not None
    plain = [number for number, body in objects.items() if b"stream\n" not in body]
    shelf, index = max(objects) + 1, max(objects) + 2
    offsets, inside = [], b""
    for number in plain:
        offsets.append(f"{number} {len(inside)}")
        inside += objects.pop(number) + b"\n"
    head = " ".join(offsets).encode() + b"\n"
    objects[shelf] = _stream(b"/Type /ObjStm /N %d /First %d" % (len(plain), len(head)), head + inside)
    out, entries = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", {0: (0, 0, 65535)}
    for number, body in objects.items():
        entries[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    entries |= {number: (2, shelf, at) for at, number in enumerate(plain)}
    entries[index] = (1, len(out), 0)
    fields = (entries.get(number, (0, 0, 65535)) for number in range(index + 1))
    table = b"".join(bytes([kind]) + place.to_bytes(3, "big") + at.to_bytes(2, "big") for kind, place, at in fields)
    told = b"/Type /XRef /Size %d /W [1 3 2] /Root %s" % (index + 1, root[1])
    return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (index, _stream(told, table), len(out))


def _stream(told: bytes, content: bytes) -> bytes:
    content = zlib.compress(content, 9)
    return b"<<%s /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream" % (told, len(content), content)


if __name__ == "__main__":
    SURVEY.write_bytes(pdf())
