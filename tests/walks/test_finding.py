"""What a question names is found by whatever form it takes: numbers, places, slips of the pen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.pipeline import Pipeline
from qa.types import Filters

Found = Callable[[str], str]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Pipeline]:
    made = build(Settings(data=tmp_path))
    yield made
    made.library.close()


@pytest.fixture
def first(library: Pipeline) -> Found:
    """The title of the document that a search finds first."""
    return lambda query: library.search(query, 3).hits[0].document.title


def test_a_number_in_words_is_found_by_its_digits_and_shown(library, first):
    library.add_text("a", "柳溪县村务", "柳溪县三千六百二十户用上了自来水，井台都拆了。", None, None, None)
    library.add_text("b", "桐湾区村务", "桐湾区三百户用上了自来水，井台都留着。", None, None, None)
    hit = library.search("3620户用上自来水", 3).hits[0]
    assert hit.document.title == "柳溪县村务"
    assert "三千六百二十" in {hit.passage.text[a:b] for a, b in hit.highlights}


@pytest.fixture
def places(library: Pipeline) -> Pipeline:
    for place in ("上海市", "四川省成都市", "内蒙古自治区", "云泽省柳溪县"):
        library.add_text(place, f"{place}图书馆记事", "这一年馆里添了三万册图书，夜里也亮着灯。", None, place, None)
    return library


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("沪馆里添了多少册图书？", "上海市"),
        ("蓉城添了多少册图书？", "四川省成都市"),
        ("内蒙添了多少册图书", "内蒙古自治区"),
        ("成都添了多少册圖書", "四川省成都市"),
        ("四川添了多少册图书？", "四川省成都市"),
        ("柳溪添了多少册图书？", "云泽省柳溪县"),
    ],
)
def test_a_place_is_found_by_its_other_names(places, question, place):
    assert places.search(question, 3).hits[0].document.place == place


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("沪", "上海市"),
        ("蓉城", "四川省成都市"),
        ("内蒙", "内蒙古自治区"),
        ("四川成都", "四川省成都市"),
        ("四川", "四川省成都市"),
    ],
)
def test_a_filter_takes_any_name_of_a_place(places, written, place):
    hits = places.search("添了多少册图书", filters=Filters(places=(written,))).hits
    assert {hit.document.place for hit in hits} == {place}


def test_a_follow_up_may_abbreviate_its_place(places):
    answer = places.answer("那蓉城呢？", [("user", "上海图书馆添了多少册图书？")])
    assert [citation.document.place for citation in answer.citations][:1] == ["四川省成都市"]


def test_a_place_that_the_library_does_not_know_stays_a_word(places):
    assert places.searcher.understand("山城的书房有几间？").places == ()


@pytest.fixture
def slipped(library: Pipeline) -> Pipeline:
    library.add_text(
        "a", "桐湾区住房记事", "桐湾区的人才公寓今年交付了四百八十套，拎包就能住。", None, "云泽省桐湾区", None
    )
    library.add_text(
        "b", "桐湾区水利记事", "桐湾区的河堤今年加固了三公里，两岸种上了柳树。", None, "云泽省桐湾区", None
    )
    assert library.library.settle()
    return library


def test_a_slip_of_the_pen_finds_what_was_meant_and_says_so(slipped):
    found = slipped.search("桐湾区的人才公遇交付了多少套？", 2)
    assert found.hits[0].document.title == "桐湾区住房记事"
    assert "mended" in found.hits[0].why
    assert found.notice == "资料里没有“公遇”，这是按“公寓”找的。"


def test_an_answer_says_what_it_looked_for_instead_of_a_slip(slipped):
    answer = slipped.answer("桐湾区的人才公遇交付了多少套？")
    assert answer.status == "answered"
    assert "公寓" in answer.notice


def test_a_question_without_a_slip_is_looked_for_as_it_is(slipped):
    assert slipped.search("桐湾区的人才公寓交付了多少套？", 2).notice == ""


def test_a_filter_of_many_documents_finds_what_a_look_at_each_would(library):
    places = ["云泽省柳溪县" if n % 5 else "沧原省桐湾区" for n in range(260)]
    records = [
        {
            "id": str(n),
            "title": f"第{n}号渡口记事",
            "place": place,
            "text": f"渡口添了{n + 1}艘船，船工说水涨了{n % 7}尺。",
        }
        for n, place in enumerate(places)
    ]
    library.add_bytes("\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode(), "渡口.jsonl")
    assert library.library.settle()
    words, bigrams = ["渡口", "船工", "3", "尺"], ["渡口", "船工"]
    narrow = library.library.allowed(Filters(places=("云泽省",)))
    everything = library.library.lexical(words, bigrams, 300, None)
    of_place = {p.id for one in narrow for p in library.library.passages_of(one)}
    assert library.library.lexical(words, bigrams, 20, narrow) == [p for p in everything if p[0] in of_place][:20]
