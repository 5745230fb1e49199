"""How well drafts are checked, on statements made from CMRC and DRCD: which are borne out, which were altered.

    python -m benchmarks.checking --data FOLDER [--limit N]

FOLDER holds `qa_claims/cmrc2018.jsonl` and `drcd_dev_clean.jsonl` (`claim`, `label` SUPPORTED or REFUTED, `type`,
`evidence_id`, `evidence`). The library is the evidence of the set itself; nothing of it was learned from. Prints the
area under the curve of the chance "supported", how the verdicts fall, and how far their confidence holds: for each
tenth of confidence, how many verdicts "supported" and "contradicted" there are and the share of them that is right.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.assembly import build
from qa.checking.claims import sentences_of
from qa.config import Settings
from qa.pipeline import Pipeline

SETS = ("cmrc2018", "drcd_dev_clean")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="公开数据的文件夹")
    parser.add_argument("--limit", type=int, default=0, help="只用这么多句（默认全部）")
    args = parser.parse_args()
    for name in SETS:
        rows = read(args.data / "qa_claims" / f"{name}.jsonl")
        with tempfile.TemporaryDirectory(prefix="yinju-") as folder:
            pipeline = library(rows, Path(folder))
            try:
                chosen = random.Random(1).sample(rows, min(args.limit or len(rows), len(rows)))
                print(name, json.dumps(measure(pipeline, chosen), ensure_ascii=False))
            finally:
                pipeline.library.close()


def read(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def library(rows: Sequence[dict], folder: Path) -> Pipeline:
    """A library of the evidence, one document a passage."""
    texts = {row["evidence_id"]: row["evidence"] for row in rows}
    records = (json.dumps({"id": one, "text": text}, ensure_ascii=False) for one, text in texts.items())
    (folder / "evidence.jsonl").write_text("\n".join(records), "utf-8")
    pipeline = build(Settings(data=folder / "data"))
    pipeline.add(folder / "evidence.jsonl")
    return pipeline


def measure(pipeline: Pipeline, rows: Sequence[dict]) -> dict[str, object]:
    """Area under the curve, share of each verdict for true and for altered statements, seconds of processor time."""
    chances, labels, kinds = [], [], []
    verdicts: Counter[str] = Counter()
    sure: list[tuple[float, bool]] = []
    began = time.process_time()
    for row in rows:
        sentence = sentences_of(row["claim"], pipeline.checker.tokens)[0]()
        judged = pipeline.checker.judgements(sentence)
        chances.append(max((one.chances["supported"] for one in judged), default=0.0))
        labels.append(row["label"] == "SUPPORTED")
        kinds.append(row["type"])
        verdict = pipeline.checker.verdict_of(sentence, judged)
        verdicts[f"{row['label'].lower()}→{verdict.label}"] += 1
        if verdict.label in ("supported", "contradicted"):
            sure.append((verdict.confidence, (verdict.label == "supported") == labels[-1]))
    each = (time.process_time() - began) / len(rows)
    found = {"auc": area(chances, labels)} | {
        kind: area([c for c, k in zip(chances, kinds, strict=True) if k == kind],
                   [true for true, k in zip(labels, kinds, strict=True) if k == kind])
        for kind in sorted(set(kinds))
    }  # fmt: skip
    return {
        **found,
        "verdicts": dict(verdicts),
        "reliability": reliability(sure),
        "ms": round(1000 * each, 1),
        "cases": len(rows),
    }


def reliability(sure: Sequence[tuple[float, bool]]) -> dict[str, str]:
    """For each tenth of confidence, the verdicts that are right of how many: "0.9-1.0": "27/28"."""
    tenths: dict[int, list[bool]] = {}
    for confidence, right in sure:
        tenths.setdefault(min(9, int(10 * confidence)), []).append(right)
    return {f"{k / 10:.1f}-{(k + 1) / 10:.1f}": f"{sum(tenths[k])}/{len(tenths[k])}" for k in sorted(tenths)}


def area(chances: Sequence[float], labels: Sequence[bool]) -> float:
    """The area under the curve: how often a true statement has the higher chance, ties counting half."""
    true = np.array([c for c, label in zip(chances, labels, strict=True) if label])
    false = np.array([c for c, label in zip(chances, labels, strict=True) if not label])
    if not len(true) or not len(false):
        return float("nan")
    above = (true[:, None] > false[None, :]).sum() + 0.5 * (true[:, None] == false[None, :]).sum()
    return round(float(above) / (len(true) * len(false)), 4)


if __name__ == "__main__":
    main()
