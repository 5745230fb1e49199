"""The gate before which each sentence of a language model stands: it must cite, and what it claims must stand there.

Numbers with their units, dates, names, quotations and the turn of the statement (not, more, less) are looked for in
the passages that the sentence cites; its words must be theirs too. No model judges here, so a passage cannot talk the
gate round. Knows nothing of how the sentence was made.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from qa.checking.pieces import opposites
from qa.indexing.chunking import resolve
from qa.indexing.people import person_spans
from qa.indexing.tokens import Tokens, question_words
from qa.numbers import DATE, Quantity, parse_number, quantities, years
from qa.places import gazetteer, short_name
from qa.reading.sections import heading_starts
from qa.retrieval.synonyms import groups
from qa.text import fold, letters, sentence_spans
from qa.types import Hit

# The share (0-1, weighted by rarity) of a sentence's words that must stand in what it cites, and by how much another
# passage may hold more of them. Chosen on the sample library's statements (benchmarks/claim_gate.py).
ENOUGH_WORDS = 0.6
MUCH_BETTER = 0.12
# A number belongs to the clause that fits its own clause best, unless that one fits no more than this better.
ANOTHERS = 0.3
# What another number of the same clause weighs beside its words (a rare word has an idf of about 6).
FIGURE = 4.0
_QUOTED = re.compile(r"[“「『‘]([^“”「」『』‘’]{2,})[”」』’]")
_TITLED = re.compile(r"《([^《》]{2,})》")
_LATIN = re.compile(r"[a-z][a-z0-9.\-/:_]*[a-z0-9]|[a-z]")
_CLAUSE = re.compile(r"[，。；：！？,;:!?\n]")
_NEGATED = re.compile(r"(?:没有|并未|未能|尚未|从未|不再|不得|不能|不是|禁止|严禁|[不未没无非])([\u4e00-\u9fff]{2})")
_ASIDE = re.compile("不仅|不但|不断|不少|不同|不久|不过|不管|不论|无论|非常|未来|不忘|无数|不懈|不畏|不负|不可或缺")

Idf = Callable[[Sequence[str]], dict[str, float]]


@cache
def turns() -> tuple[tuple[str, frozenset[str]], ...]:
    """Words that turn a statement round, each with those that say the opposite; single characters are too common."""
    sides = ((word, frozenset().union(*(others for _, others in known))) for word, known in opposites().items())
    return tuple((word, frozenset(w for w in others if len(w) > 1)) for word, others in sides if len(word) > 1)


class ClaimGate:
    """Judges sentences against the passages that they cite; `idf` maps words to their idf. Thread-safe."""

    def __init__(self, tokens: Tokens, idf: Idf) -> None:
        self._tokens = tokens
        self._idf = idf

    def open(self, hits: Sequence[Hit]) -> OpenGate:
        """The gate for one answer, written from these passages (numbered from 1)."""
        return OpenGate(self._tokens, self._idf, tuple(_Passage(hit, self._tokens) for hit in hits))


@dataclass(frozen=True)
class OpenGate:
    """A gate that knows the passages of one answer."""

    tokens: Tokens
    idf: Idf
    passages: tuple[_Passage, ...]

    def objection(self, sentence: str, marks: Sequence[int]) -> str:
        """Why a sentence may not pass, in Chinese for the model to mend it; "" when it may."""
        cited = [self.passages[n - 1] for n in marks if 1 <= n <= len(self.passages)]
        if not cited:
            return "没有注明出处"
        said = fold(sentence)
        source = "\n".join(p.told for p in cited)
        return (
            _unquoted(sentence, cited)
            or _unknown_numbers(said, cited)
            or _unknown_dates(said, cited)
            or _unknown_names(sentence, said, source)
            or _another_person(said, cited)
            or self._others_number(said, cited)
            or self._turned_round(said, cited)
            or self._foreign_words(said, cited)
        )

    def quotes(self, sentence: str, mark: int) -> list[tuple[int, int]]:
        """The sentences of a cited passage that bear a sentence out, as spans of the document, best first.

        The first holds most of its words; others hold numbers that the first does not.
        """
        passage = self.passages[mark - 1]
        spans = passage.spans
        if not spans:
            return []
        words = self._weights(fold(sentence))
        best = max(spans, key=lambda span: (_share(words, passage.words_of(span)), -span[0]))
        wanted = {(q.value, q.unit) for q in quantities(fold(sentence))} - passage.numbers_of(best)
        chosen = [best]
        for span in spans:
            if held := wanted & passage.numbers_of(span):
                wanted -= held
                chosen.append(span)
        return list(dict.fromkeys(chosen))

    def _weights(self, said: str) -> dict[str, float]:
        """A sentence's telling words and what each weighs."""
        words = {w for w in self.tokens.cut(said) if len(w) > 1 and not w[0].isdigit() and w not in question_words()}
        return self.idf(sorted(words))

    def _others_number(self, said: str, cited: Sequence[_Passage]) -> str:
        """Does a number of the sentence stand beside another thing in the source, while this thing has its own?"""
        for start, end in _clauses(said):
            clause = said[start:end]
            found = quantities(clause)
            if _reversed([q.value for q in found], cited):
                return f"“{clause.strip('，,。')}”里数字的先后与资料不符"
            for number in found:
                others = {_digits(q) for q in found if q is not number}
                words = self._weights(clause) | dict.fromkeys(others, FIGURE)
                fits = [
                    (_share(words, frozenset(self.tokens.words(text)) | {_digits(q) for q in held}), held)
                    for p in cited
                    for text, held in p.counted
                    if any(_same_unit(q.unit, number.unit) for q in held)
                ]
                own = max((share for share, held in fits if number.value in {q.value for q in held}), default=0.0)
                best = max((share for share, _ in fits), default=0.0)
                if words and best - own >= ANOTHERS:
                    return f"“{number.text}”在资料里说的是另一件事"
        return ""

    def _turned_round(self, said: str, cited: Sequence[_Passage]) -> str:
        """Does the sentence say more where its source says less, or no where it says yes?"""
        plain = _nameless(said)
        told = "\n".join(_nameless(p.text) for p in cited)
        for word, others in turns():
            if word not in plain or word in told or any(other in plain for other in others):
                continue
            if there := next((other for other in sorted(others) if other in told), ""):
                return f"资料说的是“{there}”，不是“{word}”"
        return _negated_otherwise(said, "\n".join(p.text for p in cited))

    def _foreign_words(self, said: str, cited: Sequence[_Passage]) -> str:
        """Are its words those of what it cites, and is there no other passage that they fit far better?"""
        words = self._weights(said)
        if not words:
            return ""
        own = _share(words, frozenset().union(*(p.words for p in cited)))
        best = max(_share(words, p.words) for p in self.passages)
        if own < ENOUGH_WORDS:
            return "所注的出处里没有这样的话"
        return "这句话出自另一条资料" if best - own >= MUCH_BETTER else ""


@dataclass(frozen=True)
class _Passage:
    """A passage with what is known of it worked out once; texts are folded."""

    hit: Hit
    tokens: Tokens

    @cached_property
    def text(self) -> str:
        return fold(self.hit.passage.text)

    @cached_property
    def told(self) -> str:
        """The passage and what a reader is told of it: title, headings, place, year, publisher."""
        document = self.hit.document
        known = (document.title, document.place, document.publisher, document.author, document.organisation)
        meant = resolve(self.hit.passage.text, document).values()
        return fold("\n".join((self.hit.passage.text, self.hit.passage.context, *filter(None, known), *meant)))

    @cached_property
    def letters(self) -> str:
        return letters(self.hit.passage.text)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.tokens.words(self.told))

    @cached_property
    def numbers(self) -> frozenset[tuple[float, str]]:
        return frozenset((q.value, q.unit) for q in quantities(self.told))

    @cached_property
    def persons(self) -> frozenset[str]:
        return frozenset(self.text[start:end] for start, end in person_spans(self.text))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        passage = self.hit.passage
        headings = heading_starts(self.hit.document)
        spans = sentence_spans(self.hit.document.text, passage.start, passage.end)
        return [span for span in spans if span[0] not in headings] or spans

    @cached_property
    def counted(self) -> list[tuple[str, list[Quantity]]]:
        """The clauses that hold a quantity, with their quantities."""
        pieces = [self.text[a:b] for a, b in _clauses(self.text)]
        return [(piece, held) for piece in pieces if (held := quantities(piece))]

    @cached_property
    def named_years(self) -> frozenset[int]:
        document = self.hit.document
        known = " ".join(f"{value[:4]}年" for value in (document.published, document.period) if value)
        return frozenset(years(f"{self.told} {fold(known)}"))

    def words_of(self, span: tuple[int, int]) -> frozenset[str]:
        return frozenset(self.tokens.words(self.hit.document.text[slice(*span)]))

    def numbers_of(self, span: tuple[int, int]) -> frozenset[tuple[float, str]]:
        return frozenset((q.value, q.unit) for q in quantities(fold(self.hit.document.text[slice(*span)])))


def _unquoted(sentence: str, cited: Sequence[_Passage]) -> str:
    """Is what stands in quotation marks there word for word, and is there such a title?"""
    for match in _QUOTED.finditer(sentence):
        wanted = letters(match[1])
        if wanted and not any(wanted in p.letters or wanted in letters(p.told) for p in cited):
            return f"引号里的“{match[1]}”不是资料的原话"
    for match in _TITLED.finditer(sentence):
        wanted = letters(match[1])
        if wanted and not any(wanted in letters(p.told) for p in cited):
            return f"资料里没有《{match[1]}》"
    return ""


def _unknown_numbers(said: str, cited: Sequence[_Passage]) -> str:
    plain = _TITLED.sub("", said)  # titles are looked for whole
    held = [quantity for p in cited for quantity in p.numbers]
    for number in quantities(plain):
        if _just_one(number):
            continue
        same = [unit for value, unit in held if value == number.value]
        if not same:
            return f"资料里没有“{number.text}”"
        after = plain[number.end : number.end + 1]
        bare = not number.unit and any(number.text + after in p.told for p in cited)
        if not bare and not any(_same_unit(unit, number.unit) for unit in same):
            return f"“{number.text}”的单位与资料不符"
    return ""


def _just_one(number: Quantity) -> bool:
    """一个, 一次: a way of speaking, hardly a figure."""
    return number.value == 1 and number.text.startswith("一")


def _same_unit(one: str, other: str) -> bool:
    return one == other or other in groups().get(one, ())


def _digits(number: Quantity) -> str:
    return f"{number.value:g}{number.unit}"


def _reversed(values: list[float], cited: Sequence[_Passage]) -> bool:
    """Do two numbers of a clause (由9天缩短到4天) stand in a clause of the source in the other order only?"""
    for one, other in itertools.pairwise(values):
        orders = {
            held.index(one) < held.index(other)
            for p in cited
            for _, quantities_ in p.counted
            if {one, other} <= set(held := [q.value for q in quantities_]) and one != other
        }
        if orders == {False}:
            return True
    return False


def _unknown_dates(said: str, cited: Sequence[_Passage]) -> str:
    known = frozenset().union(*(p.named_years for p in cited))
    days = {day for p in cited for day in _days(p.text)}
    months = {month for month, _ in days}
    for year in years(said):
        if year not in known:
            return f"资料里没有“{year}年”"
    for month, day in _days(said):
        if (month, day) not in days and not (day == 0 and month in months):
            return f"资料里没有“{month}月{f'{day}日' if day else ''}”"
    for match in DATE.finditer(said):
        part = match["half"] or match["part"] or match["clock"]
        if part and not any(part in p.told for p in cited):
            return f"资料里没有“{match.group()}”"
    return ""


def _days(text: str) -> set[tuple[int, int]]:
    """The months and days that a text names, 0 for no day."""
    found = set()
    for match in DATE.finditer(text):
        month, day = match["month"] or match["month2"], match["day"] or match["day2"]
        if month:
            found.add((int(parse_number(month) or 0), int(parse_number(day) or 0) if day else 0))
    return found


def _unknown_names(sentence: str, said: str, source: str) -> str:
    """Places, persons and Latin words that what is cited does not name."""
    for start, end, place in gazetteer().find(said):
        if said[start:end] not in source and short_name(place.name) not in source:
            return f"资料里没有“{said[start:end]}”"
    for start, end in person_spans(said):
        if said[start:end] not in source:
            return f"资料里没有“{said[start:end]}”"
    for match in _LATIN.finditer(said):
        if match.group() not in source:
            return f"资料里没有“{match.group()}”"
    return ""


def _another_person(said: str, cited: Sequence[_Passage]) -> str:
    """Does a name that the tagger does not know stand where the source names a person?"""
    for p in cited:
        for name in p.persons:
            for at in _found(p.text, name):
                before, after = p.text[max(0, at - 3) : at], p.text[at + len(name) :][:3]
                for match in re.finditer(f"{re.escape(before)}([\u4e00-\u9fff]{{2,4}}?){re.escape(after)}", said):
                    if len(before) == 3 and len(after) == 3 and match[1] != name and match[1] not in p.text:
                        return f"资料里没有“{match[1]}”"
    return ""


def _found(text: str, piece: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(re.escape(piece), text))


def _nameless(text: str) -> str:
    """A text without titles and places: 晋城市 holds 城市, and says nothing of it."""
    text = _TITLED.sub("", text)
    for start, end, _ in reversed(gazetteer().find(text)):
        text = text[:start] + text[end:]
    return text


def _negated_otherwise(said: str, source: str) -> str:
    here, there = _ASIDE.sub("", said), _ASIDE.sub("", source)
    for match in _NEGATED.finditer(here):
        if match[1] in there and not _negates(there, match[1]):
            return f"资料没有说“{match.group()}”"
    for match in _NEGATED.finditer(there):
        word = match[1]
        if word in here and not _negates(here, word) and there.count(word) == len(_negations(there, word)):
            return f"资料说的是“{match.group()}”"
    return ""


def _negations(text: str, word: str) -> list[str]:
    return [m.group() for m in _NEGATED.finditer(text) if m[1] == word]


def _negates(text: str, word: str) -> bool:
    return bool(_negations(text, word))


def _clauses(text: str) -> list[tuple[int, int]]:
    edges = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    return [(a, b) for a, b in itertools.pairwise(edges) if a < b]


def _share(weights: Mapping[str, float], words: frozenset[str]) -> float:
    """The share (0-1) of the weight whose words, or their synonyms, are among `words`."""
    whole = sum(weights.values())
    held = sum(
        weight for word, weight in weights.items() if word in words or not words.isdisjoint(groups().get(word, ()))
    )
    return held / whole if whole else 1.0
