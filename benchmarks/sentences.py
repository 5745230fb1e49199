"""Does the product quote the right sentence, mark the right words, and refuse what is not there? On public sets.

Sentences are chosen in the text that holds the answer, as the product cuts it. Refusals are judged by the area under
the curve of the product's own chance: 1.0 when every question with an answer has a higher one than any without.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.questions import Case, Opened, drawn, read
from qa.answering.selecting import Pick
from qa.pipeline import READ_HITS, Pipeline
from qa.text import letters
from qa.types import Hit

REFUSALS = 400
FALSE_REFUSALS = 0.03


def tables(data: Path, keep: Path, sample: int, wanted: Sequence[str]) -> dict[str, object]:
    """The tables of sentences and refusals, printed as they come."""
    found: dict[str, object] = {}
    with Opened(data / "cmrc2018", keep / "CMRC") as opened:
        if "sentences" in wanted:
            found["CMRC"] = sentence_table("CMRC dev", opened, drawn(read(data / "cmrc2018"), sample))
            found["ExpMRC"] = evidence_table(opened, data, drawn(read(data / "expmrc"), sample))
        if "refusals" in wanted:
            found["CMRC refusals"] = removal_table(opened, drawn(read(data / "cmrc2018"), min(sample, REFUSALS)))
    if "sentences" in wanted:
        with Opened(data / "drcd_dev_clean", keep / "DRCD") as opened:
            found["DRCD"] = sentence_table("DRCD", opened, drawn(read(data / "drcd_dev_clean"), sample))
    if "refusals" in wanted and (data / "squad2_zh").is_dir():
        with Opened(data / "squad2_zh", keep / "SQuAD-zh") as opened:
            found["SQuAD-zh"] = unanswerable_table(opened.pipeline, data / "squad2_zh", min(sample, REFUSALS))
    return found


def picks_in(opened: Opened, case: Case) -> list[Pick]:
    """The product's picks when it reads the text that holds the answer and nothing else."""
    document = opened.document(case)
    passages = opened.pipeline.library.passages_of(document.id)
    hits = [Hit(passage, document, 1.0, {"lexical": 1.0}) for passage in passages]
    return opened.pipeline.answerer.selector.select(opened.pipeline.searcher.understand(case.question), hits)


def sentence_table(name: str, opened: Opened, cases: Sequence[Case]) -> dict[str, float]:
    """Does the first sentence, one of the first two, hold the answer; and how near is the marked span (F1)?"""
    once, twice, overlap = [], [], []
    for case in cases:
        picks = picks_in(opened, case)
        right = [pick.sentence[0] <= (case.answer or 0) < pick.sentence[1] for pick in picks]
        once.append(any(right[:1]))
        twice.append(any(right[:2]))
        said = marked(picks[0]) if picks else ""
        overlap.append(max(f1(said, answer) for answer in case.answers))
    found = {"首句": mean(once), "前两句": mean(twice), "答案 F1": mean(overlap)}
    print(f"\n{name} 选句：{len(cases)} 题  {found}", flush=True)
    return found


def marked(pick: Pick) -> str:
    """The words of a pick that are marked as the answer, its quotation where none are."""
    if pick.span:
        return pick.hit.document.text[slice(*pick.span)]
    return pick.lead.text if pick.lead else pick.quote


def evidence_table(opened: Opened, data: Path, cases: Sequence[Case]) -> dict[str, float]:
    """Is the first sentence quoted, or one of the first two, part of what people marked as the evidence?"""
    names = {letters(row["text"]): row["id"] for row in rows(data / "cmrc2018" / "corpus.jsonl")}
    same = {row["id"]: names.get(letters(row["text"])) for row in rows(data / "expmrc" / "corpus.jsonl")}
    once, twice = [], []
    for case in cases:
        own = same[next(iter(case.gold))]
        if own is None:
            continue
        evidence = [letters(text) for text in case.evidence]
        wholes = [letters(pick.whole) for pick in picks_in(opened, Case(case.question, frozenset([own])))[:2]]
        right = [any(whole in text or text in whole for text in evidence) for whole in wholes]
        once.append(any(right[:1]))
        twice.append(any(right))
    found = {"首句": mean(once), "前两句": mean(twice)}
    print(f"\nExpMRC 依据句：{len(once)} 题  {found}", flush=True)
    return found


def removal_table(opened: Opened, cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """The chance given to CMRC questions, and to the same with their text, or its one passage, left out."""
    whole: list[float] = []
    no_text: list[float] = []
    no_passage: list[float] = []
    for case in cases:
        gold = opened.document(case)
        same = {gold.id, *opened.pipeline.library.twins(gold.id)}
        asked = opened.pipeline.searcher.understand(case.question)
        hits = opened.pipeline.searcher.search_for_answer(asked, READ_HITS)
        rest = [hit for hit in hits if hit.document.id not in same]
        others = [
            h for h in hits if h.document.id not in same or not h.passage.start <= (case.answer or 0) < h.passage.end
        ]
        for kept, into in ((hits, whole), (rest, no_text), (others, no_passage)):
            into.append(opened.pipeline.answerer.select(asked, kept)[1].chance)
    return {
        "抽去全文": curve("CMRC 拒答，抽去全文", whole, no_text),
        "抽去段落": curve("CMRC 拒答，抽去段落", whole, no_passage),
    }


def unanswerable_table(pipeline: Pipeline, folder: Path, sample: int) -> dict[str, float]:
    """The chance given to questions of SQuAD-zh that its texts answer, and to those that they do not."""
    able = [row["question"] for row in rows(folder / "answers.jsonl")]
    unable = [row["question"] for row in rows(folder / "unanswerable.jsonl")]
    return curve("SQuAD-zh 拒答", *([chance(pipeline, q) for q in drawn(some, sample)] for some in (able, unable)))


def chance(pipeline: Pipeline, question: str) -> float:
    asked = pipeline.searcher.understand(question)
    return pipeline.answerer.select(asked, pipeline.searcher.search_for_answer(asked, READ_HITS))[1].chance


def curve(name: str, able: Sequence[float], unable: Sequence[float]) -> dict[str, float]:
    """The area under the curve, and the share refused at the threshold that refuses 3 % of what has an answer."""
    a, b = np.array(able), np.array(unable)
    area = (a[:, None] > b).mean() + 0.5 * (a[:, None] == b).mean()
    refused = (b < np.quantile(a, FALSE_REFUSALS)).mean()
    found = {"AUC": round(float(area), 3), "错拒 3 % 时拒答": round(float(refused), 3)}
    print(f"\n{name}：{len(a)} 与 {len(b)} 题  {found}", flush=True)
    return found


def f1(said: str, gold: str) -> float:
    """The usual measure of CMRC: overlap by the longest common run of characters, punctuation aside."""
    a, b = letters(said), letters(gold)
    longest, row = 0, [0] * (len(b) + 1)
    for x in a:
        row = [0] + [row[at] + 1 if x == y else 0 for at, y in enumerate(b)]
        longest = max(longest, *row)
    return 2 * longest / (len(a) + len(b)) if longest else 0.0


def mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4)


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
