"""The sample library in other formats, encodings and line ends: what is planted in it is found in each of them."""

from __future__ import annotations

from functools import cache

import pytest

from qa.reading.reader import read_works
from qa.text import letters
from qa.types import Document, Reading
from tests.walks.asking import DOCUMENTS, FACTS, OUTSIDE, quotes
from tests.walks.variants import LAYOUTS, Variant, printed, variants

VARIANTS = {variant.id: variant for variant in variants()}
EVERY = pytest.mark.parametrize("variant", VARIANTS.values(), ids=str)
PRINTED = pytest.mark.parametrize("variant", [v for v in VARIANTS.values() if v.pages == "printed"], ids=str)


@cache
def reading(variant: Variant) -> Reading:
    return read_works(variant.make(), variant.name)


def works(variant: Variant) -> tuple[Document, ...]:
    return reading(variant).documents


def planted(variant: Variant, outside: bool = False) -> list[dict]:
    return [fact for fact in FACTS if fact["file"] == variant.file and (fact["fact"] in OUTSIDE) == outside]


def listed(variant: Variant) -> list[dict]:
    return [row for row in DOCUMENTS if row["file"] == variant.file]


@cache
def folded(variant: Variant) -> list[str]:
    """The letters of each line of each work, the lines of a work in one piece."""
    return ["\n".join(map(letters, work.text.split("\n"))) for work in works(variant)]


def holds(variant: Variant, words: str) -> bool:
    return any(letters(words) in text.replace("\n", "") for text in folded(variant))


def test_there_are_at_least_sixty_variants():
    assert len(VARIANTS) >= 60


@EVERY
def test_every_planted_fact_stands_in_a_document(variant):
    assert [f["fact"] for f in planted(variant) if not all(holds(variant, q) for q in quotes(f))] == []


@EVERY
def test_what_is_planted_outside_the_works_stands_in_no_document(variant):
    assert [f["fact"] for f in planted(variant, outside=True) if any(holds(variant, q) for q in quotes(f))] == []


def cut_by_a_page(variant: Variant) -> list[dict]:
    return [fact for fact in planted(variant) if "折断" in fact["fact"]]


def is_one(variant: Variant, fact: dict) -> bool:
    sentence = letters("".join(quotes(fact)[-2:]))
    return any(sentence in text for text in folded(variant))


@EVERY
def test_a_sentence_that_a_page_break_cut_is_one(variant):
    assert [fact["fact"] for fact in cut_by_a_page(variant) if not is_one(variant, fact)] == []


@EVERY
def test_the_works_have_their_titles_places_and_levels(variant):
    found = [(letters(work.title), work.place, work.level) for work in works(variant)]
    assert found == [(letters(row["title"]), row["place"], row["level"]) for row in listed(variant)]


@EVERY
def test_every_quotation_is_the_sources_own(variant):
    source = reading(variant).source.text
    for work in works(variant):
        assert "".join(source[s.origin :][: s.end - s.start] for s in work.spans) == work.text


@pytest.mark.parametrize("variant", [v for v in VARIANTS.values() if v.pages == "contents"], ids=str)
def test_a_work_has_the_page_that_the_contents_name(variant):
    assert [work.page for work in works(variant)] == [row["page_in_toc"] for row in listed(variant)]


@PRINTED
def test_every_page_is_exact(variant):
    assert {work.page_kind for work in works(variant)} == {"exact"}


def pages_of(variant: Variant, words: str) -> list[int]:
    """The pages on which the words begin, as the product has it."""
    found = []
    for work in works(variant):
        at = work.text.find(words)
        while at >= 0:
            found.append([page.page for page in work.pages if page.start <= at][-1])
            at = work.text.find(words, at + 1)
    return found


@PRINTED
def test_every_planted_fact_is_on_the_page_that_it_was_printed_on(variant):
    book = printed(variant.file, LAYOUTS[variant.id.partition("pdf, ")[2]])
    words = [quote for fact in planted(variant) for quote in quotes(fact)]
    wrong = {q: (pages_of(variant, q), book.pages_of(q)) for q in words if pages_of(variant, q) != book.pages_of(q)}
    assert wrong == {}


@PRINTED
def test_every_planted_fact_was_printed(variant):
    book = printed(variant.file, LAYOUTS[variant.id.partition("pdf, ")[2]])
    assert [fact["fact"] for fact in planted(variant) for quote in quotes(fact) if not book.pages_of(quote)] == []
