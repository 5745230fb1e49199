"""Train the small reader that ships in the repository (`qa/retrieval/reader.py` runs it without torch).

    python -m training.reader --data FOLDER --out qa/models/yinju-reader-zh

Learned from CMRC 2018 train: the passage that holds the answer among others of its text and of texts that BM25 finds,
all under one softmax; now and then the right one is left out, and the reader must say so. The token vectors are
frozen, so that it learns how questions are answered and not words.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from qa.indexing.chunking import chunk
from qa.indexing.tokens import question_words
from qa.retrieval.reader import FEATURES, LONGEST_SPAN, QUESTION_TOKENS, Input, Lexicon, Page, Text, page, prepare
from qa.types import Document
from training.measure import BM25, bigrams, words

MASKED = -1e4
LONGEST_ANSWER = 60  # characters


@dataclass(frozen=True)
class Recipe:
    width: int = 96
    batch: int = 24
    rate: float = 2e-3
    dropout: float = 0.15
    others: int = 1  # passages beside the right one
    near: float = 0.6  # share of them that are of its own text
    window: int = 120  # tokens of a passage that are read at a time
    left_out: float = 0.1  # share of questions whose right passage is left out
    decay: float = 0.01
    seed: int = 7


@dataclass(frozen=True)
class Piece:
    """A passage of the product's own cutting, and the whole text that it was cut from."""

    document: str
    start: int
    text: str
    context: str
    whole: str


@dataclass(frozen=True)
class Example:
    """A question, its answer's span in the right passage (characters), and other passages, the likeliest first."""

    question: str
    right: int
    start: int
    end: int
    own: tuple[int, ...]
    found: tuple[int, ...]


def dropped(x: torch.Tensor, share: float, training: bool) -> torch.Tensor | float:
    """A mask that drops whole channels of a row: as good here as dropping single numbers, and much cheaper."""
    if not training:
        return 1.0
    return torch.bernoulli(torch.full((x.shape[0], 1, x.shape[2]), 1 - share)) / (1 - share)


class Block(nn.Module):
    """A separable convolution behind a layer norm, gated, added to its input."""

    def __init__(self, width: int, kernel: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.depth = nn.Parameter(torch.randn(kernel, width) / kernel**0.5)
        self.point = nn.Linear(width, 2 * width)
        self.dilation, self.dropout = dilation, dropout

    def forward(self, x: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        kernel, count = len(self.depth), x.shape[1]
        edge = self.dilation * (kernel // 2)
        y = functional.pad(self.norm(x) * kept, (0, 0, edge, edge))
        # shifted sums: several times as fast on a processor as a grouped convolution
        y = sum(y[:, k * self.dilation : k * self.dilation + count] * self.depth[k] for k in range(kernel))
        value, gate = self.point(y).chunk(2, -1)
        return x + value * torch.sigmoid(gate) * dropped(x, self.dropout, self.training)


class Network(nn.Module):
    """Start and end of the answer for each token, and the score of there being none, (rows, tokens) and (rows,)."""

    def __init__(self, dimension: int, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.project = nn.Linear(dimension, width)
        self.sharp = nn.Parameter(torch.tensor(8.0))
        self.question_in = nn.Linear(width + 2, width)
        self.question = nn.ModuleList([Block(width, 5, 1, dropout), Block(width, 3, 1, dropout)])
        self.input = nn.Linear(2 * width + FEATURES + 1, width)
        self.near = nn.ModuleList([Block(width, 5, d, dropout) for d in (1, 2)])
        self.pool = nn.Linear(width, 1)
        self.attend = nn.Linear(width, width)
        self.whole = nn.Linear(width, width)
        self.middle = nn.Linear(4 * width, width)
        self.far = nn.ModuleList([Block(width, 5, d, dropout) for d in (1, 2, 4, 8)])
        self.start = nn.Linear(2 * width, 1)
        self.end = nn.Linear(2 * width, 1)
        self.none = nn.Linear(width, 1)

    def forward(
        self,
        question: torch.Tensor,
        asked: torch.Tensor,
        extra: torch.Tensor,
        passage: torch.Tensor,
        there: torch.Tensor,
        likeness: torch.Tensor,
        features: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        known, kept = asked[:, :, None].float(), there[:, :, None].float()
        hidden = ~asked[:, None]
        words = self.project(question * dropped(question, self.dropout, self.training))
        x0 = self.project(passage * dropped(passage, self.dropout, self.training))
        aligned = torch.bmm(torch.softmax((likeness * self.sharp).masked_fill(hidden, MASKED), -1), words)
        best = likeness.masked_fill(hidden, -1.0).amax(-1, keepdim=True)
        x = self.input(torch.cat([x0, aligned, features, best], -1))
        q = self.question_in(torch.cat([words, extra], -1))
        for block in self.question:
            q = block(q, known)
        for block in self.near:
            x = block(x, kept)
        pooled = (torch.softmax(self.pool(q).masked_fill(~asked[:, :, None], MASKED), 1) * q).sum(1)
        scores = torch.bmm(self.attend(x), q.transpose(1, 2)) / q.shape[-1] ** 0.5
        y = torch.bmm(torch.softmax(scores.masked_fill(hidden, MASKED), -1), q)
        x = self.middle(torch.cat([x, y, x * y, x * self.whole(pooled)[:, None]], -1))
        for block in self.far:
            x = block(x, kept)
        both = torch.cat([x, x * pooled[:, None]], -1)
        start = self.start(both)[..., 0].masked_fill(~there, MASKED)
        end = self.end(both)[..., 0].masked_fill(~there, MASKED)
        return start, end, self.none(pooled)[:, 0]


def load(data: Path, part: str) -> tuple[list[Piece], list[Example]]:
    """The passages of one part of CMRC and its questions; answers that no passage holds whole are left out."""
    pieces = [piece for row in _rows(data / "corpus.jsonl") if f"-{part}-" in row["id"] for piece in _cut(row)]
    first: dict[str, list[int]] = {}
    for number, piece in enumerate(pieces):
        first.setdefault(piece.document, []).append(number)
    name = {"train": "answers_train", "trial": "answers_trial", "dev": "answers"}[part]
    asked = list(_rows(data / f"{name}.jsonl"))
    found = _found(pieces, [row["question"] for row in asked])
    examples = []
    for row, likely in zip(asked, found, strict=True):
        own, at, answer = first[row["gold_passage"]], row["answer_start"][0], row["answers"][0]
        right = max((n for n in own if pieces[n].start <= at), default=own[0])
        start = at - pieces[right].start
        if row["question"].strip() and pieces[right].text[start : start + len(answer)] == answer:
            others = tuple(n for n in likely if n not in own)
            examples.append(Example(row["question"], right, start, start + len(answer), tuple(own), others))
    return pieces, examples


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _cut(row: dict) -> list[Piece]:
    document = Document(id=row["id"], source_id=row["id"], part=1, title=row["title"], text=row["text"])
    return [Piece(row["id"], p.start, p.text, p.context, row["text"]) for p in chunk(document)]


def _found(pieces: Sequence[Piece], asked: Sequence[str], most: int = 12) -> list[list[int]]:
    by_word = BM25([words(f"{p.context}\n{p.text}") for p in pieces])
    by_bigram = BM25([bigrams(f"{p.context}\n{p.text}") for p in pieces])
    likely: list[list[int]] = []
    for at in range(0, len(asked), 400):
        batch = asked[at : at + 400]
        content = [[w for w in words(text) if w not in question_words()] for text in batch]
        scores = by_word.scores(content) + 0.5 * by_bigram.scores([bigrams(text) for text in batch])
        likely += np.argsort(-scores, axis=1)[:, :most].tolist()
    return likely


class Batches:
    """Examples as padded tensors."""

    def __init__(self, lexicon: Lexicon, pieces: Sequence[Piece], recipe: Recipe) -> None:
        self.lexicon, self.pieces, self.recipe = lexicon, pieces, recipe
        self.table = torch.from_numpy(lexicon.table)
        self._asked: dict[str, tuple[Text, np.ndarray]] = {}
        self._pages: dict[int, Page] = {}

    def asked(self, question: str) -> tuple[Text, np.ndarray]:
        if question not in self._asked:
            text = self.lexicon.tokens(question, QUESTION_TOKENS)
            asks = [question[a:b].lower() in question_words() for a, b in text.spans]
            self._asked[question] = text, np.array(asks, np.float32)
        return self._asked[question]

    def input(self, example: Example, number: int) -> Input:
        if number not in self._pages:
            self._pages[number] = page(self.lexicon, self.pieces[number].context, self.pieces[number].text)
        return prepare(self.lexicon, *self.asked(example.question), self._pages[number])

    def draw(self, example: Example, rng: random.Random) -> tuple[list[Input], int, int, int]:
        """Inputs of one question, and where its answer is: row, first and last token; row -1 for none."""
        own = [n for n in example.own if n != example.right]
        left_out = rng.random() < self.recipe.left_out
        others = []
        for _ in range(self.recipe.others + left_out):
            near = own if rng.random() < self.recipe.near else example.found[:6]
            others += rng.sample(near, min(1, len(near)))
        others = list(dict.fromkeys(others)) or list(example.found[:1])
        if left_out:
            return [crop(self.input(example, n), 0, 0, self.recipe.window, rng) for n in others], -1, 0, 0
        right = self.input(example, example.right)
        right = crop(right, *tokens_of(right.passage, example.start, example.end), self.recipe.window, rng)
        first, last = tokens_of(right.passage, example.start, example.end)
        inputs = [right, *(crop(self.input(example, n), 0, 0, self.recipe.window, rng) for n in others)]
        return inputs, 0, first, last

    def pad(self, inputs: Sequence[Input]) -> tuple[torch.Tensor, ...]:
        q, n = max(len(one.question.ids) for one in inputs), max(len(one.passage.ids) for one in inputs)
        rows = len(inputs)
        question, passage = np.zeros((rows, q), np.int64), np.zeros((rows, n), np.int64)
        asked, there = np.zeros((rows, q), bool), np.zeros((rows, n), bool)
        extra = np.zeros((rows, q, 2), np.float32)
        likeness, features = np.zeros((rows, n, q), np.float32), np.zeros((rows, n, FEATURES), np.float32)
        for row, one in enumerate(inputs):
            a, b = len(one.question.ids), len(one.passage.ids)
            question[row, :a], passage[row, :b] = one.question.ids, one.passage.ids
            asked[row, :a], there[row, :b] = True, True
            extra[row, :a, 0], extra[row, :a, 1] = one.question.rarity, one.question_asks
            likeness[row, :b, :a], features[row, :b] = one.likeness, one.features
        tensors = [self.table[torch.from_numpy(question)], torch.from_numpy(asked), torch.from_numpy(extra)]
        tensors += [self.table[torch.from_numpy(passage)], torch.from_numpy(there)]
        return (*tensors, torch.from_numpy(likeness), torch.from_numpy(features))


def crop(one: Input, first: int, last: int, longest: int, rng: random.Random) -> Input:
    """At most so many tokens of a passage, those from first to last among them."""
    count = len(one.passage.ids)
    if count <= longest:
        return one
    latest = min(first, count - longest)
    start = rng.randint(max(0, min(last - longest + 1, latest)), latest)
    cut = slice(start, max(start + longest, last + 1))
    passage = Text(*(getattr(one.passage, name)[cut] for name in ("ids", "keys", "spans", "rarity", "kinds")))
    return Input(one.question, one.question_asks, passage, one.likeness[cut], one.features[cut], one.weights)


def tokens_of(passage: Text, start: int, end: int) -> tuple[int, int]:
    """First and last token of a span of characters."""
    first = int(np.searchsorted(passage.spans[:, 1], start, side="right"))
    last = int(np.searchsorted(passage.spans[:, 0], end, side="left")) - 1
    return first, max(first, last)


def joined(scores: torch.Tensor, none: torch.Tensor, groups: Sequence[int]) -> list[torch.Tensor]:
    """For each question the scores of all its passages' tokens in a row, and of none at the end."""
    at, rows = 0, []
    for size in groups:
        rows.append(torch.cat([scores[at : at + size].reshape(-1), none[at : at + 1]]))
        at += size
    return rows


def learn(
    batches: Batches,
    examples: Sequence[Example],
    recipe: Recipe,
    seconds: float,
    dev: tuple[Batches, Sequence[Example]],
    start: Path | None = None,
) -> Network:
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    network = Network(batches.lexicon.table.shape[1], recipe.width, recipe.dropout)
    if start is not None:
        with np.load(start) as stored:
            network.load_state_dict({name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files})
        rng = random.Random(recipe.seed + 1)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    print(sum(p.numel() for p in network.parameters()), "weights", flush=True)
    began, step, losses, seen = time.perf_counter(), 0, [0.0], 0
    order: list[int] = []
    while (spent := time.perf_counter() - began) < seconds:
        if len(order) < recipe.batch:
            order = rng.sample(range(len(examples)), len(examples))
        batch = [batches.draw(examples[order.pop()], rng) for _ in range(recipe.batch)]
        share = spent / seconds
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * min(1.0, (step + 1) / 60) * max(0.02, 1 - share)
        loss = _loss(network, batches, batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        losses.append(loss.item())
        step, seen = step + 1, seen + recipe.batch
        if step % 100 == 0:
            print(f"{step} {seen / len(examples):.1f} loss {np.mean(losses[-100:]):.3f} {spent:.0f} s", flush=True)
        if step % 500 == 0:
            print(measure(network, *dev), flush=True)
    return network.eval()


def _loss(network: Network, batches: Batches, batch: Sequence[tuple[list[Input], int, int, int]]) -> torch.Tensor:
    inputs = [one for rows, *_ in batch for one in rows]
    groups = [len(rows) for rows, *_ in batch]
    start, end, none = network(*batches.pad(inputs))
    none = none / 2  # each of the two softmaxes has half a say
    longest, losses = start.shape[1], []
    for starts, ends, (rows, row, first, last) in zip(
        joined(start, none, groups), joined(end, none, groups), batch, strict=True
    ):
        a, b = (row * longest + first, row * longest + last) if row >= 0 else (len(rows) * longest,) * 2
        losses.append(functional.cross_entropy(starts[None], torch.tensor([a])))
        losses.append(functional.cross_entropy(ends[None], torch.tensor([b])))
    return torch.stack(losses).sum() / len(batch)


def measure(network: Network, batches: Batches, examples: Sequence[Example], most: int = 300) -> dict[str, float]:
    """On some questions, all passages of their own text read: is the right sentence first, and how near is the span?"""
    from qa.text import sentence_spans

    network.eval()
    right, overlap = [], []
    for example in random.Random(1).sample(list(examples), min(most, len(examples))):
        inputs = [batches.input(example, n) for n in example.own]
        with torch.no_grad():
            start, end, _ = network(*batches.pad(inputs))
        share = torch.softmax(start.reshape(-1), 0).reshape(start.shape).numpy()
        best: list[tuple[float, int, int, int]] = []
        row, first, last = best_span(start.numpy(), end.numpy())
        span = inputs[row].passage.spans
        said = batches.pieces[example.own[row]].text[span[first, 0] : span[last, 1]]
        gold = batches.pieces[example.right].text[example.start : example.end]
        overlap.append(f1(said, gold))
        for number, n in enumerate(example.own):
            spans = inputs[number].passage.spans
            for a, b in sentence_spans(batches.pieces[n].text):
                inside = (spans[:, 0] >= a) & (spans[:, 0] < b)
                best.append((float(share[number, : len(spans)][inside].sum()), n, a, b))
        _, n, a, b = max(best)
        right.append(n == example.right and a <= example.start < b)
    network.train()
    return {"sentence": round(float(np.mean(right)), 4), "span F1": round(float(np.mean(overlap)), 4)}


def best_span(start: np.ndarray, end: np.ndarray) -> tuple[int, int, int]:
    """Row, first and last token of the span whose two scores sum highest."""
    best = (-1e9, 0, 0, 0)
    for row in range(len(start)):
        both = np.triu(np.full((start.shape[1],) * 2, 1.0)) - np.triu(np.full((start.shape[1],) * 2, 1.0), LONGEST_SPAN)
        scores = np.where(both > 0, start[row][:, None] + end[row][None], -1e9)
        first, last = np.unravel_index(int(scores.argmax()), scores.shape)
        best = max(best, (float(scores[first, last]), row, int(first), int(last)))
    return best[1:]


def f1(said: str, gold: str) -> float:
    """The usual measure of CMRC: overlap by the longest common run of characters, punctuation aside."""
    a, b = ("".join(c for c in text.lower() if c.isalnum()) for text in (said, gold))
    longest, row = 0, [0] * (len(b) + 1)
    for x in a:
        row = [0] + [row[j] + 1 if x == y else 0 for j, y in enumerate(b)]
        longest = max(longest, *row)
    return 2 * longest / (len(a) + len(b)) if longest else 0.0


def save(network: Network, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().numpy().astype(np.float16) for name, value in network.state_dict().items()}
    np.savez_compressed(out / "weights.npz", **weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with cmrc2018/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=1500, help="time to learn for")
    parser.add_argument("--start", type=Path, help="weights.npz to go on from")
    parser.add_argument("--rate", type=float, default=Recipe.rate)
    parser.add_argument("--width", type=int, default=Recipe.width)
    args = parser.parse_args()
    torch.set_num_threads(1)
    recipe, lexicon = Recipe(width=args.width, rate=args.rate), Lexicon()
    pieces, examples = load(args.data / "cmrc2018", "train")
    trial = load(args.data / "cmrc2018", "trial")
    print(len(pieces), "passages,", len(examples), "questions", flush=True)
    examples = [one for one in examples if one.end - one.start <= LONGEST_ANSWER]
    batches, dev = Batches(lexicon, pieces, recipe), Batches(lexicon, trial[0], recipe)
    network = learn(batches, examples, recipe, args.seconds, (dev, trial[1]), args.start)
    save(network, args.out)
    print(asdict(recipe), measure(network, dev, trial[1], len(trial[1])))


if __name__ == "__main__":
    main()
