"""The claim gate over the sample library: what is forged does not pass, what is true does."""

from __future__ import annotations

import pytest

from benchmarks.claim_gate import judged
from qa.pipeline import Pipeline

ALTERED = ("number", "number of another thing", "unit", "year", "another passage", "no such passage", "invented clause")


@pytest.fixture(scope="module")
def judgements(sample: Pipeline):
    return judged(sample, 3_000)


def test_no_forged_citation_and_no_altered_number_passes(judgements):
    forged = [(s, why) for s, why in judgements if not s.true and s.kind in ALTERED]
    assert len(forged) >= 500
    assert [(s.kind, s.text) for s, why in forged if not why] == []


def test_what_is_true_passes(judgements):
    true = [why for s, why in judgements if s.true]
    assert len(true) >= 1_000
    assert sum(not why for why in true) / len(true) >= 0.99
