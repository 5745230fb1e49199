"""The words of a Word paragraph as they are shown: without deleted text and field codes, hidden runs and ruby marked.

Finds the notes, text boxes and page breaks that the words refer to. Knows nothing of lists, tables or lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.reading.formats.gathering import Mark, one_line
from qa.reading.formats.word_styles import Styles, W, flag, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Elements whose children stand where they do.
_THROUGH = {
    W + name
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "fldSimple", "dir", "bdo",
                 "rubyBase")
} | {_M + name for name in ("oMathPara", "oMath", "r", "e", "num", "den", "sup", "sub", "deg", "fName", "sSup", "sSub",
                            "sSubSup", "rad", "d", "nary", "func", "m", "mr", "eqArr", "acc", "bar", "box", "borderBox",
                            "groupChr", "limLow", "limUpp", "lim", "phant", "sPre")}  # fmt: skip
_SKIPPED = {
    W + name for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "annotationRef", "footnoteRef")
}
_SIGNS = {W + "noBreakHyphen": "-", W + "tab": "\t", W + "ptab": "\t"}
# Characters of symbol fonts that people use for ticks and boxes.
_SYMBOLS = {
    "F052": "☑",
    "F0FE": "☑",
    "F0FC": "✓",
    "F050": "✓",
    "F06F": "□",
    "F0A8": "□",
    "F0A3": "□",
    "F0FB": "✗",
    "F04F": "✗",
}


@dataclass(slots=True)
class Words:
    """The words of one paragraph while they are collected; offsets count into their joined text.

    `breaks` are (offset, "page" or "rendered"), `notes` (kind, id).
    """

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)
    breaks: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    pictures: int = 0

    def add(self, text: str, reason: str = "") -> None:
        if not text:
            return
        if reason:
            self.marks.append((self.length, self.length + len(text), reason))
        self.pieces.append(text)
        self.length += len(text)

    def text(self) -> str:
        return "".join(self.pieces)


class Runs:
    """Reads the runs of one file's paragraphs, in order: a field may begin in one and end in another."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._field: list[bool] = []  # for each open field: are we in its code?

    def collect(self, paragraph: _Element, words: Words, hidden: bool) -> None:
        """Add a paragraph's words. `hidden` when its style hides them."""
        self._inline(paragraph, words, hidden)
        self._field = [False] * len(self._field)  # no field's code runs on into another paragraph

    def _inline(self, parent: _Element, words: Words, hidden: bool) -> None:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._run(child, words, hidden)
            elif tag == _M + "f":
                self._fraction(child, words, hidden)
            elif tag == _M + "t":
                words.add(one_line(child.text or ""))
            elif tag == W + "sdt":
                if (
                    child.find(f"{W}sdtPr/{W}showingPlcHdr") is None
                    and (content := child.find(W + "sdtContent")) is not None
                ):
                    self._inline(content, words, hidden)
            elif tag == MC + "AlternateContent" and (choice := child.find(MC + "Choice")) is not None:
                self._inline(choice, words, hidden)
            elif tag in _THROUGH:
                self._inline(child, words, hidden)

    def _fraction(self, element: _Element, words: Words, hidden: bool) -> None:
        for name in ("num", "den"):
            if name == "den":
                words.add("/")
            if (part := element.find(_M + name)) is not None:
                self._inline(part, words, hidden)

    def _run(self, run: _Element, words: Words, hidden: bool, reason: str = "") -> None:
        properties = run.find(W + "rPr")
        if properties is not None:
            own = flag(properties, "vanish")
            hidden = own if own is not None else hidden or self._styles.hides(value(properties, "rStyle"))
        reason = "hidden" if hidden else reason
        for child in run:
            tag = child.tag
            if tag in _SKIPPED:
                continue
            if tag == W + "fldChar":
                self._field_mark(child)
            elif any(self._field):
                continue  # the code of a field, not its result
            elif tag == W + "t":
                words.add(one_line(child.text or ""), reason)
            elif tag in _SIGNS:
                words.add(_SIGNS[tag], reason)
            elif tag == W + "br" and child.get(W + "type") == "page":
                words.breaks.append((words.length, "page"))
            elif tag in (W + "br", W + "cr"):
                words.add("\n")
            elif tag == W + "lastRenderedPageBreak":
                words.breaks.append((words.length, "rendered"))
            else:
                self._object(child, words, hidden)

    def _object(self, child: _Element, words: Words, hidden: bool) -> None:
        """What a run holds beside text: notes, symbols, ruby, drawings."""
        tag = child.tag
        if tag in (W + "footnoteReference", W + "endnoteReference"):
            words.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(W + "id", "")))
        elif tag == W + "sym":
            words.add(_SYMBOLS.get(child.get(W + "char", "").upper(), ""))
        elif tag == W + "ruby":
            for part, reason in (("rubyBase", ""), ("rt", "reading_aid")):
                for run in child.iterfind(f"{W}{part}/{W}r"):
                    self._run(run, words, hidden, reason)
        elif tag == MC + "AlternateContent":
            chosen = child.find(MC + "Choice")
            chosen = chosen if chosen is not None else child.find(MC + "Fallback")
            for each in () if chosen is None else chosen:
                self._object(each, words, hidden)
        elif tag in (W + "drawing", W + "pict", W + "object"):
            boxes = [] if hidden else _text_boxes(child)
            words.boxes.extend(boxes)
            words.pictures += not boxes

    def _field_mark(self, element: _Element) -> None:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self._field.append(True)
        elif kind == "separate" and self._field:
            self._field[-1] = False
        elif kind == "end" and self._field:
            self._field.pop()


def _text_boxes(element: _Element) -> list[_Element]:
    """The outermost text boxes of a drawing, in each alternative only the first choice."""
    found: list[_Element] = []
    rest = [element]
    while rest:
        at = rest.pop()
        if at.tag == W + "txbxContent":
            found.append(at)
        elif at.tag == MC + "AlternateContent" and (choice := at.find(MC + "Choice")) is not None:
            rest.append(choice)
        else:
            rest.extend(reversed(at))
    return found
