"""Questions to the sample library: plain ones, follow-ups, in either script; what is not there is refused."""

from __future__ import annotations

import pytest

from qa.config import MAX_QUESTION_CHARS
from qa.errors import InvalidInput
from qa.pipeline import Pipeline
from qa.text import letters
from qa.types import Answer, Filters
from tests.walks.asking import said


def turns(*questions: str) -> list:
    return [("user", question) for question in questions]


def holds(answer: Answer, words: str) -> bool:
    return letters(words) in letters(said(answer))


# An answer


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("鹭洲市建成社区食堂多少家？", "129家"),
        ("枫渡市的“红枫专线”2023年运送了多少游客？", "21.5万人次"),
        ("鹭洲大桥公交专用道哪天启用？", "2023年5月20日"),
        ("纱厂书房是哪天开放的？", "2023年10月16日"),
        ("霁川市少儿图书馆设在哪里？", "石阶路16号"),
        ("柳溪县的三项机制是什么？", "首问负责、限时办结、上门回访"),
        ("2022年云泽省新购流动书车多少辆？", "46辆"),
    ],
)
def test_a_question_is_answered_with_the_words_that_say_it(sample, question, words):
    assert holds(sample.answer(question), words)


def test_each_place_of_a_comparison_has_its_row(sample):
    table = sample.answer("鹭洲市和霁川市的社区食堂各有多少家？").table
    assert {(cells[0], cells[2] + cells[3]) for cells, _ in table.rows} == {("鹭洲市", "129家"), ("霁川市", "97家")}


def test_a_question_about_one_place_is_answered_from_it(sample):
    answer = sample.answer("霁川市新建了多少个口袋公园？")
    assert {c.document.place for c in answer.citations} == {"霁川市"}


# Follow-ups


@pytest.mark.parametrize(
    ("before", "question", "words"),
    [
        ("鹭洲市有多少家社区食堂？", "那霁川市呢？", "97家"),
        ("云泽省建制村通公交的比例是多少？", "那沧原省呢？", "99.1%"),
        ("青屿市建成多少家“海风书房”？", "其中全天24小时开放的有多少家？", "34家"),
        ("青屿市建成多少家“海风书房”？", "其中全天开放的呢？", "34家"),
        ("鹭洲市图书馆新馆坐落在哪里？", "它的座位有多少个？", "2800个"),
        ("桐湾区的三项机制是什么？", "那柳溪县呢？", "首问负责"),
        ("枫渡的“红枫专线”什么时候开行？", "它2023年运送了多少游客？", "21.5万人次"),
        ("鷺洲市有多少家社區食堂？", "那霽川市呢？", "97家"),
        ("鹭洲有多少家社区食堂？", "那霁川呢？", "97家"),
    ],
)
def test_a_follow_up_is_answered_from_the_turns_before(sample, before, question, words):
    assert letters(words) in letters(sample.answer(question, turns(before)).blocks[0].text)


def test_a_follow_up_to_a_follow_up_keeps_to_the_subject(sample):
    history = turns("鹭洲市有多少家社区食堂？", "那霁川市呢？")
    assert holds(sample.answer("那青屿市呢？", history), "126家")


def test_a_follow_up_says_how_it_was_understood(sample):
    answer = sample.answer("那霁川市呢？", turns("鹭洲市有多少家社区食堂？"))
    assert (answer.question, "社区食堂" in answer.standalone_question) == ("那霁川市呢？", True)


def test_a_new_subject_is_not_answered_from_the_turns_before(sample):
    answer = sample.answer("柳溪县的流动书车累计送书多少册？", turns("鹭洲市有多少家社区食堂？"))
    assert holds(answer, "4.2万册") and not holds(answer, "129家")


def test_what_the_assistant_said_is_no_evidence(sample):
    history = [("user", "鹭洲市有多少家社区食堂？"), ("assistant", "霁川市有500家社区食堂。")]
    assert not holds(sample.answer("那霁川市呢？", history), "500家")


def test_a_follow_up_about_a_place_that_is_not_there_is_refused(sample):
    assert sample.answer("那雁浦县呢？", turns("鹭洲市有多少家社区食堂？")).status == "no_evidence"


# Either script


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("雲澤省圖書館館長是誰？", "沈砚秋"),
        ("青嶼市全市建成社區食堂多少家？", "126家"),
        ("鷺洲市服務熱線全年接單多少件？", "31.7万件"),
    ],
)
def test_a_traditional_question_finds_simplified_text(sample, question, words):
    assert holds(sample.answer(question), words)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("青屿市公车线网调整的“三看三改”是什么？", "看客流改走向"),
        ("年底调查，乘客对服务水准的满意度是多少分？", "94.2分"),
        ("市公车集团总经理是谁？", "岳聞川"),
    ],
)
def test_a_simplified_question_finds_traditional_text(sample, question, words):
    assert holds(sample.answer(question), words)


def test_a_quotation_keeps_the_script_of_its_source(sample):
    quotes = [c.quote for c in sample.answer("青屿市公车线网调整的“三看三改”是什么？").citations]
    assert any("看時段改班次" in quote for quote in quotes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("鹭洲市建成社区食堂多少家？", "鷺洲市建成社區食堂多少家？"),
        ("纱厂书房是哪天开放的？", "紗廠書房是哪天開放的？"),
    ],
)
def test_the_script_of_a_question_does_not_change_its_answer(sample, one, other):
    assert sample.answer(one).blocks == sample.answer(other).blocks


# Refusals


@pytest.mark.parametrize(
    "question",
    [
        "红烧鱼要放几勺糖？",
        "量子计算机的纠错原理是什么？",
        "今晚的球赛几比几？",
        "北京市有多少家社区食堂？",
        "浙江省建制村通公交的比例是多少？",
        "雁浦县图书馆几点开门？",
        "青屿市的海风书房为什么关闭了？",
        "枫渡市的“红枫专线”是哪年停开的？",
        "桐湾区的微循环公交后来改名叫什么？",
    ],
)
def test_what_the_documents_do_not_say_is_refused(sample, question):
    assert sample.answer(question).status == "no_evidence"


def test_an_event_that_happened_to_another_thing_bears_out_nothing(sample):
    assert sample.answer("云泽省什么时候取消了“一码乘车”？").status == "no_evidence"


def test_a_refusal_names_the_place_that_is_not_there(sample):
    assert holds(sample.answer("北京市有多少家社区食堂？"), "北京市")


def test_a_refusal_names_the_event_that_is_not_borne_out(sample):
    assert holds(sample.answer("青屿市的海风书房为什么关闭了？"), "关闭")


def test_a_refusal_shows_what_is_near(sample):
    assert sample.answer("青屿市的海风书房为什么关闭了？").near != ()


def test_a_street_with_a_citys_name_is_no_place_to_miss(sample):
    assert holds(sample.answer("枫渡市的朝阳路栽的是什么树？"), "香樟")


@pytest.mark.parametrize("question", ["", "   ", "\n　"])
def test_an_empty_question_is_refused_before_anything_is_done(sample, question):
    with pytest.raises(InvalidInput) as refused:
        sample.ask(question)
    assert refused.value.field == "/question"


def test_a_question_that_is_too_long_is_refused(sample):
    with pytest.raises(InvalidInput):
        sample.ask("食" * (MAX_QUESTION_CHARS + 1))


def test_a_question_as_long_as_may_be_is_taken(sample):
    assert sample.answer("食堂" * (MAX_QUESTION_CHARS // 2)).id


def test_an_empty_search_is_refused(sample):
    with pytest.raises(InvalidInput) as refused:
        sample.search(" ")
    assert refused.value.field == "/query"


@pytest.mark.parametrize("question", ["？", "a", "１２３", "🙂", "𠮷", "“”", "\x00"])
def test_a_question_that_says_nothing_is_refused_calmly(sample, question):
    assert sample.answer(question).status == "no_evidence"


@pytest.mark.parametrize("question", ["的", "的" * 50], ids=["one", "fifty"])
def test_a_question_of_asking_words_only_is_refused(sample, question):
    assert sample.answer(question).status == "no_evidence"


# Filters


def test_only_documents_that_pass_may_answer(sample):
    answer = sample.answer("建成社区食堂多少家？", filters=Filters(places=("霁川市",)))
    assert {c.document.place for c in answer.citations} == {"霁川市"}


def test_a_filter_that_lets_nothing_through_leaves_no_evidence(sample):
    assert sample.answer("鹭洲市建成社区食堂多少家？", filters=Filters(places=("不存在市",))).status == "no_evidence"


def test_a_document_without_a_date_fails_a_date_filter(sample):
    hits = sample.search("公交线路", filters=Filters(published_from="2020")).hits
    assert hits and all(hit.document.published for hit in hits)


def test_an_empty_library_has_no_evidence(pipeline: Pipeline):
    assert pipeline.answer("鹭洲市建成社区食堂多少家？").status == "no_evidence"
