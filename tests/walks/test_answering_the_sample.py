"""What every answer keeps to, over every sample question."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from qa.citing.marks import answer_text
from qa.types import Answer, Delta, Sources
from tests.walks.asking import QUESTIONS, ask, label

EVERY = pytest.mark.parametrize("row", QUESTIONS, ids=label)
_ADDED = re.compile(r"〔[^〕]*〕")


def cited(answer: Answer) -> list:
    return [*answer.citations, *answer.near]


@EVERY
def test_every_quotation_equals_its_span(answers, row):
    wrong = [c.quote for c in cited(answers[row["id"]]) if c.document.text[c.start : c.end] != c.quote]
    assert wrong == []


@EVERY
def test_every_quotation_stands_in_its_passage(answers, row):
    wrong = [c.quote for c in cited(answers[row["id"]]) if c.quote not in c.passage.text or not c.quote]
    assert wrong == []


@EVERY
def test_every_quotation_lies_where_its_passage_does(answers, row):
    wrong = [c.quote for c in cited(answers[row["id"]]) if not c.passage.start <= c.start < c.end <= c.passage.end]
    assert wrong == []


@EVERY
def test_every_quotation_is_of_a_document_of_the_library(sample, answers, row):
    wrong = [c for c in cited(answers[row["id"]]) if sample.library.document(c.document.id).text != c.document.text]
    assert wrong == []


@EVERY
def test_the_words_of_a_block_are_its_quotations(answers, row):
    answer = answers[row["id"]]
    quotes = {c.number: c.quote for c in answer.citations}
    blocks = [(_ADDED.sub("", b.text), [quotes[n] for n in b.citations]) for b in answer.blocks if b.citations]
    assert [text for text, of in blocks if text not in of] == []


@EVERY
def test_what_leads_an_answer_stands_in_its_quotations(answers, row):
    answer = answers[row["id"]]
    quoted = "".join(c.quote for c in answer.citations)
    leads = [b.text.removesuffix("。") for b in answer.blocks if not b.citations and answer.citations]
    pieces = [piece.split("：")[-1] for lead in leads for piece in lead.split("；")]
    assert [piece for piece in pieces if piece not in quoted] == []


@EVERY
def test_citations_are_numbered_from_one_in_order_of_use(answers, row):
    answer = answers[row["id"]]
    used = list(dict.fromkeys(chain.from_iterable(block.citations for block in answer.blocks)))
    assert used == [c.number for c in answer.citations] == list(range(1, len(used) + 1))


@EVERY
def test_an_answer_has_evidence_and_a_refusal_has_none(answers, row):
    answer = answers[row["id"]]
    assert (answer.status == "no_evidence") == (not answer.citations)


@EVERY
def test_rows_of_a_table_name_citations_of_the_answer(answers, row):
    answer = answers[row["id"]]
    numbers = {c.number for c in answer.citations}
    assert [
        cells for cells, of in (answer.table.rows if answer.table else ()) if not of or not numbers >= set(of)
    ] == []


@EVERY
def test_a_refusal_says_that_the_documents_do_not_say_it(answers, row):
    answer = answers[row["id"]]
    assert answer.status != "no_evidence" or answer.blocks[0].text.startswith("资料里没有。")


@pytest.mark.parametrize("row", QUESTIONS[::5], ids=label)
def test_the_same_question_has_the_same_answer(sample, answers, row):
    again, before = ask(sample, row), answers[row["id"]]
    assert (again.blocks, again.citations, again.near) == (before.blocks, before.citations, before.near)


# The stream


@pytest.mark.parametrize("row", QUESTIONS[::10], ids=label)
def test_a_stream_is_sources_then_pieces_then_the_answer(sample, row):
    first, *pieces, last = sample.ask(row["question"])
    assert (type(first), {type(piece) for piece in pieces}, type(last)) == (Sources, {Delta}, Answer)


@pytest.mark.parametrize("row", QUESTIONS[::10], ids=label)
def test_the_pieces_of_a_stream_are_the_answers_text(sample, row):
    _, *pieces, answer = sample.ask(row["question"])
    assert "".join(piece.text for piece in pieces) == answer_text(answer.blocks)


@pytest.mark.parametrize("row", QUESTIONS[::10], ids=label)
def test_each_citation_comes_with_the_piece_that_first_uses_it(sample, row):
    _, *pieces, answer = sample.ask(row["question"])
    assert [c for piece in pieces for c in piece.citations] == list(answer.citations)


def test_no_more_citations_are_given_than_are_asked_for(sample):
    assert len(sample.answer("青屿、鹭洲、霁川三个市的社区食堂各有多少家？", max_citations=1).citations) == 1


def test_a_search_finds_the_words_that_it_marks(sample):
    hits = sample.search("潮汐食堂").hits
    assert all(hit.passage.text[start:end] in "潮汐食堂" for hit in hits for start, end in hit.highlights)


def test_a_search_puts_the_passage_that_says_it_first(sample):
    assert "陆听澜" in sample.search("渔船书箱 提议设立").hits[0].passage.text


def test_a_search_gives_no_more_than_is_asked_for(sample):
    assert len(sample.search("社区食堂", top_k=3).hits) == 3


def test_hits_come_best_first(sample):
    scores = [hit.score for hit in sample.search("社区食堂").hits]
    assert scores == sorted(scores, reverse=True)


def test_a_search_within_headings_finds_headings_only(sample):
    hits = sample.search("食堂", within="headings").hits
    assert hits and all("食堂" in "".join(hit.passage.heading) for hit in hits)
