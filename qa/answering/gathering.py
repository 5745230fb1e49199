"""Which places do something, which documents write of it: one search would name the loudest few.

Of each place (哪些城市建了书屋？) or document (哪几篇写到书屋？) the passage in which most of the question stands is
read; it is told where one sentence holds nearly all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.answering.comparing import EACH, LEVELS, counted_runs, counted_words
from qa.answering.composing import Composed, quote
from qa.answering.selecting import Pick, Selector
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens, question_words
from qa.places import innermost, short_name
from qa.retrieval.questions import Asked
from qa.retrieval.ranking import is_within
from qa.text import fold, simplify
from qa.types import Document, Filters, Hit, Passage

CANDIDATES = 600
# Of so many places or documents the best passage is looked into: that costs most of the time.
GROUPS = 60
# What share of the question a sentence must hold; looked at on own questions.
ENOUGH = 0.8
TOGETHER = 0.75  # the same of its pairs of characters, which stand only where its words stand together
NAMED = 12  # places named in the lead beside those that are quoted
_SOME = re.compile(r"哪些|哪几")
_DOCUMENTS = re.compile(
    r"(?:在|从)?(?:哪(?:一|些|几)?(?:个|篇|份|本)?(?:文章|文件|材料|资料|文档|报告|综述|讲话|简报)|哪(?:一|几)?[篇份])(?:里|中|上)?(?:都)?(?:有)?"
)
_WRITE_OF = re.compile(r"(?:都)?(?:提到|写到|讲到|说到|谈到|提及|涉及|出现)(?:过|了)?")


@dataclass(frozen=True, slots=True)
class _Found:
    """A place or a document, by its name, with the sentence that says it."""

    name: str
    pick: Pick


class Gatherer:
    """Finds the places of one library of which something is said. Thread-safe."""

    def __init__(self, library: Library, tokens: Tokens, selector: Selector) -> None:
        self._library, self._tokens, self._selector = library, tokens, selector

    def gathered(self, asked: Asked, limit: int, filters: Filters = Filters()) -> Composed | None:
        """The places or documents that say what is asked, the first `limit` quoted.

        None where they are not asked for, or fewer than two places say it.
        """
        plain = simplify(asked.text)
        if which := _DOCUMENTS.search(plain):
            text = _WRITE_OF.sub("，", plain[: which.start()] + "，" + plain[which.end() :])
            found = self._documents(self._about(replace(asked, text=text)), asked.places, filters)
            return _told("写到的有{}篇：", found, limit) if found else None
        each = EACH.search(plain) if asked.kind in ("list", "where") else None
        if each is None or not _SOME.match(each.group()):
            return None
        about = self._about(replace(asked, text=_WRITE_OF.sub("，", plain)))
        found = self._places(about, asked.places, LEVELS.get(each["kind"], ""), filters)
        return _told("写到的有{}地：", found, limit) if len(found) > 1 else None

    def _about(self, asked: Asked) -> Asked:
        """The question with only what is said of the places or documents."""
        words = tuple(w for w in counted_words(asked, self._tokens) if w not in question_words())
        runs = [run for run in counted_runs(asked) if any(word in run for word in words)]
        bigrams = tuple(dict.fromkeys(bigram for run in runs for bigram in self._tokens.bigrams(run)))
        return replace(asked, kind="other", words=words, bigrams=bigrams, places=(), place_names=())

    def _places(self, asked: Asked, inside: Sequence[str], level: str, filters: Filters) -> list[_Found]:
        """The places with the sentence of each, those first that say it most plainly."""

        def place_of(document: Document) -> str:
            here = document.place and (not level or document.level == level) and _is_inside(document.place, inside)
            return document.place or "" if here else ""

        return [_Found(short_name(innermost(place)), pick) for place, pick in self._grouped(asked, place_of, filters)]

    def _documents(self, asked: Asked, places: Sequence[str], filters: Filters) -> list[_Found]:
        """The documents with the sentence of each."""

        def of_place(document: Document) -> str:
            return document.id if all(is_within(document.place, place) for place in places) else ""

        found = self._grouped(asked, of_place, filters)
        return [_Found(f"《{pick.hit.document.title}》", pick) for _, pick in found]

    def _grouped(self, asked: Asked, key: Callable[[Document], str], filters: Filters) -> list[tuple[str, Pick]]:
        """(key, its best sentence) of the documents that have a key, those first that say it most plainly."""
        if not asked.words:
            return []
        ranked = self._library.lexical(asked.words, asked.bigrams, CANDIDATES, self._library.allowed(filters))
        passages = self._library.get([passage for passage, _ in ranked])
        described = self._library.described(list(dict.fromkeys(p.document_id for p in passages.values())))
        best: dict[str, Passage] = {}
        for passage_id, _ in ranked:
            passage = passages.get(passage_id)
            if passage is None or passage.document_id not in described or len(best) == GROUPS:
                continue
            if group := key(described[passage.document_id]):
                best.setdefault(group, passage)
        whole = {one.id: one for one in self._library.present([p.document_id for p in best.values()])}
        hits = [Hit(p, whole[p.document_id], 1.0, {}) for p in best.values() if p.document_id in whole]
        looked = self._selector.look(asked, hits, 2 * len(hits), ENOUGH)
        picks: dict[str, Pick] = {}
        for pick in sorted(looked.picks, key=lambda pick: -pick.coverage):
            if _stand_together(asked.bigrams, pick.whole):
                picks.setdefault(key(pick.hit.document), pick)
        return list(picks.items())


def _stand_together(bigrams: Sequence[str], sentence: str) -> bool:
    """Do the question's words stand together in a sentence, as they do in the question?"""
    said = fold(sentence)
    return sum(bigram in said for bigram in bigrams) >= TOGETHER * len(bigrams)


def _is_inside(path: str, places: Sequence[str]) -> bool:
    """Is a place inside those that are asked about, and none of them itself? True where none is."""
    return all(is_within(path, place) and not path.endswith(place) for place in places)


def _told(lead: str, found: Sequence[_Found], limit: int) -> Composed:
    shown, others = found[:limit], found[limit:]
    lead = lead.format(len(found)) + "、".join(one.name for one in shown)
    if others:
        lead += f"〔另有{'、'.join(one.name for one in others[:NAMED])}{'等' if len(others) > NAMED else ''}〕"
    return Composed(f"{lead}。", tuple(quote(one.pick, one.pick.start, one.pick.end) for one in shown))
