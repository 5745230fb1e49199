"""A kept conversation as a file: what was asked and answered, with footnotes and the quotations behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from flask import Response
from pydantic import BaseModel

from qa.citing.desk import Wanted
from qa.citing.exporting import Line, Report
from web import citing, conversations
from web.routing import Route
from web.service import Service
from web.shapes import AnswerJson


class TranscriptQuery(BaseModel):
    format: Literal["md", "docx"] = "docx"


def export_conversation(service: Service, conversation_id: str, query: TranscriptQuery) -> Response:
    title, answers = conversations.answers(service, conversation_id)
    lines, quoted = transcript(answers)
    with service.works.place():
        found = service.pipeline.desk.excerpts(quoted, "footnote")
        return citing.written(Report(title, tuple(lines), tuple(found)), query.format)


def transcript(answers: Sequence[AnswerJson]) -> tuple[list[Line], list[tuple[int, Wanted]]]:
    """Every answer's paragraphs, and its quotations numbered through the whole conversation."""
    lines: list[Line] = []
    quoted: list[tuple[int, Wanted]] = []
    for answer in answers:
        before = len(quoted)
        numbers = {one["number"]: before + at for at, one in enumerate(answer["citations"], 1)}
        lines += [Line(f"问：{answer['question']}"), *_answered(answer, numbers)]
        for one in answer["citations"]:
            wanted = Wanted(one["document_id"], one["start"], one["end"], quote=one["quote"], title=one["title"])
            quoted.append((numbers[one["number"]], wanted))
    return lines, quoted


def _answered(answer: AnswerJson, numbers: dict[int, int]) -> Iterator[Line]:
    for block in answer["blocks"]:
        texts = [text for text in block["text"].splitlines() if text.strip()]
        notes = _notes(block["citations"], numbers)
        yield from (Line(text, notes if at == len(texts) else ()) for at, text in enumerate(texts, 1))
    if table := answer["table"]:
        for row in table["rows"]:
            told = zip(table["columns"], row["cells"], strict=False)
            yield Line("，".join(f"{column}：{cell}" for column, cell in told), _notes(row["citations"], numbers))
    for conflict in answer["conflicts"]:
        values = [value["citation"] for value in conflict["values"]]
        told_values = "、".join(value["value"] for value in conflict["values"])
        yield Line(f"另一篇的数字不同：{conflict['what']} {told_values}", _notes(values, numbers), conflict["why"])


def _notes(citations: Sequence[int], numbers: dict[int, int]) -> tuple[int, ...]:
    return tuple(numbers[one] for one in citations if one in numbers)


ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        conversations.V1 + "/{conversation_id}/export",
        export_conversation,
        "一个对话，作为 Word 或 Markdown 文件",
        query=TranscriptQuery,
        media=(citing.DOCX, citing.MARKDOWN),
        errors=("overloaded",),
    ),
)
