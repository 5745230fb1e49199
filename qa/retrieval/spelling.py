"""A wrong character in a question, where the library holds nothing that is written so: 览月计划 is sought as 揽月计划.

Only what is read alike or looks alike is taken for a slip, and two neighbours that changed places: 揽星计划 may be
another plan, which the library does not hold, and must stay. A word that library or dictionary knows is no slip.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_lowercase

from qa.indexing.people import is_name
from qa.indexing.tokens import Tokens, question_words

_DATA = Path(__file__).resolve().parent.parent / "data"
# Characters that join or bound words: beside them stand pairs that no text had before, and nothing is wrong.
_JOINING = frozenset("时是即于可下上里后前中内外者所其并将已若则且因各每某当间等及与之也曾均由为在和对从到向起至年月日")
# Readings that input methods offer for each other.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
LATIN = 4  # letters; a shorter word has too many neighbours
MOST = 2  # slips in one question; what has more is another question

_HAN = re.compile("[\u4e00-\u9fff]*")

Known = Callable[[str, Sequence[str]], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Slip:
    """What was written, from `start` on, and what is looked for instead."""

    start: int
    written: str
    meant: str


def slips(folded: str, tokens: Tokens, known: Known) -> list[Slip]:
    """The likely slips of a folded question.

    `known(field, terms)`: those that the library's words or bigrams hold, and in how many passages.
    """
    found: list[Slip] = []
    at = 0
    pieces = _pieces(folded, tokens)
    words = set(known("words", [piece for _, piece in pieces]))
    for start, piece in pieces:
        if start < at or len(found) >= MOST:
            continue
        slip = None
        if piece[0] in ascii_lowercase:
            slip = _latin(start, piece, known) if piece not in words else None
        elif _is_doubtful(piece, words, tokens):
            slip = _han(start, piece, folded, tokens, known)
        if slip is not None:
            found.append(slip)
            at = slip.start + len(slip.written)
    return found


def mended(text: str, found: Sequence[Slip]) -> str:
    """A text with each slip as it was meant."""
    for slip in found:
        text = text.replace(slip.written, slip.meant)
    return text


def _pieces(folded: str, tokens: Tokens) -> list[tuple[int, str]]:
    """(start, word) of the words of a text, numbers and words that ask left out."""
    found, at = [], 0
    for word in tokens.cut(folded):
        stands = folded.find(word, at)
        if stands < 0:  # folding once more changed a character
            continue
        at = stands
        if word not in question_words() and not word[0].isdigit():
            found.append((at, word))
        at += len(word)
    return found


def _is_doubtful(piece: str, words: Collection[str], tokens: Tokens) -> bool:
    """May a word hold a slip: a lone character, or a word that neither the library nor the dictionary knows?"""
    return len(piece) == 1 or (piece not in words and not tokens.has_word(piece) and not is_name(piece))


def _han(start: int, piece: str, folded: str, tokens: Tokens, known: Known) -> Slip | None:
    """The slip at one of a piece's characters, None where its neighbours stand beside it in the library."""
    for at in (at for at, char in enumerate(piece, start) if char not in _JOINING | question_words()):
        left, right = folded[at - 1 : at + 1] if at else "", folded[at : at + 2]
        pairs = [pair for pair in (left, right) if len(pair) == 2 and _is_han(pair) and pair not in question_words()]
        if not pairs or len(known("bigrams", pairs)) == len(pairs):
            continue
        texts = [folded[:at] + other + folded[at + 1 :] for other in _taken_for(folded[at])]
        if len(right) == 2 and _is_han(right):
            texts.append(folded[:at] + right[1] + right[0] + folded[at + 2 :])
        if slip := _best(at, piece, folded, _fitting(at, texts, known), tokens, known):
            return slip
    return None


def _fitting(at: int, texts: Sequence[str], known: Known) -> list[str]:
    """The texts of which the library holds a pair at the changed character: at the edge of a word one is enough."""
    pairs = [[text[max(0, at - 1) : at + 1], text[at : at + 2]] for text in texts]
    held = known("bigrams", [pair for both in pairs for pair in both if len(pair) == 2 and _is_han(pair)])
    return [text for text, both in zip(texts, pairs, strict=True) if any(pair in held for pair in both)]


def _best(at: int, piece: str, folded: str, texts: Sequence[str], tokens: Tokens, known: Known) -> Slip | None:
    """The longest, most frequent word of the library that a changed text has at the changed place; None for no word.

    A word of two characters must stand beside another word as it does in the library (海河英才): nearly any two
    characters that are words of their own (件难) are read like some word (艰难).
    """
    found: list[tuple[int, int, Slip]] = []
    for text in texts:
        pieces = _pieces(text, tokens)
        for index, (start, word) in enumerate(pieces):
            if start > at + 1 or start + len(word) <= at:
                continue
            changed = [i for i in range(start, start + len(word)) if text[i] != folded[i]]
            all_of_it = sum(a != b for a, b in zip(text, folded, strict=True)) == len(changed)
            if not changed or not all_of_it or len(word) < 2:
                continue
            written, often = folded[start : start + len(word)], known("words", [word]).get(word, 0)
            beside = len(word) > 2 or (
                written == piece and _JOINING.isdisjoint(written) and _stands_beside(pieces, index, known)
            )
            if often and beside and not tokens.has_word(written) and not is_name(written) and not _asks(written):
                found.append((len(word), often, Slip(start, written, word)))
    return max(found, key=lambda one: one[:2], default=(0, 0, None))[2]


def _asks(written: str) -> bool:
    """Does a piece hold a word that asks, as 怎么帮 does? What follows it is no part of a name that was meant."""
    return any(word in written for word in question_words() if len(word) > 1)


def _stands_beside(pieces: Sequence[tuple[int, str]], index: int, known: Known) -> bool:
    """Does a word touch another of two characters or more, and the library have the pair at their border?"""
    around = [pieces[i : i + 2] for i in (index - 1, index) if 0 <= i < len(pieces) - 1]
    borders = [
        one[-1] + other[0]
        for (start, one), (after, other) in around
        if start + len(one) == after and len(one) > 1 and len(other) > 1 and _is_han(one[-1] + other[0])
    ]
    return bool(known("bigrams", borders))


def _latin(start: int, word: str, known: Known) -> Slip | None:
    """A Latin word of the library one letter away: another letter, one more, one less, two that changed places."""
    if len(word) < LATIN:
        return None
    near = list(dict.fromkeys(_one_away(word)))
    there = known("words", near)
    return next((Slip(start, word, other) for other in near if other in there), None)


def _one_away(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    for at in range(len(word) + 1):
        yield word[:at] + word[at + 1 :]
        for letter in ascii_lowercase:
            yield word[:at] + letter + word[at + 1 :]
            yield word[:at] + letter + word[at:]


def _is_han(text: str) -> bool:
    return _HAN.fullmatch(text) is not None


@cache
def _taken_for(char: str) -> tuple[str, ...]:
    """The characters that are read or look like one."""
    readings, looks = _readings(), _looks()
    same = "".join(sound for reading in readings[0].get(char, ()) for sound in readings[1][reading])
    return tuple(other for other in dict.fromkeys(looks.get(char, "") + same) if other != char)


@cache
def _readings() -> tuple[dict[str, list[str]], dict[str, str]]:
    """Each character's readings, and for each reading the characters."""
    of_char: dict[str, list[str]] = defaultdict(list)
    of_sound: dict[str, str] = defaultdict(str)
    for line in (_DATA / "pinyin.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            sound, chars = line.split()
            for one, other in _ALIKE:
                sound = sound.replace(one, other)
            of_sound[sound] += chars
            for char in chars:
                of_char[char].append(sound)
    return of_char, of_sound


@cache
def _looks() -> dict[str, str]:
    lines = (_DATA / "look_alikes.txt").read_text("utf-8").splitlines()
    groups = [group for line in lines if not line.startswith("#") for group in line.split()]
    return {char: group for group in groups for char in group}
