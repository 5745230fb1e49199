"""The characters of a page become atoms: those that stand close together on a line, apart from what nobody sees.

Characters come in columns, a list for each of their properties: most of the work is one step for all of them.
Knows nothing of pdfium, lines or paragraphs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise
from operator import eq

Box = tuple[float, float, float, float]
Direction = tuple[int, int]
RIGHT, DOWN, LEFT, UP = (1, 0), (0, 1), (-1, 0), (0, -1)
_SPACES = " \t\u3000\xa0\u2002\u2003\u2009"


@dataclass(slots=True, eq=False)
class Atom:
    """Characters of one line that stand close together; `size` in points. Equal only to itself."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Seen:
    """One page as it is seen. `hidden` and `askew` are atoms that are invisible, or run in another direction.

    Text that does not run to the right is turned so that it does, the page with it: `turned` says which way it ran.
    """

    number: int
    width: float
    height: float
    atoms: list[Atom] = field(default_factory=list)
    hidden: list[Atom] = field(default_factory=list)
    askew: list[Atom] = field(default_factory=list)
    across: list[tuple[float, float, float]] = field(default_factory=list)  # ruled lines: y, x0, x1
    down: list[tuple[float, float, float]] = field(default_factory=list)  # x, y0, y1
    pictured: float = 0.0  # share of the page that its largest picture covers
    label: str = ""
    unmapped: int = 0  # characters whose font does not say what they are
    recognised: bool = False  # read by OCR, here or by whoever made the file
    failed: bool = False
    turned: Direction = RIGHT


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """What the characters of one text object share. Equal only to itself."""

    size: float
    bold: bool
    visible: bool
    white: bool
    direction: Direction | None
    invisible: bool


@dataclass(slots=True)
class Glyphs:
    """The characters of a page in the order of the file, a column for each property."""

    text: list[str]
    x0: list[float]
    y0: list[float]
    x1: list[float]
    y1: list[float]
    style: list[Style]

    def where(self, wanted: Sequence[bool]) -> Glyphs:
        text, style = list(compress(self.text, wanted)), list(compress(self.style, wanted))
        x0, y0, x1, y1 = (list(compress(edge, wanted)) for edge in (self.x0, self.y0, self.x1, self.y1))
        return Glyphs(text, x0, y0, x1, y1, style)


def sort_out(glyphs: Glyphs, fills: Sequence[Box], seen: Seen) -> None:
    """Glyphs become atoms: those of the page's direction, those askew, and those that nobody sees."""
    # A scan's words are drawn invisibly over its picture: they are what the reader sees.
    invisible = sum(count for style, count in Counter(glyphs.style).items() if style.invisible)
    seen.recognised = invisible > 0.5 * len(glyphs.text) and seen.pictured > 0.4
    shown, unseen = _parted(glyphs, _are_seen(glyphs, fills, seen))
    main = _direction(shown)
    straight, askew = _parted(shown, _run_in(shown, main[0]))
    if main[1] != RIGHT:
        _turn_all(straight, main[1], seen)
    seen.atoms, seen.askew, seen.hidden = _atoms(straight, seen.down), _atoms(askew), _atoms(unseen)


def _parted(glyphs: Glyphs, wanted: list[bool] | None) -> tuple[Glyphs, Glyphs]:
    """Those wanted, and the others; None wants all."""
    if wanted is None:
        return glyphs, Glyphs([], [], [], [], [], [])
    return glyphs.where(wanted), glyphs.where([not one for one in wanted])


def _are_seen(glyphs: Glyphs, fills: Sequence[Box], seen: Seen) -> list[bool] | None:
    """Which of the glyphs a reader sees, None for all."""
    if not glyphs.text:
        return None
    inside = min(*glyphs.x0, *glyphs.x1) >= -2 and max(*glyphs.x0, *glyphs.x1) <= seen.width + 2
    inside = inside and min(*glyphs.y0, *glyphs.y1) >= -2 and max(*glyphs.y0, *glyphs.y1) <= seen.height + 2
    if inside and all(style.visible and not style.white for style in set(glyphs.style)):
        return None
    columns = zip(glyphs.style, glyphs.x0, glyphs.y0, glyphs.x1, glyphs.y1, strict=True)
    return [_is_seen(style, (a + c) / 2, (b + d) / 2, fills, seen) for style, a, b, c, d in columns]


def _is_seen(style: Style, x: float, y: float, fills: Sequence[Box], seen: Seen) -> bool:
    if not style.visible and not (seen.recognised and style.invisible):
        return False
    if not (-2 <= x <= seen.width + 2 and -2 <= y <= seen.height + 2):
        return False
    return not style.white or any(a <= x <= c and b <= y <= d for a, b, c, d in fills)


def _run_in(glyphs: Glyphs, direction: Direction | None) -> list[bool] | None:
    """Which of the glyphs run in a direction, None for all."""
    if all(style.direction == direction for style in set(glyphs.style)):
        return None
    return [style.direction == direction for style in glyphs.style]


def _direction(glyphs: Glyphs) -> tuple[Direction | None, Direction]:
    """The direction that most glyphs have, and the one in which lines are read (downward in vertical writing)."""
    counts: Counter[Direction] = Counter()
    for style, count in Counter(glyphs.style).items():
        if style.direction is not None:
            counts[style.direction] += count
    if not counts:
        return RIGHT, RIGHT
    main = counts.most_common(1)[0][0]
    if main == RIGHT and _is_vertical(glyphs):
        return main, DOWN
    return main, main


def _is_vertical(glyphs: Glyphs) -> bool:
    """Do the characters that run to the right follow each other downward?"""
    glyphs = _parted(glyphs, _run_in(glyphs, RIGHT))[0]
    level = sum(map(eq, glyphs.y0, glyphs.y0[1:]))
    if len(glyphs.text) <= 20 or level >= 0.4 * len(glyphs.text):
        return False
    pairs = zip(pairwise(glyphs.x0), pairwise(glyphs.y0), glyphs.style, strict=False)
    down = sum(abs(d - c) < 0.3 * s.size and 0.5 * s.size < b - a < 1.6 * s.size for (c, d), (a, b), s in pairs)
    return down > 0.6 * len(glyphs.text)


def _turn_all(glyphs: Glyphs, direction: Direction, seen: Seen) -> None:
    """Turns the page so that its lines run to the right. Ruled lines are left behind: no table is looked for."""
    boxes = zip(glyphs.x0, glyphs.y0, glyphs.x1, glyphs.y1, strict=True)
    turned = [turn(box, direction, seen.width, seen.height) for box in boxes]
    columns = [list(column) for column in zip(*turned, strict=True)]
    glyphs.x0, glyphs.y0, glyphs.x1, glyphs.y1 = columns
    seen.turned = direction
    if direction != LEFT:
        seen.width, seen.height = seen.height, seen.width
    seen.across, seen.down = [], []


def turn(box: Box, direction: Direction, width: float, height: float) -> Box:
    """A box on a page of this size once the page is turned so that what ran in `direction` runs to the right."""
    x0, y0, x1, y1 = box
    if direction == DOWN:
        return y0, width - x1, y1, width - x0
    if direction == UP:
        return height - y1, x0, height - y0, x1
    return (width - x1, height - y1, width - x0, height - y0) if direction == LEFT else box


def on_page(box: Box, seen: Seen) -> Box:
    """A box on the page as it is shown, in fractions of its width and height."""
    back = {DOWN: UP, UP: DOWN}.get(seen.turned, seen.turned)
    x0, y0, x1, y1 = turn(box, back, seen.width, seen.height)
    across = seen.turned in (DOWN, UP)
    width, height = (seen.height, seen.width) if across else (seen.width, seen.height)
    return x0 / max(width, 1.0), y0 / max(height, 1.0), x1 / max(width, 1.0), y1 / max(height, 1.0)


def _atoms(glyphs: Glyphs, down: Sequence[tuple[float, float, float]] = ()) -> list[Atom]:
    """Glyphs that stand side by side, in the order of the file; a ruled line parts them."""
    gathering = _Gathering(glyphs, down)
    for start, end in _runs(glyphs, down):
        gathering.add(start)
        if end > start + 1:
            gathering.add_run(start + 1, end)
    gathering.close()
    return gathering.atoms


def _runs(glyphs: Glyphs, down: Sequence[tuple[float, float, float]]) -> Iterator[tuple[int, int]]:
    """Stretches of glyphs that surely stand close together on one line, spaces and what follows them aside."""
    if not glyphs.text:
        return
    most = 0.99 if down else 1e9  # a wider gap may hold a ruled line
    near = {style: (-0.7 * style.size, min(0.2 * style.size, most)) for style in set(glyphs.style)}
    solid = [text not in _SPACES for text in glyphs.text]
    later = zip(glyphs.style[1:], glyphs.x0[1:], glyphs.y0[1:], glyphs.y1[1:], solid[1:], strict=True)
    earlier = zip(glyphs.style, glyphs.x1, glyphs.y0, glyphs.y1, solid, strict=True)
    starts = [0]
    for at, ((style, right, top, foot, one), (same, left, upper, lower, other)) in enumerate(
        zip(earlier, later, strict=False), 1
    ):
        if (
            style is same
            and one
            and other
            and near[style][0] <= left - right <= near[style][1]
            and abs(upper - top) + abs(lower - foot) <= 0.5 * (lower - upper)
        ):
            continue
        starts.append(at)
    yield from pairwise([*starts, len(glyphs.text)])


class _Gathering:
    """Gathers glyphs into atoms, one after another or a run at once; `atoms` grows."""

    def __init__(self, glyphs: Glyphs, down: Sequence[tuple[float, float, float]]) -> None:
        self.atoms: list[Atom] = []
        self._glyphs, self._down = glyphs, down
        self._atom: Atom | None = None
        self._last = -1
        self._pieces: list[str] = []
        self._spaces = ""
        self._bold = self._count = 0

    def add(self, at: int) -> None:
        """One glyph, which may begin another atom."""
        glyphs, atom, last = self._glyphs, self._atom, self._last
        if atom is not None and not (self._follows(last, at, atom) and not self._is_ruled_off(last, at)):
            self.close()
            atom = None
        self._last = at
        text, style = glyphs.text[at], glyphs.style[at]
        if text in _SPACES:
            self._spaces += text if atom is not None else ""
            return
        x0, y0, x1, y1 = glyphs.x0[at], glyphs.y0[at], glyphs.x1[at], glyphs.y1[at]
        if atom is None:
            atom = self._atom = Atom("", x0, y0, x1, y1, style.size)
            self._bold = self._count = 0
        elif self._spaces:
            self._pieces.append(self._spaces)
        elif x0 - atom.x1 > 0.2 * atom.size and is_western(self._pieces[-1][-1]) and is_western(text):
            self._pieces.append(" ")
        self._spaces = ""
        self._pieces.append(text)
        self._bold, self._count = self._bold + style.bold, self._count + 1
        atom.x1 = max(atom.x1, x1)
        atom.y0, atom.y1 = min(atom.y0, y0), max(atom.y1, y1)
        atom.size = max(atom.size, style.size)

    def add_run(self, start: int, end: int) -> None:
        """Glyphs of one style, no spaces among them, that follow the last one closely."""
        glyphs, atom = self._glyphs, self._atom
        assert atom is not None
        self._last = end - 1
        self._pieces.append("".join(glyphs.text[start:end]))
        self._bold += glyphs.style[start].bold * (end - start)
        self._count += end - start
        atom.x1 = max(atom.x1, *glyphs.x1[start:end])
        atom.y0, atom.y1 = min(atom.y0, *glyphs.y0[start:end]), max(atom.y1, *glyphs.y1[start:end])

    def close(self) -> None:
        """The atom is whole."""
        if self._atom is not None:
            self._atom.text, self._atom.bold = "".join(self._pieces), self._bold * 2 > self._count
            self.atoms.append(self._atom)
        self._pieces, self._spaces, self._atom = [], "", None

    def _follows(self, last: int, at: int, atom: Atom) -> bool:
        glyphs = self._glyphs
        size = max(glyphs.style[last].size, glyphs.style[at].size, 1.0)
        overlap = min(atom.y1, glyphs.y1[at]) - max(atom.y0, glyphs.y0[at])
        beside = overlap >= 0.45 * min(atom.y1 - atom.y0, glyphs.y1[at] - glyphs.y0[at])
        return beside and -0.7 * size <= glyphs.x0[at] - glyphs.x1[last] <= 0.9 * size

    def _is_ruled_off(self, last: int, at: int) -> bool:
        left, right = self._glyphs.x1[last], self._glyphs.x0[at]
        if not self._down or right - left < 1:
            return False
        middle = (self._glyphs.y0[at] + self._glyphs.y1[at]) / 2
        return any(left - 1 <= x <= right + 1 and y0 <= middle <= y1 for x, y0, y1 in self._down)


def is_word(char: str) -> bool:
    """A character of a script that parts its words with spaces, or a digit."""
    return char.isalnum() and (char < "\u0590" or "\uff21" <= char <= "\uff5a")


def is_western(char: str) -> bool:
    """A character that stands between spaces: a word's, or a mark of Western punctuation."""
    return is_word(char) or char < "\u0590"
