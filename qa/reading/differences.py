"""Where two versions of a text differ: sentence against sentence, wherever each was moved, then piece against piece.

Punctuation, script and width make no difference. Knows nothing of how the versions were found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from qa.numbers import DATE, quantities
from qa.text import letters, sentence_spans, simplify
from qa.types import Difference, DifferenceKind, Side

Boundaries = Callable[[str], frozenset[int]]  # of a Simplified text: where its words begin and end

SAME_SENTENCE = 0.5  # Dice overlap of bigrams from which one sentence is another's version
TELLING = 8  # letters; fewer may stand in a text by chance
LONG = 2_000  # pieces of a sentence: beyond this only the whole is compared
_ORDER: tuple[DifferenceKind, ...] = ("number", "date", "wording", "only_here", "only_there")


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    text: str
    letters: str


def differences(here: str, there: str, boundaries: Boundaries | None = None) -> list[Difference]:
    """Where two versions differ, changed figures first, then dates, wording, and sentences that only one has.

    Offsets count into each text. With `boundaries` whole words are told apart, without it characters.
    """
    ours, theirs = _sentences(here), _sentences(there)
    pairs = _same(ours, theirs)
    left, right = (_others(ours, pairs), _others(theirs, pairs.values()))
    changed = _versions(ours, theirs, left, right)
    found = [one for i, j in changed.items() for one in _within(ours[i], theirs[j], boundaries)]
    pairs |= changed
    back = {j: i for i, j in pairs.items()}
    found += [Difference("only_here", _whole(ours[i]), _nothing(theirs, pairs, i)) for i in left if i not in changed]
    found += [Difference("only_there", _nothing(ours, back, j), _whole(theirs[j])) for j in right if j not in back]
    found = [
        one for one in found if not (_only_recut(one.here, one.there, theirs) or _only_recut(one.there, one.here, ours))
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.kind), one.here.start, one.there.start))


def _only_recut(side: Side, other: Side, sentences: Sequence[_Sentence]) -> bool:
    """Are words that seem to be missing there only cut into sentences in another way?"""
    words = letters(side.text)
    return not other.text and len(words) >= TELLING and words in "".join(s.letters for s in sentences)


def _sentences(text: str) -> list[_Sentence]:
    found = (_Sentence(start, end, text[start:end], letters(text[start:end])) for start, end in sentence_spans(text))
    return [sentence for sentence in found if sentence.letters]


def _same(ours: Sequence[_Sentence], theirs: Sequence[_Sentence]) -> dict[int, int]:
    """Our sentences that stand there in the same words, wherever that is: index to index."""
    places: dict[str, list[int]] = {}
    for j in range(len(theirs) - 1, -1, -1):
        places.setdefault(theirs[j].letters, []).append(j)
    return {i: places[ours[i].letters].pop() for i in range(len(ours)) if places.get(ours[i].letters)}


def _others(sentences: Sequence[_Sentence], paired: object) -> list[int]:
    known = set(paired)  # type: ignore[call-overload]
    return [i for i in range(len(sentences)) if i not in known]


def _versions(
    ours: Sequence[_Sentence], theirs: Sequence[_Sentence], left: Sequence[int], right: Sequence[int]
) -> dict[int, int]:
    """Which of our remaining sentences is a version of which of theirs: the most alike first, none twice."""
    holding: dict[str, list[int]] = {}
    for j in right:
        for bigram in _bigrams(theirs[j].letters):
            holding.setdefault(bigram, []).append(j)
    alike = []
    for i in left:
        own = _bigrams(ours[i].letters)
        for j, shared in Counter(j for bigram in own for j in holding.get(bigram, ())).items():
            overlap = 2 * shared / (len(own) + len(_bigrams(theirs[j].letters)))
            if overlap >= SAME_SENTENCE:
                alike.append((-overlap, abs(i - j), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(alike):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _bigrams(words: str) -> set[str]:
    return {words[i : i + 2] for i in range(max(1, len(words) - 1))}


def _within(ours: _Sentence, theirs: _Sentence, boundaries: Boundaries | None) -> Iterator[Difference]:
    """The pieces in which two versions of a sentence differ."""
    a, b = _pieces(ours.text, boundaries), _pieces(theirs.text, boundaries)
    if max(len(a), len(b)) > LONG:
        yield Difference("wording", _whole(ours), _whole(theirs))
        return
    matcher = SequenceMatcher(None, [p.letters for p in a], [p.letters for p in b], autojunk=False)
    for tag, i, end_i, j, end_j in matcher.get_opcodes():
        if tag != "equal":
            kinds = {piece.kind for piece in (*a[i:end_i], *b[j:end_j])}
            kind: DifferenceKind = "number" if "number" in kinds else "date" if "date" in kinds else "wording"
            yield Difference(kind, _side(ours, a, i, end_i), _side(theirs, b, j, end_j))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A figure or a date whole, else a word or a character; punctuation is none. Offsets count into the sentence."""

    start: int
    end: int
    letters: str
    kind: DifferenceKind = "wording"


def _pieces(sentence: str, boundaries: Boundaries | None) -> list[_Piece]:
    plain = simplify(sentence)
    whole: list[tuple[int, int, DifferenceKind]] = [(*match.span(), "date") for match in DATE.finditer(plain)]
    whole += [(q.start, q.end, "number") for q in quantities(plain) if not q.text.startswith("一") or q.value != 1]
    edges = boundaries(plain) if boundaries else frozenset(range(len(plain) + 1))
    found: list[_Piece] = []
    at = 0
    for start, end, kind in sorted(whole):
        if start >= at:
            found += _words(plain, at, start, edges)
            found.append(_Piece(start, end, letters(plain[start:end]), kind))
            at = end
    found += _words(plain, at, len(plain), edges)
    return [piece for piece in found if piece.letters]


def _words(plain: str, start: int, end: int, edges: frozenset[int]) -> list[_Piece]:
    cuts = sorted({start, end} | {edge for edge in edges if start < edge < end})
    return [_Piece(a, b, letters(plain[a:b])) for a, b in pairwise(cuts)]


def _side(sentence: _Sentence, pieces: Sequence[_Piece], first: int, beyond: int) -> Side:
    """The pieces from `first` on as one run of the text; where there are none, the place between their neighbours."""
    if first < beyond:
        start, end = pieces[first].start, pieces[beyond - 1].end
    else:
        start = end = pieces[first - 1].end if first else 0
    return Side(sentence.text[start:end], sentence.start + start, sentence.start + end, sentence.text)


def _whole(sentence: _Sentence) -> Side:
    return Side(sentence.text, sentence.start, sentence.end, sentence.text)


def _nothing(sentences: Sequence[_Sentence], pairs: dict[int, int], i: int) -> Side:
    """Where the other text would have had its sentence `i`: behind the one that goes with the sentence before."""
    before = next((pairs[k] for k in range(i - 1, -1, -1) if k in pairs), None)
    at = 0 if before is None else sentences[before].end
    return Side("", at, at, "")
