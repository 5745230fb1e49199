"""Statements for judging the claim gate: true ones made from a library's own sentences, and forged ones.

Every statement comes with the passages that a language model would have been shown, and the marks that it wrote. The
same seed makes the same statements.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from opencc import OpenCC

from qa.answering.claim_gate import turns
from qa.indexing.chunking import resolve
from qa.indexing.people import person_spans
from qa.numbers import quantities, years
from qa.pipeline import Pipeline
from qa.places import gazetteer
from qa.retrieval.synonyms import groups
from qa.text import fold, letters, sentence_spans
from qa.types import Hit

SHOWN = 8
SHORTEST, LONGEST = 18, 120  # letters of a sentence that a model would write so
_CLAUSE = re.compile(r"(?<=[，；,;])")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as a model might write it. `kind` says how it was made; `true` whether its passages bear it out."""

    kind: str
    true: bool
    text: str
    marks: tuple[int, ...]
    shown: tuple[Hit, ...]


def statements(pipeline: Pipeline, seed: int = 1) -> Iterator[Statement]:
    """True and forged statements from every document of a library, in an order of chance."""
    chance = random.Random(seed)
    hits = list(_hits(pipeline))
    chance.shuffle(hits)
    for hit in hits:
        for start, end in _sentences(hit):
            text = hit.document.text[start:end]
            shown = _shown(pipeline, hit, text, chance)
            mark = shown.index(hit) + 1
            for kind, said in _true(text, hit, chance):
                yield Statement(kind, True, said, (mark,), shown)
            for kind, said in _forged(text, hit, chance):
                if letters(said) not in letters(hit.passage.text):
                    yield Statement(kind, False, said, (mark,), shown)
            if letters(text) in letters(hit.document.title):
                continue
            strangers = [n for n, other in enumerate(shown, 1) if n != mark and not _says(other, text)]
            if strangers:
                yield Statement("another passage", False, text, (chance.choice(strangers),), shown)
            yield Statement("no such passage", False, text, (SHOWN + 1 + chance.randrange(20),), shown)


def _hits(pipeline: Pipeline) -> Iterator[Hit]:
    for row in pipeline.library.documents(10_000)[0]:
        document = pipeline.library.document(row.document.id)
        for passage in pipeline.library.passages_of(document.id):
            yield Hit(passage, document, 1.0, {})


def _sentences(hit: Hit) -> Iterator[tuple[int, int]]:
    headings = {section.start for section in hit.document.sections}
    for start, end in sentence_spans(hit.document.text, hit.passage.start, hit.passage.end):
        if start not in headings and SHORTEST <= len(letters(hit.document.text[start:end])) <= LONGEST:
            yield start, end


def _shown(pipeline: Pipeline, hit: Hit, text: str, chance: random.Random) -> tuple[Hit, ...]:
    """The passage among those that a search for the sentence finds, as a model would see them."""
    found = [h for h in pipeline.search(text[:80], SHOWN).hits if h.passage.id != hit.passage.id]
    shown = [hit, *found][:SHOWN]
    chance.shuffle(shown)
    return tuple(shown)


def _says(hit: Hit, text: str) -> bool:
    """Does a passage hold most of a sentence too, as a version or a repetition does?"""
    said, there = letters(text), letters(hit.passage.text)
    pairs = [said[i : i + 4] for i in range(len(said) - 3)]
    return sum(pair in there for pair in pairs) > 0.5 * len(pairs)


def _true(text: str, hit: Hit, chance: random.Random) -> Iterator[tuple[str, str]]:
    yield "verbatim", text
    meanings = resolve(text, hit.document)
    if meanings:
        said = text
        for word, meaning in meanings.items():
            said = said.replace(word, meaning)
        yield "relative words resolved", said
    clauses = [clause for clause in _CLAUSE.split(text) if clause]
    if len(clauses) > 2:
        yield "first clause left out", "".join(clauses[1:])
        yield "last clause left out", "".join(clauses[:-1]).rstrip("，；,;") + "。"
    yield "named", f"《{hit.document.title}》写到，{text}"
    yield "other script", OpenCC("s2t").convert(text)
    plain = fold(text)
    same = {word: sorted(w for w in groups()[word] if not quantities(w)) for word in groups() if word in plain}
    words = [word for word in same if same[word] and not quantities(word)]
    if words and not re.search("[“「《]", text):  # a quotation or a title must stay word for word
        word = chance.choice(sorted(words))
        yield "synonym", plain.replace(word, chance.choice(same[word]))


def _forged(text: str, hit: Hit, chance: random.Random) -> Iterator[tuple[str, str]]:
    makers: tuple[tuple[str, Callable[[str, Hit, random.Random], str]], ...] = (
        ("number", _number),
        ("number of another thing", _neighbour),
        ("unit", _unit),
        ("year", _year),
        ("place", _place),
        ("person", _person),
        ("opposite", _opposite),
        ("invented clause", _invented),
    )
    for kind, make in makers:
        if (said := make(text, hit, chance)) and said != text:
            yield kind, said


def _number(text: str, hit: Hit, chance: random.Random) -> str:
    found = [q for q in quantities(text) if re.search(r"\d", q.text)]
    if not found:
        return ""
    chosen = chance.choice(found)
    digits = [i for i in range(chosen.start, chosen.end) if text[i].isdigit()]
    at = chance.choice(digits)
    other = chance.choice([d for d in "123456789" if d != text[at]])
    said = text[:at] + other + text[at + 1 :]
    changed = {(q.value, q.unit) for q in quantities(said)}
    held = {(q.value, q.unit) for q in quantities(hit.passage.text)}
    return said if changed - held else ""


def _neighbour(text: str, hit: Hit, chance: random.Random) -> str:
    """Two numbers of one unit change places."""
    found = quantities(text)
    pairs = [(a, b) for a in found for b in found if a.start < b.start and a.unit == b.unit and a.text != b.text]
    if not pairs:
        return ""
    a, b = chance.choice(pairs)
    return text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]


def _unit(text: str, hit: Hit, chance: random.Random) -> str:
    found = [q for q in quantities(text) if q.unit and q.text.endswith(q.unit) and q.text[0] != "一"]
    if not found:
        return ""
    chosen = chance.choice(found)
    other = chance.choice([u for u in ("个", "人", "万元", "亿元", "公里", "户", "次", "%") if u != chosen.unit])
    said = text[: chosen.end - len(chosen.unit)] + other + text[chosen.end :]
    held = {(q.value, q.unit) for q in quantities(hit.passage.text)}
    return said if {(q.value, q.unit) for q in quantities(said)} - held else ""


def _year(text: str, hit: Hit, chance: random.Random) -> str:
    named = [year for year in years(text) if str(year) in text]
    return text.replace(str(named[0]), str(named[0] - chance.randint(4, 9))) if named else ""


def _place(text: str, hit: Hit, chance: random.Random) -> str:
    found = [(start, end) for start, end, _ in gazetteer().find(text)]
    if not found:
        return ""
    start, end = chance.choice(found)
    return text[:start] + chance.choice(["贵州省", "烟台市", "宝鸡市", "西藏自治区"]) + text[end:]


def _person(text: str, hit: Hit, chance: random.Random) -> str:
    found = person_spans(text)
    if not found:
        return ""
    start, end = chance.choice(found)
    return text[:start] + chance.choice(["刘志远", "孙桂芳", "赵文博"]) + text[end:]


def _opposite(text: str, hit: Hit, chance: random.Random) -> str:
    pairs = [(one, other) for one, others in turns() if one in text for other in sorted(others)]
    pairs = [(one, other) for one, other in pairs if other not in hit.passage.text and one not in other]
    if not pairs:
        return ""
    one, other = chance.choice(pairs)
    return text.replace(one, other)


def _invented(text: str, hit: Hit, chance: random.Random) -> str:
    said = chance.choice(["受益群众达{}万人", "累计投入资金{}亿元", "同比增长{}%", "建成示范点{}个"])
    number = chance.randint(11, 97)
    if str(number) in hit.passage.text:
        return ""
    return text.rstrip("。！？；") + "，" + said.format(number) + "。"
