"""What a Word file's styles and lists say of a paragraph: heading depth, list number, indentation, hidden text.

Styles inherit from the style that they are based on. Knows nothing of text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.reading.formats.numbering import bullet, written

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"^(?:heading|标题|標題|überschrift|見出し)\s*(\d)$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|标题|標題|文档标题)$", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:toc|目录|目錄)\s*(\d)$", re.IGNORECASE)
_PLACE = re.compile(r"%(\d)")
BODY_LEVEL = 9
TITLE_LEVEL = -1


@dataclass(frozen=True, slots=True)
class Form:
    """How a paragraph is styled. `outline` is 0 for the outermost heading, -1 for the title of all, None for text;
    `contents` the level of a line of contents, from 1; `list_id` and `level` its list; `size` in half-points."""

    outline: int | None = None
    contents: int = 0
    list_id: str | None = None
    level: int = 0
    indented: bool = False
    aligned: str = ""
    hidden: bool = False
    size: int = 0


def flag(properties: _Element | None, name: str) -> bool | None:
    """An on/off property, None when it is not mentioned."""
    element = None if properties is None else properties.find(W + name)
    if element is None:
        return None
    return element.get(W + "val", "1") not in ("0", "false", "off")


def value(properties: _Element | None, path: str) -> str | None:
    """The `val` of the first element at a path such as "numPr/numId"."""
    element = None if properties is None else properties.find("/".join(W + step for step in path.split("/")))
    return None if element is None else element.get(W + "val")


def number(text: str | None, default: int = 0) -> int:
    """An integer attribute; what is not one is the default."""
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


class Styles:
    """The styles of one file; `root` is styles.xml, None when it has none."""

    def __init__(self, root: _Element | None) -> None:
        styles = [] if root is None else root.findall(W + "style")
        self._elements = {style.get(W + "styleId", ""): style for style in styles}
        self._forms: dict[str, Form] = {}
        default = next(
            (s for s in styles if s.get(W + "type") == "paragraph" and s.get(W + "default") in ("1", "true")), None
        )
        self._default = "" if default is None else default.get(W + "styleId", "")

    def form(self, properties: _Element | None) -> Form:
        """The form of a paragraph with these properties (w:pPr)."""
        style = value(properties, "pStyle")
        base = self._styled(style if style is not None and style in self._elements else self._default)
        return base if properties is None else _over(base, properties, None)

    def hides(self, style: str | None) -> bool:
        """Does a character style hide its text?"""
        return self._styled(style).hidden if style else False

    def list_of(self, style: str) -> str | None:
        """The list that a numbering style refers to."""
        element = self._elements.get(style)
        return None if element is None else value(element.find(W + "pPr"), "numPr/numId")

    def _styled(self, style: str) -> Form:
        if style not in self._forms:
            self._forms[style] = Form()  # a style based on itself ends here
            chain: list[str] = []
            at = style
            while at in self._elements and at not in chain and len(chain) < 50:
                chain.append(at)
                at = value(self._elements[at], "basedOn") or ""
            form = Form()
            for each in reversed(chain):
                form = self._own(form, self._elements[each])
            self._forms[style] = form
        return self._forms[style]

    @staticmethod
    def _own(base: Form, style: _Element) -> Form:
        name = (value(style, "name") or "").strip()
        if match := _HEADING.match(name):
            base = replace(base, outline=max(0, int(match[1]) - 1), contents=0)
        elif _TITLE.match(name):
            base = replace(base, outline=TITLE_LEVEL, contents=0)
        elif match := _CONTENTS.match(name):
            base = replace(base, contents=int(match[1]), outline=None)
        return _over(base, style.find(W + "pPr"), style.find(W + "rPr"))


def _over(base: Form, paragraph: _Element | None, run: _Element | None) -> Form:
    """The form with what these properties say of their own."""
    changes: dict[str, object] = {}
    if paragraph is not None:
        outline = value(paragraph, "outlineLvl")
        if outline is not None and base.outline != TITLE_LEVEL:
            changes["outline"] = number(outline, BODY_LEVEL) if number(outline, BODY_LEVEL) < BODY_LEVEL else None
        if (list_id := value(paragraph, "numPr/numId")) is not None:
            changes["list_id"] = list_id if list_id != "0" else None
        if (level := value(paragraph, "numPr/ilvl")) is not None:
            changes["level"] = number(level)
        if (indent := paragraph.find(W + "ind")) is not None:
            first = (indent.get(W + key) for key in ("firstLineChars", "firstLine"))
            changes["indented"] = any(number(each) > 0 for each in first)
        if (aligned := value(paragraph, "jc")) is not None:
            changes["aligned"] = aligned
    if run is not None:
        if (hidden := flag(run, "vanish")) is not None:
            changes["hidden"] = hidden
        if (size := value(run, "sz")) is not None:
            changes["size"] = number(size)
    return replace(base, **changes) if changes else base  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    tied: bool  # no space after the number


class Lists:
    """Counts the automatic numbers of one file's lists; `root` is numbering.xml, None when it has none.

    Paragraphs must be asked for in order: each number follows the one before it.
    """

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._shared: dict[str, str] = {}  # list → the definition whose count it goes on with
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        abstracts = {each.get(W + "abstractNumId", ""): each for each in root.findall(W + "abstractNum")}
        nums = {each.get(W + "numId", ""): each for each in root.findall(W + "num")}
        for list_id, num in nums.items():
            abstract_id = value(num, "abstractNumId") or ""
            abstract = abstracts.get(abstract_id)
            linked = value(abstract, "numStyleLink")
            if linked and (other := nums.get(styles.list_of(linked) or "")) is not None:
                abstract_id = value(other, "abstractNumId") or ""
                abstract = abstracts.get(abstract_id)
            levels = (
                {} if abstract is None else {number(e.get(W + "ilvl")): _level(e) for e in abstract.findall(W + "lvl")}
            )
            self._shared[list_id] = abstract_id
            self._restarts[list_id] = {}
            for override in num.findall(W + "lvlOverride"):
                at = number(override.get(W + "ilvl"))
                if (level := override.find(W + "lvl")) is not None:
                    levels[at] = _level(level)
                if (start := value(override, "startOverride")) is not None:
                    self._restarts[list_id][at] = number(start, 1)
            self._levels[list_id] = levels

    def label(self, list_id: str | None, level: int) -> str:
        """The next number of a list as it is shown before the text, "" when nothing is shown."""
        known = self._levels.get(list_id or "", {}).get(level)
        if known is None or list_id is None:
            return ""
        counts = self._counts[self._shared[list_id]]
        restart = self._restarts[list_id].pop(level, None)
        counts[level] = restart if restart is not None else counts.get(level, known.start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if known.form == "bullet":
            return bullet(known.text)
        text = _PLACE.sub(lambda match: self._written(list_id, counts, int(match[1]) - 1), known.text)
        spaced = not known.tied and text[-1:].isascii() and bool(text)
        return text + " " if spaced and not text.endswith(" ") else text

    def _written(self, list_id: str, counts: dict[int, int], level: int) -> str:
        known = self._levels[list_id].get(level)
        if known is None:
            return ""
        return written(counts.setdefault(level, known.start), known.form)


def _level(element: _Element) -> _Level:
    return _Level(
        number(value(element, "start"), 1),
        value(element, "numFmt") or "decimal",
        value(element, "lvlText") or "",
        value(element, "suff") == "nothing",
    )
