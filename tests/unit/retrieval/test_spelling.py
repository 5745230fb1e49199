"""A slip of the pen is looked for as what it was meant to be, and only where nothing is written like it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.indexing.tokens import Tokens
from qa.retrieval.spelling import mended, slips

_TOKENS = Tokens()
_LIBRARY = (
    "青屿市推进人才公寓建设，乡村振兴重点帮扶，图书馆用上了 Python，海河英才计划引进博士后，古镇的党组织书记培训。"
)
_WORDS = _TOKENS.words(_LIBRARY)
_BIGRAMS = _TOKENS.bigrams(_LIBRARY)


def known(field: str, terms: Sequence[str]) -> dict[str, int]:
    held = _WORDS if field == "words" else _BIGRAMS
    return {term: held.count(term) for term in terms if term in held}


def meant(question: str) -> str:
    return mended(question, slips(question, _TOKENS, known))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("人才公遇有多少套", "人才公寓有多少套"),
        ("乡村振新做了什么", "乡村振兴做了什么"),
        ("博士候有几位", "博士后有几位"),
        ("海河英材引进多少人", "海河英才引进多少人"),
        ("pyhton用在哪里", "python用在哪里"),
        ("pythn用在哪里", "python用在哪里"),
    ],
)
def test_what_is_read_alike_is_taken_for_it(written, right):
    assert meant(written) == right


@pytest.mark.parametrize(
    "question",
    [
        "人才公寓有多少套",  # as the library writes it
        "人才公园有几座",  # a word that the dictionary knows
        "海河星才引进多少人",  # another name, not read alike
        "有几件难事",  # words of their own
        "李维是谁",  # a person
        "java用在哪里",
        "社区是怎么帮老人的",
    ],
)
def test_what_may_be_meant_stays(question):
    assert meant(question) == question
