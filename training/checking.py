"""Fits the model that judges a draft's sentence by its alignment: `qa/data/checking.json`.

    python -m training.checking --data FOLDER [--rows 6000] [--out qa/data/checking.json]

FOLDER holds `qa_claims/cmrc2018_train.jsonl` (statements made from CMRC's training questions, true and altered;
CC BY-SA 4.0) and `laws/laws.jsonl.gz`. Sentences of both and of `seeds/` are altered by `training.alterations`. A row
is one sentence beside one window of a library of these texts: that of its source, or, for what is not there, the most
alike of the others. Half of the rows are of statements, half of alterations; the same rows each time. The model is the
mean of four networks of eight hidden units, written as one; a fifth of the rows tells how well one of them does.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from qa.assembly import build
from qa.checking.checker import Checker
from qa.checking.claims import sentences_of
from qa.checking.differing import Compared
from qa.checking.judging import FEATURES, LABELS
from qa.config import ROOT, Settings
from qa.pipeline import Pipeline
from qa.places import innermost, short_name
from qa.text import sentence_spans
from qa.types import Document
from training.alterations import alterations

MEMBERS = 4  # networks of different beginnings, whose sums are averaged: one alone is a matter of chance
HIDDEN, STEPS, RATE, DECAY = 8, 3000, 0.02, 1e-3
LAWS, LAW_CHARS = 0.05, 15_000  # share of the laws that is taken, and how long they may be
ALTERED_EACH = 6
WITH_PLACE = 0.4  # of the altered sentences get their document's place before them, as writers do
KEPT_OTHER = 0.75  # a window of another document that holds more of a sentence may well bear it out


@dataclass(frozen=True)
class Row:
    features: dict[str, float]
    differs: bool
    label: str
    weight: float = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="公开数据的文件夹")
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--out", type=Path, default=ROOT / "qa" / "data" / "checking.json")
    args = parser.parse_args()
    chance = random.Random(11)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="yinju-") as folder:
        claims = [json.loads(line) for line in _claims(args.data)]
        public = _library(Path(folder), _records(args.data, claims, chance))
        rows += islice(statements(public, claims, chance), args.rows // 2)
        rows += islice(altered(public, chance), args.rows // 3)
        public.library.close()
        sample = build(Settings(data=Path(folder) / "sample"))
        list(sample.sync(ROOT / "seeds"))
        rows += islice(altered(sample, chance), args.rows // 6)
        sample.library.close()
    _save(fit(rows), args.out)


def _claims(data: Path) -> list[str]:
    return (data / "qa_claims" / "cmrc2018_train.jsonl").read_text("utf-8").splitlines()


def _records(data: Path, claims: Sequence[dict], chance: random.Random) -> Iterator[dict]:
    yield from ({"id": i, "text": t} for i, t in {c["evidence_id"]: c["evidence"] for c in claims}.items())
    with gzip.open(data / "laws" / "laws.jsonl.gz", "rt", encoding="utf-8") as file:
        for law in map(json.loads, file):
            if chance.random() < LAWS and len(law["text"]) < LAW_CHARS:
                yield {"id": law["id"], "title": law["title"], "text": law["text"]}


def _library(folder: Path, records: Iterator[dict]) -> Pipeline:
    (folder / "public.jsonl").write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), "utf-8")
    pipeline = build(Settings(data=folder / "public"))
    pipeline.add(folder / "public.jsonl")
    return pipeline


def statements(pipeline: Pipeline, claims: list[dict], chance: random.Random) -> Iterator[Row]:
    """True and altered statements beside their passage; true ones beside the most alike of the others."""
    known = {row.document.external_id: row.document.id for row in _rows(pipeline)}
    for claim in chance.sample(claims, len(claims)):
        true = claim["label"] == "SUPPORTED"
        own = frozenset({known[claim["evidence_id"]]})
        windows = _measured(pipeline.checker, claim["claim"])
        yield from _beside(windows, own, "supported" if true else "contradicted")
        if true:
            yield from _elsewhere(windows, own, 0.5)


def altered(pipeline: Pipeline, chance: random.Random) -> Iterator[Row]:
    """Sentences as they are, altered, and beside other documents than their own."""
    documents = [row.document.id for row in _rows(pipeline)]
    while True:
        mine, its = (pipeline.library.document(one) for one in chance.sample(documents, 2))
        sentence, other = _sentence(mine, chance), _sentence(its, chance)
        if not sentence or not other:
            continue
        own = frozenset(found.document_id for found in pipeline.finder.find(sentence, near=False)) | {mine.id}
        windows = _measured(pipeline.checker, sentence)
        yield from _beside(windows, frozenset({mine.id}), "supported", 0.3)
        yield from _elsewhere(windows, own)
        made = list(alterations(sentence, other, chance))
        for one in chance.sample(made, min(ALTERED_EACH, len(made))):
            said = _placed(one.sentence, mine, chance)
            yield from _beside(_measured(pipeline.checker, said), frozenset({mine.id}), one.label)
        if mine.place and its.place and mine.place != its.place:
            windows = _measured(pipeline.checker, _place(its) + sentence)
            yield from _beside(windows, frozenset({mine.id}), "contradicted")


def _rows(pipeline: Pipeline) -> list:
    return pipeline.library.documents(1_000_000)[0]


def _sentence(document: Document, chance: random.Random) -> str:
    spans = [(a, b) for a, b in sentence_spans(document.text) if 18 <= b - a <= 140]
    return document.text[slice(*chance.choice(spans))] if spans else ""


def _placed(sentence: str, document: Document, chance: random.Random) -> str:
    place = _place(document)
    return place + sentence if place not in sentence and chance.random() < WITH_PLACE else sentence


def _place(document: Document) -> str:
    return short_name(innermost(document.place)) if document.place else ""


Measured = tuple[Compared, dict[str, float]]


def _measured(checker: Checker, text: str) -> list[Measured]:
    return list(checker.measured(sentences_of(text, checker.tokens)[0]()))


def _beside(windows: Sequence[Measured], own: frozenset[str], label: str, weight: float = 1.0) -> Iterator[Row]:
    """The sentence beside the window of its own document that holds most of it."""
    best = max((one for one in windows if one[0].window.document.id in own), key=_here, default=None)
    if best is not None:
        yield Row(best[1], bool(best[0].departures), label, weight)


def _elsewhere(windows: Sequence[Measured], own: frozenset[str], weight: float = 1.0) -> Iterator[Row]:
    """The sentence beside the most alike window of the other documents: it is not there."""
    best = max((one for one in windows if one[0].window.document.id not in own), key=_here, default=None)
    if best is not None and _here(best) < KEPT_OTHER:
        yield Row(best[1], bool(best[0].departures), "not_found", weight)


def _here(one: Measured) -> float:
    return one[1]["here"]


# --- the network: tanh units and a softmax, by Adam (Kingma and Ba 2015)

Weights = list[np.ndarray]


def fit(rows: Sequence[Row]) -> Weights:
    """The weights after STEPS over all rows; prints how a fit on four fifths does on the fifth."""
    x = np.array([[row.features[name] for name in FEATURES] for row in rows])
    # A change that shows as no difference cannot be named, so it counts as not found.
    labels = ["not_found" if r.label == "contradicted" and not r.differs else r.label for r in rows]
    y = np.array([LABELS.index(label) for label in labels])
    w = np.array([row.weight for row in rows])
    order = np.random.default_rng(1).permutation(len(rows))
    cut = len(rows) * 4 // 5
    trial = _learn(x[order[:cut]], y[order[:cut]], w[order[:cut]])
    right = (_chances(trial, x[order[cut:]]).argmax(1) == y[order[cut:]]).mean()
    print(f"{len(rows)} rows, {right:.3f} of the held-out fifth right")
    return _mean([_learn(x, y, w, beginning) for beginning in range(MEMBERS)])


def _mean(members: Sequence[Weights]) -> Weights:
    """Networks side by side as one, whose sums are the mean of theirs."""
    share = 1 / len(members)
    return [
        np.concatenate([p[0] for p in members]),
        np.concatenate([p[1] for p in members]),
        np.concatenate([share * p[2] for p in members], axis=1),
        share * np.sum([p[3] for p in members], axis=0),
    ]


def _learn(x: np.ndarray, y: np.ndarray, w: np.ndarray, beginning: int = 0) -> Weights:
    chance = np.random.default_rng(beginning)
    p = [
        chance.normal(0, 0.5, (HIDDEN, x.shape[1])), np.zeros(HIDDEN),
        chance.normal(0, 0.5, (len(LABELS), HIDDEN)), np.zeros(len(LABELS)),
    ]  # fmt: skip
    mean, square = [np.zeros_like(a) for a in p], [np.zeros_like(a) for a in p]
    wanted, share = np.eye(len(LABELS))[y], (w / w.sum())[:, None]
    for step in range(1, STEPS + 1):
        hidden = np.tanh(x @ p[0].T + p[1])
        out = (_chances(p, x) - wanted) * share
        back = out @ p[2] * (1 - hidden * hidden)
        slopes = [back.T @ x + DECAY * p[0] / 2, back.sum(0), out.T @ hidden + DECAY * p[2] / 2, out.sum(0)]
        for i, slope in enumerate(slopes):
            mean[i] = 0.9 * mean[i] + 0.1 * slope
            square[i] = 0.999 * square[i] + 0.001 * slope * slope
            p[i] = p[i] - RATE * (mean[i] / (1 - 0.9**step)) / (np.sqrt(square[i] / (1 - 0.999**step)) + 1e-8)
    return p


def _chances(p: Weights, x: np.ndarray) -> np.ndarray:
    sums = np.tanh(x @ p[0].T + p[1]) @ p[2].T + p[3]
    raised = np.exp(sums - sums.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def _save(p: Weights, out: Path) -> None:
    hidden, hidden_bias, last, last_bias = (np.round(a, 4).tolist() for a in p)
    told = {"weights": {"hidden": hidden, "out": last}, "biases": {"hidden": hidden_bias, "out": last_bias}}
    out.write_text(json.dumps(told, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
