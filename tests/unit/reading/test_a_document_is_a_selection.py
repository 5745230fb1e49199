"""What every reading keeps to, on generated files: text is chosen and never altered, and nothing goes unsaid."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from qa.indexing.chunking import MAX_CHARS, chunk
from qa.reading.reader import read_works
from qa.text import sentence_spans
from qa.types import Document, Passage, Reading
from tests.unit.reading.making import make_compilation, make_text

SEEDS = range(8)
FILES = {
    **{f"lf-{seed}": (make_text(seed), "综述.txt") for seed in SEEDS},
    **{f"crlf-{seed}": (make_text(seed, "\r\n"), "综述.txt") for seed in SEEDS},
    **{f"cr-{seed}": (make_text(seed, "\r"), "综述.txt") for seed in range(3)},
    **{f"md-{seed}": (make_text(seed), "综述.md") for seed in range(3)},
    **{f"works-{seed}": (make_compilation(seed), "汇编.txt") for seed in SEEDS},
}


@cache
def reading_of(file: str) -> Reading:
    text, name = FILES[file]
    return read_works(text.encode(), name)


@pytest.fixture(params=FILES)
def reading(request: pytest.FixtureRequest) -> Reading:
    return reading_of(request.param)


def passages(reading: Reading) -> list[tuple[Document, Passage]]:
    return [(document, passage) for document in reading.documents for passage in chunk(document)]


# The text and where it stood


def test_every_span_holds_against_its_source(reading: Reading):
    spans = [(document, span) for document in reading.documents for span in document.spans]
    kept = [document.text[span.start : span.end] for document, span in spans]
    assert kept == [reading.source.text[span.origin :][: span.end - span.start] for _, span in spans]


def test_the_spans_cover_the_text_without_a_gap(reading: Reading):
    for document in reading.documents:
        starts, ends = [span.start for span in document.spans], [span.end for span in document.spans]
        assert [*starts, len(document.text)] == [0, *ends]


def test_the_text_keeps_the_order_of_its_source(reading: Reading):
    for document in reading.documents:
        origins = [(span.origin, span.origin + span.end - span.start) for span in document.spans]
        assert all(end <= start for (_, end), (start, _) in pairwise(origins))


def test_what_is_dropped_is_in_no_document(reading: Reading):
    kept = set(kept_characters(reading))
    assert [d for d in reading.dropped if kept & set(range(d.start, d.end))] == []


def test_no_character_is_in_two_documents(reading: Reading):
    kept = kept_characters(reading)
    assert len(kept) == len(set(kept))


@pytest.mark.parametrize("file", [name for name in FILES if not name.startswith("works")])
def test_every_word_of_a_file_is_kept_or_dropped_for_a_reason(file: str):
    assert unsaid(reading_of(file)) == ""


def test_every_word_of_a_compilation_is_kept_or_dropped_for_a_reason():
    assert unsaid(reading_of("works-0")) == ""


def kept_characters(reading: Reading) -> list[int]:
    """Where in the source the characters stand that documents keep."""
    spans = [span for document in reading.documents for span in document.spans]
    return [at for span in spans for at in range(span.origin, span.origin + span.end - span.start)]


def unsaid(reading: Reading) -> str:
    """The words of a source that no document keeps and no reason explains."""
    said = set(kept_characters(reading)) | {at for d in reading.dropped for at in range(d.start, d.end)}
    return "".join(char for at, char in enumerate(reading.source.text) if char.isalnum() and at not in said)


# Sections


def test_every_section_begins_with_its_heading(reading: Reading):
    for document in reading.documents:
        assert [s for s in document.sections if not document.text.startswith(s.heading, s.start)] == []


def test_sections_lie_in_one_another_or_apart(reading: Reading):
    for document in reading.documents:
        pairs = [(a, b) for a in document.sections for b in document.sections]
        assert [(a, b) for a, b in pairs if a.start < b.start < a.end < b.end] == []


# Passages


def test_every_passage_is_its_span_of_the_text(reading: Reading):
    assert [p for document, p in passages(reading) if document.text[p.start : p.end] != p.text] == []


def test_every_sentence_is_in_exactly_one_passage(reading: Reading):
    for document in reading.documents:
        held = chunk(document)
        whole = [(start, end) for start, end in sentence_spans(document.text) if end - start <= MAX_CHARS]
        assert [sum(p.start <= start and end <= p.end for p in held) for start, end in whole] == [1] * len(whole)


def test_passages_leave_out_nothing_but_blanks(reading: Reading):
    for document in reading.documents:
        edges = [0, *(edge for p in chunk(document) for edge in (p.start, p.end)), len(document.text)]
        between = [document.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
        assert "".join(between).strip() == ""


def test_no_passage_goes_over_the_limit(reading: Reading):
    assert max(len(passage.text) for _, passage in passages(reading)) <= MAX_CHARS


def test_no_passage_goes_across_a_sections_edge(reading: Reading):
    crossing = [p for document, p in passages(reading) if any(p.start < s.start < p.end for s in document.sections)]
    assert crossing == []


def test_no_two_passages_share_an_id(reading: Reading):
    ids = [passage.id for _, passage in passages(reading)]
    assert len(ids) == len(set(ids))


# Reading again


@pytest.mark.parametrize("seed", range(4))
def test_the_same_bytes_read_the_same(seed: int):
    data = make_text(seed).encode()
    assert read_works(data, "综述.txt") == read_works(data, "综述.txt")


@pytest.mark.parametrize("seed", SEEDS)
def test_line_ends_do_not_change_what_is_read(seed: int):
    plain, windows = reading_of(f"lf-{seed}").documents, reading_of(f"crlf-{seed}").documents
    assert [d.text for d in plain] == [d.text for d in windows]
