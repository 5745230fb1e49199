"""The words of a Word document's body as one text, and the place in its XML where each character stands.

What a reader of the page reads: insertions are in, deletions, hidden words and field codes are not; a table is read
cell by cell, a text box after the paragraph that holds it. Headers, footers, notes and comments are no part of it.
Changes nothing but where it is told to cut a run, which keeps its form on both sides of the cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_AS_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "□"}
_LEFT_OUT = frozenset({"del", "moveFrom", "rPr", "pPr", "sdtPr", "sdtEndPr"})


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters from `start` on that one element of a run holds. `box`: the run that holds their text box."""

    start: int
    element: _Element
    run: _Element
    box: _Element | None


class Places:
    """Made for one root element of a main part. Offsets are characters into `text`, end exclusive.

    Marks are to be set from the end of the text to its beginning: a cut leaves only what stands before it in place.
    """

    def __init__(self, root: _Element) -> None:
        self._w = "{" + root.tag[1:].partition("}")[0] + "}"
        self._pieces: list[_Piece] = []
        written: list[str] = []
        length = 0
        for paragraph in root.iter(self._w + "p"):
            if any(above.tag == _MC + "Fallback" for above in paragraph.iterancestors()):
                continue  # the same box once more, for programs that cannot draw the first
            box = self._box(paragraph)
            for run, element, characters in self._characters(paragraph):
                self._pieces.append(_Piece(length, element, run, box))
                written.append(characters)
                length += len(characters)
            written.append("\n")
            length += 1
        self.text = "".join(written)
        self._starts = [piece.start for piece in self._pieces]

    @property
    def namespace(self) -> str:
        """The namespace of the document's elements, in braces."""
        return self._w

    def _box(self, paragraph: _Element) -> _Element | None:
        """The run of the body that holds the paragraph's text box, None outside of one."""
        above = list(paragraph.iterancestors())
        if not any(one.tag == self._w + "txbxContent" for one in above):
            return None
        return next((one for one in reversed(above) if one.tag == self._w + "r"), None)

    def _characters(self, parent: _Element) -> Iterator[tuple[_Element, _Element, str]]:
        for child in parent:
            if not isinstance(child.tag, str) or not child.tag.startswith(self._w):
                continue
            name = child.tag[len(self._w) :]
            if name == "r":
                yield from self._of_run(child)
            elif name not in _LEFT_OUT:
                yield from self._characters(child)

    def _of_run(self, run: _Element) -> Iterator[tuple[_Element, _Element, str]]:
        if self._hidden(run):
            return
        for child in run:
            name = child.tag[len(self._w) :] if isinstance(child.tag, str) else ""
            if child.tag == self._w + "t":
                if child.text:
                    yield run, child, child.text
            elif name in _AS_CHARACTERS and child.tag == self._w + name:
                yield run, child, _AS_CHARACTERS[name]

    def _hidden(self, run: _Element) -> bool:
        flag = run.find(f"{self._w}rPr/{self._w}vanish")
        return flag is not None and flag.get(self._w + "val", "true") not in ("0", "false", "off")

    def box_of(self, start: int) -> _Element | None:
        """The run that holds the text box in which a character stands, None in the body."""
        return self._at(start).box

    def before(self, offset: int) -> _Element:
        """The element before which to insert what should stand just before a character; its run is cut if need be."""
        piece = self._at(offset)
        content = [child for child in piece.run if child.tag != self._w + "rPr"]
        if offset == piece.start and content and content[0] is piece.element:
            return self._outermost(piece.run, first=True)
        return self._cut(piece, offset - piece.start)

    def after(self, offset: int) -> _Element:
        """The element after which to insert what should stand just after the character before `offset`."""
        piece = self._at(offset - 1)
        within = offset - piece.start
        at_end = within >= len(piece.element.text or " ") if piece.element.tag == self._w + "t" else True
        if not at_end or piece.run[-1] is not piece.element:
            self._cut(piece, within)
        return self._outermost(piece.run, first=False)

    def _at(self, offset: int) -> _Piece:
        return self._pieces[max(0, bisect_right(self._starts, offset) - 1)]

    def _cut(self, piece: _Piece, within: int) -> _Element:
        """Move what follows the first `within` characters of a piece into a run of its own, of the same form."""
        run, element = piece.run, piece.element
        rest = run.makeelement(run.tag, dict(run.attrib))
        if (form := run.find(self._w + "rPr")) is not None:
            rest.append(deepcopy(form))
        following = list(element.itersiblings())
        if within == 0:
            rest.append(element)
        elif element.tag == self._w + "t" and within < len(element.text or ""):
            tail = element.makeelement(element.tag, {_SPACE: "preserve"})
            tail.text = (element.text or "")[within:]
            element.text = (element.text or "")[:within]
            element.set(_SPACE, "preserve")
            rest.append(tail)
        rest.extend(following)
        run.addnext(rest)
        return rest

    def _outermost(self, element: _Element, first: bool) -> _Element:
        """The link or insertion that begins (or ends) with the element: what is added stands outside of it."""
        parent = element.getparent()
        while parent is not None and parent.tag != self._w + "p" and parent[0 if first else -1] is element:
            element, parent = parent, parent.getparent()
        return element

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """A span without the spaces and line ends around it."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end
