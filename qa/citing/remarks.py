"""What is said of a checked draft in its own file: comments on what does not hold, footnotes on what does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.citing.annotating import Remark
from qa.citing.pages import page_at
from qa.citing.styles import Style, cite
from qa.types import Citation, Verdict

SHOWN_SOURCES = 2
SHOWN_CHARS = 200


def remarks(verdicts: Iterable[Verdict], style: Style = "footnote") -> list[Remark]:
    """A comment on each contradicted or unfound sentence and on each with a note, a footnote on each supported one."""
    return [remark for verdict in verdicts for remark in _of(verdict, style)]


def _of(verdict: Verdict, style: Style) -> list[Remark]:
    told = _comment(verdict)
    made = [Remark(verdict.start, verdict.end, "comment", told)] if told else []
    if verdict.label == "supported" and verdict.citations:
        lines = (_reference(verdict.citations[0], style),)
        made.append(Remark(verdict.start, verdict.end, "footnote", lines))
    return made


def _comment(verdict: Verdict) -> tuple[str, ...]:
    notes = [f"请留意：{note.text}" for note in verdict.notes]
    match verdict.label:
        case "contradicted":
            differing = [
                f"原稿“{one.draft}”，资料“{one.source}”。" if one.source else f"资料里没有“{one.draft}”。"
                for one in verdict.differences
            ]
            return ("与资料不符。", *differing, *_sources(verdict.citations), *notes)
        case "not_found":
            return ("资料里没有找到这句话的出处。", *_sources(verdict.citations, "离得最近的"), *notes)
        case _:
            return tuple(notes)


def _sources(citations: Sequence[Citation], lead: str = "资料原句") -> list[str]:
    """Without marks around the words: they often have their own."""
    return [f"{lead}（{_where(one)}）：{_shortened(one.quote)}" for one in citations[:SHOWN_SOURCES]]


def _where(citation: Citation) -> str:
    document = citation.document
    page, kind = page_at(document, citation.start)
    told = "" if page is None else f"第{page}页{'起' if kind == 'work_start' else ''}"
    return "，".join(filter(None, (f"《{document.title}》", document.published, told)))


def _reference(citation: Citation, style: Style) -> str:
    cited = cite(citation.document, citation.start, citation.end, style)
    return cited.shown


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHOWN_CHARS else f"{line[: SHOWN_CHARS - 1]}…"
