"""What a question asks for moves passages up and down: its place, its year, its kind, its names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.retrieval.questions import Asked
from qa.retrieval.ranking import (
    Candidate,
    features,
    is_of,
    is_within,
    kind_fit,
    place_fit,
    probability,
    standardise,
)
from qa.types import Document, Passage

TEXT = "2023年，青屿市新添渡船6条，末班船延到20点。"
DOCUMENT = Document("d1", "s1", 1, "青屿市渡口综述", TEXT, place="青屿市", period="2023")
PASSAGE = Passage("p1", "d1", 0, (), 0, len(TEXT), TEXT, "青屿市渡口综述 青屿市 2023年")
CANDIDATE = Candidate(PASSAGE, DOCUMENT, 0.5, 0.5)
ASKED = Asked("渡船有多少条？", "number", ("渡船",), ("渡船",), unit="条")


def of(*places: str) -> Asked:
    return replace(ASKED, places=places, place_names=places)


def weight(asked: Asked, name: str) -> float:
    return features(asked, CANDIDATE, 0.5, 0.5, 0.1)[name]


def test_a_document_of_the_asked_place_goes_up():
    assert place_fit(of("青屿市"), DOCUMENT, TEXT) > 0


def test_a_document_of_another_place_goes_down():
    assert place_fit(of("柳溪县"), DOCUMENT, TEXT) < 0


def test_a_document_of_another_place_that_names_the_asked_one_does_not_go_down():
    assert place_fit(of("柳溪县"), DOCUMENT, TEXT + "柳溪县也来取经。") > 0


def test_a_document_of_the_place_goes_before_one_that_names_it():
    assert place_fit(of("青屿市"), DOCUMENT, TEXT) > place_fit(of("柳溪县"), DOCUMENT, TEXT + "柳溪县也来取经。")


def test_a_document_of_no_known_place_does_not_go_down():
    assert place_fit(of("柳溪县"), replace(DOCUMENT, place=None), TEXT) == 0


def test_a_document_whose_title_names_the_place_goes_up():
    assert place_fit(of("柳溪县"), replace(DOCUMENT, title="柳溪县来青屿市考察"), TEXT) > 0


def test_the_place_counts_in_the_sum():
    assert weight(of("青屿市"), "place") > 0 > weight(of("柳溪县"), "place")


def test_a_question_without_a_place_moves_nothing():
    assert place_fit(ASKED, DOCUMENT, TEXT) == 0


def test_a_place_inside_the_asked_one_stays_where_it_is():
    inner = replace(DOCUMENT, place="江苏省扬州市")
    assert place_fit(of("江苏省"), inner, "渡船6条") == 0


def test_an_unknown_place_sends_other_places_down():
    assert place_fit(replace(ASKED, unknown_places=("雁浦县",)), DOCUMENT, TEXT) < 0


@pytest.mark.parametrize(
    ("path", "place", "same"),
    [
        ("江苏省扬州市", "扬州市", True),
        ("江苏省扬州市", "江苏省", False),
        (None, "江苏省", False),
    ],
)
def test_a_document_is_of_a_place_by_the_end_of_its_path(path, place, same):
    assert is_of(path, place) is same


@pytest.mark.parametrize(
    ("path", "place", "within"),
    [
        ("江苏省扬州市", "江苏省", True),
        ("江苏省", "江苏省扬州市", False),
        (None, "江苏省", False),
    ],
)
def test_a_place_lies_within_another_by_the_front_of_its_path(path, place, within):
    assert is_within(path, place) is within


def test_a_passage_that_names_no_year_is_of_no_other_one():
    undated = replace(CANDIDATE, passage=replace(PASSAGE, text="新添渡船6条。", context="渡口综述"))
    assert features(replace(ASKED, years=(2019,)), undated, 0.5, 0.5, 0.1)["year"] == 0


def test_the_asked_year_moves_up():
    assert weight(replace(ASKED, years=(2023,)), "year") > 0 > weight(replace(ASKED, years=(2019,)), "year")


def test_the_asked_name_moves_up():
    assert weight(replace(ASKED, names=("渡船",)), "name") > weight(replace(ASKED, names=("书屋",)), "name")


def test_a_nearer_vector_moves_up():
    nearer = replace(CANDIDATE, cosine=0.7)
    assert features(ASKED, nearer, 0.5, 0.5, 0.1)["vector"] > weight(ASKED, "vector")


def test_a_model_without_weight_moves_nothing():
    assert features(ASKED, replace(CANDIDATE, cosine=0.9), 0.0, 0.5, 0.1)["vector"] == 0


def test_a_text_with_the_asked_unit_fits_better_than_one_with_another():
    assert kind_fit(ASKED, "新添渡船6条") > kind_fit(ASKED, "投入6元")


def test_a_text_with_a_date_fits_a_question_when():
    assert kind_fit(replace(ASKED, kind="when"), TEXT) > kind_fit(replace(ASKED, kind="when"), "渡船修好了")


def test_a_chance_lies_between_nothing_and_all():
    assert 0 < probability(-3) < probability(0) < probability(3) < 1


def test_values_are_standardised_by_mean_and_deviation():
    assert standardise([1.0, 3.0]) == (2.0, 1.0)


@pytest.mark.parametrize("values", [[], [0.4]])
def test_one_value_says_nothing_of_deviation(values):
    assert standardise(values) == (0.0, 0.0)
