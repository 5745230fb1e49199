"""Train the trees that tell sentences apart (`qa/answering/trees.py` runs them without LightGBM).

    python -m training.picker --data FOLDER --out qa/models/yinju-picker-zh

Learned from CMRC 2018 train: which sentence of a text, among those of another text that BM25 finds, holds the answer.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.answering.features import NAMES
from qa.answering.selecting import Selector
from qa.answering.trees import LEAF, Forest
from qa.indexing.tokens import Tokens
from qa.retrieval.dialogue import StandAlone, stand_alone
from qa.retrieval.questions import understand
from qa.types import Document, Hit, Passage
from training.reader import Example, Piece, load

SEED = 7
LOOKED_AT = 60  # sentences of a question: all of them, but for the longest texts
RECIPE: dict[str, Any] = {
    "objective": "lambdarank", "n_estimators": 250, "num_leaves": 15, "learning_rate": 0.06, "min_child_samples": 40,
    "colsample_bytree": 0.6, "subsample": 0.8, "subsample_freq": 1, "reg_lambda": 5.0, "n_jobs": 1, "verbose": -1,
    "random_state": SEED, "deterministic": True,
}  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """Features of the sentences of all questions one after another, whether each holds the answer, how many a question
    has."""

    features: np.ndarray
    right: np.ndarray
    sizes: list[int]


def collect(data: Path, part: str, most: int, others: int = 1) -> Rows:
    """Rows of at most so many questions of one part of CMRC."""
    pieces, examples = load(data / "cmrc2018", part)
    tokens = Tokens()
    selector = Selector(tokens, _idf(tokens, pieces))
    hits = [_hit(number, piece) for number, piece in enumerate(pieces)]
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for example in random.Random(SEED).sample(examples, min(most, len(examples))):
        asked = understand(_alone(example, tokens), tokens)
        read = [hits[number] for number in (*example.own, *example.found[:others])]
        looked = selector.look(asked, read, LOOKED_AT)
        right = np.array([_right(pick.hit, pick.sentence, hits[example.right], example) for pick in looked.picks])
        if right.any() and len(right) > 1:
            found.append((selector.matrix(asked, looked).astype(np.float32), right))
    features, right = (np.concatenate(column) for column in zip(*found, strict=True))
    return Rows(features, right, [len(rows) for rows, _ in found])


def _alone(example: Example, tokens: Tokens) -> StandAlone:
    return stand_alone(example.question, (), tokens, [])


def _hit(number: int, piece: Piece) -> Hit:
    """A passage as found. Each is a document of its own text here: only its own characters are looked at."""
    document = Document(id=piece.document, source_id="", part=1, title=piece.context, text=piece.whole)
    end = piece.start + len(piece.text)
    passage = Passage(str(number), piece.document, number, (), piece.start, end, piece.text, piece.context)
    return Hit(passage, document, 1.0, {})


def _right(hit: Hit, sentence: tuple[int, int], gold: Hit, example: Example) -> bool:
    at = gold.passage.start + example.start
    return hit.document.id == gold.document.id and sentence[0] <= at < sentence[1]


def _idf(tokens: Tokens, pieces: Sequence[Piece]) -> Callable[[Sequence[str]], dict[str, float]]:
    frequency = Counter(word for piece in pieces for word in set(tokens.words(f"{piece.context}\n{piece.text}")))

    def idf(words: Sequence[str]) -> dict[str, float]:
        return {w: math.log(1 + (len(pieces) - frequency[w] + 0.5) / (frequency[w] + 0.5)) for w in words}

    return idf


def first_right(rows: Rows, scores: np.ndarray, most: int = 1) -> float:
    """The share of questions with a right sentence among the first so many."""
    edges = np.r_[0, np.cumsum(rows.sizes)]
    found = [
        rows.right[a:b][np.argsort(-scores[a:b], kind="stable")[:most]].any() for a, b in itertools.pairwise(edges)
    ]
    return round(float(np.mean(found)), 4)


def exported(model: dict) -> Forest:
    """A LightGBM model (`Booster.dump_model()`) as a forest."""
    trees = [_nodes(tree["tree_structure"]) for tree in model["tree_info"]]
    longest = max(len(tree) for tree in trees)
    padded = np.array([tree + [(LEAF, 0.0, 0, 0, 0.0)] * (longest - len(tree)) for tree in trees])
    kinds = (np.int16, np.float64, np.int16, np.int16, np.float64)
    feature, threshold, left, right, value = (padded[..., at].astype(kind) for at, kind in enumerate(kinds))
    return Forest(feature, threshold, left, right, value, NAMES)


def _nodes(structure: dict) -> list[tuple[int, float, int, int, float]]:
    """(feature, threshold, left, right, value) of each node, the root first."""
    nodes: list[tuple[int, float, int, int, float]] = [(LEAF, 0.0, 0, 0, 0.0)]
    if "leaf_value" in structure:
        return [(LEAF, 0.0, 0, 0, structure["leaf_value"])]
    children = []
    for side in ("left_child", "right_child"):
        children.append(len(nodes))
        nodes += [
            (f, t, left + children[-1] if f != LEAF else 0, right + children[-1] if f != LEAF else 0, v)
            for f, t, left, right, v in _nodes(structure[side])
        ]
    nodes[0] = (structure["split_feature"], structure["threshold"], children[0], children[1], 0.0)
    return nodes


def main() -> None:
    import lightgbm

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with cmrc2018/")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    began = time.process_time()
    train, trial = collect(args.data, "train", 20_000), collect(args.data, "trial", 20_000, others=0)
    model = lightgbm.LGBMRanker(**RECIPE).fit(train.features, train.right.astype(int), group=train.sizes)
    forest = exported(model.booster_.dump_model())
    args.out.mkdir(parents=True, exist_ok=True)
    forest.save(args.out / "trees.npz")
    scores = forest.predict(trial.features)
    assert np.allclose(scores, model.predict(trial.features))
    print(f"{len(train.sizes)} questions, {time.process_time() - began:.0f} s of processor time")
    print({"top1": first_right(trial, scores), "top2": first_right(trial, scores, 2)})


if __name__ == "__main__":
    main()
