"""What a question asks for is told by its form."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens
from qa.retrieval.dialogue import StandAlone, stand_alone
from qa.retrieval.questions import Asked, asked_unit, kind_of, same_unit, understand


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


def asked(question: str, tokens: Tokens, *known: str) -> Asked:
    return understand(StandAlone(question), tokens, known)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("青屿市新添了多少艘渡船？", "number"),
        ("达标的书屋占百分之几？", "number"),
        ("新码头的面积是多大？", "number"),
        ("渡口是哪一年修好的？", "when"),
        ("末班船几点开？", "when"),
        ("夜航从什么时候开始的？", "when"),
        ("渡口管理所的所长是谁？", "who"),
        ("哪位老师教孩子们画画？", "who"),
        ("新码头建在什么地方？", "where"),
        ("青屿市的渡船停在哪里？", "where"),
        ("办事用的四张清单是哪四张？", "list"),
        ("渡口有哪些服务？", "list"),
        ("渡口的新平台叫什么名字？", "name"),
        ("什么是“潮水食堂”？", "definition"),
        ("“三看”指的是什么？", "definition"),
        ("山上的老人怎么吃上热饭？", "how"),
        ("为什么渡口要改到东岸？", "why"),
        ("谁划得最快？", "who"),
        ("您好！", "greeting"),
        ("总结一下渡口的工作", "overview"),
        ("柳溪 渡船 数量", "number"),
        ("渡口 夜航 灯塔", "keyword"),
    ],
)
def test_a_question_is_of_its_kind(question, kind):
    assert kind_of(question) == kind


def test_a_question_about_two_places_is_a_comparison():
    assert kind_of("青屿市和柳溪县哪个的渡船更多？", places=2) == "compare"


def test_a_question_for_each_of_several_is_a_comparison():
    assert kind_of("三个市各有多少艘渡船？") == "compare"


def test_who_has_most_is_a_comparison():
    assert kind_of("谁最多？") == "compare"


def test_several_times_in_recent_years_is_no_number():
    assert kind_of("近几年来渡口怎么变样的？") == "how"


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("有多少座码头？", "座"),
        ("办了几期培训班？", "期"),
        ("修路花了多少钱？", "元"),
        ("达标的占比是多少？", "%"),
        ("一共多少人？", "人"),
        ("码头面积多大？", "平方米"),
        ("掌勺人今年几岁？", "岁"),
        ("收入涨了几倍？", "倍"),
        ("占总人口多少？", "%"),
        ("所长是谁？", ""),
    ],
)
def test_a_question_names_the_measure_it_asks_for(question, unit):
    assert asked_unit(question) == unit


@pytest.mark.parametrize("unit", ["艘", "辆", "株", "头", "盏", "台"])
def test_any_measure_word_that_is_asked_for_is_known(unit):
    assert asked_unit(f"一共有多少{unit}？") == unit


def test_the_asked_unit_fits_best():
    assert same_unit("家", "家") > same_unit("家", "个") > same_unit("家", "") > same_unit("家", "元")


@pytest.mark.parametrize(
    ("question", "found"),
    [("地铁八号线哪天通车？", ("8号线",)), ("第三届渔火节在哪儿办？", ("第3届",)), ("一共办了几届？", ())],
)
def test_one_of_several_is_known_by_its_number(question, found, tokens):
    assert asked(question, tokens).ordinals == found


def test_a_place_abroad_is_known(tokens):
    assert set(asked("日本东京湾的渡轮有几条？", tokens).abroad) == {"日本", "东京"}


# What is searched for


def test_words_that_ask_are_not_searched_for(tokens):
    assert not {"多少", "了", "有"} & set(asked("渡口有了多少渡船？", tokens).words)


def test_words_that_tell_are_searched_for(tokens):
    assert {"渡口", "渡船"} <= set(asked("渡口有了多少渡船？", tokens).words)


def test_a_question_of_asking_words_only_is_searched_for_as_it_is(tokens):
    assert asked("怎么样？", tokens).words != ()


def test_script_does_not_change_what_is_searched_for(tokens):
    assert asked("渡口的圖書館幾點關門？", tokens).words == asked("渡口的图书馆几点关门？", tokens).words


def test_names_in_quotation_marks_are_kept(tokens):
    assert asked("“一船一书”和「夜读」是什么？", tokens).names == ("一船一书", "夜读")


def test_the_years_of_a_question_are_known(tokens):
    assert asked("2022年新添了多少渡船？", tokens).years == (2022,)


def test_the_years_of_the_question_itself_come_before_those_carried(tokens):
    asks = stand_alone("那2023年呢？", [("user", "2022年柳溪县新添了多少渡船？")], tokens)
    assert understand(asks, tokens).years == (2023,)


def test_a_place_of_the_library_is_known(tokens):
    assert asked("青屿市新添了多少渡船？", tokens, "青屿市", "柳溪县").places == ("青屿市",)


def test_a_place_of_the_library_is_known_by_its_short_name(tokens):
    assert asked("柳溪的渡船停在哪里？", tokens, "青屿市", "柳溪县").places == ("柳溪县",)


@pytest.mark.parametrize(
    ("question", "place"),
    [("渡船公司有几家？", "公司旗"), ("莫斯科的渡船停在哪里？", "斯科市"), ("用无人机巡渡口的有几处？", "人机市")],
)
def test_a_word_or_a_piece_of_one_is_no_short_name_of_a_place(question, place, tokens):
    assert asked(question, tokens, place).places == ()


def test_a_place_that_is_in_no_dictionary_is_known_by_its_short_name(tokens):
    assert asked("云泽新开了多少家书屋？", tokens, "云泽省").places == ("云泽省",)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("青屿市新添渡船6条，末班船延到20点。", True),
        ("青屿市去年新添渡船6条，末班船延到20点", True),
        ("青屿市新添了多少条渡船？", False),
        ("青屿市新添了多少条渡船", False),
        ("末班船延到了20点吗？", False),
    ],
)
def test_a_sentence_that_asks_nothing_is_a_statement(text, states, tokens):
    assert asked(text, tokens).states is states


def test_where_asking_words_touch_others_is_looked_for_apart(tokens):
    found = asked("渡船有多少条？", tokens)
    assert "船有" in found.joints
    assert not set(found.joints) & set(found.bigrams)


def test_a_place_of_the_library_is_known_in_traditional_script(tokens):
    assert asked("青嶼市的渡船停在哪裡？", tokens, "青屿市").places == ("青屿市",)


def test_places_come_in_the_order_of_the_question(tokens):
    found = asked("青屿市和柳溪县各有多少渡船？", tokens, "柳溪县", "青屿市")
    assert found.places == ("青屿市", "柳溪县")


def test_a_place_that_the_library_does_not_have_is_called_unknown(tokens):
    assert asked("雁浦县的渡船停在哪里？", tokens, "青屿市").unknown_places == ("雁浦县",)


def test_a_known_place_is_not_called_unknown(tokens):
    assert asked("青屿市的渡船停在哪里？", tokens, "青屿市").unknown_places == ()


def test_words_of_earlier_turns_are_told_from_the_questions_own(tokens):
    asks = stand_alone("它们停在哪里？", [("user", "青屿市新添了多少渡船？")], tokens)
    assert "渡船" in understand(asks, tokens).carried


def test_a_question_that_stands_alone_carries_nothing(tokens):
    assert asked("青屿市的渡船停在哪里？", tokens).carried == frozenset()
