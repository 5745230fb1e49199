"""An answer reads alone, and every word of it outside 〔 〕 is its quotation's."""

from __future__ import annotations

from dataclasses import replace

from qa.answering.composing import compose, quote
from qa.types import Section
from tests.unit.answering.making import DOCUMENT, TEXT, another, asking, pick_of


def read(words: str, **changes: object) -> str:
    document = replace(DOCUMENT, **changes)  # type: ignore[arg-type]
    pick = pick_of(words, document)
    return quote(pick, pick.start, pick.end).text


def test_a_quotation_without_its_place_is_given_it():
    assert read("末班船延到20点").startswith("〔青屿〕")


def test_a_quotation_that_names_its_place_is_given_none():
    assert "〔" not in read("青屿的渡船", text="青屿的渡船6条。")


def test_a_quotation_of_a_document_without_a_place_is_given_none():
    assert read("末班船延到20点", place=None) == "末班船延到20点"


def test_this_year_is_explained():
    assert read("今年还要添2条") == "〔青屿〕今年〔2023年〕还要添2条"


def test_this_year_is_not_explained_where_no_year_is_known():
    assert "今年还要" in read("今年还要添2条", period=None)


def test_the_innermost_name_of_a_place_is_given():
    assert read("末班船延到20点", place="云泽省青屿市桐湾区").startswith("〔桐湾〕")


def test_a_city_with_an_ending_in_its_name_is_not_cut():
    assert read("末班船延到20点", place="江苏省扬州市广陵区").startswith("〔广陵〕")


def test_a_quotation_loses_the_mark_that_it_is_cut_at():
    pick = pick_of("全市新添渡船6条，")
    assert (
        DOCUMENT.text[slice(quote(pick, pick.start, pick.end).start, quote(pick, pick.start, pick.end).end)]
        == "全市新添渡船6条"
    )


def test_a_number_that_is_asked_for_comes_first():
    picks = [pick_of("全市新添渡船6条", lead="6条")]
    assert compose(asking("新添渡船多少条？", "number", "条"), picks, 6).lead == "6条。"


def test_a_piece_that_hardly_fits_does_not_come_first():
    picks = [pick_of("全市新添渡船6条", lead="6条", fit=0.3)]
    assert compose(asking("花了多少钱？", "number", "元"), picks, 6).lead == ""


def test_how_a_thing_is_done_is_told_without_a_lead():
    assert compose(asking("渡口怎么变样的？", "how"), [pick_of("全市新添渡船6条", lead="6条")], 6).lead == ""


def test_the_same_words_are_not_quoted_twice():
    picks = [pick_of("全市新添渡船6条", lead="6条"), pick_of("全市新添渡船6条", another(), lead="6条")]
    assert len(compose(asking("多少条？", "number", "条"), picks, 6).quoted) == 1


def test_no_more_is_quoted_than_is_allowed():
    picks = [pick_of("全市新添渡船6条"), pick_of("末班船延到20点", score=0.95)]
    assert len(compose(asking("多少条？", "number", "条"), picks, 1).quoted) == 1


def test_a_much_weaker_pick_is_not_quoted():
    picks = [pick_of("全市新添渡船6条"), pick_of("末班船延到20点", score=0.2)]
    assert len(compose(asking("多少条？", "number", "条"), picks, 6).quoted) == 1


# Comparisons


def compared() -> object:
    other = another(TEXT.replace("6条", "9条"), place="柳溪县")
    asked = replace(
        asking("两地各有多少条？", "compare", "条"), places=("青屿市", "柳溪县"), place_names=("青屿市", "柳溪县")
    )
    return compose(asked, [pick_of("全市新添渡船6条", lead="6条"), pick_of("全市新添渡船9条", other, lead="9条")], 6)


def test_a_comparison_says_each_places_number_first():
    assert compared().lead == "青屿市：6条；柳溪县：9条。"


def test_a_comparison_has_a_row_for_each_place():
    assert [cells[:2] for cells, _ in compared().table.rows] == [("青屿市", "6条"), ("柳溪县", "9条")]


def test_each_row_of_a_comparison_names_its_quotation():
    assert [which for _, which in compared().table.rows] == [(0,), (1,)]


def test_a_part_of_a_year_is_explained_by_its_year():
    assert read("上半年添了2条", text="上半年添了2条。") == "〔青屿〕上半年〔2023年〕添了2条"


def test_a_plan_is_explained_by_its_years_behind_its_marks():
    text = "“十四五”期间添了2条。"
    assert read(text[:-1], text=text) == "〔青屿〕“十四五”〔2021—2025年〕期间添了2条"


def test_a_year_that_the_words_say_themselves_is_not_said_again():
    assert read("2023年上半年添了2条", text="2023年上半年添了2条。") == "〔青屿〕2023年上半年添了2条"


def test_a_clause_is_explained_by_the_year_that_opens_its_sentence():
    text = "2021年，渡口修好，上半年添了2条。"
    assert read("上半年添了2条", text=text) == "〔青屿〕上半年〔2021年〕添了2条"


def test_a_cell_is_quoted_from_the_beginning_of_its_row():
    row = "村：北渡村；渡船：3条；船工：7人。"
    pick = pick_of("船工：7人。", another(f"各村的渡口\n{row}\n"), lead="7人")
    assert row[:-1] in compose(asking("多少人？", "number", "人"), [pick], 6).quoted[0].text


def test_a_sentence_in_prose_is_quoted_without_what_stands_before_it():
    pick = pick_of("末班船延到20点")
    assert "6条" not in compose(asking("多少点？"), [pick], 6).quoted[0].text


def test_how_a_thing_is_done_goes_on_with_the_next_sentences_of_its_section():
    text = "渡口换了新船。老船工带徒弟，一人带两个。船票也改了。"
    first = pick_of("渡口换了新船。", another(text))
    pick = replace(first, sentence=(0, 7))
    assert compose(asking("渡口怎么变样的？", "how"), [pick], 6).quoted[0].text.endswith("船票也改了。")


def test_how_a_thing_is_done_ends_before_the_next_heading():
    text = "渡口换了新船。老船工带徒弟。\n二、灯塔\n灯塔换了灯。"
    document = another(text, sections=(Section("二、灯塔", 1, text.index("二、"), len(text)),))
    pick = replace(pick_of("渡口换了新船。", document), sentence=(0, 7))
    assert "灯塔" not in compose(asking("渡口怎么变样的？", "how"), [pick], 6).quoted[0].text


def test_a_way_is_told_up_to_its_paragraphs_end():
    text = "渡口添了夜航。票价也降了。\n江上风光好。"
    document = replace(DOCUMENT, text=text)
    pick = replace(pick_of("渡口添了夜航", document), sentence=(0, 7))
    assert compose(asking("渡口怎么办的？", "how"), [pick], 6).quoted[0].text == "〔青屿〕渡口添了夜航。票价也降了。"


def test_another_paragraph_that_holds_nothing_of_the_question_is_not_told():
    text = "渡口添了夜航。票价降了。\n江上风光好。"
    document = replace(DOCUMENT, text=text)
    best = replace(pick_of("渡口添了夜航", document), sentence=(0, 7), clause=0.5)
    other = replace(pick_of("江上风光好", document), sentence=(13, 19), clause=0.0, score=0.9)
    told = compose(asking("渡口怎么办的？", "how"), [best, other], 6).quoted
    assert [p.text for p in told] == ["〔青屿〕渡口添了夜航。票价降了。"]
