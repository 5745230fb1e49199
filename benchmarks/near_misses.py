"""Near misses made from a library's own figures: are they refused, and are the true questions beside them answered?

    python -m benchmarks.near_misses [--seeds FOLDER] [--show]

Each figure that is stated of a place makes a true question; with another thing counted, another place or another year
put in that no document of the place states, it makes one that the library cannot answer. Nothing is written by hand,
so no rule can be fitted to a sentence.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.questions import SEED
from benchmarks.service import ROOT
from qa.assembly import build
from qa.config import Settings
from qa.indexing.figures import unit_class
from qa.pipeline import Pipeline
from qa.places import innermost
from qa.retrieval.ranking import is_of
from qa.types import Document, Figure

EACH = 40
LATER = 9  # years: a report of that year is in no library yet


@dataclass(frozen=True, slots=True)
class Made:
    """A question made from a figure. `swapped`: what was put in another's place, "" in a true question."""

    question: str
    swapped: str


def made(pipeline: Pipeline, each: int = EACH) -> list[Made]:
    """True questions and near misses, up to `each` of a kind; always the same for a library."""
    figures = [row for row, _ in pipeline.figures("", limit=10_000).rows if _tells(row)]
    documents = [pipeline.library.document(one) for one in sorted({f.document_id for f in figures})]
    chance = random.Random(SEED)
    figures = chance.sample(figures, len(figures))
    true = [Made(_question(f.place or "", f.metric, f), "") for f in figures]
    found = [true, _other_things(figures, documents), _other_places(figures, documents), _other_years(figures)]
    return [one for kind in found for one in list(dict.fromkeys(kind))[:each]]


def _tells(figure: Figure) -> bool:
    own = figure.place not in (None, "", "全国")
    return own and len(figure.metric) >= 4 and bool(figure.unit) and figure.qualifier != "原"


def _question(place: str, metric: str, figure: Figure, year: int | None = None) -> str:
    when = f"{year}年" if year else ""
    return f"{innermost(place)}{when}有多少{figure.unit}{metric}？"


def _other_things(figures: Sequence[Figure], documents: Sequence[Document]) -> list[Made]:
    """Another thing of the same unit, of which no document that speaks of the place has a word."""
    found = []
    for figure in figures:
        told = "".join(
            _said(d) for d in documents if (figure.place or "") in _said(d) or is_of(d.place, figure.place or "")
        )
        others = (o.metric for o in figures if unit_class(o.unit) == unit_class(figure.unit))
        other = next((o for o in others if o[-2:] not in told and o[-3:] not in told), "")
        found += [Made(_question(figure.place or "", other, figure), "所数之物")] if other else []
    return found


def _other_places(figures: Sequence[Figure], documents: Sequence[Document]) -> list[Made]:
    """Another place that the library has documents of, none of which has the words of what is counted."""
    found = []
    for figure in figures:
        for place in sorted({f.place for f in figures if f.place}):
            if not any(figure.metric[-2:] in _said(d) and innermost(place) in _said(d) for d in documents):
                found.append(Made(_question(place, figure.metric, figure), "地方"))
                break
    return found


def _other_years(figures: Sequence[Figure]) -> list[Made]:
    latest = max((f.year for f in figures if f.year), default=0)
    return [Made(_question(f.place or "", f.metric, f, latest + LATER), "年份") for f in figures if f.year]


def _said(document: Document) -> str:
    return f"{document.place or ''}{document.title}{document.text}"


def shares(pipeline: Pipeline, questions: Sequence[Made]) -> dict[str, tuple[int, int]]:
    """For each kind of question how many are refused, of how many; "" are the true ones."""
    found: dict[str, tuple[int, int]] = {}
    for one in questions:
        refused = pipeline.answer(one.question).status == "no_evidence"
        before, of = found.get(one.swapped, (0, 0))
        found[one.swapped] = before + refused, of + 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=Path, default=ROOT / "seeds", help="文档文件夹")
    parser.add_argument("--show", action="store_true", help="列出每一题")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pipeline = build(Settings(data=Path(folder)))
        for file in sorted(args.seeds.iterdir()):
            pipeline.add(file)
        questions = made(pipeline)
        for name, (refused, of) in shares(pipeline, questions).items():
            print(f"{'换了' + name if name else '原题':8}  拒答 {refused}/{of}")
        if args.show:
            for one in questions:
                answer = pipeline.answer(one.question)
                print(one.swapped or "—", one.question, answer.status, answer.blocks[0].text[:60])
        pipeline.library.close()


if __name__ == "__main__":
    main()
