"""Turns make a question stand alone: what "那浙江呢？" and "其中国家级的呢？" leave out is taken from the turns before.

Rules over places and ellipsis, no language model. The newest turn that says what is spoken of is carried on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import repeat

from qa.indexing.tokens import Tokens, question_words
from qa.places import gazetteer, short_name, unknown_places
from qa.retrieval.commands import Command, both, command_of
from qa.retrieval.naming import spelled_out
from qa.text import simplify
from qa.types import Filters, Turn

CARRIED_TURNS = 3
_ELLIPSIS = re.compile(r"呢\s*[？?]?$|^那(?!个|些|里)|^其中|^里面|^这(?:个|些|里|其中)|^它|^他|^她|^还有|^再")
_BACKWARD = re.compile(r"他|她|它|这(?:个|些|位|项|里)|那(?:个|些|位|项|里|时|年)|其中|里面|该|此|上述|同一")
_BARE_PLACE = re.compile(r"^那?(?:么)?(?P<rest>.{0,16}?)呢\s*[？?]?$")
_HOW_MANY = re.compile(r"多少|几(?!乎|年来|十年|代|经)")
_POINTS = re.compile(r"^(?:它们?|他们?|她们?|这里|那里|该地|当地|本地)的?")
_AMONG = re.compile(r"其中|里面|这里面|这(?:些|个)|那(?:些|个)")
# A question with so many words of its own says what it is about.
OWN_WORDS = 3


@dataclass(frozen=True, slots=True)
class StandAlone:
    """A question that can be read alone: its own words, and what earlier turns add ("" for nothing).

    `asks_like` is the earlier question whose kind is asked again (那浙江呢？), "" when the question says itself what
    it asks.
    """

    question: str
    carried: str = ""
    asks_like: str = ""
    # A turn that only wants the answer before it otherwise: what it wants, and of which documents.
    command: Command = ""
    only: Filters = Filters()
    # What else it may mean: 党员呢？ after 人才有多少？ may ask of 党员 among 人才, or how many 党员 there are.
    otherwise: StandAlone | None = None
    # What a turn of nothing else (党员呢？) asks after, "" where it asks in words or after a place.
    thing: str = ""

    @property
    def text(self) -> str:
        """The question written out, for people to read."""
        return f"{self.carried} {self.question}" if self.carried else self.question


def stand_alone(
    question: str, history: Sequence[Turn], tokens: Tokens, known_places: Collection[str] = ()
) -> StandAlone:
    """The question with what it leaves out. Only the user's own turns are carried; `known_places` are the library's."""
    asked = [text.strip() for role, text in history if role == "user" and text.strip()]
    command, only = command_of(question, known_places)
    if command and asked:
        before = stand_alone(asked[-1], list(zip(repeat("user"), asked[:-1], strict=False)), tokens, known_places)
        return replace(before, command=before.command if command == "only" else command, only=both(before.only, only))
    asked = [text for text in asked if not command_of(text, known_places)[0]][-CARRIED_TURNS:]
    names = frozenset(known_places) | frozenset(map(short_name, known_places))
    if asked:
        asked = [spelled_out(simplify(text), tokens, known_places).text for text in asked]
        named = spelled_out(simplify(question), tokens, known_places)
        question = named.text if named.written else question
    return _stand_alone(question, asked, tokens, names)


def _stand_alone(question: str, asked: Sequence[str], tokens: Tokens, names: frozenset[str]) -> StandAlone:
    if not asked or not _leaves_out(question, tokens, names):
        return StandAlone(question)
    # The turn before may lean on the one before it in its turn.
    before = _stand_alone(asked[-1], asked[:-1], tokens, names)
    places = _places(question, names)
    if changed := _with_place_changed(question, before.text, places, names):
        return StandAlone(changed, asks_like=changed)
    bare = _BARE_PLACE.match(simplify(question).strip())
    carried = _without_places(before.text, names) if places else before.text
    asks_like = (before.asks_like or before.question) if bare else ""
    thing = _POINTS.sub("", bare["rest"]).strip("，, 的") if bare else ""
    if len(thing) < 2 or _places(thing, names):
        return StandAlone(question, carried, asks_like)
    among = _AMONG.match(simplify(question).strip())
    otherwise = None if among else _of_another_thing(thing, before, names)
    return StandAlone(question, carried, asks_like, otherwise=otherwise, thing=_AMONG.sub("", thing))


def _of_another_thing(thing: str, before: StandAlone, names: frozenset[str]) -> StandAlone:
    """党员呢？ after 云泽有多少人才？ read as 云泽有多少党员？"""
    place, like = "".join(_places(before.text, names)[:1]), before.asks_like or before.question
    if _HOW_MANY.search(like):
        return StandAlone(f"{place}有多少{thing}？")
    return StandAlone(f"{place}{'的' if place else ''}{thing}呢？", asks_like=like)


def _with_place_changed(question: str, before: str, places: list[str], names: frozenset[str]) -> str:
    """那浙江呢？ after 辽宁扶持了多少个村？ is 浙江扶持了多少个村？; "" where it is not as plain as that."""
    bare = _BARE_PLACE.match(simplify(question).strip())
    old = _places(before, names)
    if not bare or len(places) != 1 or len(old) != 1 or bare["rest"].strip("，, 的") != places[0]:
        return ""
    return simplify(before).replace(old[0], places[0])


def _leaves_out(question: str, tokens: Tokens, names: frozenset[str]) -> bool:
    """Does a question lean on what was said before it: by a word that points back, or by saying too little itself?"""
    plain = simplify(question).strip()
    if _ELLIPSIS.search(plain):
        return True
    if _places(plain, names):
        return False
    own = {word for word in tokens.cut(plain) if len(word) > 1 and word not in question_words()}
    return bool(_BACKWARD.search(plain)) or len(own) < OWN_WORDS


def _places(text: str, names: frozenset[str]) -> list[str]:
    """The places that a text names, as written: the table's, the library's, and what looks like one."""
    plain = simplify(text)
    named = [plain[start:end] for start, end, _ in gazetteer().find(plain)]
    for name in sorted((n for n in names if len(n) > 1 and n in plain), key=len, reverse=True):
        named += [] if any(name in other for other in named) else [name]
    return named + [name for name in unknown_places(plain) if not any(n in name or name in n for n in named)]


def _without_places(text: str, names: frozenset[str]) -> str:
    for place in _places(text, names):
        text = simplify(text).replace(place, "")
    return text
