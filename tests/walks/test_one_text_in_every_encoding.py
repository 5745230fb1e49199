"""One document in every encoding and with either line end: the same text, the same answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.pipeline import Pipeline
from tests.walks.asking import QUESTIONS, SEEDS, ask, documents

NAME = "02_云泽省公共图书馆综述.txt"
TEXT = (SEEDS / NAME).read_text("utf-8")
ASKED = [row for row in QUESTIONS if row["evidence"] and {e["file"] for e in row["evidence"]} == {NAME}]
VARIANTS = {
    "utf-8 with a mark": TEXT.encode("utf-8-sig"),
    "gb18030": TEXT.encode("gb18030"),
    "utf-16": TEXT.encode("utf-16"),
    "crlf": TEXT.replace("\n", "\r\n").encode(),
    "crlf in gb18030": TEXT.replace("\n", "\r\n").encode("gb18030"),
}


def library_of(data: bytes, folder) -> Pipeline:
    pipeline = build(Settings(data=folder))
    pipeline.add_bytes(data, NAME)
    return pipeline


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Iterator[Pipeline]:
    pipeline = library_of(TEXT.encode(), tmp_path_factory.mktemp("plain"))
    yield pipeline
    pipeline.library.close()


@pytest.fixture(scope="module", params=VARIANTS)
def variant(request, tmp_path_factory) -> Iterator[Pipeline]:
    pipeline = library_of(VARIANTS[request.param], tmp_path_factory.mktemp("variant"))
    yield pipeline
    pipeline.library.close()


def outcome(pipeline: Pipeline) -> list:
    answers = [ask(pipeline, row) for row in ASKED]
    return [(a.status, a.blocks, [(c.quote, c.start, c.end) for c in a.citations]) for a in answers]


def test_the_text_is_the_same(plain, variant):
    assert [d.text for d in documents(variant)] == [d.text for d in documents(plain)]


def test_title_place_and_year_are_the_same(plain, variant):
    described = [[(d.title, d.place, d.level, d.period) for d in documents(p)] for p in (plain, variant)]
    assert described[0] == described[1]


def test_the_answers_are_the_same(plain, variant):
    assert outcome(variant) == outcome(plain)


def test_there_are_answers_to_compare(plain):
    assert any(status == "answered" for status, _, _ in outcome(plain))
