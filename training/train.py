"""Train the static embedding that ships in the repository.

    python -m training.train --data FOLDER --out qa/models/yinju-static-zh

A bag of word vectors, learned by telling the right passage of a batch from all the others. It takes minutes on one
core, and gives the same numbers again for the same data, seed and library versions. `training.measure` tells how
good it is; the model's own `README.md` keeps what it told.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training.pairs import NONE, Pairs, collect
from training.vocabulary import build

Bags = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Recipe:
    entries: int = 24_000
    dimension: int = 256
    shorter: tuple[int, ...] = (64, 128)  # Matryoshka: the first 64 or 128 numbers are a vector of their own
    laws: int = 60_000
    steps: int = 800
    batch: int = 1024
    rate: float = 3e-3
    scale: float = 20.0
    backward: float = 0.3  # weight of finding the query among the batch's queries
    asked: float = 0.35  # share of batches that hold real questions
    asked_last: float = 0.8  # the same in the last quarter
    forgotten: float = 0.1  # share of tokens left out in training
    seed: int = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with cmrc2018/ and laws/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    args = parser.parse_args()
    recipe = Recipe(steps=args.steps)
    started = time.perf_counter()
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    pairs = collect(args.data, random.Random(recipe.seed), recipe.laws)
    print(f"{len(pairs.asked)} asked, {len(pairs.found)} found, {len(pairs.text)} texts", flush=True)
    tokenizer = build(pairs.text, recipe.entries)
    print(f"{tokenizer.get_vocab_size()} entries, {time.perf_counter() - started:.0f} s", flush=True)
    table = learn(pairs, tokenizer, recipe)
    seconds = time.perf_counter() - started
    save(tokenizer, table, args.out)
    training = {
        **asdict(recipe), "entries": tokenizer.get_vocab_size(), "asked_pairs": len(pairs.asked),
        "found_pairs": len(pairs.found), "seconds": round(seconds), "threads": 1, "torch": torch.__version__,
    }  # fmt: skip
    (args.out / "yinju.json").write_text(
        json.dumps({"fusion_weight": 0.2, "training": training}, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    size = sum(file.stat().st_size for file in args.out.rglob("*") if file.is_file())
    print(f"{args.out}: {size / 1e6:.1f} MB, {seconds:.0f} s")


def learn(pairs: Pairs, tokenizer: Tokenizer, recipe: Recipe) -> np.ndarray:
    """The table of word vectors, float32 (entries, dimension); row 0, the unknown token, is zero."""
    rng = np.random.default_rng(recipe.seed)
    bags = _bags(tokenizer, pairs.text)
    words = torch.nn.EmbeddingBag(tokenizer.get_vocab_size(), recipe.dimension, mode="mean", padding_idx=0)
    with torch.no_grad():
        words.weight.normal_(0, 0.1)
        words.weight[0] = 0
    optimizer = torch.optim.Adam(words.parameters(), lr=recipe.rate, betas=(0.9, 0.99))
    asked, found = _Shuffled(pairs.asked, rng), _Shuffled(pairs.found, rng)
    started, losses = time.perf_counter(), []
    for step in range(recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * min(1, (step + 1) / 50) * max(0.03, 1 - step / recipe.steps)
        share = recipe.asked if step < recipe.steps * 0.75 else recipe.asked_last
        source = asked if rng.random() < share else found
        rows = source.take(recipe.batch)
        loss = _loss(words, bags, rows, recipe, rng)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % 100 == 99:
            print(f"{step + 1}: {np.mean(losses[-100:]):.3f}, {time.perf_counter() - started:.0f} s", flush=True)
    return words.weight.detach().numpy()


def _loss(
    words: torch.nn.EmbeddingBag, bags: Bags, rows: np.ndarray, recipe: Recipe, rng: np.random.Generator
) -> torch.Tensor:
    """Multiple negatives ranking, both ways, summed over the vector and its shorter beginnings."""
    near = rows[:, 1]
    passages = np.concatenate([near, rows[rows[:, 2] != NONE, 2]])
    same = torch.from_numpy(near[:, None] == passages[None, :])
    same[torch.arange(len(near)), torch.arange(len(near))] = False
    queries = words(*_batch(bags, rows[:, 0], recipe.forgotten, rng))
    vectors = words(*_batch(bags, passages, recipe.forgotten, rng))
    right = torch.arange(len(near))
    loss = torch.zeros(())
    for dimension in (*recipe.shorter, recipe.dimension):
        scores = functional.normalize(queries[:, :dimension]) @ functional.normalize(vectors[:, :dimension]).T
        scores = (scores * recipe.scale).masked_fill(same, -1e4)
        backward = functional.cross_entropy(scores[:, : len(near)].T, right)
        loss = loss + functional.cross_entropy(scores, right) + recipe.backward * backward
    return loss


class _Shuffled:
    """Rows in a new random order each time they have all been seen."""

    def __init__(self, rows: Iterable[tuple[int, int, int]], rng: np.random.Generator) -> None:
        self.rows, self.rng = np.array(list(rows)), rng
        self.order, self.at = rng.permutation(len(self.rows)), 0

    def take(self, count: int) -> np.ndarray:
        if self.at + count > len(self.order):
            self.order, self.at = self.rng.permutation(len(self.rows)), 0
        self.at += count
        return self.rows[self.order[self.at - count : self.at]]


def _bags(tokenizer: Tokenizer, texts: list[str]) -> Bags:
    """All texts' token numbers in one row, and where each text begins; the last bound ends the last text."""
    numbers, lengths = [], []
    for start in range(0, len(texts), 4096):
        for encoding in tokenizer.encode_batch(texts[start : start + 4096], add_special_tokens=False):
            known = np.array([number for number in encoding.ids if number], dtype=np.int32)
            numbers.append(known)
            lengths.append(len(known))
    return np.concatenate(numbers), np.concatenate([[0], np.cumsum(lengths)])


def _batch(
    bags: Bags, texts: np.ndarray, forgotten: float, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token numbers and offsets of these texts, some tokens forgotten; short texts are kept whole."""
    numbers, bounds = bags
    lengths = bounds[texts + 1] - bounds[texts]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    owner = np.repeat(np.arange(len(texts)), lengths)
    tokens = numbers[np.arange(lengths.sum()) - starts[owner] + bounds[texts][owner]]
    kept = (rng.random(len(tokens)) >= forgotten) | (lengths[owner] <= 6)
    left = np.bincount(owner[kept], minlength=len(texts))
    offsets = np.concatenate([[0], np.cumsum(left)[:-1]])
    return torch.from_numpy(tokens[kept].astype(np.int64)), torch.from_numpy(offsets)


def save(tokenizer: Tokenizer, table: np.ndarray, folder: Path) -> None:
    """A Sentence Transformers folder, weights in half precision. Vectors of cut length lose nothing else."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    module = StaticEmbedding(tokenizer, embedding_weights=table)
    module.embedding = module.embedding.half()
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    model.save(str(folder), create_model_card=False)
    (folder / "model.safetensors").chmod(0o644)  # safetensors writes for the owner alone


if __name__ == "__main__":
    main()
