"""What the model learns from: a query, the text that should be near it, and perhaps one that should be farther.

Texts are kept once and named by number, so that a batch knows which of its texts are the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import rjieba

from training import texts

NONE = -1
LONGEST = 220


@dataclass
class Pairs:
    """Rows of (query, near, far) text numbers; far is NONE where there is no hard negative."""

    text: list[str] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[int, int, int]] = field(default_factory=list)
    found: list[tuple[int, int, int]] = field(default_factory=list)

    def name(self, text: str) -> int:
        if text not in self.number:
            self.number[text] = len(self.text)
            self.text.append(text)
        return self.number[text]

    def ask(self, query: str, near: str, far: str = "") -> None:
        self.asked.append((self.name(query), self.name(near), self.name(far) if far else NONE))

    def find(self, query: str, near: str) -> None:
        """A self-supervised pair; too short a side teaches nothing."""
        if len(query) >= 4 and len(near) >= 15:
            self.found.append((self.name(query[:LONGEST]), self.name(near[:LONGEST]), NONE))


def collect(data: Path, rng: random.Random, laws: int) -> Pairs:
    """Pairs from CMRC train and from `laws` articles drawn at random."""
    pairs = Pairs()
    known = texts.contexts(data / "cmrc2018", "train")
    cut = {context.id: texts.passages(context.text) for context in known.values()}
    for question in texts.questions(data / "cmrc2018" / "answers_train.jsonl"):
        _from_question(pairs, question, known[question.context].title, cut[question.context], rng)
    for context in known.values():
        for _, passage in cut[context.id]:
            _from_passage(pairs, context.title, passage, rng)
    articles = list(texts.articles(data / "laws"))
    for article in rng.sample(articles, min(laws, len(articles))):
        _from_article(pairs, article, rng)
    return pairs


def _from_question(
    pairs: Pairs, question: texts.Question, title: str, cut: list[tuple[int, str]], rng: random.Random
) -> None:
    gold = texts.holder(cut, question.answer_start)
    others = [passage for index, (_, passage) in enumerate(cut) if index != gold]
    far = rng.choice(others) if others else ""
    near = cut[gold][1]
    pairs.ask(question.text, near, far)
    pairs.ask(question.text, f"{title}\n{near}", f"{title}\n{far}" if far else "")


def _from_passage(pairs: Pairs, title: str, passage: str, rng: random.Random) -> None:
    inside = texts.sentences(passage)
    if len(inside) > 1:
        left_out = rng.randrange(len(inside))
        pairs.find(thinned(inside[left_out], 0.2, rng), title + "\n" + "".join(_but(inside, left_out)))
    pairs.find(thinned(rng.choice(inside), 0.5, rng), f"{title}\n{passage}")


def _from_article(pairs: Pairs, article: texts.Article, rng: random.Random) -> None:
    law = article.law.removeprefix("中华人民共和国") if rng.random() < 0.5 else article.law
    cut = [passage for _, passage in texts.passages(article.text)]
    passage = rng.choice(cut)
    inside = texts.sentences(passage)
    headed = f"{law}\n{article.heading}\n{passage}" if rng.random() < 0.7 else passage
    if article.heading and rng.random() < 0.4:
        pairs.find(f"{law}{article.heading}", rng.choice([passage, headed]))
    pairs.find(thinned(rng.choice(inside), 0.45, rng), headed)
    if len(inside) > 1 and rng.random() < 0.5:
        left_out = rng.randrange(len(inside))
        pairs.find(inside[left_out], "".join(_but(inside, left_out)))


def _but(items: list[str], index: int) -> Iterable[str]:
    return items[:index] + items[index + 1 :]


def thinned(sentence: str, share: float, rng: random.Random) -> str:
    """The sentence as someone half remembers it: about `share` of its words are gone."""
    return "".join(word for word in _words(sentence) if rng.random() >= share)


_words: Callable[[str], list[str]] = rjieba.cut
