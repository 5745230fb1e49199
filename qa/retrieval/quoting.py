"""Where words stand in the library: exactly, in another script, or nearly so, whatever their width and punctuation.

Every letter of every document, two bytes, and the places of its trigrams, four bytes a letter, lie in files without a
name in the library's folder, of which the system keeps in memory what is used. A library's changes are followed at the
next question; knows nothing of what the words mean.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

import numpy as np

from qa.errors import NotFound
from qa.indexing.library import Library
from qa.indexing.paged import paged
from qa.indexing.remembering import Remembered
from qa.retrieval.letters import codes
from qa.retrieval.likeness import nearest_run
from qa.text import letters
from qa.types import Document

Match = Literal["verbatim", "script", "variant"]

GRAM = 3
# A third of the letters may differ; how near is near enough, who asks decides by `distance`.
NOISE = 0.35
SHELF_LETTERS = 4_000_000  # so that making a shelf never needs much more memory than keeping it
FOLDED_LETTERS = 4_000_000  # of the documents that were looked into last, six bytes each
SHELVES = 6  # more small shelves than this are put together
COMMON = 20_000  # places; a trigram that stands more often in a shelf tells nothing
CANDIDATES = 24  # places that are looked at letter by letter
_BIN = 8  # letters; how far inserted or dropped letters may shift a place
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """A place where words stand: `document.text[start:end]`.

    `match`: the same letters (width, case and punctuation aside), the same in the other script, or nearly the same;
    `distance` is how many letters were changed, added or left out.
    """

    document_id: str
    start: int
    end: int
    match: Match
    distance: int


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Some documents' letters one behind another, a 0 between two, and where each trigram stands."""

    documents: tuple[str, ...]
    starts: np.ndarray
    letters: np.ndarray
    places: np.ndarray
    offsets: np.ndarray

    def standing(self, key: int) -> np.ndarray:
        return self.places[self.offsets[key] : self.offsets[key + 1]]

    def often(self, keys: np.ndarray) -> np.ndarray:
        return self.offsets[keys + 1] - self.offsets[keys]

    @property
    def bits(self) -> int:
        return len(self.offsets).bit_length() - 1


class Finder:
    """Finds words in one library. Thread-safe; the first question waits until the documents are on the shelves."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._turn = threading.Lock()
        self._revision = -1
        self._shelves: tuple[_Shelf, ...] = ()
        self._gone: frozenset[str] = frozenset()
        self._folded: Remembered[str, tuple[np.ndarray, np.ndarray]] = Remembered(
            64, FOLDED_LETTERS, lambda one: len(one[0])
        )

    def find(self, text: str, limit: int = 20, near: bool = True, allowed: frozenset[str] | None = None) -> list[Found]:
        """Places where a text's words stand, the most alike first, then in order of arrival; none overlap.

        `near=False` leaves out what differs in any letter. `allowed` are the documents to look in, None for all. Texts
        of fewer than eight letters are found exactly only.
        """
        wanted = codes(text)[0]
        if not len(wanted):
            return []
        shelves, gone = self._up_to_date()
        found = [one for shelf in shelves for one in _exact(shelf, wanted)]
        if near and len(wanted) >= _BIN and len(found) < limit:
            found += _near(shelves, wanted, {(shelf_at, at) for shelf_at, at, _, _ in _numbered(shelves, found)})
        return self._located(text, found, limit, gone, allowed)

    def _located(
        self,
        text: str,
        found: Sequence[_Place],
        limit: int,
        gone: frozenset[str],
        allowed: frozenset[str] | None,
    ) -> list[Found]:
        located: list[Found] = []
        wanted = letters(text)
        for place in sorted(found, key=lambda p: p.distance):
            document_id, start, end = place.in_document()
            if document_id in gone or (allowed is not None and document_id not in allowed):
                continue
            one = self._compared(text, wanted, document_id, start, end, place.distance)
            if one is not None and not any(_overlap(one, other) for other in located):
                located.append(one)
            if len(located) >= limit:
                break
        return located

    def _compared(self, text: str, wanted: str, document_id: str, start: int, end: int, distance: int) -> Found | None:
        """A place as a span of its document; None when it went out of the library or cuts a number in two."""
        try:
            document = self.library.document(document_id)
        except NotFound:
            return None
        own, origins = self._folded.get(document_id, lambda _: codes(document.text))
        if end > len(own) or (distance == 0 and _cuts_a_number(own, start, end)):
            return None
        span = int(origins[start]), int(origins[end - 1]) + 1
        quote = document.text[slice(*span)]
        match: Match = "variant"
        if distance == 0 and letters(quote) == wanted:
            match = "verbatim" if _plain(quote) == _plain(text) else "script"
        return Found(document_id, *span, match, distance)

    # --- keeping in step

    def _up_to_date(self) -> tuple[tuple[_Shelf, ...], frozenset[str]]:
        with self._turn:
            revision = self.library.revision
            if revision != self._revision:
                self._follow()
                self._revision = revision
            return self._shelves, self._gone

    def _follow(self) -> None:
        """Shelve what came, remember what went, and put small shelves together when there are many."""
        here = [row.document.id for row in _rows(self.library)]
        shelved = {one for shelf in self._shelves for one in shelf.documents}
        self._gone = frozenset(shelved - set(here))
        self._folded.clear()
        small = [shelf for shelf in self._shelves if len(shelf.letters) < SHELF_LETTERS // 2]
        if len(small) > SHELVES or 3 * len(self._gone) > len(shelved):
            self._shelves, self._gone, shelved = (), frozenset(), set()
        new = [one for one in here if one not in shelved]
        self._shelves += tuple(_shelves(self.library, new))


@dataclass(frozen=True, slots=True)
class _Place:
    """Letters [start, end) of a shelf, and how far they are from those that were looked for."""

    shelf: _Shelf
    start: int
    end: int
    distance: int

    def in_document(self) -> tuple[str, int, int]:
        at = int(np.searchsorted(self.shelf.starts, self.start, side="right")) - 1
        begins = int(self.shelf.starts[at])
        return self.shelf.documents[at], self.start - begins, self.end - begins


def _numbered(shelves: Sequence[_Shelf], places: Sequence[_Place]) -> Iterator[tuple[int, int, int, int]]:
    order = {id(shelf): at for at, shelf in enumerate(shelves)}
    return ((order[id(p.shelf)], p.start, p.end, p.distance) for p in places)


def _rows(library: Library) -> Iterator:
    after = None
    for _ in count():
        rows, _, after = library.documents(_PAGE, after)
        yield from rows
        if after is None:
            return


def _shelves(library: Library, document_ids: Sequence[str]) -> Iterator[_Shelf]:
    names: list[str] = []
    texts: list[np.ndarray] = []
    size = 0
    for document_id in document_ids:
        for document in library.present([document_id]):
            names.append(document.id)
            texts.append(_letters_of(document))
            size += len(texts[-1]) + 1
        if size >= SHELF_LETTERS:
            yield _shelf(library.data, names, texts)
            names, texts, size = [], [], 0
    if names:
        yield _shelf(library.data, names, texts)


def _letters_of(document: Document) -> np.ndarray:
    return codes(document.text)[0]


def _shelf(folder: Path, names: Sequence[str], texts: Sequence[np.ndarray]) -> _Shelf:
    between = np.zeros(1, dtype=np.uint16)
    whole = np.concatenate([piece for text in texts for piece in (text, between)])
    lengths = np.array([len(text) + 1 for text in texts])
    bits = max(10, min(20, len(whole).bit_length()))
    keys = _keys(whole, bits)
    places = np.argsort(keys, kind="stable").astype(np.uint32)
    offsets = np.zeros(2**bits + 1, dtype=np.int32)
    np.cumsum(np.bincount(keys, minlength=2**bits), out=offsets[1:])
    held = (paged(folder, values) for values in (whole, places, offsets))
    return _Shelf(tuple(names), np.cumsum(lengths) - lengths, *held)


def _keys(own: np.ndarray, bits: int) -> np.ndarray:
    """A number under 2^bits for each trigram; different trigrams seldom share one."""
    if len(own) < GRAM:
        return np.zeros(0, dtype=np.int64)
    wide = own.astype(np.uint32)
    # Odd multipliers of Knuth's and xxHash's: neighbouring codes fall far apart.
    mixed = wide[:-2] * np.uint32(0x9E3779B1) ^ wide[1:-1] * np.uint32(0x85EBCA6B) ^ wide[2:] * np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(32 - bits)).astype(np.int64)


def _exact(shelf: _Shelf, wanted: np.ndarray) -> list[_Place]:
    size = len(wanted)
    if len(shelf.letters) < size:
        return []
    if size < GRAM:
        starts = np.flatnonzero(shelf.letters == wanted[0])
    else:
        keys = _keys(wanted, shelf.bits)
        rarest = int(np.argmin(shelf.often(keys)))
        starts = shelf.standing(int(keys[rarest])).astype(np.int64) - rarest
    starts = starts[(starts >= 0) & (starts + size <= len(shelf.letters))]
    for at in range(size):
        starts = starts[shelf.letters[starts + at] == wanted[at]]
    return [_Place(shelf, int(start), int(start) + size, 0) for start in starts]


def _near(shelves: Sequence[_Shelf], wanted: np.ndarray, known: set[tuple[int, int]]) -> list[_Place]:
    """Places within NOISE of the wanted letters: those with most trigrams on one diagonal, then letter by letter."""
    size, most = len(wanted), max(1, int(NOISE * len(wanted)))
    likely = [
        (votes, at, shelf, start) for at, shelf in enumerate(shelves) for votes, start in _voted(shelf, wanted, most)
    ]
    likely.sort(key=lambda item: (-item[0], item[1], item[3]))
    found = []
    for _, at, shelf, start in likely[:CANDIDATES]:
        first = max(0, start - _BIN - most)
        run = nearest_run(wanted.tolist(), shelf.letters[first : start + size + 2 * _BIN + most].tolist())
        if run.distance <= most and (at, first + run.start) not in known:
            found.append(_Place(shelf, first + run.start, first + run.end, run.distance))
    return [place for place in found if 0 not in place.shelf.letters[place.start : place.end]]


def _voted(shelf: _Shelf, wanted: np.ndarray, most: int) -> list[tuple[int, int]]:
    """(votes, about where it starts) of the places that share enough trigrams with the wanted letters.

    A changed letter spoils three trigrams at most (the q-gram lemma).
    """
    keys = _keys(wanted, shelf.bits)
    often = shelf.often(keys)
    telling = np.flatnonzero((often > 0) & (often <= COMMON))
    if not telling.size:
        return []
    starts = np.concatenate([shelf.standing(int(keys[i])).astype(np.int64) - i for i in telling])
    enough = max(2, len(telling) - GRAM * most)
    found: dict[int, int] = {}
    for shift in (0, _BIN // 2):
        bins, votes = np.unique((starts + shift) // _BIN, return_counts=True)
        best = np.argsort(-votes, kind="stable")[: 2 * CANDIDATES]
        for one in best[votes[best] >= enough]:
            start = max(0, int(bins[one]) * _BIN - shift)
            found[start] = int(votes[one])
    return [(votes, start) for start, votes in found.items()]


def _overlap(one: Found, other: Found) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def _plain(text: str) -> str:
    """The letters of a text in their own script."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "PZC")


def _cuts_a_number(own: np.ndarray, start: int, end: int) -> bool:
    """Does a span begin or end within a number? 6条 does not stand in 16条."""
    return (start > 0 and _numeral(own[start - 1]) and _numeral(own[start])) or (
        end < len(own) and _numeral(own[end]) and _numeral(own[end - 1])
    )


def _numeral(code: int) -> bool:
    return 0x30 <= code <= 0x39 or code in (0x2E, 0x25)
