"""Words and bigrams for matching; the only importer of jieba's dictionary engine (rjieba: the same algorithm and
dictionary).

Texts are folded first, so that script, width and case do not matter. Latin and digit runs are settled here, because
rjieba keeps some of them whole that jieba splits.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import rjieba

from qa.indexing import number_forms
from qa.text import HAN, fold

_RUN = re.compile(rf"[{HAN}]+|[a-z]+|\d+(?:\.\d+)?%?")
_NAMES = {"ns", "nr", "nrt", "nz", "nt"}  # parts of speech: places, persons, other names
_STOP_FILE = Path(__file__).resolve().parent.parent / "data" / "question_words.txt"


class Tokens:
    """Cuts folded text into words and bigrams. Thread-safe; importing the engine costs 0.2 s for its dictionary."""

    def __init__(self) -> None:
        self._jieba = rjieba  # its dictionary is open since the import; one more would cost 0.15 s

    @property
    def fingerprint(self) -> str:
        """Names the engine, its version and our own cutting: an index made by another is rebuilt."""
        made_by = (Path(__file__), Path(number_forms.__file__))
        code = hashlib.sha256(b"".join(file.read_bytes() for file in made_by)).hexdigest()[:8]
        return f"rjieba-{version('rjieba')}-{code}"

    def words(self, text: str) -> list[str]:
        """The words of a text and the shorter words inside them (search mode), folded, without punctuation.

        After them the plain forms of its numbers and days: 35000 for 3.5万, 3月5日.
        """
        folded = fold(text)
        found: list[str] = []
        for run in _RUN.findall(folded):
            if run[0].isascii():
                found.append(run)
            else:
                found.extend(self._jieba.cut_for_search(run))
        return found + number_forms.plain_forms(folded)

    def cut(self, text: str) -> list[str]:
        """The words of a text, folded, in order, none inside another."""
        found: list[str] = []
        for run in _RUN.findall(fold(text)):
            found.extend([run] if run[0].isascii() else self._jieba.cut(run))
        return found

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The words of a Simplified text with their parts of speech (ICTCLAS letters), punctuation and all."""
        return list(self._jieba.tag(text)) if text else []

    def may_be_name(self, word: str) -> bool:
        """Is a Simplified word none of the dictionary's, or a name there?"""
        return not self._jieba.has_word(word) or self._jieba.tag(word)[0][1] in _NAMES

    def names_place(self, word: str) -> bool:
        """Has the dictionary a Simplified word as a place's name? 德国, 华北."""
        return _names_place(word)

    def has_word(self, word: str) -> bool:
        """Does the dictionary have a Simplified word?"""
        return bool(self._jieba.has_word(word))

    def boundaries(self, text: str) -> frozenset[int]:
        """Where words begin and end in a text, as offsets into it; the text must already be folded or Simplified."""
        edges, at = {0}, 0
        for word in self._jieba.cut(text):
            at += len(word)
            edges.add(at)
        return frozenset(edges)

    def bigrams(self, text: str) -> list[str]:
        """Each two neighbouring characters of Han runs (a lone character as it is); Latin and digit runs whole."""
        found: list[str] = []
        for run in _RUN.findall(fold(text)):
            if run[0].isascii() or len(run) == 1:
                found.append(run)
            else:
                found.extend(run[i : i + 2] for i in range(len(run) - 1))
        return found


@lru_cache(maxsize=50_000)
def _names_place(word: str) -> bool:
    return len(word) > 1 and rjieba.has_word(word) and rjieba.tag(word)[0][1] == "ns"


@cache
def question_words() -> frozenset[str]:
    """Words that ask and do not tell: they are left out of a query when something else remains."""
    lines = _STOP_FILE.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
