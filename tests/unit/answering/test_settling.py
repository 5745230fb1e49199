"""Quotations are numbered in order of first use, each equal to its span; the same words elsewhere are its twins."""

from __future__ import annotations

from dataclasses import replace

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


def test_the_same_words_of_another_document_are_a_twin():
    _, citations = settle([quoted("全市新添渡船6条")], {})
    (kept,) = with_twins(citations, [quoted("全市新添渡船6条", another())])
    assert [twin.document_id for twin in kept.also_in] == ["d2"]


def test_words_in_another_script_are_a_twin_too():
    _, citations = settle([quoted("全市新添渡船6条")], {})
    text = "去年，全市新添渡船６條。"
    (kept,) = with_twins(citations, [quoted("全市新添渡船６條", another(text))])
    assert [text[twin.start : twin.end] for twin in kept.also_in] == ["全市新添渡船６條"]


def test_other_numbers_are_no_twin():
    _, citations = settle([quoted("全市新添渡船6条")], {})
    (kept,) = with_twins(citations, [quoted("全市新添渡船16条", another(TEXT.replace("6条", "16条")))])
    assert kept.also_in == ()


def test_what_is_near_has_no_number():
    assert near_citation(quoted("全市新添渡船6条")).number == 0
