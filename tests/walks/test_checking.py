"""A draft from paste to verdicts, over small libraries of invented places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.errors import InvalidInput
from qa.pipeline import Pipeline
from qa.types import Checked, Filters, Verdict

REPORT = """青屿市茶馆阅览点工作小结
　　2023年，青屿市在老茶馆里设立阅览点73个，其中夜间开放的有29个。阅览点由退休教师王建国牵头管理，每个阅览点配备图书1200册。
　　每周三下午，志愿者在阅览点为老人读报，全年读报1860场，投入经费1.2亿元。阅览点没有向读者收取押金。
　　市委组织部选派35名干部到阅览点当馆员，读者满意率达到98.5%，比上年增长3个百分点。书香飘进小巷，灯火照亮归途。
"""
FERRIES = """柳溪县渡口工作小结
　　2023年，柳溪县把6条老渡船换成新船，末班船延到晚上八点，赶集的人不必摸黑回家。
　　渡口管理所请老船工李秀英教年轻人看水色，全年开课41次，组织覆盖率达到95%，服务覆盖率达到100%。
"""
SEAWALL = """桐湾区海塘工作小结
　　2023年，桐湾区加固海塘18.6公里，种下护岸林3.6万亩，由石料场场长沈望舟带队巡查。
　　五年来，全区累计修补裂缝460处。台风过境时，塘内没有一间民房进水。
　　海塘上设瞭望亭58座，其中34座通宵有人值守。瞭望亭每天晚上十点关灯，一张参观票2元5角。
　　闸门的钢材来自日本，闸门由潜水员64名轮班检修。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    pipeline = build(Settings(data=tmp_path_factory.mktemp("核对")))
    pipeline.add_text("茶馆", "青屿市茶馆阅览点工作小结", REPORT, "2024-01", "青屿市", None)
    pipeline.add_text("渡口", "柳溪县渡口工作小结", FERRIES, "2024-01", "柳溪县", None)
    pipeline.add_text("海塘", "桐湾区海塘工作小结", SEAWALL, "2024-01", "桐湾区", None)
    yield pipeline
    pipeline.library.close()


def whole(pipeline: Pipeline, draft: str, filters: Filters = Filters()) -> Checked:
    *_, last = pipeline.check(draft, filters)
    assert isinstance(last, Checked)
    return last


def verdict(pipeline: Pipeline, sentence: str) -> Verdict:
    (only,) = whole(pipeline, sentence).verdicts
    return only


def differences(pipeline: Pipeline, sentence: str) -> list[tuple[str, str, str]]:
    found = verdict(pipeline, sentence)
    assert found.label == "contradicted"
    return [(one.kind, one.draft, one.source) for one in found.differences]


@pytest.mark.parametrize(
    "sentence",
    [
        "青屿市在老茶馆里设立阅览点73个，其中夜间开放的有29个。",
        "青屿市在老茶馆里设立阅览点 73 个,其中夜间开放的有29个",
        "青嶼市在老茶館裡設立閱覽點73個，其中夜間開放的有29個。",
        "书香飘进小巷，灯火照亮归途。",
    ],
)
def test_what_stands_in_a_source_is_supported_verbatim(library, sentence):
    found = verdict(library, sentence)
    assert (found.label, found.verbatim) == ("supported", True)


@pytest.mark.parametrize(
    "sentence",
    [
        "青屿市设立的阅览点有七十三个，夜间开放的有29个。",
        "阅览点全年读报1860场，投入经费12000万元。",
        "阅览点全年为老人读报约1900场。",
        "2023年，青屿市在老茶馆设立了73个阅览点。",
        "桐湾区海塘上的瞭望亭每天22点关灯，一张参观票2.5元。",
    ],
)
def test_the_same_said_otherwise_is_supported(library, sentence):
    assert verdict(library, sentence).label == "supported"


@pytest.mark.parametrize(
    ("sentence", "difference"),
    [
        ("青屿市在老茶馆里设立阅览点37个，其中夜间开放的有29个。", ("number", "37个", "73个")),
        ("全年读报1860场，投入经费1.2万元。", ("unit", "万元", "亿元")),
        ("2022年，青屿市在老茶馆里设立阅览点73个。", ("date", "2022年", "2023年")),
        ("2023年，柳溪县在老茶馆里设立阅览点73个，其中夜间开放的有29个。", ("place", "柳溪县", "青屿市")),
        ("阅览点由退休教师李秀英牵头管理，每个阅览点配备图书1200册。", ("person", "李秀英", "王建国")),
        ("读者满意率达到98.5%，比上年下降3个百分点。", ("negation", "下降", "增长")),
        ("阅览点向读者收取押金。", ("negation", "收取", "没有向读者收取")),
        ("柳溪县渡口的组织覆盖率达到100%。", ("number", "100%", "95%")),
        ("2023年，桐湾区加固海塘18.6公里，种下护岸林3.6万平方米。", ("unit", "万平方米", "万亩")),
        ("2023年，桐湾区加固海塘超过19公里，种下护岸林3.6万亩。", ("number", "19公里", "18.6公里")),
        ("2023年，桐湾区修补裂缝460处。", ("date", "2023年", "五年来")),
        ("台风过境时，桐湾区海塘内有民房进水。", ("negation", "民房", "没有一间民房")),
        ("桐湾区海塘上的58座瞭望亭通宵有人值守。", ("number", "58座", "34座")),
        ("桐湾区海塘由石料场场长葛闻涛带队巡查。", ("person", "葛闻涛", "沈望舟")),
        ("桐湾区海塘闸门的钢材来自德国。", ("place", "德国", "日本")),
    ],
)
def test_a_changed_piece_is_named_with_what_the_source_says(library, sentence, difference):
    assert difference in differences(library, sentence)


def test_a_difference_counts_into_the_draft_as_it_was_sent(library):
    draft = "前言。\r\n青屿市在老茶馆里设立阅览点37个，其中夜间开放的有29个。\r\n"
    (one,) = [d for v in whole(library, draft).verdicts for d in v.differences]
    assert draft[one.start : one.end] == one.draft == "37个"


def test_what_no_source_says_is_not_found(library):
    assert verdict(library, "青屿市为每个社区配发了统一编号的垃圾分类督导员证。").label == "not_found"


@pytest.mark.parametrize("sentence", ["瞭望亭58座全部通宵有人值守。", "2023年，青屿市首次在老茶馆里设立阅览点73个。"])
def test_a_claim_of_the_whole_or_the_first_needs_a_source_that_says_so(library, sentence):
    assert verdict(library, sentence).label != "supported"


@pytest.mark.parametrize("sentence", ["阅览点为什么受欢迎？", "我认为阅览点还可以再多一些花草。"])
def test_a_question_or_an_opinion_makes_no_claim(library, sentence):
    assert verdict(library, sentence).label == "not_a_claim"


def test_a_heading_makes_no_claim(library):
    draft = "一、总体打算\n青屿市在老茶馆里设立阅览点73个，其中夜间开放的有29个。"
    assert [v.label for v in whole(library, draft).verdicts] == ["not_a_claim", "supported"]


def test_a_list_item_without_end_marks_is_checked(library):
    draft = "- 全年读报1860场，投入经费1.2亿元\n- 全年开课41次"
    assert [v.label for v in whole(library, draft).verdicts] == ["supported", "supported"]


def test_each_sentence_comes_before_the_next_is_looked_at(library):
    stream = library.check("全年开课41次。\n第二句没有出处，也没有人说过。")
    assert isinstance(next(iter(stream)), Verdict)


def test_a_verdict_that_is_borne_out_or_contradicted_has_a_citation(library):
    for sentence in ("全年开课41次。", "全年读报1680场，投入经费1.2亿元。"):
        found = verdict(library, sentence)
        for citation in found.citations:
            document = library.library.document(citation.document.id)
            assert document.text[citation.start : citation.end] == citation.quote
        assert found.citations


def test_a_filter_narrows_where_it_is_looked_for(library):
    checked = whole(library, "全年开课41次。", Filters(places=("青屿市",)))
    assert checked.verdicts[0].label != "supported"


def test_a_day_that_no_calendar_has_is_noted(library):
    (note,) = verdict(library, "2023年2月30日，青屿市的阅览点开放。").notes
    assert note.kind == "impossible_date"


def test_a_year_with_a_zero_among_chinese_digits_is_fine(library):
    assert not verdict(library, "二0二三年，青屿市在老茶馆里设立阅览点73个。").notes


def test_the_same_figure_given_twice_otherwise_is_noted(library):
    draft = "全市共有志愿读报员310人。\n说明：全市共有志愿读报员301人。"
    assert [note.kind for v in whole(library, draft).verdicts for note in v.notes] == ["stated_twice"]


def test_a_figure_of_the_whole_place_is_that_of_the_place_named_last(library):
    draft = "桐湾区公共图书馆接待读者46万人次。\n说明：全区公共图书馆接待读者64万人次。"
    assert [note.kind for v in whole(library, draft).verdicts for note in v.notes] == ["stated_twice"]


def test_the_same_figure_of_another_place_is_no_contradiction_within_the_draft(library):
    draft = "桐湾区公共图书馆接待读者46万人次。\n柳溪县公共图书馆接待读者6万人次。"
    assert not [note for v in whole(library, draft).verdicts for note in v.notes]


def test_parts_that_are_more_than_their_whole_are_noted(library):
    (note,) = verdict(library, "全市共有书屋30家，其中县级20家、村级15家。").notes
    assert (note.kind, "35" in note.text) == ("sum", True)


def test_a_quotation_put_together_from_two_places_is_noted(library):
    sentence = "小结写道：“书香飘进小巷，灯火照亮归途，赶集的人不必摸黑回家”。"
    assert [note.kind for note in verdict(library, sentence).notes] == ["stitched"]


def test_a_quotation_of_another_document_is_noted(library):
    sentence = "《柳溪县渡口工作小结》指出：“书香飘进小巷，灯火照亮归途。”"
    found = verdict(library, sentence)
    assert (found.label, [note.kind for note in found.notes]) == ("supported", ["misattributed"])


def test_a_quotation_that_departs_from_its_source_names_the_words(library):
    sentence = "小结写道：“书香飘进小院，灯火照亮归途”。"
    assert ("wording", "院", "巷") in differences(library, sentence)


def test_a_figure_that_a_later_document_gives_otherwise_is_noted(tmp_path: Path):
    pipeline = build(Settings(data=tmp_path / "库"))
    try:
        for year, count in (("2023", 318), ("2025", 402)):
            text = f"云泽省图书室年报\n云泽省建成社区图书室{count}家，由志愿者轮流值守。"
            pipeline.add_text(year, f"云泽省图书室年报{year}", text, f"{year}-02", "云泽省", None)
        (note,) = verdict(pipeline, "云泽省建成社区图书室318家，由志愿者轮流值守。").notes
        assert (note.kind, "402家" in note.text) == ("newer_figure", True)
    finally:
        pipeline.library.close()


def test_an_empty_draft_is_refused_before_anything_is_checked(library):
    with pytest.raises(InvalidInput):
        library.check(" \n")


def test_a_draft_over_the_limit_is_too_large(library):
    with pytest.raises(InvalidInput) as refused:
        library.check("字" * 100_001)
    assert refused.value.code == "too_large"


def test_a_slogan_that_stands_nowhere_makes_no_claim(library):
    assert verdict(library, "一间小屋，装得下一座城的灯火！").label == "not_a_claim"


def test_a_slogan_that_stands_in_a_source_is_supported(library):
    assert verdict(library, "书香飘进小巷，灯火照亮归途！").label == "supported"


def test_only_headings_make_no_claims(library):
    draft = "一、总体打算\n二、主要做法\n（一）选好地方\n三、下一步"
    assert [v.label for v in whole(library, draft).verdicts] == ["not_a_claim"] * 4


def test_a_draft_without_sentence_ends_is_checked_in_parts(library):
    draft = "，".join(["青屿市在老茶馆里设立阅览点73个", "柳溪县把6条老渡船换成新船"] * 40)
    found = whole(library, draft).verdicts
    assert len(found) > 1 and "".join(v.text for v in found) == draft


def test_a_draft_in_mixed_scripts_is_checked(library):
    (found,) = whole(library, "青嶼市在老茶馆裡設立阅览點７３个,其中夜間开放的有29個").verdicts
    assert found.label == "supported"


def test_a_draft_at_the_limit_is_checked_to_its_end(library):
    line = "全年开课41次。\n"
    draft = line + "　" * (100_000 - 2 * len(line)) + line
    last = whole(library, draft).verdicts[-1]
    assert (last.label, draft[last.start : last.end]) == ("supported", last.text)


def test_letters_of_no_language_are_checked_without_harm(library):
    assert {v.label for v in whole(library, "🙂🙂🙂 \u200b\ufeff qwerty zxcv。").verdicts} <= {
        "not_found",
        "not_a_claim",
    }


def test_a_heading_with_the_name_of_another_place_contradicts_nothing(library):
    draft = "桐湾区阅览点工作小结\n全年开课41次。"
    assert [v.label for v in whole(library, draft).verdicts] == ["not_a_claim", "supported"]


def test_a_single_word_beside_a_place_contradicts_nothing(library):
    assert verdict(library, "柳溪县的茶馆").label != "contradicted"
