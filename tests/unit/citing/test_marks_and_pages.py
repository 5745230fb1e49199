"""Marks, pages and permalinks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.citing.marks import answer_text, literal
from qa.citing.pages import page_at
from qa.citing.permalinks import permalink
from qa.types import Block, Document, Page

PAGED = Document(
    "d1",
    "s1",
    1,
    "渔港改造",
    "一" * 300,
    pages=(Page(12, 0), Page(13, 100), Page(None, 200)),
    page=12,
    page_kind="exact",
)


def test_each_block_is_followed_by_its_marks():
    assert answer_text([Block("318家。"), Block("全省新开318家。", (1, 2))]) == "318家。全省新开318家。[1][2]"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("云泽发[2022]5号", "云泽发［2022］5号"),
        ("见[1]", "见［1］"),
        ("编号[20221]", "编号[20221]"),
        ("[注]", "[注]"),
    ],
)
def test_only_what_would_read_as_a_mark_is_written_otherwise(source, written):
    assert literal(source) == written


@pytest.mark.parametrize(("start", "page"), [(0, 12), (99, 12), (100, 13), (199, 13)])
def test_a_span_stands_on_the_page_that_began_last(start, page):
    assert page_at(PAGED, start) == (page, "exact")


def test_a_page_without_a_number_has_none():
    assert page_at(PAGED, 250) == (None, None)


def test_where_only_the_works_beginning_is_known_that_is_said():
    assert page_at(replace(PAGED, page_kind="work_start"), 250) == (12, "work_start")


def test_a_permalink_is_span_and_hash():
    assert permalink("d1", 3, 9, "新建冷库三处").startswith("/documents/d1#s3-9-")


def test_a_permalink_survives_what_matching_ignores():
    assert permalink("d1", 3, 9, "新建冷庫３處") == permalink("d1", 3, 9, "新建冷库3处")
