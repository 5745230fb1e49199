"""Writes the two drafts of the sample's circular on greening as Word files, 05 and 06 of `seeds/`.

The second differs from the first in one figure, one date and one name, and has one paragraph elsewhere. The bytes are
the same at each run.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FIRST, FINAL = "05_青屿市绿化通报_初稿.docx", "06_青屿市绿化通报_定稿.docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/><w:basedOn w:val="a"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
)
# What the final draft says otherwise.
CHANGES = {"补种香樟5.2万株": "补种香樟5.7万株", "4月18日开工": "4月28日开工", "科长苏临川": "科长祁晚照"}
MOVED = "市里给每棵百年以上的古树立了一块木牌，写明树种、树龄和养护人的电话，谁发现枯枝都可以打。"
TABLE = (
    ("片区", "新增绿地", "口袋公园"),
    ("东门片区", "3.1公顷", "6个"),
    ("西坡新区", "8.4公顷", "9个"),
    ("老港片区", "1.7公顷", "4个"),
)
NOTE = "成活率由市园林科研所在去年9月抽查得出，抽查样本2600株。"
BOX = "市民报绿热线：每天8时至20时有人接听"
HEADER = "青屿市绿化委员会办公室　内部通报"
NOTICE = "（示例资料，地名与数字均为虚构）"
OPENING = (
    "2024年上半年，我市把绿化的力气用在老街和海边，新增绿地13公顷多。去年栽下的行道树大多挺过了冬天，成活率为92.4%"
)
BODY = (
    ("一、老街补绿", ""),
    ("", "上半年，我市在17条老街补种香樟5.2万株，树坑全部加装透水盖板。去年被台风吹倒的610棵行道树，已经补栽完毕。"),
    ("", MOVED),
    ("二、海边添绿", ""),
    (
        "",
        "滨海步道北延段的绿化于4月18日开工，全长4.6公里，选种耐盐的木麻黄和海桐。工程由市园林局绿化科科长苏临川负责。",
    ),
    ("", "为了不挡渔民晒网，沿线留出11处空场，空场边只种矮草。"),
    ("三、各片区进度", ""),
)
CLOSING = "下半年，我市将把西坡新区的两处弃土场改成林地，入冬以前栽完第一批树苗。"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(inner: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{inner}</w:p>"


def table(rows: tuple[tuple[str, ...], ...]) -> str:
    written = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl>{written}</w:tbl>"


def text_box(text: str) -> str:
    inner = f"<wps:txbx><w:txbxContent>{paragraph(run(text))}</w:txbxContent></wps:txbx>"
    drawing = f'<mc:Choice Requires="wps"><w:drawing>{inner}</w:drawing></mc:Choice>'
    return f"<w:r><mc:AlternateContent>{drawing}</mc:AlternateContent></w:r>"


def body(final: bool) -> str:
    """The markup of a draft. In the final one the paragraph on old trees stands before the closing."""
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    written = [paragraph(run("青屿市上半年绿化工作通报"), "T"), paragraph(run(OPENING) + note + run("。"))]
    for heading, text in BODY:
        if heading:
            written.append(paragraph(run(heading), "1"))
        elif text != MOVED or not final:
            written.append(paragraph(run(changed(text, final))))
    written.append(table(TABLE))
    if final:
        written.append(paragraph(run(MOVED)))
    written.append(paragraph(run(CLOSING) + text_box(BOX)))
    written.append(paragraph(run(NOTICE)))
    section = f'<w:sectPr><w:headerReference xmlns:r="{OFFICE}" w:type="default" r:id="rHead"/></w:sectPr>'
    return "".join(written) + section


def changed(text: str, final: bool) -> str:
    for before, after in CHANGES.items() if final else ():
        text = text.replace(before, after)
    return text


def docx(final: bool) -> bytes:
    def part(tag: str, inner: str) -> str:
        return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:{tag} {NAMES}>{inner}</w:{tag}>'

    kinds = {"styles": "styles", "header1": "header", "footnotes": "footnotes"}
    ids = {"styles": "rStyles", "header1": "rHead", "footnotes": "rNotes"}
    kinds_of_all = {"document": "document.main", **kinds}
    types = "".join(
        f'<Override PartName="/word/{p}.xml" ContentType="{WORD}.{k}+xml"/>' for p, k in kinds_of_all.items()
    )
    links = "".join(f'<Relationship Id="{ids[p]}" Type="{OFFICE}/{k}" Target="{p}.xml"/>' for p, k in kinds.items())
    package = "http://schemas.openxmlformats.org/package/2006"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": part("document", f"<w:body>{body(final)}</w:body>"),
        "word/styles.xml": part("styles", STYLES),
        "word/header1.xml": part("hdr", paragraph(run(HEADER))),
        "word/footnotes.xml": part("footnotes", f'<w:footnote w:id="2">{paragraph(run(NOTE))}</w:footnote>'),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 7, 5, 9, 0, 0)), content)
    return out.getvalue()


if __name__ == "__main__":
    for name, final in ((FIRST, False), (FINAL, True)):
        (SEEDS / name).write_bytes(docx(final))
