"""Quotations are numbered in order of first use, each equal to its span; the same words elsewhere are its twins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering.composing import Quoted, quote
from qa.answering.settling import near_citation, settle, with_twins
from tests.unit.answering.making import DOCUMENT, TEXT, another, pick_of


def quoted(words: str, document: object = DOCUMENT) -> Quoted:
    pick = pick_of(words, document)  # type: ignore[arg-type]
    return quote(pick, pick.start, pick.end)


def test_citations_are_numbered_in_order_of_use():
    _, citations = settle([quoted("末班船延到20点"), quoted("全市新添渡船6条")], {})
    assert [(c.number, c.quote) for c in citations] == [(1, "末班船延到20点"), (2, "全市新添渡船6条")]


def test_the_same_span_has_one_number():
    blocks, citations = settle([quoted("全市新添渡船6条"), quoted("全市新添渡船6条")], {})
    assert ([b.citations for b in blocks], len(citations)) == ([(1,), (1,)], 1)


def test_a_quotation_that_its_passage_does_not_hold_is_left_out():
    piece = quoted("全市新添渡船6条")
    passage = replace(piece.pick.hit.passage, text="另一段文字。")
    assert settle([piece], {passage.id: passage}) == ([], [])


def test_every_quotation_is_its_span():
    _, citations = settle([quoted("全市新添渡船6条"), quoted("今年还要添2条")], {})
    assert [c.document.text[c.start : c.end] for c in citations] == [c.quote for c in citations]


def twins(words: str, text: str) -> list[str]:
    """The words of another document that are told to be the same as a quotation's."""
    _, citations = settle([quoted(words)], {})
    (kept,) = with_twins(citations, lambda _: [DOCUMENT, another(text)])
    return [text[twin.start : twin.end] for twin in kept.also_in]


def test_the_same_words_of_another_document_are_a_twin():
    _, citations = settle([quoted("全市新添渡船6条")], {})
    (kept,) = with_twins(citations, lambda _: [another()])
    assert [twin.document_id for twin in kept.also_in] == ["d2"]


def test_a_document_is_no_twin_of_itself():
    _, citations = settle([quoted("全市新添渡船6条")], {})
    (kept,) = with_twins(citations, lambda _: [DOCUMENT])
    assert kept.also_in == ()


def test_words_in_another_script_are_a_twin_too():
    assert twins("全市新添渡船6条", "去年，全市新添渡船６條。") == ["全市新添渡船６條"]


def test_words_with_other_punctuation_are_a_twin_too():
    assert twins("2023年，全市新添渡船6条", "市里说：2023年全市新添渡船6条。") == ["2023年全市新添渡船6条"]


def test_words_across_a_line_end_are_a_twin_too():
    assert twins("全市新添渡船6条", "去年，全市新添\n渡船6条。") == ["全市新添\n渡船6条"]


@pytest.mark.parametrize("other", ["16条", "6.5条", "60条"])
def test_other_numbers_are_no_twin(other: str):
    assert twins("全市新添渡船6条", TEXT.replace("6条", other)) == []


def test_a_number_that_begins_a_quotation_is_whole_in_its_twin():
    assert twins("6条，末班船延到20点", TEXT.replace("6条", "16条")) == []


def test_what_is_near_has_no_number():
    assert near_citation(quoted("全市新添渡船6条")).number == 0
