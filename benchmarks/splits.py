"""Measure how files are split into works on compilations made by program, form by form, and how sure the reader is.

    python -m benchmarks.splits [--each N] [--salt WORD] [--wrong]

A file is right when its works are all there and no other, each with its title, page, level, first and last paragraph.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise

from benchmarks.compilations import cases
from benchmarks.made_works import Case, Expected
from qa.reading.reader import read_works
from qa.text import letters
from qa.types import Document, Reading

SAME_TITLE = 0.9
BANDS = (0.0, 0.5, 0.8, 0.9, 0.95, 1.01)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=4, help="每种形式做几个文件")
    parser.add_argument("--salt", default="", help="换一批文件")
    parser.add_argument("--wrong", action="store_true", help="列出错在哪里")
    args = parser.parse_args()
    judged = [(case, reading, faults(case, reading)) for case, reading in read(cases(args.each, args.salt))]
    report(judged, args.wrong)


def read(made: Iterable[Case]) -> Iterable[tuple[Case, Reading]]:
    for case in made:
        yield case, read_works(case.data, case.name)


def faults(case: Case, reading: Reading) -> list[str]:
    """What is wrong with the works found, in words; empty when all is right."""
    found = reading.documents
    if not case.many:
        return [] if len(found) == 1 else [f"false split into {len(found)} ({reading.sureness:.2f}) {found[0].title}"]
    if len(found) != len(case.works):
        return [f"{len(found)} works for {len(case.works)}"]
    wrong = []
    for document, work in zip(found, case.works, strict=True):
        wrong += [name for name, right in _checks(document, work) if not right]
    return sorted(set(wrong))


def _checks(document: Document, work: Expected) -> list[tuple[str, bool]]:
    said = letters(document.text)
    return [
        ("title", _says(document.title, work.title)),
        ("page", work.page is None or document.page == work.page),
        ("level", work.level is None or document.level == work.level),
        ("start", said.startswith(letters(work.first))),
        ("end", said.endswith(letters(work.last))),
    ]


def _says(found: str, title: str) -> bool:
    """Is a title found as it stands, up to what the two places differ by: a year, a character misread?"""
    found, title = letters(found), letters(title)
    return title in found or SequenceMatcher(None, found, title).ratio() >= SAME_TITLE


def report(judged: list[tuple[Case, Reading, list[str]]], show: bool) -> None:
    by_form: dict[str, list[list[str]]] = defaultdict(list)
    for case, _, wrong in judged:
        by_form[case.form].append(wrong)
    for form, results in by_form.items():
        right = sum(not wrong for wrong in results)
        if right < len(results) or not show:
            told = (
                ""
                if right == len(results)
                else "  " + "；".join(sorted({fault for wrong in results for fault in wrong}))
            )
            print(f"{right:3}/{len(results):<3} {form}{told}")
    many = [not wrong for case, _, wrong in judged if case.many]
    single = [not wrong for case, _, wrong in judged if not case.many]
    print(f"\ncompilations right {sum(many)}/{len(many)}; single works kept one {sum(single)}/{len(single)}")
    for low, high in pairwise(BANDS):
        band = [(r.sureness, not w) for _, r, w in judged if low <= r.sureness < high]
        if band:
            claimed = sum(sureness for sureness, _ in band) / len(band)
            share = sum(ok for _, ok in band) / len(band)
            print(f"sureness {low:.2f}-{min(high, 1):.2f}: {len(band):4} files, said {claimed:.3f}, right {share:.3f}")


if __name__ == "__main__":
    main()
