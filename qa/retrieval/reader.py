"""A small reader: where in some passages the answer to a question probably stands.

A convolutional network over the frozen vectors of the shipped token table, run in numpy: no torch at run time. It
looks at all passages of one question together, so that its shares tell passages, sentences and words apart; it was
also taught to say that none of them answers. `training/reader.py` learns its weights. Knows nothing of libraries.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from qa.indexing.tokens import question_words
from qa.text import fold, sentence_spans

MODELS = Path(__file__).resolve().parent.parent / "models"
TABLE = MODELS / "yinju-static-zh"
WEIGHTS = MODELS / "yinju-reader-zh" / "weights.npz"
QUESTION_TOKENS, PASSAGE_TOKENS = 48, 320
LONGEST_SPAN = 36  # tokens
REMEMBERED = 2048  # passages whose tokens are kept
JUST_READ = 256  # passages whose scores are kept: ranking and choosing a sentence look at the same
NOT_YET = -1  # a kind that was not asked for so far
NOTHING = -30.0  # a score as good as never
UNKNOWN = 1_000_000  # tokens outside the table are told apart by their first character, from here on
SCALED = 12.0  # the rarest entries' negative log frequency is about this
# One for each question token and passage token: what `_passage_features` gives, and the kind of token.
_KINDS = (
    re.compile(r"[\d.,]+$"),
    re.compile(r"[a-z]+$", re.IGNORECASE),
    re.compile(r"[一二三四五六七八九十百千万亿两〇零]+$"),
    re.compile(r"[年月日号时點点分秒]$"),
    re.compile(r"[\u4e00-\u9fff]$"),
    re.compile(r"[\u4e00-\u9fff]+$"),
    re.compile(r"[。！？；!?;]$"),
    re.compile(r"[，、,：:]$"),
    re.compile(r"[“”「」『』《》\"'‘’]$"),
    re.compile(r"[()（）\[\]【】]$"),
    re.compile(r""),
)
FEATURES = 9 + len(_KINDS)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as tokens: `keys` tell them apart, `spans` are their characters (n, 2), `rarity` 0-1."""

    ids: np.ndarray
    keys: np.ndarray
    spans: np.ndarray
    rarity: np.ndarray
    kinds: np.ndarray


class Lexicon:
    """The shipped table's tokens, their unit vectors and their rarity."""

    def __init__(self, folder: Path = TABLE) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        path = folder / "tokenizer.json"
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        rows = np.asarray(load_file(folder / "model.safetensors")["embedding.weight"], np.float32)
        self.table = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6)
        vocabulary = json.loads(path.read_text("utf-8"))["model"]["vocab"]
        self._rarity = np.clip(np.array([-score for _, score in vocabulary], np.float32) / SCALED, 0.2, 1.2)
        self._written = [token for token, _ in vocabulary]
        self._kinds = np.full(len(vocabulary), NOT_YET)  # all of them at once would take 0.1 s

    def tokens(self, text: str, most: int = PASSAGE_TOKENS) -> Text:
        return self._text(text, self._tokenizer.encode(text, add_special_tokens=False), most)

    def _text(self, text: str, coded, most: int) -> Text:  # type: ignore[no-untyped-def]
        ids = np.array(coded.ids[:most], np.int64)
        spans = np.array(coded.offsets[:most], np.int64).reshape(-1, 2)
        keys, kinds = ids.copy(), self._kinds_of(ids)
        for at in np.flatnonzero(ids == 0):
            written = text[spans[at, 0] : spans[at, 1]]
            keys[at] = UNKNOWN + (ord(written[0]) if written else 0)
            kinds[at] = _kind(written)
        return Text(ids, keys, spans, self._rarity[ids], kinds)

    def _kinds_of(self, ids: np.ndarray) -> np.ndarray:
        for one in np.unique(ids[self._kinds[ids] == NOT_YET]):
            self._kinds[one] = _kind(self._written[one])
        return self._kinds[ids]


def _kind(token: str) -> int:
    return next(number for number, pattern in enumerate(_KINDS) if pattern.match(token))


@cache
def lexicon() -> Lexicon:
    """The shipped table, read once a process (24 MiB)."""
    return Lexicon()


@dataclass(frozen=True, slots=True)
class Page:
    """A passage as tokens, the sentence of each (numbered from 0), and which tokens stand in its title or headings."""

    tokens: Text
    sentence: np.ndarray
    titled: np.ndarray
    title: np.ndarray


@dataclass(frozen=True, slots=True)
class Input:
    """One question with one passage, before padding: what the network sees.

    `likeness` (n, q) is the cosine of each passage token with each question token, 1 for the same token.
    """

    question: Text
    question_asks: np.ndarray
    passage: Text
    likeness: np.ndarray
    features: np.ndarray
    weights: np.ndarray


def page(lexicon: Lexicon, context: str, text: str) -> Page:
    """What of a passage does not depend on the question."""
    tokens = lexicon.tokens(text)
    title = lexicon.tokens(context, 64).keys if context else np.zeros(0, np.int64)
    starts = [start for start, _ in sentence_spans(text)] or [0]
    sentence = np.maximum(np.searchsorted(starts, tokens.spans[:, 0], side="right") - 1, 0)
    return Page(tokens, sentence, np.isin(tokens.keys, title), title)


def prepare(lexicon: Lexicon, question: Text, asking: np.ndarray, page: Page) -> Input:
    """The input of one passage; `asking` (q,) is 1 for the question's tokens that only ask."""
    same = page.tokens.keys[:, None] == question.keys[None, :]
    likeness = lexicon.table[page.tokens.ids] @ lexicon.table[question.ids].T
    likeness[same] = 1.0
    weights = question.rarity * (1 - asking) * np.where(np.isin(question.keys, page.title), 0.5, 1.0)
    weights /= weights.sum() + 1e-6
    return Input(question, asking, page.tokens, likeness, _features(page, likeness, same, weights), weights)


def covers(one: Input) -> tuple[float, float]:
    """`covered` and `alike` of a passage."""
    if not one.likeness.size:
        return 0.0, 0.0
    best = one.likeness.max(0)
    return float((best >= 1.0) @ one.weights), float(best @ one.weights)


def _features(page: Page, likeness: np.ndarray, same: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(n, FEATURES): how each token, and the sentence it stands in, meet the question; and the token's kind."""
    count = len(page.tokens.ids)
    found = np.zeros((count, FEATURES), np.float32)
    if not count or not len(weights):
        return found
    first = np.flatnonzero(np.r_[True, page.sentence[1:] != page.sentence[:-1]])
    order = np.cumsum(np.r_[False, page.sentence[1:] != page.sentence[:-1]])
    covered = np.maximum.reduceat(same, first, axis=0) @ weights
    alike = np.maximum.reduceat(likeness, first, axis=0) @ weights
    found[:, 0] = same.any(1)
    found[:, 1] = 4 * (same @ weights)
    found[:, 2] = page.tokens.rarity
    found[:, 3] = covered[order]
    found[:, 4] = alike[order]
    found[:, 5] = (covered - covered.max())[order]
    found[:, 6] = np.r_[0, covered[:-1]][order]
    found[:, 7] = np.r_[covered[1:], 0][order]
    found[:, 8] = page.titled
    found[np.arange(count), 9 + page.tokens.kinds] = 1
    return found


@dataclass(frozen=True, slots=True)
class Read:
    """What the reader says of one passage.

    `start` and `end` (n,) are scores of its tokens, comparable over the passages of one question; `none` is the score
    of no passage answering; `spans` (n, 2) are characters of the passage.

    `covered` and `alike` (0-1) are the shares of the question, by rarity, whose tokens stand in the passage, and whose
    likest token does (late interaction: the mean of the maximal cosines).
    """

    spans: np.ndarray
    start: np.ndarray
    end: np.ndarray
    none: float
    covered: float
    alike: float

    def best(self, start: int, end: int) -> tuple[float, int, int]:
        """The likeliest answer within characters start to end: its score and its span; score -inf for none."""
        inside = np.flatnonzero((self.spans[:, 0] >= start) & (self.spans[:, 1] <= end))
        if not len(inside):
            return -np.inf, start, start
        a, b = inside[0], inside[-1] + 1
        both = self.start[a:b, None] + self.end[None, a:b]
        distance = np.arange(b - a)[None, :] - np.arange(b - a)[:, None]
        both = np.where((distance >= 0) & (distance < LONGEST_SPAN), both, -np.inf)
        first, last = np.unravel_index(int(both.argmax()), both.shape)
        return float(both[first, last]), int(self.spans[a + first, 0]), int(self.spans[a + last, 1])

    def mass(self, start: int = 0, end: int = 1_000_000) -> float:
        """The log of how likely the answer begins within characters start to end, but for a constant."""
        inside = self.start[(self.spans[:, 0] >= start) & (self.spans[:, 0] < end)]
        return float(np.logaddexp.reduce(inside)) if len(inside) else NOTHING


class Reader:
    """The trained network. Thread-safe; weights are read on first use."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._weights = weights
        self._guard = threading.Lock()
        self._just_read: dict[tuple[str, str, str], Read] = {}

    @cached_property
    def _w(self) -> dict[str, np.ndarray]:
        # Products as small as these are slower on several threads, and many times so on a busy machine.
        threadpool_limits(1, "blas")
        with np.load(self._weights) as stored:
            return {name: np.asarray(stored[name], np.float32) for name in stored.files}

    @cached_property
    def _lexicon(self) -> Lexicon:
        return lexicon()

    @cached_property
    def _page(self) -> Callable[[str, str], Page]:
        return lru_cache(maxsize=REMEMBERED)(partial(page, self._lexicon))

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Read]:
        """Reads (context, text) pairs for one question; each is read by itself."""
        with self._guard:
            known = {each: self._just_read.get((question, *each)) for each in passages}
        fresh = [each for each in known if known[each] is None]
        known.update(zip(fresh, self._read(question, fresh), strict=True))
        with self._guard:
            self._just_read.update({(question, *each): read for each in fresh if (read := known[each])})
            while len(self._just_read) > JUST_READ:
                del self._just_read[next(iter(self._just_read))]
        return [read for each in passages if (read := known[each])]

    def _read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Read]:
        asked = self._lexicon.tokens(question, QUESTION_TOKENS)
        if not passages:
            return []
        asks = np.array([fold(question[a:b]) in question_words() for a, b in asked.spans], np.float32)
        inputs = [prepare(self._lexicon, asked, asks, self._page(*passage)) for passage in passages]
        if not len(asked.ids) or not max(len(one.passage.ids) for one in inputs):
            return [Read(one.passage.spans[:0], np.zeros(0), np.zeros(0), 0.0, 0.0, 0.0) for one in inputs]
        start, end, none = self._forward(inputs)
        found = []
        for row, one in enumerate(inputs):
            n = len(one.passage.ids)
            found.append(Read(one.passage.spans, start[row, :n], end[row, :n], none, *covers(one)))
        return found

    def _forward(self, inputs: Sequence[Input]) -> tuple[np.ndarray, np.ndarray, float]:
        w, one = self._w, inputs[0]
        rows, count = len(inputs), max(1, *(len(each.passage.ids) for each in inputs))
        q = self._question(one)
        pooled = _softmax(q @ w["pool.weight"].T + w["pool.bias"], 0).T[0] @ q
        there = np.zeros((rows, count, 1), np.float32)
        x = np.zeros((rows, count, q.shape[1]), np.float32)
        words = self._linear("project", self._lexicon.table[one.question.ids])
        for row, each in enumerate(inputs):
            n = len(each.passage.ids)
            aligned = _softmax(each.likeness * w["sharp"], 1) @ words
            own = self._linear("project", self._lexicon.table[each.passage.ids])
            best = each.likeness.max(1, keepdims=True)
            x[row, :n] = self._linear("input", np.concatenate([own, aligned, each.features, best], 1))
            there[row, :n] = 1
        x = self._blocks("near", x, there, (1, 2))
        attention = _softmax(self._linear("attend", x) @ (q.T / q.shape[1] ** 0.5), -1)
        y = attention @ q
        x = self._linear("middle", np.concatenate([x, y, x * y, x * self._linear("whole", pooled)], -1))
        x = self._blocks("far", x, there, (1, 2, 4, 8))
        both = np.concatenate([x, x * pooled], -1)
        none = float(self._linear("none", pooled)[0])
        return self._linear("start", both)[..., 0], self._linear("end", both)[..., 0], none

    def _question(self, one: Input) -> np.ndarray:
        words = self._linear("project", self._lexicon.table[one.question.ids])
        extra = np.stack([one.question.rarity, one.question_asks], 1)
        q = self._linear("question_in", np.concatenate([words, extra], 1))[None]
        return self._blocks("question", q, np.ones((1, q.shape[1], 1), np.float32), (1, 1))[0]

    def _linear(self, name: str, x: np.ndarray) -> np.ndarray:
        result: np.ndarray = x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"]
        return result

    def _blocks(self, name: str, x: np.ndarray, there: np.ndarray, dilations: Sequence[int]) -> np.ndarray:
        for number, dilation in enumerate(dilations):
            x = self._block(f"{name}.{number}", x, there, dilation)
        return x

    def _block(self, name: str, x: np.ndarray, there: np.ndarray, dilation: int) -> np.ndarray:
        w, depth = self._w, self._w[f"{name}.depth"]
        centred = x - x.mean(-1, keepdims=True)
        scale = 1 / np.sqrt(np.einsum("...i,...i->...", centred, centred) / x.shape[-1] + 1e-5)
        y = (centred * scale[..., None] * w[f"{name}.norm.weight"] + w[f"{name}.norm.bias"]) * there
        edge = dilation * (len(depth) // 2)
        padded = np.pad(y, ((0, 0), (edge, edge), (0, 0)))
        y = sum(padded[:, k * dilation : k * dilation + x.shape[1]] * depth[k] for k in range(len(depth)))
        value, gate = np.split(self._linear(f"{name}.point", y), 2, -1)
        return x + value / (1 + np.exp(-gate))


def _softmax(scores: np.ndarray, axis: int) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis, keepdims=True))
    result: np.ndarray = powers / powers.sum(axis, keepdims=True)
    return result


@cache
def shipped() -> Reader | None:
    """The reader of the repository, None where it was taken out."""
    return Reader() if WEIGHTS.is_file() else None
