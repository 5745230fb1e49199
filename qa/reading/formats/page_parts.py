"""Which parts of a web page are its article, and which are menus, sidebars, share bars, footers or hidden.

Told by tag, role, the words of class and id (`qa/data/page_parts.toml`), the share of links, and where the sentences
are. What holds most of a page's sentences is never taken for furniture. Knows nothing of how text is written out.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

from lxml.etree import _Element

_WORDS = Path(__file__).resolve().parents[2] / "data" / "page_parts.toml"
# Left out entirely: no reader sees their text.
UNSEEN = frozenset(
    (
        "script", "style", "noscript", "template", "head", "svg", "canvas", "iframe", "object", "embed", "video",
        "audio", "map", "datalist", "noframes", "title", "meta", "link",
    )
)  # fmt: skip
# Words to press or to fill in.
_CONTROLS = frozenset(["button", "select", "option", "optgroup", "textarea", "label", "legend", "input"])
_TAGS = {
    "nav": "navigation",
    "menu": "navigation",
    "aside": "navigation",
    "dialog": "boilerplate",
    "footer": "boilerplate",
}
_ROLES = {
    "navigation": "navigation", "menu": "navigation", "menubar": "navigation", "search": "navigation",
    "toolbar": "navigation", "complementary": "navigation", "tablist": "navigation",
    "contentinfo": "boilerplate", "dialog": "boilerplate",
    "alertdialog": "boilerplate", "alert": "boilerplate", "banner": "header",
}  # fmt: skip
_ARTICLE = frozenset(("article", "main"))
_CONTAINERS = frozenset(
    ("html", "body", "div", "section", "article", "main", "center", "form", "table", "tbody", "tr", "td")
)
_LISTS = frozenset(["ul", "ol", "dl", "div", "section", "p", "table", "td", "nav", "center", "span"])
_HEADINGS = frozenset(("h1", "h2"))
_MARKS = re.compile(r"[。！？；，]|[.,;!?](?=\s)")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[\u4e00-\u9fff]+")
_WHITE = re.compile(r"^(?:#fff(?:fff)?|white|rgba?\(\s*255\s*,\s*255\s*,\s*255\s*(?:,\s*1(?:\.0)?\s*)?\))$")
_ZERO = re.compile(r"^0(?:\.0*)?(?:px|pt|em|rem|%)?$")
_OFF_SCREEN = re.compile(r"^-\d{3,}(?:px|pt|em|rem)?$")
MAX_STYLE = 4_000
MAX_NAMES = 400
MAX_ABOVE = 40
MAX_BELOW = 200
MAIN_SHARE = 0.93  # of the sentences; a footer with an address in it holds less than the rest
MOST = 0.5
MIN_MARKS = 6  # below this a page has too few sentences to tell an article by them
MIN_LINKS = 3
LINK_SHARE = 0.65
LINK_CHARS = 48
FORM_SHARE = 0.3


@dataclass(slots=True)
class _Measure:
    """Of an element with all below it: characters, those in links, links, sentence marks outside links."""

    chars: int = 0
    linked: int = 0
    links: int = 0
    marks: int = 0
    headings: int = 0


@dataclass(slots=True)
class Parts:
    """`reasons`: why an element and all below it is no part of the article; `main` holds it, None when unknown."""

    reasons: dict[_Element, str] = field(default_factory=dict)
    main: _Element | None = None
    unhidden: int = 0  # elements that call themselves hidden and hold most of the page


def parts_of(root: _Element) -> Parts:
    """The parts of a page."""
    elements = list(root.iter("*"))
    measures = _measure(elements)
    found = Parts()
    total = measures[root]
    for element in elements:
        if _reason_above(element, found.reasons) or element.tag in UNSEEN:
            continue
        large = measures[element].marks > MOST * total.marks and total.marks > 0
        if _is_hidden(element):
            if large:
                found.unhidden += 1
            else:
                found.reasons[element] = "hidden"
        elif not large and (reason := _furniture(element, measures[element], total)):
            found.reasons[element] = reason
    found.main = _main(root, measures, found.reasons)
    _add_headers(elements, measures, found)
    return found


def _measure(elements: list[_Element]) -> dict[_Element, _Measure]:
    measures = {element: _Measure() for element in elements}
    for element in elements:
        own = measures[element]
        if element.tag not in UNSEEN:
            _count(own, element.text)
        if element.tag == "a":
            own.links += 1
        own.headings += element.tag in _HEADINGS
        parent = element.getparent()
        if parent is not None and element.tail:
            _count(measures[parent], element.tail)
    for element in reversed(elements):
        own, parent = measures[element], element.getparent()
        if element.tag == "a":
            own.linked, own.marks = own.chars, 0
        if parent is not None and parent in measures:
            above = measures[parent]
            above.chars += own.chars
            above.linked += own.linked
            above.links += own.links
            above.marks += own.marks
            above.headings += own.headings
    return measures


def _count(measure: _Measure, text: str | None) -> None:
    if text and not text.isspace():
        measure.chars += sum(map(len, text.split()))
        measure.marks += len(_MARKS.findall(text))


def _reason_above(element: _Element, reasons: dict[_Element, str]) -> str:
    """The reason of the parent, handed down: elements come in document order, so one step is enough."""
    parent = element.getparent()
    if parent is not None and (reason := reasons.get(parent)):
        reasons[element] = reason
        return reason
    return ""


def _furniture(element: _Element, measure: _Measure, total: _Measure) -> str:
    tag = element.tag
    if tag in _CONTROLS:
        return "navigation"
    if tag in ("rt", "rp"):
        return "reading_aid"
    if tag in _TAGS and not (tag == "footer" and measure.marks > 3 and _inside_article(element)):
        return _TAGS[tag]
    if tag == "form" and measure.chars <= FORM_SHARE * total.chars:
        return "navigation"
    if role := _ROLES.get((element.get("role") or "").strip().lower(), ""):
        return role if role != "header" else ""
    if tag not in ("html", "body", "a") and (named := _named(element)) in ("navigation", "boilerplate"):
        return named if not (measure.headings and measure.marks > 2) else ""
    return "navigation" if tag in _LISTS and _is_link_list(element, measure) else ""


def _is_link_list(element: _Element, measure: _Measure) -> bool:
    if measure.links < MIN_LINKS or measure.linked < LINK_SHARE * measure.chars or measure.headings:
        return False
    if measure.marks > 2 or measure.linked > LINK_CHARS * measure.links:
        return False
    # A notice's attachments are its author's words.
    return not (measure.chars < 2_000 and "".join(element.itertext()).strip().startswith("附件"))


def _inside_article(element: _Element) -> bool:
    return any(above.tag in _ARTICLE for above in islice(element.iterancestors(), MAX_ABOVE))


@cache
def _vocabulary() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    data = tomllib.loads(_WORDS.read_text("utf-8"))
    return {
        part: (frozenset(data[part]), tuple(data.get(f"{part}_within", ())))
        for part in ("navigation", "boilerplate", "header")
    }


def _named(element: _Element) -> str:
    """The part that class and id name, "" when none."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:MAX_NAMES]
    return _part_named(names) if names.strip() else ""


@cache
def _part_named(names: str) -> str:
    words = {word.lower() for word in _WORD.findall(names)}
    solid = [re.sub(r"[^a-z]", "", name.lower()) for name in names.split()]
    for part, (whole, within) in _vocabulary().items():
        if words & whole or any(piece in name for piece in within for name in solid):
            return part
    return ""


def _is_hidden(element: _Element) -> bool:
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if element.get("aria-hidden") == "true":
        return True
    style = _style(element)
    if not style:
        return False
    if (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("mso-hide") == "all"
    ):
        return True
    if _ZERO.match(style.get("opacity", "")) or any(
        _OFF_SCREEN.match(style.get(side, "")) for side in ("text-indent", "left", "top", "margin-left")
    ):
        return True
    if _ZERO.match(style.get("font-size", "")):
        below = islice(element.iterdescendants(), MAX_BELOW)
        return not any("font-size" in (inner.get("style") or "") for inner in below)
    return bool(_WHITE.match(style.get("color", ""))) and _stands_on_white(element)


def _style(element: _Element) -> dict[str, str]:
    written = (element.get("style") or "")[:MAX_STYLE].lower().replace("!important", "")
    pairs = (rule.split(":", 1) for rule in written.split(";") if ":" in rule)
    return {name.strip(): value.strip() for name, value in pairs}


def _stands_on_white(element: _Element) -> bool:
    """White paper under it: said so, or nothing that could have painted it (a style sheet needs a class or an id)."""
    for above in (element, *islice(element.iterancestors(), MAX_ABOVE)):
        style = _style(above)
        ground = style.get("background-color") or style.get("background") or (above.get("bgcolor") or "").lower()
        if ground and ground != "transparent":
            return bool(_WHITE.match(ground.split()[0]))
        if above.tag not in ("body", "html") and (above.get("class") or above.get("id")):
            return False
    return True


def _main(root: _Element, measures: dict[_Element, _Measure], reasons: dict[_Element, str]) -> _Element | None:
    """The innermost container of nearly all sentences outside furniture."""
    wanted: dict[_Element, int] = {}
    for element in reversed(list(measures)):
        if element in reasons:
            wanted[element] = 0
            continue
        # Furniture below it takes its sentences away.
        below = sum(measures[child].marks - wanted.get(child, 0) for child in element if child in measures)
        wanted[element] = measures[element].marks - below
    total = wanted.get(root, 0)
    if total < MIN_MARKS:
        return None
    main = root
    while True:
        inner = next((c for c in main if c.tag in _CONTAINERS and wanted.get(c, 0) >= MAIN_SHARE * total), None)
        if inner is None:
            return main
        main = inner


def _add_headers(elements: list[_Element], measures: dict[_Element, _Measure], found: Parts) -> None:
    """The page's own header: one that stands outside the article and holds no title of it."""
    above_main = set() if found.main is None else {found.main, *found.main.iterancestors()}
    inside: set[_Element] = set() if found.main is None else set(found.main.iter("*"))
    for element in elements:
        if (
            element in found.reasons
            or _reason_above(element, found.reasons)
            or element in above_main
            or element in inside
        ):
            continue
        if measures[element].marks > 2 or measures[element].chars == 0:
            continue
        is_header = element.tag == "header" or element.get("role") == "banner" or _named(element) == "header"
        if (
            is_header
            and element.tag not in ("html", "body", "h1", "h2", "thead")
            and not measures[element].headings
            and not _inside_article(element)
        ):
            found.reasons[element] = "navigation"
