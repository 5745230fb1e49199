"""The texts the model learns from and is measured on, out of a folder laid out like `training/README.md` says.

Learned from: CMRC 2018 train and the laws. CMRC dev and DRCD are read by `measure` only.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*[”’」』）)]*")
ARTICLE = re.compile(r"^第[一二三四五六七八九十百千零〇]+条(?:之[一二三四五六七八九十]+)?[\s　]*")
PASSAGE_CHARS = 150


@dataclass(frozen=True)
class Question:
    """A question and where its answer begins, in characters into the text of its context."""

    text: str
    context: str
    answer_start: int


@dataclass(frozen=True)
class Context:
    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Article:
    """One article of a law, under the chapter and section that it stands in."""

    law: str
    heading: str
    text: str


def contexts(folder: Path, part: str = "") -> dict[str, Context]:
    """Contexts of a CMRC-like folder by id; `part` (train, trial, dev) keeps those of one split."""
    rows = (Context(row["id"], row["title"], row["text"]) for row in _rows(folder / "corpus.jsonl"))
    return {row.id: row for row in rows if f"-{part}" in row.id}


def questions(path: Path) -> list[Question]:
    return [
        Question(row["question"], row["gold_passage"], row["answer_start"][0])
        for row in _rows(path)
        if row.get("answerable", True)
    ]


def articles(folder: Path) -> Iterator[Article]:
    with gzip.open(folder / "laws.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            law = json.loads(line)
            yield from _articles(law["title"], law["text"])


def _articles(title: str, text: str) -> Iterator[Article]:
    heading, body = "", ""
    for line in text.splitlines():
        line = line.strip()
        opens = line.startswith("#") or ARTICLE.match(line)
        if opens and len(body) >= 20:
            yield Article(title, heading, body)
        if line.startswith("#"):
            heading, body = re.sub(r"^#+\s*(?:第\S+[编章节])?[\s　]*", "", line), ""
        elif opens:
            body = ARTICLE.sub("", line)
        elif body and line:
            body += "\n" + line
    if len(body) >= 20:
        yield Article(title, heading, body)


def sentences(text: str) -> list[str]:
    return [match.group().strip() for match in SENTENCE.finditer(text) if match.group().strip()]


def passages(text: str, size: int = PASSAGE_CHARS) -> list[tuple[int, str]]:
    """Whole sentences packed up to about `size` characters, each passage with its start; long sentences are cut."""
    packed: list[tuple[int, str]] = []
    for match in SENTENCE.finditer(text):
        for start in range(match.start(), match.end(), size * 2):
            piece = text[start : min(start + size * 2, match.end())]
            if packed and len(packed[-1][1]) + len(piece) <= size * 1.2:
                packed[-1] = (packed[-1][0], packed[-1][1] + piece)
            else:
                packed.append((start, piece))
    return packed


def holder(cut: list[tuple[int, str]], offset: int) -> int:
    """Index of the passage that holds the character at `offset`."""
    return max((index for index, (start, _) in enumerate(cut) if start <= offset), default=0)


def _rows(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
