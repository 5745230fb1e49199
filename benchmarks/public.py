"""Score the product on public question sets: its search against tuned BM25, its choice of sentences, its refusals.

    python -m benchmarks.public --data FOLDER [--keep FOLDER] [--sample 800] [--sets CMRC,DRCD] [--out FILE]

Each corpus (JSON Lines) becomes a library of its own, cut as the product cuts; `--keep` keeps the libraries, so that
another run asks at once. What is measured on: CMRC dev, DRCD, CRUD titles, DuReader, ExpMRC, SQuAD-zh; none of it is
learned from. A passage of the same words counts as found where the product shows it once ("also in").
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks import sentences
from benchmarks.baseline import BM25
from benchmarks.questions import SEED, SETS, Case, Opened, documents, drawn, read
from qa.pipeline import Pipeline
from qa.types import Document, Hit

TOP = 10
TABLES = (*SETS, "sentences", "refusals")
DRAWS = 2000  # of the paired bootstrap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="公开数据的文件夹")
    parser.add_argument("--keep", type=Path, help="资料库留在这个文件夹，再跑时不必重建")
    parser.add_argument("--sample", type=int, default=800, help="每个题库抽多少题")
    parser.add_argument("--sets", default=",".join(TABLES), help="只跑这些")
    parser.add_argument("--out", type=Path, help="把数字写进这个 JSON 文件")
    args = parser.parse_args()
    figures = run(args.data, args.keep, args.sample, args.sets.split(","))
    if args.out:
        args.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


def run(data: Path, keep: Path | None, sample: int, wanted: Sequence[str]) -> dict[str, object]:
    """All tables that are wanted, printed as they come; the figures by table and row."""
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as spare:
        for name in (name for name in SETS if name in wanted):
            with Opened(data / SETS[name].folder, (keep or Path(spare)) / name) as opened:
                cases = drawn(read(data / SETS[name].folder, SETS[name].questions), sample)
                found[name] = search_table(name, opened.pipeline, cases)
        if "sentences" in wanted or "refusals" in wanted:
            found |= sentences.tables(data, keep or Path(spare), sample, wanted)
    return found


def search_table(name: str, pipeline: Pipeline, cases: Sequence[Case]) -> dict[str, object]:
    """The product and BM25 on the same passages: recall, MRR and nDCG of the first ten."""
    ids, passages = documents(pipeline)
    baseline = BM25(pipeline.searcher.tokens, passages)
    ours: list[list[bool]] = []
    theirs: list[list[bool]] = []
    spent: list[float] = []
    for case in cases:
        asked = pipeline.searcher.understand(case.question)
        began = time.process_time()
        hits = pipeline.searcher.search(asked, TOP)
        spent.append(1000 * (time.process_time() - began))
        ours.append([any(holds(ids, case, *place) for place in places(hit)) for hit in hits])
        theirs.append([holds(ids, case, p.document_id, p.start, p.end) for p in baseline.search(case.question, TOP)])
    rows = {"引据": figures(ours), "BM25": figures(theirs)}
    print(f"\n{name}：{len(cases)} 题，{len(passages)} 段，检索处理器时间中位 {np.median(spent):.1f} 毫秒")
    for row, numbers in rows.items():
        print(f"  {row:6}" + "".join(f"{figure} {value:6.2f}  " for figure, value in numbers.items()))
    gains = {figure: gain(ours, theirs, of) for figure, of in (("R@1", first), ("MRR@10", reciprocal))}
    for figure, (mean, low, high) in gains.items():
        print(f"  {figure} 之差 {mean:+.2f}，95 % 区间 [{low:+.2f}, {high:+.2f}]", flush=True)
    return {**rows, "之差": gains, "毫秒": round(float(np.median(spent)), 1)}


def places(hit: Hit) -> list[tuple[str, int, int]]:
    """Where a hit's words stand: its own passage, and those shown with it."""
    own = (hit.document.id, hit.passage.start, hit.passage.end)
    return [own, *((twin.document_id, twin.start, twin.end) for twin in hit.also_in)]


def holds(ids: dict[str, Document], case: Case, document_id: str, start: int, end: int) -> bool:
    """Is this the passage that holds the answer's beginning, or of a right document where only that is known?"""
    if ids[document_id].external_id not in case.gold:
        return False
    return case.answer is None or start <= case.answer < end


def figures(found: Sequence[Sequence[bool]]) -> dict[str, float]:
    """In percent."""
    recall = {f"R@{k}": float(np.mean([any(row[:k]) for row in found])) for k in (1, 5, 10)}
    others = {"MRR@10": np.mean([reciprocal(r) for r in found]), "nDCG@10": np.mean([discounted(r) for r in found])}
    return {figure: round(100 * float(value), 2) for figure, value in (recall | others).items()}


def first(row: Sequence[bool]) -> float:
    return float(any(row[:1]))


def reciprocal(row: Sequence[bool]) -> float:
    return next((1 / rank for rank, right in enumerate(row, 1) if right), 0.0)


def discounted(row: Sequence[bool]) -> float:
    """nDCG where the first right passage is what counts: there is one for each question, or any one will do."""
    return next((float(1 / np.log2(rank + 1)) for rank, right in enumerate(row, 1) if right), 0.0)


def gain(
    ours: Sequence[Sequence[bool]], theirs: Sequence[Sequence[bool]], of: Callable[[Sequence[bool]], float]
) -> tuple[float, float, float]:
    """The mean difference in percent and its 95 % interval, by paired bootstrap over questions."""
    each = 100 * np.array([of(a) - of(b) for a, b in zip(ours, theirs, strict=True)])
    draws = np.random.default_rng(SEED).integers(0, len(each), (DRAWS, len(each)))
    low, high = np.percentile(each[draws].mean(1), [2.5, 97.5])
    return round(float(each.mean()), 2), round(float(low), 2), round(float(high), 2)


if __name__ == "__main__":
    main()
