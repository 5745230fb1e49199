"""A language model writes the answer, sentence by sentence, and each passes the claim gate or is mended once or struck.

What it writes is read as plain sentences with marks: markup, links and thoughts aloud fall away. Knows nothing of
which model writes.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.answering.chat_models import ChatModel
from qa.answering.claim_gate import ClaimGate, OpenGate
from qa.answering.prompts import REFUSAL, asking, repairing
from qa.errors import LanguageModelFailed
from qa.text import letters
from qa.types import Hit

SHOWN = 8  # passages: more cost a small model its head (and its user seconds)
MOST_SENTENCES = 30
STRUCK = "〔有一句话没能在资料里核实，已略去〕"

_MARK = re.compile(r"[\[［【]\s*\^?(?:资料|来源|出处)?\s*(\d{1,2}(?:\s*[,，、;；\-–]\s*\d{1,2})*)\s*[\]］】]")
_END = re.compile(r"(?:[。！？!?；;]+|\n)[”’」』）)】\"]*")
_MARKS_AFTER = re.compile(rf"(?:\s*{_MARK.pattern})+[。；]?")
_MARKUP = re.compile(
    r"^\s*(?:#+\s*|[-*•>]\s+|\d{1,2}[.、)]\s*)|\*\*|__|`+|^\s*[-=*_]{3,}\s*$|!?\[([^\]]*)\]\([^)]*\)", re.MULTILINE
)
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_ABSENT = re.compile(
    r"^(?:但|不过|另外)?[，,]?(?:所给|以上|现有|这些)?资料(?:里|中|内)?(?:并)?(?:没有|未|没)(?:提到|提及|写到|说明|涉及|给出|说)"
)
_REPAIRED = re.compile(r"^\s*(\d{1,2})\s*[|｜]\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that the model wrote, without its marks; `paragraph` when it begins a line of its own."""

    text: str
    marks: tuple[int, ...]
    paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A sentence that passed, with what bears it out: a passage and a span of its document for each quotation."""

    text: str
    quoted: tuple[tuple[Hit, int, int], ...]
    paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The model's word that the documents do not speak of a part of the question."""

    text: str


@dataclass(frozen=True, slots=True)
class Struck:
    """A sentence that could not be borne out and is not shown."""

    why: str


Written = Passed | Absent | Struck


class Refused(Exception):
    """The model says that the passages do not answer."""


class Writer:
    """Writes answers with a model, each within `seconds`."""

    def __init__(self, model: ChatModel, gate: ClaimGate, seconds: float) -> None:
        self.model = model
        self._gate = gate
        self._seconds = seconds

    def write(self, question: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """The answer's sentences in order, each as soon as it and those before it have passed.

        Raises LanguageModelFailed and Refused, which a caller meets before the first sentence or after the last one
        that passed.
        """
        shown, fence = list(hits[:SHOWN]), secrets.token_hex(4)
        gate, until = self._gate.open(shown), time.monotonic() + self._seconds
        held: list[tuple[Claim, str] | Absent] = []
        for claim in claims(self.model.stream(asking(question, shown, fence), until)):
            if not claim.marks and letters(claim.text).startswith(letters(REFUSAL)):
                raise Refused
            judged: tuple[Claim, str] | Absent
            if not claim.marks and _ABSENT.match(claim.text) and not re.search(r"\d", claim.text):
                judged = Absent(claim.text)
            else:
                judged = (claim, gate.objection(claim.text, claim.marks))
            # In order: once a sentence waits to be mended, those after it wait too.
            if held or (not isinstance(judged, Absent) and judged[1]):
                held.append(judged)
            else:
                yield judged if isinstance(judged, Absent) else _passed(gate, judged[0])
        yield from self._mended(question, shown, fence, gate, held, until)

    def _mended(
        self,
        question: str,
        shown: Sequence[Hit],
        fence: str,
        gate: OpenGate,
        held: Sequence[tuple[Claim, str] | Absent],
        until: float,
    ) -> Iterator[Written]:
        failed = [(claim.text, why) for claim, why in (h for h in held if not isinstance(h, Absent)) if why]
        better = self._repairs(question, shown, fence, failed, until)
        number = 0
        for one in held:
            if isinstance(one, Absent):
                yield one
                continue
            claim, why = one
            if why:
                number += 1
                mended = better.get(number)
                if mended is None or (why := gate.objection(mended.text, mended.marks)):
                    yield Struck(why)
                    continue
                claim = Claim(mended.text, mended.marks, claim.paragraph)
            yield _passed(gate, claim)

    def _repairs(
        self, question: str, shown: Sequence[Hit], fence: str, failed: Sequence[tuple[str, str]], until: float
    ) -> dict[int, Claim]:
        """What the model makes of the failed sentences, by number; {} when it makes nothing of them."""
        if not failed:
            return {}
        try:
            reply = "".join(self.model.stream(repairing(question, shown, fence, failed), until))
        except LanguageModelFailed:
            return {}
        mended = {int(n): list(claims([text])) for n, text in _REPAIRED.findall(_THOUGHT.sub("", reply))}
        return {n: found[0] for n, found in mended.items() if len(found) == 1}


def _passed(gate: OpenGate, claim: Claim) -> Passed:
    spans = [
        (gate.passages[n - 1].hit, *span)
        for n in claim.marks
        if n <= len(gate.passages)
        for span in gate.quotes(claim.text, n)
    ]
    return Passed(claim.text, tuple(spans), claim.paragraph)


def claims(pieces: Iterable[str]) -> Iterator[Claim]:
    """The sentences of a stream of text with their marks, each as soon as it is sure to have ended."""
    text, paragraph, count = "", True, 0
    for piece in _thoughtless(pieces):
        text += piece
        while cut := _sentence_end(text):
            said, text = text[:cut], text[cut:]
            if claim := _claim(said, paragraph):
                yield claim
                count += 1
            paragraph = said.endswith("\n") or (paragraph and claim is None)
            if count >= MOST_SENTENCES:
                return
    if claim := _claim(text, paragraph):
        yield claim


def _sentence_end(text: str) -> int:
    """Where the first sentence of a text ends, with the marks that follow it; 0 while it may go on."""
    end = _END.search(text)
    if end is None:
        return 0
    if end.group().startswith("\n"):
        return end.end()
    after = _MARKS_AFTER.match(text, end.end())
    at = after.end() if after else end.end()
    rest = text[at:].lstrip(" ")
    # Marks may still be coming, or be half there.
    return 0 if not rest or (rest[0] in "[［【" and len(rest) < 12) else at


def _thoughtless(pieces: Iterable[str]) -> Iterator[str]:
    """The text without what a reasoning model thinks aloud before it answers."""
    held, open_ = "", True
    for piece in pieces:
        if not open_:
            yield piece
            continue
        held += piece
        start = held.lstrip()
        if "<think>".startswith(start[:7]) and len(start) < 7:
            continue
        if start.startswith("<think>") and "</think>" not in start:
            continue
        open_ = False
        yield _THOUGHT.sub("", held)
    if open_:
        yield _THOUGHT.sub("", held)


def _claim(said: str, paragraph: bool) -> Claim | None:
    """A sentence and its marks; None when nothing is said."""
    marks = [n for match in _MARK.finditer(said) for n in _numbers(match[1])]
    text = _MARKUP.sub(lambda m: m[1] or "", _MARK.sub("", said))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"([。；！？])[。；]+$", r"\1", text)
    return Claim(text, tuple(dict.fromkeys(marks)), paragraph) if letters(text) else None


def _numbers(written: str) -> list[int]:
    """1,3 → [1, 3]; 2-4 → [2, 3, 4]."""
    found: list[int] = []
    for part in re.split(r"[,，、;；]", written):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        found += range(ends[0], ends[1] + 1) if len(ends) == 2 and ends[0] < ends[1] < ends[0] + 10 else ends
    return found
