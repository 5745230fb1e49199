"""Our BM25 is the formula it says it is."""

from __future__ import annotations

import math

import numpy as np

from qa.indexing.bm25 import Field, Terms, idf, scores

TEXTS = (["社区", "图书", "图书室", "社区"], ["河道", "居民"], ["社区", "食堂", "老人", "午餐", "老人", "老人"])


def test_scores_are_those_of_the_formula() -> None:
    query, mean = {"社区": idf(3, 2), "老人": idf(3, 1), "白鹭": idf(3, 0)}, 4.0
    expected = [
        sum(
            weight * tf * 1.8 / (tf + 0.8 * (0.6 + 0.4 * len(text) / mean))
            for term, weight in query.items()
            if (tf := text.count(term))
        )
        for text in TEXTS
    ]
    assert np.allclose(scores(Field(query, mean), [Terms.of(text) for text in TEXTS]), expected)


def test_idf_is_never_negative() -> None:
    assert idf(10, 10) == math.log(1 + 0.5 / 10.5) > 0


def test_terms_survive_packing() -> None:
    terms = Terms.of(TEXTS[2])
    again = Terms.unpacked(terms.packed())
    assert (again.keys.tolist(), again.counts.tolist()) == (terms.keys.tolist(), terms.counts.tolist())
    assert again.length == 6


def test_a_passage_without_words_scores_nothing() -> None:
    assert scores(Field({"社区": 1.0}, 2.0), [Terms.of([]), Terms.of(["河道"])]).tolist() == [0, 0]


def test_no_query_terms_score_nothing() -> None:
    assert scores(Field({}, 2.0), [Terms.of(["河道"])]).tolist() == [0]
