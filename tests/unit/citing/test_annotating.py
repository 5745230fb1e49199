"""The writer's own file comes back with comments and footnotes, and nothing else of it is touched."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree

from qa.citing.annotating import Remark, annotate
from qa.errors import Unreadable
from qa.reading.formats import docx as reader
from tests.unit.reading.formats.office_files import STYLES, W, docx, paragraph, run, table, zipped

OPENED = "全省新开社区图书室318家。"
NIGHT = "其中夜间开放的有69家。"
BODY = paragraph(run("去年，" + OPENED) + run(NIGHT, "<w:b/>") + run("工作还在推进。"))
NOTES = '<w:footnote w:id="1"><w:p><w:r><w:t>原有的脚注。</w:t></w:r></w:p></w:footnote>'
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
NOTED = '<w:r><w:footnoteReference w:id="1"/></w:r>'
COMMENTS = '<w:comment w:id="7" w:author="周望"><w:p><w:r><w:t>原有的批注。</w:t></w:r></w:p></w:comment>'
OTHERS = {"header1": paragraph("页眉：内部资料"), "settings": "<w:zoom/>", "numbering": ""}


def remarks(*wanted: tuple[str, str]):
    """A judge that remarks on where words stand: (words, "comment" or "footnote")."""

    def judge(text: str) -> Sequence[Remark]:
        starts = [(text.index(words), words, kind) for words, kind in wanted]
        return [Remark(at, at + len(words), kind, (f"{kind}：{words}",)) for at, words, kind in starts]

    return judge


BOTH = remarks((OPENED, "footnote"), (NIGHT, "comment"))


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def root(data: bytes, part: str = "word/document.xml"):
    return etree.fromstring(members(data)[part])


def q(name: str) -> str:
    return f"{{{W}}}{name}"


def words(data: bytes) -> list[str]:
    """The text of each paragraph of the body."""
    return ["".join(t.text or "" for t in p.iter(q("t"))) for p in root(data).iter(q("p"))]


def commented(data: bytes) -> dict[str, str]:
    """Comment id to the words that its range covers."""
    ranges: dict[str, str] = {}
    open_now: list[str] = []
    for element in root(data).iter():
        if element.tag == q("commentRangeStart"):
            open_now.append(element.get(q("id")))
        elif element.tag == q("commentRangeEnd"):
            open_now.remove(element.get(q("id")))
        elif element.tag == q("t"):
            for one in open_now:
                ranges[one] = ranges.get(one, "") + (element.text or "")
    return ranges


def before_footnotes(data: bytes) -> list[str]:
    """The text of the paragraph before each footnote mark."""
    found = []
    for mark in root(data).iter(q("footnoteReference")):
        paragraph_of = next(mark.iterancestors(q("p")))
        text = ""
        for element in paragraph_of.iter():
            if element is mark:
                break
            text += (element.text or "") if element.tag == q("t") else ""
        found.append(text)
    return found


def forms(data: bytes) -> str:
    """The text with the form of each run, adjacent runs of one form joined."""
    told: list[list[str]] = []
    for one in root(data).iter(q("r")):
        text = "".join(t.text or "" for t in one.findall(q("t")))
        if not text:
            continue
        form = one.find(q("rPr"))
        written = "" if form is None else "".join(sorted(child.tag for child in form))
        if told and told[-1][0] == written:
            told[-1][1] += text
        else:
            told.append([written, text])
    return str(told)


def test_the_text_is_untouched():
    assert words(annotate(docx(BODY), BOTH)) == words(docx(BODY))


def test_a_comment_covers_its_sentence():
    assert list(commented(annotate(docx(BODY), BOTH)).values()) == [NIGHT]


def test_a_footnote_stands_after_its_sentence():
    assert before_footnotes(annotate(docx(BODY), BOTH)) == ["去年，" + OPENED]


def test_what_is_remarked_is_written():
    data = annotate(docx(BODY), BOTH)
    assert f"comment：{NIGHT}" in "".join(root(data, "word/comments.xml").itertext())
    assert f"footnote：{OPENED}" in "".join(root(data, "word/footnotes.xml").itertext())


def test_a_run_that_is_cut_keeps_its_form():
    halves = remarks(("夜间开放的", "comment"))
    assert forms(annotate(docx(BODY), halves)) == forms(docx(BODY))


def test_a_sentence_over_several_runs_is_covered_whole():
    data = docx(paragraph(run("去年，全省新开") + run("社区图书室", "<w:i/>") + run("318家。其余照旧。")))
    assert list(commented(annotate(data, remarks((OPENED, "comment")))).values()) == [OPENED]


def test_a_sentence_over_two_paragraphs_is_covered_whole():
    data = docx(paragraph("全省新开社区图书室") + paragraph("318家。其余照旧。"))
    judged = annotate(data, lambda text: [Remark(0, text.index("其余"), "comment", ("查无此句",))])
    assert list(commented(judged).values()) == [OPENED]


def test_one_sentence_may_have_both():
    judged = annotate(docx(BODY), remarks((NIGHT, "comment"), (NIGHT, "footnote")))
    assert list(commented(judged).values()) == [NIGHT]
    assert before_footnotes(judged) == ["去年，" + OPENED + NIGHT]


def test_several_sentences_of_one_run_are_told_apart():
    data = docx(paragraph("甲乡修复山塘四座。乙乡修复山塘五座。丙乡修复山塘六座。"))
    judge = remarks(
        ("甲乡修复山塘四座。", "comment"), ("乙乡修复山塘五座。", "comment"), ("丙乡修复山塘六座。", "footnote")
    )
    judged = annotate(data, judge)
    assert sorted(commented(judged).values()) == ["乙乡修复山塘五座。", "甲乡修复山塘四座。"]
    assert words(judged) == words(data)


def test_other_parts_are_kept_byte_for_byte():
    data = docx(BODY, **OTHERS)
    before, after = members(data), members(annotate(data, BOTH))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}


def test_only_what_was_added_differs_in_the_main_part():
    data = docx(BODY)
    judged = root(annotate(data, BOTH))
    for name in ("commentRangeStart", "commentRangeEnd"):
        for element in list(judged.iter(q(name))):
            element.getparent().remove(element)
    for reference in [*judged.iter(q("commentReference")), *judged.iter(q("footnoteReference"))]:
        reference.getparent().getparent().remove(reference.getparent())
    assert etree.tostring(judged, method="c14n") == etree.tostring(root(data), method="c14n")


def test_without_remarks_the_file_comes_back_as_it_is():
    data = docx(BODY, **OTHERS)
    assert annotate(data, lambda text: []) == data


def test_existing_notes_and_comments_stay():
    data = docx(BODY, footnotes=NOTES, comments=COMMENTS)
    judged = annotate(data, BOTH)
    assert "原有的脚注。" in "".join(root(judged, "word/footnotes.xml").itertext())
    assert [c.get(q("id")) for c in root(judged, "word/comments.xml")] == ["7", "8"]


def test_new_footnotes_take_ids_that_nothing_has():
    judged = annotate(docx(BODY, footnotes=NOTES), BOTH)
    assert [n.get(q("id")) for n in root(judged, "word/footnotes.xml")] == ["1", "2"]


def test_the_files_own_footnote_style_is_used():
    style = '<w:style w:type="character" w:styleId="F"><w:name w:val="footnote reference"/></w:style>'
    judged = annotate(docx(BODY, styles=STYLES + style), BOTH)
    (mark,) = root(judged).iter(q("footnoteReference"))
    assert mark.getparent().find(f"{q('rPr')}/{q('rStyle')}").get(q("val")) == "F"


def test_without_such_a_style_none_is_added():
    data = docx(BODY)
    assert members(annotate(data, BOTH))["word/styles.xml"] == members(data)["word/styles.xml"]


def test_sentences_in_tables_are_judged():
    data = docx(table([["指标", "数值"], ["图书室", OPENED]]))
    assert list(commented(annotate(data, remarks((OPENED, "comment")))).values()) == [OPENED]


def test_what_was_deleted_under_revision_is_not_judged():
    deleted = '<w:del w:id="1" w:author="周望"><w:r><w:delText>三百家。</w:delText></w:r></w:del>'
    seen = []
    annotate(
        docx(paragraph(run("全省新开社区图书室") + deleted + run("318家。"))), lambda text: seen.append(text) or []
    )
    assert seen == [OPENED + "\n"]


def test_revisions_stay_revisions():
    inserted = f'<w:ins w:id="1" w:author="周望">{run("318家。其余照旧。")}</w:ins>'
    data = docx(paragraph(run("全省新开社区图书室") + inserted))
    judged = annotate(data, remarks((OPENED, "footnote")))
    (insertion,) = root(judged).iter(q("ins"))
    assert "".join(t.text for t in insertion.iter(q("t"))) == "318家。其余照旧。"


def test_a_note_after_an_insertion_is_no_part_of_it():
    inserted = f'<w:ins w:id="1" w:author="周望">{run("318家。")}</w:ins>'
    judged = annotate(docx(paragraph(run("全省新开社区图书室") + inserted)), remarks((OPENED, "footnote")))
    (mark,) = root(judged).iter(q("footnoteReference"))
    assert next(mark.iterancestors(q("ins")), None) is None


def test_field_codes_are_not_read():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("318家。")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    data = docx(paragraph(run("全省新开社区图书室") + field))
    assert list(commented(annotate(data, remarks((OPENED, "comment")))).values()) == [OPENED]


def test_hidden_words_are_not_judged():
    seen = []
    annotate(docx(paragraph(run("甲。") + run("暗记", "<w:vanish/>"))), lambda text: seen.append(text) or [])
    assert seen == ["甲。\n"]


BOXED = paragraph(
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>'
    f"{paragraph(OPENED)}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{paragraph(OPENED)}</w:txbxContent></v:textbox></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)


def test_a_text_box_is_read_once():
    seen = []
    annotate(docx(BOXED), lambda text: seen.append(text) or [])
    assert seen[0].count(OPENED) == 1


@pytest.mark.parametrize("kind", ["comment", "footnote"])
def test_what_is_said_of_a_text_box_is_a_comment_on_the_box(kind):
    judged = annotate(docx(BOXED), remarks((OPENED, kind)))
    (start,) = root(judged).iter(q("commentRangeStart"))
    assert next(start.iterancestors(q("txbxContent")), None) is None
    assert f"文本框里：“{OPENED}”" in "".join(root(judged, "word/comments.xml").itertext())


def test_line_breaks_and_tabs_count_as_characters():
    data = docx(
        paragraph("<w:r><w:t>一、</w:t><w:tab/><w:t>全省新开社区图书室318家。</w:t><w:br/><w:t>完。</w:t></w:r>")
    )
    judged = annotate(data, remarks((OPENED, "comment")))
    assert list(commented(judged).values()) == [OPENED]
    assert [e.tag for e in root(judged).iter(q("tab"), q("br"))] == [q("tab"), q("br")]


def test_the_reader_still_reads_the_same_text():
    data = docx(BODY)
    assert reader.read(annotate(data, remarks((NIGHT, "comment"))), "稿.docx", "s").text == (
        reader.read(data, "稿.docx", "s").text
    )


def test_no_sentence_end_at_all_is_no_trouble():
    data = docx(paragraph("云泽" * 3000))
    judged = annotate(data, lambda text: [Remark(0, len(text), "comment", ("查无此句",))])
    assert words(judged) == words(data)


def protected(setting: str) -> bytes:
    return docx(BODY, settings=setting)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "type_mismatch"),
        (b"PK\x03\x04broken", "unreadable_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"WordDocument", "type_mismatch"),
        (docx(BODY)[:-200], "unreadable_file"),
        (protected('<w:documentProtection w:edit="readOnly" w:enforcement="1"/>'), "protected_file"),
        (zipped({**members(docx(BODY)), "_xmlsignatures/sig1.xml": "<Signature/>"}), "protected_file"),
        (zipped({"xl/workbook.xml": "<workbook/>"}), "type_mismatch"),
    ],
)
def test_a_file_that_cannot_be_changed_is_refused_by_name(data, code):
    with pytest.raises(Unreadable) as refused:
        annotate(data, BOTH)
    assert refused.value.code == code


def test_protection_that_is_not_enforced_is_no_hindrance():
    assert annotate(protected('<w:documentProtection w:edit="readOnly" w:enforcement="0"/>'), BOTH)


def test_a_refusal_says_what_to_do():
    with pytest.raises(Unreadable, match="停止保护"):
        annotate(protected('<w:documentProtection w:enforcement="1"/>'), BOTH)


@pytest.mark.skipif(not shutil.which("soffice"), reason="没有 LibreOffice")
def test_libreoffice_opens_it(tmp_path: Path):
    body = BODY + table([["图书室", "甲乡新建图书室四家。"]]) + paragraph(run("原有一处。") + NOTED)
    data = docx(body, footnotes=SEPARATORS + NOTES, comments=COMMENTS)
    judge = remarks((OPENED, "footnote"), (NIGHT, "comment"), ("甲乡新建图书室四家。", "comment"))
    (tmp_path / "稿.docx").write_bytes(annotate(data, judge))
    told = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fodt",
         "--outdir", str(tmp_path), str(tmp_path / "稿.docx")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    opened = (tmp_path / "稿.fodt").read_text(encoding="utf-8") if (tmp_path / "稿.fodt").exists() else told.stderr
    assert len(re.findall(r"<office:annotation ", opened)) == 2
    assert f"footnote：{OPENED}" in opened and "原有的脚注。" in opened
