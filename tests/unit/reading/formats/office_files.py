"""Makes small Office files for tests: only the parts that a reader looks at, written out by hand.

Knows nothing of the product, so that a fault in its reading cannot hide in its writing.
"""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing",
        "fo": "xsl-fo-compatible", "meta": "meta", "manifest": "manifest",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_CHAPTER = (
    '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
    "<body>{}</body></html>"
)
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="a"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/><w:basedOn w:val="a"/></w:style>
"""


BULLETS_AND_COUNTS = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF06C;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>
</w:lvlOverride></w:num>
"""


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the parts, by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run of text (w:r)."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """A paragraph (w:p); `content` is plain text or runs."""
    inner = content if content.startswith("<") else run(content)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inner}</w:p>"


def numbered(text: str, list_id: int, level: int = 0) -> str:
    """A paragraph of a list that Word numbers itself: 1 and 3 count, 2 has bullets."""
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def table(rows: list[list[str]], header: bool = False) -> str:
    """A table (w:tbl); a cell is plain text or paragraphs with their own cell properties before them."""
    written = []
    for at, row in enumerate(rows):
        cells = "".join(f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row)
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if header and not at else ""
        written.append(f"<w:tr>{mark}{cells}</w:tr>")
    return f"<w:tbl>{''.join(written)}</w:tbl>"


def docx(body: str, styles: str = STYLES, core: str = "", **parts: str) -> bytes:
    """A .docx whose body is the given markup. `parts` are the inner markup of footnotes, numbering, header1."""
    roots = {"footnotes": "footnotes", "endnotes": "endnotes", "numbering": "numbering"}
    kinds = {name: roots.get(name, name.rstrip("0123456789")) for name in parts}
    tags = {"header": "hdr", "footer": "ftr"}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(
            {"document.xml": "document.main", "styles.xml": "styles"}
            | {f"{name}.xml": kind for name, kind in kinds.items()}
        ),
        "_rels/.rels": relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"{_HEAD}<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"{_HEAD}<w:styles {_NAMESPACES}>{styles}</w:styles>",
        "word/_rels/document.xml.rels": relations(
            {"rStyles": ("styles", "styles.xml")} | {name: (kind, f"{name}.xml") for name, kind in kinds.items()}
        ),
    }
    for name, inner in parts.items():
        tag = tags.get(kinds[name], kinds[name])
        members[f"word/{name}.xml"] = f"{_HEAD}<w:{tag} {_NAMESPACES}>{inner}</w:{tag}>"
    if core:
        members["docProps/core.xml"] = (
            f'{_HEAD}<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            f' xmlns:dcterms="http://purl.org/dc/terms/">{core}</cp:coreProperties>'
        )
    return zipped(members)


def _content_types(parts: dict[str, str]) -> str:
    told = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    inner = "".join(
        f'<Override PartName="/word/{part}" ContentType="{told}.{kind}+xml"/>' for part, kind in parts.items()
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    )


def relations(given: dict[str, tuple[str, str]]) -> str:
    """A relationships part: id → (kind, target)."""
    inner = "".join(
        f'<Relationship Id="{name}" Type="{_TYPES}/{kind}" Target="{target}"/>'
        for name, (kind, target) in given.items()
    )
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def odt(body: str, styles: str = "", masters: str = "", meta: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text whose body is the given markup."""
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {ODF}>{masters}</office:document-styles>",
        "meta.xml": f"<office:document-meta {ODF}><office:meta>{meta}</office:meta></office:document-meta>",
        "META-INF/manifest.xml": f"<manifest:manifest {ODF}>{manifest}</manifest:manifest>",
    })  # fmt: skip


def epub(chapters: dict[str, str], metadata: str, order: list[str] | None = None, nav: str = "", **parts: str) -> bytes:
    """An e-book of chapters (the markup of a body, by name). `parts` are further members, "__" in a name for "/"."""
    items = "".join(
        f'<item id="{name}" href="text/{name}.xhtml" properties="{"nav" if name == nav else ""}"/>' for name in chapters
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in order or chapters)
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    pages = {f"OEBPS/text/{name}.xhtml": _CHAPTER.format(body) for name, body in chapters.items()}
    members: dict[str, str | bytes] = {"mimetype": "application/epub+zip", "META-INF/container.xml": _CONTAINER}
    members |= {"OEBPS/book.opf": opf, **pages}
    return zipped(members | {name.replace("__", "/"): text for name, text in parts.items()})
