"""Makes files that are broken or hostile, in every format that can be read: seeded, small, each with a name of its own."""

# ruff: noqa: E501 - markup is read more easily unbroken

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath

from qa.reading.formats.opening import READERS
from tests.unit.reading.formats.office_files import docx, paragraph, table, zipped
from tests.unit.reading.formats.pdf_making import Book

File = tuple[str, bytes]

SENTENCES = (
    "2023年柳溪县修好渡口12处，过河的人少等了半小时。",
    "青屿市在老茶馆里设立阅览点73个，街坊喝茶时也能借书。",
    "桐湾区装了一百二十台防霜风扇，茶农说今年的头茬保住了。",
)
TITLE = "柳溪县渡口工作小结"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BY_PROGRAM = frozenset({".doc", ".dot", ".wps", ".wpt", ".rtf", ".ppt", ".dps"})  # LibreOffice takes seconds for each
_NAMES = {
    "": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
}
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _spaces(*prefixes: str) -> str:
    return " ".join(f'xmlns{":" if prefix else ""}{prefix}="{_NAMES[prefix]}"' for prefix in prefixes)


def _related(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_NAMES["r"]}/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


# Whole files.


def text() -> str:
    return "\n".join([TITLE, "", "一、渡口", *SENTENCES * 4, "二、书屋", *SENTENCES * 4])


def html() -> bytes:
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 4)
    rows = "<tr><th>渡口</th><th>班次</th></tr><tr><td>上湾</td><td>12</td></tr>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><nav><a href='/'>首页</a></nav>"
        f"<article><h1>{TITLE}</h1>{body}<table>{rows}</table></article></body></html>"
    ).encode()


def mhtml() -> bytes:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    part = b"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head + part + html() + b"\r\n--b--\r\n"


def pdf(encrypt: str | None = None) -> bytes:
    book = Book(head=lambda sheet: "柳溪县年鉴", foot=lambda sheet: str(sheet), encrypt=encrypt)
    book.heading(TITLE)
    for sentence in SENTENCES * 3:
        book.paragraph(sentence * 2)
    return book.data()


def jsonl() -> bytes:
    return "\n".join(
        f'{{"id": "{at}", "title": "{TITLE}{at}", "text": "{s}"}}' for at, s in enumerate(SENTENCES)
    ).encode()


def csv() -> bytes:
    return "\n".join(["渡口,班次,备注", *(f"渡口{at},{at * 3},{SENTENCES[at % 3]}" for at in range(9))]).encode()


def rtf() -> bytes:
    words = "".join(f"\\u{ord(c)}?" for c in SENTENCES[0])
    return b"{\\rtf1\\ansi " + words.encode() + b"\\par}"


def members(suffix: str) -> dict[str, str | bytes]:
    """The members of a file that is an archive."""
    if suffix == ".xlsx":
        cells = "".join(
            f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{s}</t></is></c></row>'
            for at, s in enumerate(SENTENCES, 1)
        )
        return {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": _related("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook {_spaces("", "r")}><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _related("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f"<worksheet {_spaces('')}><sheetData>{cells}</sheetData></worksheet>",
        }
    if suffix == ".pptx":
        said = "".join(f"<a:p><a:r><a:t>{sentence}</a:t></a:r></a:p>" for sentence in SENTENCES)
        shape = f"<p:sp><p:nvSpPr><p:nvPr/></p:nvSpPr><p:txBody>{said}</p:txBody></p:sp>"
        spaces = _spaces("p", "a", "r")
        return {
            "_rels/.rels": _related("officeDocument", "ppt/presentation.xml"),
            "ppt/presentation.xml": f'<p:presentation {spaces}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": _related("slide", "slides/slide1.xml"),
            "ppt/slides/slide1.xml": f"<p:sld {spaces}><p:cSld><p:spTree>{shape}</p:spTree></p:cSld></p:sld>",
        }
    if suffix == ".epub":
        page = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>{TITLE}</h1>{''.join(f'<p>{s}</p>' for s in SENTENCES)}</body></html>"
        return {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "b.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest><item id="a" href="a.xhtml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
            "a.xhtml": page,
        }
    if suffix in (".odt", ".ods"):
        lines = "".join(f"<text:p>{sentence}</text:p>" for sentence in SENTENCES)
        rows = f"<table:table table:name='表'><table:table-row><table:table-cell>{lines}</table:table-cell></table:table-row></table:table>"
        kind, inner = ("spreadsheet", rows) if suffix == ".ods" else ("text", lines)
        return {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {_spaces('office', 'text', 'table')}><office:body><office:{kind}>{inner}"
            f"</office:{kind}></office:body></office:document-content>",
        }
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word() -> bytes:
    return docx(
        paragraph(TITLE, "1") + "".join(map(paragraph, SENTENCES * 3)) + table([["渡口", "班次"], ["上湾", "12"]])
    )


ARCHIVES = (".docx", ".xlsx", ".pptx", ".epub", ".odt", ".ods")
MAIN = {
    ".docx": "word/document.xml", ".xlsx": "xl/worksheets/sheet1.xml", ".pptx": "ppt/slides/slide1.xml", ".epub": "a.xhtml",
    ".odt": "content.xml", ".ods": "content.xml",
}  # fmt: skip


def whole() -> dict[str, bytes]:
    """A sound file of each format."""
    return {
        ".txt": text().encode("gb18030"),
        ".md": f"# {TITLE}\n\n{text()}".encode(),
        ".html": html(),
        ".mhtml": mhtml(),
        ".csv": csv(),
        ".jsonl": jsonl(),
        ".pdf": pdf(),
        **{suffix: zipped(members(suffix)) for suffix in ARCHIVES},
    }


# What is wrong with them.


def truncated() -> Iterator[File]:
    """At every percent; formats without a structure at every tenth one."""
    for suffix, data in whole().items():
        step = 10 if suffix in (".txt", ".md", ".csv", ".jsonl", ".mhtml", ".odt", ".ods") else 1
        for percent in range(1, 100, step):
            yield f"截断{percent}{suffix}", data[: len(data) * percent // 100]


def truncated_inside() -> Iterator[File]:
    """Archives that are whole, around a main member that is not."""
    for suffix in ARCHIVES:
        parts = members(suffix)
        main = parts[MAIN[suffix]]
        content = main.encode() if isinstance(main, str) else main
        for percent in range(5, 100, 10):
            cut = content[: len(content) * percent // 100]
            yield f"内断{percent}{suffix}", zipped({**parts, MAIN[suffix]: cut})


def scrambled() -> Iterator[File]:
    """A few bytes changed, anywhere."""
    chance = random.Random(3)
    for suffix, data in whole().items():
        for number in range(12):
            broken = bytearray(data)
            for _ in range(chance.choice((1, 4, 30))):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            yield f"错字节{number}{suffix}", bytes(broken)


def misnamed() -> Iterator[File]:
    """Each file under the name of each other format."""
    others = {**whole(), ".rtf": rtf(), ".doc": OLE + bytes(600), ".png": b"\x89PNG\r\n\x1a\n" + bytes(90)}
    for suffix in READERS:
        for kind, data in others.items():
            converts = suffix in BY_PROGRAM and kind in (".rtf", ".doc")
            if kind != suffix and not converts:
                yield f"其实是{kind[1:]}{suffix}", data


def random_bytes() -> Iterator[File]:
    chance = random.Random(5)
    heads = {".pdf": b"%PDF-1.7\n", **dict.fromkeys(ARCHIVES, b"PK\x03\x04")}
    for suffix in READERS:
        yield f"随机{suffix}", chance.randbytes(3000)
        if suffix in heads:
            yield f"随机有头{suffix}", heads[suffix] + chance.randbytes(3000)


def encrypted() -> Iterator[File]:
    yield "加密.pdf", pdf("秘密".encode().hex())
    for suffix in ARCHIVES:
        yield f"加密{suffix}", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(1200)
        flagged = bytearray(zipped(members(suffix)))
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = flagged.find(mark)
            while at >= 0:
                flagged[at + offset] |= 1
                at = flagged.find(mark, at + 4)
        yield f"加密标记{suffix}", bytes(flagged)


def bombs() -> Iterator[File]:
    """Little that unpacks to much."""
    zeros = bytes(60 << 20)
    for suffix in ARCHIVES:
        yield f"炸弹{suffix}", zipped({**members(suffix), MAIN[suffix]: zeros})
        yield f"多成员{suffix}", zipped({**members(suffix), **{f"a/{number}": b"" for number in range(2500)}})
        yield f"谎报大小{suffix}", _understated(zipped({**members(suffix), MAIN[suffix]: zeros[: 20 << 20]}))
    nested = zipped({"a": bytes(10 << 20)})
    for _ in range(5):
        nested = zipped({f"{number}.zip": nested for number in range(5)})
    yield "套娃.docx", nested
    yield "流炸弹.pdf", _pdf_with(zlib.compress(bytes(40 << 20)))
    yield "套流炸弹.pdf", _pdf_with(zlib.compress(zlib.compress(bytes(80 << 20))), "/FlateDecode /FlateDecode")
    yield "图形炸弹.pdf", _pdf_with(zlib.compress(b"0 0 m 9 9 l S " * 200_000))
    yield "大表.xlsx", zipped({**members(".xlsx"), MAIN[".xlsx"]: _far_cell()})
    yield "跨格.html", f"<table>{'<tr><td rowspan=65000 colspan=1000>一' * 40}</table><p>{SENTENCES[0]}</p>".encode()
    yield "跨格.odt", zipped({**members(".odt"), "content.xml": _repeated(".odt")})
    yield "跨格.ods", zipped({**members(".ods"), "content.xml": _repeated(".ods")})


def _understated(data: bytes) -> bytes:
    """The archive, each member said to unpack to a hundred bytes."""
    said = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = said.find(mark)
        while at >= 0:
            struct.pack_into("<I", said, at + offset, 100)
            at = said.find(mark, at + 4)
    return bytes(said)


def _far_cell() -> str:
    cell = '<c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c>'
    return f'<worksheet {_spaces("")}><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{cell}</row></sheetData></worksheet>'


def _repeated(suffix: str) -> str:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>一</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    kind = "spreadsheet" if suffix == ".ods" else "text"
    return (
        f"<office:document-content {_spaces('office', 'text', 'table')}><office:body><office:{kind}><table:table>{row}"
        f"</table:table></office:{kind}></office:body></office:document-content>"
    )


def _pdf_with(stream: bytes, filters: str = "/FlateDecode", pages: str = "[3 0 R]") -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids{pages}/Count 1>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter[%s]>>stream\n" % (len(stream), filters.encode()) + stream + b"\nendstream",
    )
    out = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return out + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


def entities() -> Iterator[File]:
    """DTDs that grow without end, or that fetch what is not theirs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    kinds = {
        "膨胀": (f'<!DOCTYPE d [<!ENTITY l0 "哈">{laughs}]>', "&l9;"),
        "外部": ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        "联网": ('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">', ""),
        "参数": ('<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>', ""),
    }
    for kind, (declared, used) in kinds.items():
        for suffix in ARCHIVES:
            parts = members(suffix)
            for name in {MAIN[suffix], next(iter(parts)), "b.opf", "META-INF/container.xml"} & set(parts):
                content = parts[name]
                inner = content.decode() if isinstance(content, bytes) else content
                if inner.lstrip().startswith("<"):
                    body = inner.partition("?>")[2] if inner.startswith("<?xml") else inner
                    hostile = declared + body.replace("。", f"。{used}", 1)
                    yield f"{kind}-{PurePath(name).stem}{suffix}", zipped({**parts, name: hostile})
        yield f"{kind}.html", (declared + html().decode().replace("。", f"。{used}", 1)).encode()


def nested() -> Iterator[File]:
    """Deeper than anybody writes."""
    for tag in ("div", "table><tr><td", "b", "ul><li", "font"):
        close = "".join(f"</{part}>" for part in reversed(tag.split("><")))
        yield f"深{tag[:2]}.html", (f"<{tag}>" * 30_000 + SENTENCES[0] + close * 30_000).encode()
    yield "深.jsonl", b'{"text": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    yield "深对象.jsonl", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    deep = paragraph(SENTENCES[0])
    for _ in range(12):
        deep = "".join(f"<w:tbl><w:tr><w:tc>{deep}</w:tc></w:tr></w:tbl>" for _ in range(2))
    yield "深表.docx", docx(deep)
    yield "深标签.docx", docx("<w:sdt>" * 5000 + paragraph(SENTENCES[0]) + "</w:sdt>" * 5000)
    for suffix in (".odt", ".pptx", ".epub"):
        parts = members(suffix)
        main = str(parts[MAIN[suffix]])
        tag = {".odt": "text:span", ".pptx": "a:x", ".epub": "div"}[suffix]
        hostile = main.replace(SENTENCES[0], f"<{tag}>" * 4000 + "深" + f"</{tag}>" * 4000)
        yield f"深{suffix}", zipped({**parts, MAIN[suffix]: hostile})
    yield "循环.pdf", _pdf_with(b"", pages="[2 0 R]")
    yield "深数组.pdf", _pdf_with(b"", pages="[" * 20_000 + "3 0 R" + "]" * 20_000)
    yield "深.md", (">" * 50_000 + SENTENCES[0]).encode()
    yield "深部分.mhtml", _nested_parts()


def _nested_parts() -> bytes:
    head = b""
    for number in range(300):
        head += b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (number, number)
    return b"MIME-Version: 1.0\r\n" + head + b"Content-Type: text/html\r\n\r\n" + html()


def hostile_names() -> Iterator[File]:
    """Names that climb, hide or break, of the file and of what is in it."""
    data = text().encode()
    for name in (
        "../../脱逃.txt", "/脱逃.txt", "..\\..\\脱逃.txt", "C:\\脱逃.txt", "a\x00b.txt", "换\n行.txt", "红\x1b[31m.txt", "反\u202etxt.exe.txt",
        "长" * 4000 + ".txt", "CON.txt", "~", "", ".txt", ".", "..", " .txt", "空格 .TXT", "双.txt.docx", "$(touch 脱逃).txt",
        "'; drop table sources; --.txt", "半\ud800个.txt", "-rf.txt", "%2e%2e%2f脱逃.txt", "名\u0301字.txt", "😀.txt", "文件.TXT.", "|.txt",
    ):  # fmt: skip
        yield name, data
    for suffix in ARCHIVES:
        for number, inner in enumerate(
            ("../../脱逃.txt", "/tmp/脱逃-yinju.txt", "C:\\脱逃.txt", "a\x01b", "长" * 3000)
        ):
            yield f"内名{number}{suffix}", zipped({**members(suffix), inner: SENTENCES[0]})
    for target in (
        "../../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "\\\\主机\\x",
    ):
        for suffix, part, kind in (
            (".docx", "_rels/.rels", "officeDocument"),
            (".xlsx", "xl/_rels/workbook.xml.rels", "worksheet"),
            (".pptx", "ppt/_rels/presentation.xml.rels", "slide"),
        ):
            yield f"外引{len(target)}{suffix}", zipped({**members(suffix), part: _related(kind, target)})


def huge_lines() -> Iterator[File]:
    """A line without end, of what patterns like to look for."""
    for number, piece in enumerate((
        "字", "　", " ", ".", "…", "一、", "（", "“", "《", "首页 > ", "甲|", "&nbsp;", "汉(hàn)", "1", "a", "-", "\t1", "[", "<p>", "</p>", "。",
        "来源：", "2023年", "第一章 ", "\u200b", "\x00字", "�", "云泽省", "?!/p>", "#", "*", "`", "_",
    )):  # fmt: skip
        yield f"长行{number}.txt", (TITLE + "\n" + piece * (60_000 // len(piece)) + "\n" + SENTENCES[0]).encode()
        yield f"长行{number}.md", (piece * (10_000 // len(piece)) + "\n" + SENTENCES[0]).encode()
        yield f"长行{number}.html", f"<p>{piece * (10_000 // len(piece))}<p>{SENTENCES[0]}".encode()
    yield "长行.csv", (",".join("列" * 5000) + "\n" + ",".join("1" * 5000)).encode()
    yield "长引号.csv", ('"' + "字" * 200_000).encode()
    yield "短行.txt", ("一\n" * 20_000).encode()
    yield "空行.txt", (TITLE + "\n" * 100_000 + SENTENCES[0]).encode()
    yield "目录.txt", "".join(f"标题{number}……{number}\n" for number in range(3000)).encode()


KINDS = (
    truncated, truncated_inside, scrambled, misnamed, random_bytes, encrypted, bombs, entities, nested, hostile_names, huge_lines,
)  # fmt: skip
