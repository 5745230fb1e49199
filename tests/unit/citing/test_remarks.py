"""What is said of a sentence in its own file."""

from __future__ import annotations

from qa.citing.remarks import remarks
from qa.types import Citation, Document, DraftDifference, Note, Passage, Verdict

TEXT = "去年，全省新开社区图书室318家，其中夜间开放的96家。"
DOCUMENT = Document("d1", "s1", 1, "社区图书室综述", TEXT, publisher="云泽日报", published="2025-02-11", author="林溪")
CITED = Citation(0, DOCUMENT, Passage("p", "d1", 0, (), 0, len(TEXT), TEXT, ""), TEXT, 0, len(TEXT), 0.9)
DRAFT = "全省新开社区图书室813家。"
OTHER = DraftDifference("number", "813家", "318家", 9, 13)


def verdict(label: str, **more) -> Verdict:
    return Verdict(DRAFT, 0, len(DRAFT), label, 0.9, **more)


def test_a_supported_sentence_has_a_footnote_with_its_reference():
    (one,) = remarks([verdict("supported", citations=(CITED,))])
    assert one.kind == "footnote"
    assert one.lines == ("林溪：《社区图书室综述》，《云泽日报》2025年2月11日，〔版次不详〕。",)


def test_the_footnotes_style_can_be_chosen():
    (one,) = remarks([verdict("supported", citations=(CITED,))], "gbt7714")
    assert one.lines[0].startswith("林溪. 社区图书室综述[N]. 云泽日报，2025-02-11")


def test_a_contradicted_sentence_has_a_comment_with_both_sides():
    (one,) = remarks([verdict("contradicted", differences=(OTHER,), citations=(CITED,))])
    assert one.kind == "comment"
    assert one.lines[:2] == ("与资料不符。", "原稿“813家”，资料“318家”。")
    assert TEXT in one.lines[2] and "《社区图书室综述》" in one.lines[2]


def test_a_difference_that_the_source_does_not_have_is_said_so():
    alone = DraftDifference("scope", "全部", "", 0, 2)
    (one,) = remarks([verdict("contradicted", differences=(alone,), citations=(CITED,))])
    assert "资料里没有“全部”。" in one.lines


def test_an_unfound_sentence_has_a_comment_with_what_is_near():
    (one,) = remarks([verdict("not_found", citations=(CITED,))])
    assert one.lines[0] == "资料里没有找到这句话的出处。" and one.lines[1].startswith("离得最近的（《社区图书室综述》")


def test_what_makes_no_claim_is_left_alone():
    assert remarks([verdict("not_a_claim")]) == []


def test_a_supported_sentence_with_a_note_has_both():
    note = Note("newer_figure", "2026年的资料说是340家。", 0, 5)
    made = remarks([verdict("supported", citations=(CITED,), notes=(note,))])
    assert [one.kind for one in made] == ["comment", "footnote"]
    assert made[0].lines == ("请留意：2026年的资料说是340家。",)
