"""The public question sets: their questions, and a library of the product over each corpus."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from qa.assembly import build
from qa.config import Settings
from qa.pipeline import Pipeline
from qa.types import Document, Passage

SEED = 11
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """A question; `gold` are external ids of documents, `answer` where it begins in the first, None when unknown."""

    question: str
    gold: frozenset[str]
    answer: int | None = None
    answers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicSet:
    folder: str
    questions: str = "answers.jsonl"


SETS = {
    "CMRC": PublicSet("cmrc2018"),
    "DRCD": PublicSet("drcd_dev_clean"),
    "CRUD": PublicSet("crud_dev", "queries.jsonl"),
    "DuReader": PublicSet("dureader_demo", "queries.jsonl"),
}


class Opened:
    """A pipeline over the library of one corpus, made where it is not there yet."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.data = folder, data
        self._ids: dict[str, str] = {}

    def __enter__(self) -> Opened:
        self.pipeline = build(Settings(data=self.data))
        if not self.pipeline.library.state().documents:
            began = time.process_time()
            result = self.pipeline.add(self.folder / "corpus.jsonl")
            spent = time.process_time() - began
            print(f"{self.folder.name}：{len(result.document_ids)} 篇，读入用处理器时间 {spent:.0f} 秒", flush=True)
        return self

    def document(self, case: Case) -> Document:
        """The document that holds a case's answer."""
        if not self._ids:
            rows, _, _ = self.pipeline.library.documents(1_000_000)
            self._ids = {str(row.document.external_id): row.document.id for row in rows}
        return self.pipeline.library.document(self._ids[next(iter(case.gold))])

    def __exit__(self, *_: object) -> None:
        self.pipeline.library.close()


def read(folder: Path, name: str = "answers.jsonl") -> list[Case]:
    """The questions of one set."""
    rows = [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines() if line.strip()]
    if "text" in rows[0]:
        gold: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query, document, grade = line.split("\t")
            gold.setdefault(query, set()).update({document} if int(grade) > 0 else ())
        return [Case(row["text"], frozenset(gold[row["id"]])) for row in rows if gold.get(row["id"])]
    return [
        Case(
            row["question"],
            frozenset([row["gold_passage"]]),
            row["answer_start"][0],
            tuple(row["answers"]),
            tuple(row.get("evidences", ())),
        )
        for row in rows
        if row.get("answerable", True) and row["answer_start"]
    ]


def drawn(cases: list[T], sample: int) -> list[T]:
    """Some of them, always the same."""
    return cases if len(cases) <= sample else random.Random(SEED).sample(cases, sample)


def documents(pipeline: Pipeline) -> tuple[dict[str, Document], list[Passage]]:
    """The library's documents by their id, with their text, and all passages."""
    library, after, ids, passages = pipeline.library, None, {}, []
    while True:
        rows, _, after = library.documents(200, after)
        for row in rows:
            ids[row.document.id] = library.document(row.document.id)
            passages += library.passages_of(row.document.id)
        if after is None:
            return ids, passages
