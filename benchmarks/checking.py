"""How well drafts are checked, on statements made from CMRC and DRCD: which are borne out, which were altered.

    python -m benchmarks.checking --data FOLDER [--limit N] [--record]

FOLDER holds `qa_claims/cmrc2018.jsonl` and `drcd_dev_clean.jsonl` (`claim`, `label` SUPPORTED or REFUTED, `type`,
`evidence_id`, `evidence`). The library is the evidence of the set itself; nothing of it was learned from. Prints the
area under the curve of the chance "supported", how the verdicts fall, and how far their confidence holds: for each
tenth of confidence, how many verdicts "supported" and "contradicted" there are and the share of them that is right.
`--record` writes that table into `docs/quality.md`.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import record
from qa.assembly import build
from qa.checking.claims import sentences_of
from qa.config import Settings
from qa.pipeline import Pipeline

SETS = ("cmrc2018", "drcd_dev_clean")
HEADING, NAMES = "核对：把握与对错", {"supported": "有据", "contradicted": "不符"}
Sure = tuple[str, float, bool]  # a verdict, its confidence, whether it is right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="公开数据的文件夹")
    parser.add_argument("--limit", type=int, default=0, help="只用这么多句（默认全部）")
    parser.add_argument("--record", action="store_true", help="把把握与对错的表写进 docs/quality.md")
    args = parser.parse_args()
    measured = {}
    for name in SETS:
        rows = read(args.data / "qa_claims" / f"{name}.jsonl")
        with tempfile.TemporaryDirectory(prefix="yinju-") as folder:
            pipeline = library(rows, Path(folder))
            try:
                chosen = random.Random(1).sample(rows, min(args.limit or len(rows), len(rows)))
                measured[name] = measure(pipeline, chosen)
                print(name, json.dumps(measured[name], ensure_ascii=False))
            finally:
                pipeline.library.close()
    if args.record:
        record.put(HEADING, table(measured))


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
    sure: list[Sure] = []
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
            sure.append((verdict.label, verdict.confidence, (verdict.label == "supported") == labels[-1]))
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


def reliability(sure: Sequence[Sure]) -> dict[str, dict[str, str]]:
    """For each verdict and each tenth of confidence, how many are right of how many: "0.9-1.0": "27/28"."""
    tenths: dict[str, dict[int, list[bool]]] = {}
    for label, confidence, right in sure:
        tenths.setdefault(label, {}).setdefault(min(9, int(10 * confidence)), []).append(right)
    return {
        label: {f"{k / 10:.1f}-{(k + 1) / 10:.1f}": f"{sum(found[k])}/{len(found[k])}" for k in sorted(found)}
        for label, found in tenths.items()
    }


def table(measured: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The reliability of all sets as the rows of a Markdown table, a column for each set and verdict."""
    columns = [(name, label) for name in measured for label in ("supported", "contradicted")]
    found = [measured[name]["reliability"].get(label, {}) for name, label in columns]
    spans = sorted({span for column in found for span in column})
    areas = "，".join(f"{name} {one['auc']}（{one['cases']} 句）" for name, one in measured.items())
    return [
        "`python -m benchmarks.checking --data 公开数据文件夹 --record` 写出此表。每格：这一档的判定对了几句/共几句。",
        f"照原意的句子判“有据”算对，改过的句子判“不符”算对；判“未见”的不在表里。曲线下面积：{areas}。",
        "",
        "| 把握 | " + " | ".join(f"{name} {NAMES[label]}" for name, label in columns) + " |",
        "| --- " * (1 + len(columns)) + "|",
        *("| " + " | ".join([span, *(column.get(span, "—") for column in found)]) + " |" for span in spans),
    ]


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
