"""Folding for matching, which never moves a quotation, and the edges of sentences."""

from __future__ import annotations

import pytest

from qa.text import (
    fold,
    fold_with_origins,
    is_traditional,
    letters,
    quote_hash,
    regional,
    sentence_spans,
    simplify,
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


# Script, width and case


def test_traditional_is_read_as_simplified():
    assert simplify("柳溪縣的圖書館週末開門") == "柳溪县的图书馆周末开门"


@pytest.mark.parametrize("text", ["桐灣區後面的裡弄乾淨了", "𠮷野家在青嶼開了分店", "一隻貓、一只碗", "著作權與著手"])
def test_simplifying_never_changes_the_length(text):
    assert len(simplify(text)) == len(text)


def test_simplified_text_is_left_as_it_is():
    assert simplify("云泽省的干部皇后镇上走") == "云泽省的干部皇后镇上走"


def test_width_does_not_matter():
    assert fold("ＱＡ１２３％") == fold("QA123%")


def test_case_does_not_matter():
    assert fold("APP与Wi-Fi") == fold("app与wi-fi")


def test_script_does_not_matter():
    assert fold("雲澤省圖書館") == fold("云泽省图书馆")


@pytest.mark.parametrize("text", ["青嶼市全年開出３５條ＢＲＴ線路", "①号楼 ㎡", "桐湾区（老城）", "豈有此理"])
def test_folding_with_origins_gives_the_folded_text(text):
    assert fold_with_origins(text).text == fold(text)


@pytest.mark.parametrize("text", ["青嶼３５條", "百分之㈠", "𠮷的店"])
def test_each_folded_character_knows_where_it_came_from(text):
    folded = fold_with_origins(text)
    assert all(char in fold(text[at]) for char, at in zip(folded.text, folded.origins, strict=True))


def test_a_folded_span_is_found_again_in_the_original():
    text = "　他說：“票價 ２ 元。”"
    folded = fold_with_origins(text, letters_only=True)
    at = folded.text.index("票价2元")
    start, end = folded.original_span(at, at + len("票价2元"))
    assert text[start:end] == "票價 ２ 元"


# Words without their punctuation


def test_letters_drop_blanks_and_punctuation():
    assert letters("“慢一点，” 她说——再 来！") == "慢一点她说再来"


def test_a_decimal_point_is_no_punctuation():
    assert letters("46.7公里") != letters("467公里")


def test_a_full_stop_after_a_number_is_punctuation():
    assert letters("新开7.") == letters("新开7")


def test_a_percent_sign_is_kept():
    assert letters("占四成，即40％") == "占四成即40%"


def test_a_full_width_decimal_point_counts_like_a_plain_one():
    assert letters("4．35万人次") == letters("4.35万人次")


def test_a_quotation_keeps_its_name_whatever_its_script_and_punctuation():
    assert quote_hash("全縣新修公廁18座。") == quote_hash("全县新修公厕18座")


def test_other_words_have_another_name():
    assert quote_hash("全县新修公厕18座") != quote_hash("全县新修公厕81座")


@pytest.mark.parametrize("text", ["臺風過後，樹倒了。", "這條線路開了兩年"])
def test_traditional_text_is_told(text):
    assert is_traditional(text)


def test_one_variant_character_does_not_make_a_text_traditional():
    assert not is_traditional("柳溪县的老街上有一家店叫“德馨號”，每天早上五点半准时开门卖豆浆油条")


# Sentences


def test_a_sentence_keeps_its_closing_quotation_mark():
    assert sentences("他问：“几点开门？”她没有答。") == ["他问：“几点开门？”", "她没有答。"]


def test_a_line_always_ends_a_sentence():
    assert sentences("一、把灯点亮\n全镇装了路灯") == ["一、把灯点亮", "全镇装了路灯"]


def test_a_windows_line_end_ends_a_sentence_once():
    assert sentences("一、把灯点亮\r\n全镇装了路灯") == ["一、把灯点亮", "全镇装了路灯"]


def test_a_dot_does_not_end_a_sentence():
    assert sentences("平均4.5天一班，网址www.example.com不变。") == ["平均4.5天一班，网址www.example.com不变。"]


def test_an_ellipsis_ends_a_sentence():
    assert sentences("等了又等……车才来。") == ["等了又等……", "车才来。"]


def test_a_semicolon_ends_a_sentence():
    assert len(sentences("东线改走河堤；西线不变。")) == 2


def test_outer_spaces_are_no_part_of_a_sentence():
    assert sentences("　　今年多开一班。　\n") == ["今年多开一班。"]


def test_a_text_of_spaces_has_no_sentence():
    assert sentence_spans(" \n　\n") == []


def test_spans_count_into_the_whole_text_when_a_part_is_asked_for():
    text = "第一句。第二句。第三句。"
    assert [text[a:b] for a, b in sentence_spans(text, 4, 8)] == ["第二句。"]


@pytest.mark.parametrize(("here", "there"), [("软件", "软体"), ("出租车", "计程车"), ("网络", "网路")])
def test_a_word_is_known_by_what_the_other_region_calls_it(here, there):
    assert (there in regional(here)) and (here in regional(there))


def test_most_words_are_called_the_same():
    assert regional("图书馆") == ()
