"""The sample library, from its files: every planted fact is where its table says, and every quotation will hold."""

from __future__ import annotations

import pytest

from qa.indexing.chunking import MAX_CHARS
from qa.text import letters, sentence_spans
from tests.walks.asking import DOCUMENTS, FACTS, OUTSIDE, documents, label, quotes


@pytest.mark.parametrize("fact", [f for f in FACTS if f["fact"] not in OUTSIDE], ids=label)
def test_a_planted_fact_stands_in_a_document_of_its_file(sample, fact):
    texts = [letters(document.text) for document in documents(sample) if document.file == fact["file"]]
    assert all(any(letters(quote) in text for text in texts) for quote in quotes(fact))


@pytest.mark.parametrize("fact", [f for f in FACTS if f["fact"] in OUTSIDE], ids=label)
def test_what_is_planted_outside_the_works_stands_in_no_document(sample, fact):
    texts = [letters(document.text) for document in documents(sample)]
    assert not any(letters(quote) in text for quote in quotes(fact) for text in texts)


def cut_in_two() -> list[dict]:
    return [fact for fact in FACTS if "折断" in fact["fact"]]


@pytest.mark.parametrize("fact", cut_in_two(), ids=label)
def test_a_sentence_that_a_page_break_cut_is_one_again(sample, fact):
    whole = letters("".join(quotes(fact)[-2:]))
    lines = [letters(line) for document in documents(sample) for line in document.text.split("\n")]
    assert any(whole in line for line in lines)


@pytest.mark.parametrize("listed", DOCUMENTS, ids=label)
def test_a_work_has_its_title_place_level_and_page(sample, listed):
    found = {(letters(d.title), d.place, d.level, d.page) for d in documents(sample) if d.file == listed["file"]}
    assert (letters(listed["title"]), listed["place"], listed["level"], listed["page_in_toc"]) in found


def text_of(sample, listed: dict) -> str:
    """The folded text of a work of the table."""
    found = [d for d in documents(sample) if d.file == listed["file"] and letters(d.title) == letters(listed["title"])]
    return letters(found[0].text)


@pytest.mark.parametrize("listed", DOCUMENTS, ids=label)
def test_a_work_begins_with_its_first_words(sample, listed):
    opening = text_of(sample, listed)[:50]  # a heading or a remark may stand before them
    assert letters(listed["first_words"]) in opening


@pytest.mark.parametrize("listed", DOCUMENTS, ids=label)
def test_a_work_ends_with_its_last_words(sample, listed):
    text = text_of(sample, listed).removesuffix(letters("（示例资料，地名与数字均为虚构）"))
    assert text.endswith(letters(listed["last_words"]))


def test_every_work_of_the_table_is_one_document(sample):
    files = {listed["file"] for listed in DOCUMENTS}
    assert len([d for d in documents(sample) if d.file in files]) == len(DOCUMENTS)


# What holds for every document


def test_every_span_of_every_document_holds_against_its_source(sample):
    for document in documents(sample):
        source = sample.library.source(document.source_id).text
        stood = [source[span.origin :][: span.end - span.start] for span in document.spans]
        assert stood == [document.text[span.start : span.end] for span in document.spans]


def test_the_spans_of_every_document_cover_it(sample):
    for document in documents(sample):
        assert sum(span.end - span.start for span in document.spans) == len(document.text)


def test_every_passage_is_its_span_of_its_document(sample):
    for document in documents(sample):
        for passage in sample.library.passages_of(document.id):
            assert document.text[passage.start : passage.end] == passage.text


def test_every_sentence_is_in_exactly_one_passage(sample):
    for document in documents(sample):
        passages = sample.library.passages_of(document.id)
        for start, end in sentence_spans(document.text):
            if end - start <= MAX_CHARS:
                assert sum(p.start <= start and end <= p.end for p in passages) == 1, document.text[start:end]


def test_the_library_finds_nothing_wrong_with_itself(sample):
    assert sample.library.verify() == []


# Two drafts of one circular


def drafts(sample) -> list:
    return sorted((d for d in documents(sample) if d.file.endswith(".docx")), key=lambda d: d.file)


def test_the_drafts_are_near_duplicates(sample):
    first, final = drafts(sample)
    assert (first.duplicate_of, final.duplicate_of) in ((None, first.id), (final.id, None))


@pytest.mark.parametrize(("before", "after"), [("5.2", "5.7"), ("18", "28"), ("苏临川", "祁晚照")])
def test_what_was_changed_between_the_drafts_is_told(sample, before, after):
    first, final = drafts(sample)
    told = [(d.here.text, d.there.text) for d in sample.library.differences(first.id, final.id)]
    assert any(before in here and after in there for here, there in told)
