"""The claim gate before true and forged statements: how many of each pass, by how they were made.

python -m benchmarks.claim_gate [--seeds FOLDER] [--limit N]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.statements import Statement, statements
from qa.answering.claim_gate import ClaimGate
from qa.assembly import build
from qa.config import ROOT, Settings
from qa.pipeline import Pipeline


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=Path, default=ROOT / "seeds")
    options.add_argument("--limit", type=int, default=8_000)
    options.add_argument("--show", default="", help="print the statements of this kind that were judged wrong")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        pipeline = build(Settings(seeds=given.seeds, data=Path(data)))
        for _ in pipeline.sync(given.seeds):
            pass
        asked: Counter[tuple[bool, str]] = Counter()
        passed: Counter[tuple[bool, str]] = Counter()
        for one, why in judged(pipeline, given.limit):
            asked[one.true, one.kind] += 1
            passed[one.true, one.kind] += not why
            if one.kind == given.show and one.true == bool(why):
                print(f"{one.text}\n    {why or 'passed'}")
        pipeline.library.close()
    for true, kind in [*sorted(asked, reverse=True), (True, "all"), (False, "all")]:
        kinds = [key for key in asked if key == (true, kind) or (kind == "all" and key[0] == true)]
        n, held = sum(asked[key] for key in kinds), sum(passed[key] for key in kinds)
        print(f"{'true' if true else 'forged':8}{kind:28}{n:6}   passed {held:6}  {held / n:.4f}")


def judged(pipeline: Pipeline, limit: int) -> list[tuple[Statement, str]]:
    """The first `limit` statements of a library, each with the gate's objection ("" when it passed)."""
    library = pipeline.library
    found: list[tuple[Statement, str]] = []
    gate = ClaimGate(pipeline.answerer.selector.tokens, library.idf)
    for statement in statements(pipeline):
        if len(found) == limit:
            break
        found.append((statement, gate.open(statement.shown).objection(statement.text, statement.marks)))
    return found


if __name__ == "__main__":
    main()
