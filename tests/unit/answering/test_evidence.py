"""A question is not answered when it asks of a place, or presumes an event, that the evidence does not have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering.evidence import lacking_place, lacking_year, not_borne_out, not_counted, weigh
from tests.unit.answering.making import another, asking, pick_of

PICKS = [pick_of("全市新添渡船6条", lead="6条")]
HITS = [pick.hit for pick in PICKS]


def of(name: str, kind: str = "number") -> object:
    return replace(asking("多少条？", kind), places=(name,), place_names=(name,))  # type: ignore[arg-type]


def test_without_a_passage_nothing_is_borne_out():
    assert not weigh(asking("多少条？"), [], []).enough


def test_a_sentence_that_covers_the_question_is_evidence():
    found = [replace(HITS[0], why={"lexical": 0.6})]
    assert weigh(asking("多少条？"), found, PICKS).enough


def test_a_sentence_that_covers_nothing_is_no_evidence():
    pick = replace(PICKS[0], coverage=0.0, missing=0.6, fit=0.0, beside=0.0)
    assert not weigh(asking("多少条？"), HITS, [pick]).enough


def test_the_place_that_no_passage_is_of_is_named():
    assert lacking_place(of("雁浦县"), HITS) == "雁浦县"


def test_the_place_of_a_document_is_not_lacking():
    assert lacking_place(of("青屿市"), HITS) == ""


def test_a_place_that_a_passage_names_is_not_lacking():
    named = pick_of("雁浦县也来取经", another("雁浦县也来取经。"))
    assert lacking_place(of("雁浦县", "how"), [named.hit]) == ""


def test_a_number_in_another_places_report_that_names_the_place_is_not_its_own():
    named = pick_of("雁浦县也来取经", another("雁浦县也来取经，渡船添到6条。"))
    assert lacking_place(of("雁浦县"), [named.hit]) == "雁浦县"


def test_an_unknown_place_that_no_passage_names_is_lacking():
    assert lacking_place(replace(asking("多少条？"), unknown_places=("雁浦县",)), HITS) == "雁浦县"


def test_a_citys_number_is_no_total_of_its_province():
    inner = pick_of("全市新添渡船6条", another(place="江苏省扬州市"))
    assert lacking_place(of("江苏省"), [inner.hit]) == "江苏省"


def test_what_is_done_in_a_city_is_done_in_its_province():
    inner = pick_of("全市新添渡船6条", another(place="江苏省扬州市"))
    assert lacking_place(of("江苏省", "how"), [inner.hit]) == ""


def test_a_lacking_place_is_refused_by_name():
    assert "雁浦县" in weigh(of("雁浦县"), HITS, PICKS).lacking


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("渡口为什么取消了夜航？", "取消"),
        ("渡口是哪年关闭的？", "关闭"),
        ("渡口后来改名叫什么？", "改名"),
        ("渡船数量为什么减少？", "减少"),
        ("渡口為什麼取消了夜航？", "取消"),
        ("所长为什么辞职？", "辞职"),
    ],
)
def test_an_event_that_the_evidence_does_not_have_is_named(question, word):
    assert not_borne_out(asking(question), PICKS) == word


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("渡口为什么取消了夜航？", "因雾大，渡口停止实施夜航。"),
        ("渡口是哪年关闭的？", "2019年，旧渡口关停。"),
        ("渡船数量为什么减少？", "渡船由9条降到6条。"),
        ("渡口后来改名叫什么？", "渡口更名为东岸码头。"),
        ("为什么取消夜航？", "夜航已經取消。"),
    ],
)
def test_an_event_that_the_evidence_says_in_other_words_is_borne_out(question, text):
    assert not_borne_out(asking(question), [pick_of(text, another(text))]) == ""


def test_a_question_that_presumes_nothing_needs_nothing():
    assert not_borne_out(asking("新添渡船多少条？"), PICKS) == ""


def counting(text: str, *things: str) -> object:
    return replace(asking(text, "number"), counted=things)


def counted(words: str) -> object:
    return pick_of(words, another(f"{words}。"))


def test_another_thing_of_the_place_is_not_what_is_counted():
    assert (
        not_counted(counting("云泽省有多少家社区图书室？", "社区", "图书室"), counted("建成社区食堂12家"))
        == "社区图书室"
    )


def test_what_is_counted_and_named_in_the_sentence_is_counted():
    assert not_counted(counting("青屿市有几条渡船？", "渡船"), PICKS[0]) == ""


def test_a_word_that_shares_a_character_may_mean_the_same_thing():
    assert not_counted(counting("有多少个厂子？", "厂子"), counted("新办工厂12家")) == ""


def test_what_mostly_stands_there_is_counted():
    asked = counting("有多少个乡镇渡船码头？", "乡镇", "渡船", "码头")
    assert not_counted(asked, counted("102个乡镇添了渡船")) == ""


def test_another_number_is_refused_with_the_thing_that_is_not_counted():
    asked = counting("青屿市有多少家图书室？", "图书室")
    assert "图书室" in weigh(asked, HITS, PICKS).lacking


def test_a_number_of_a_year_that_no_document_is_of_is_lacking():
    assert lacking_year(replace(asking("2033年多少条？"), years=(2033,)), HITS) == 2033


def test_the_year_of_a_document_and_the_one_before_are_not_lacking():
    assert lacking_year(replace(asking("多少条？"), years=(2022, 2023)), HITS) is None


def way(*about: str, way: tuple[str, ...] = ()) -> object:
    return replace(asking("渡口怎么办的？", "how"), about=about, way=way)  # type: ignore[arg-type]


def test_a_way_is_borne_out_by_what_it_is_about_whatever_words_are_rare():
    pick = replace(PICKS[0], coverage=0.1, missing=0.6, fit=0.5, beside=0.1)
    assert weigh(way("渡船", "末班船", "太早"), HITS, [pick]).enough


def test_a_way_to_do_what_nothing_speaks_of_is_refused():
    pick = replace(PICKS[0], coverage=0.4, fit=0.5, beside=0.4)
    assert not weigh(way("渡船", "发动机", "保养", way=("保养",)), HITS, [pick]).enough


def test_what_may_stand_for_a_word_bears_it_out():
    asked = replace(way("过江", "收班"), alternatives={"收班": ("末班船",), "过江": ("渡口",)})
    assert weigh(asked, HITS, PICKS).enough


def test_a_sentence_without_a_number_states_none():
    asked = counting("青屿市有多少条渡船？", "渡船")
    pick = replace(PICKS[0], lead=None)
    assert weigh(asked, [pick.hit], [pick]).lacking == "所问的数目"


def test_a_named_thing_that_is_not_there_is_not_counted():
    asked = replace(counting("有多少条“夜航渡船”？", "夜航", "渡船"), names=("夜航渡船",))
    assert not_counted(asked, PICKS[0]) == "夜航渡船"


def test_what_the_reader_is_sure_of_is_evidence():
    read = replace(PICKS[0], alike=0.8, sure=4.0, trees=1.0)
    assert weigh(asking("末班船几点？", "when"), HITS, [read]).enough


def test_what_the_reader_finds_no_answer_in_is_none():
    read = replace(PICKS[0], alike=0.3, sure=-8.0, trees=-4.0)
    assert not weigh(asking("末班船几点？", "when"), HITS, [read]).enough
