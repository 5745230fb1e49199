"""Passages are whole sentences with a context that says what 今年 and 我省 mean there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.indexing.chunking import MAX_CHARS, chunk, explained, resolve, year_of
from qa.types import Described, Document, Section

SENTENCE = "渡口管理所今年新添渡船六条，末班船延到晚上八点，赶集的人不必再摸黑绕山路回家。"
DOCUMENT = Document("d1", "s1", 1, "柳溪县渡口工作小结", SENTENCE * 20, place="柳溪县", level="县级", period="2023")


def test_a_short_document_is_one_passage():
    assert [p.text for p in chunk(replace(DOCUMENT, text=SENTENCE))] == [SENTENCE]


def test_passages_are_whole_sentences():
    assert all(p.text.replace(SENTENCE, "") == "" for p in chunk(DOCUMENT))


def test_passages_are_numbered_in_order():
    passages = chunk(DOCUMENT)
    assert [p.ordinal for p in passages] == list(range(len(passages)))


def test_a_new_section_begins_a_new_passage():
    text = f"{SENTENCE}\n一、船换新的\n{SENTENCE}"
    at = text.index("一、")
    sections = (Section("一、船换新的", 1, at, len(text)),)
    assert [p.start for p in chunk(replace(DOCUMENT, text=text, sections=sections))] == [0, at]


def test_a_passage_has_the_headings_above_it():
    text = f"一、船换新的\n{SENTENCE}"
    sections = (Section("一、船换新的", 1, 0, len(text)),)
    assert chunk(replace(DOCUMENT, text=text, sections=sections))[0].heading == ("一、船换新的",)


def test_a_sentence_over_the_limit_is_cut_at_a_clauses_end():
    passages = chunk(replace(DOCUMENT, text=SENTENCE.replace("。", "，") * 15 + "完。"))
    assert all(p.text[-1] in "，。" and len(p.text) <= MAX_CHARS for p in passages)


def test_a_long_run_without_a_mark_is_cut_all_the_same():
    assert max(len(p.text) for p in chunk(replace(DOCUMENT, text="船" * 1000))) <= MAX_CHARS


@pytest.mark.parametrize("word", ["柳溪县渡口工作小结", "柳溪县", "2023年"])
def test_the_context_says_title_place_and_year(word):
    assert word in chunk(DOCUMENT)[0].context


def test_the_context_says_which_year_last_year_was():
    assert "2022年" in chunk(replace(DOCUMENT, text="去年全县修了三座桥。"))[0].context


def test_the_context_is_no_part_of_the_passage():
    assert "2023年" not in chunk(DOCUMENT)[0].text


def test_relative_words_mean_the_documents_own_place_and_year():
    assert resolve("我县去年修桥三座，今年再修两座。", DOCUMENT) == {
        "我县": "柳溪县",
        "去年": "2022年",
        "今年": "2023年",
    }


def test_our_district_is_the_innermost_place_even_in_a_city_whose_name_has_an_ending():
    assert resolve("我区去年修桥三座。", replace(DOCUMENT, place="江苏省扬州市广陵区"))["我区"] == "广陵区"


def test_relative_words_mean_nothing_where_place_and_year_are_unknown():
    assert resolve("我县去年修桥三座。", replace(DOCUMENT, place=None, period=None)) == {}


def test_relative_words_are_understood_in_traditional_script():
    assert resolve("我縣今年修橋三座。", DOCUMENT) == {"我县": "柳溪县", "今年": "2023年"}


def test_an_empty_text_has_no_passage():
    assert chunk(replace(DOCUMENT, text="")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("上半年修桥三座。", "2023年上半年"),
        ("近五年修桥三座。", "2019—2023年"),
        ("“十四五”期间修桥三座。", "2021—2025年"),
        ("比上年多修三座。", "2022年"),
        ("民国一一二年修桥三座。", "2023年"),
    ],
)
def test_the_context_says_what_the_passages_words_for_times_mean(text, words):
    assert words in chunk(replace(DOCUMENT, text=text))[0].context


def test_a_plan_in_a_heading_is_meant_too():
    text = f"“十四五”期间的船\n{SENTENCE}"
    document = replace(DOCUMENT, text=text, sections=(Section("“十四五”期间的船", 1, 0, len(text)),))
    assert "2021—2025年" in chunk(document)[0].context


def test_our_province_in_a_citys_document_is_the_province():
    document = replace(DOCUMENT, place="云泽省青屿市")
    assert resolve("在全省率先修桥，全市欢喜。", document) == {"全省": "云泽省", "全市": "青屿市"}


def test_our_school_is_the_body_that_speaks():
    assert resolve("我校修桥三座。", replace(DOCUMENT, organisation="青屿大学"))["我校"] == "青屿大学"


def test_our_school_is_in_the_context():
    document = replace(DOCUMENT, organisation="青屿大学", text="我校修桥三座。")
    assert "青屿大学" in chunk(document)[0].context


@pytest.mark.parametrize(
    ("published", "period", "text", "year"),
    [
        ("2024-04-02", None, "", 2024),
        ("2024-04-02", "2024", "", 2024),
        (None, "2023", "", 2023),
        (None, None, "", None),
        ("2024-01-05", "2023", "今年新修三座。", 2023),
        ("2024-02-01", "2023", "去年修桥三座。", 2024),
        ("2024-02-01", "2023", "去年修桥三座，今年将再修两座。", 2024),
        ("2021-03-01", "2021/2025", "", 2021),
        (None, "2021/2025", "", None),
        ("2020-12-30", "2021", "", 2020),
        ("2024-02-01", "2019", "", 2019),
    ],
)
def test_a_document_speaks_from_a_year(published, period, text, year):
    document = replace(DOCUMENT, title="柳溪县渡口方案", published=published, period=period, text=text)
    assert year_of(document) == year


def test_a_review_of_some_years_speaks_from_the_last():
    assert year_of(replace(DOCUMENT, title="柳溪县渡口工作综述", period="2019/2023")) == 2023


def test_an_explanation_stands_behind_the_closing_mark():
    text = "“十四五”期间修桥三座。"
    assert explained(replace(DOCUMENT, text=text), 0, len(text)) == [(text.index("”") + 1, "2021—2025年")]


def test_a_piece_of_a_sentence_is_explained_by_the_year_that_opens_the_sentence():
    text = "2021年，渡口通航，上半年修桥三座。"
    assert explained(replace(DOCUMENT, text=text), text.index("上"), len(text)) == [(3, "2021年")]


def test_which_years_a_stretch_counts_is_not_explained_where_only_the_compilation_has_a_year():
    text = "近五年修桥三座，今年两座。"
    document = replace(DOCUMENT, text=text, described=(Described("period", "cover", "2023年"),))
    assert [note for _, note in explained(document, 0, len(text))] == ["2023年"]
