"""Readings in brackets after a character: pinyin with tone marks or numbers, zhuyin. Units and the like are none."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = r"[A-Za-zÀ-ɏḀ-ỿ\u0300-\u036f]{1,8}[0-5]?"
# What may be one; `is_reading` and `leans_on_readings` decide.
CANDIDATE = (
    rf"(?<=[㐀-䶿一-鿿])[(（\[［【]\s*(?:{_LETTERS}(?:[\s'’·-]?{_LETTERS}){{0,5}}"
    r"|[ㄅ-ㄯㆠ-ㆿ]{1,3}[ˊˇˋ˙]?)\s*[)）\]］】]"
)
_CANDIDATE = re.compile(CANDIDATE)
_TONES = "\u0304\u0301\u030c\u0300"  # macron, acute, caron, grave
_SYLLABLE = re.compile(
    r"(?![bpf]e(?![in])|[jqx](?![iuv])|[gkh][iv]|[dtnlgkhjqxrzcs]h?o(?![nu]))(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|iao|ian|ing|ang|eng|ong|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|ve|a|o|e|i|u|v|ê)"
)
MIN_PLAIN = 12  # different readings without a tone mark; LAN, WAN and AI are not enough


def is_reading(bracket: str) -> bool:
    """Is a bracket after a character surely a reading: zhuyin, or pinyin whose every syllable has a tone mark?"""
    inner = _inner(bracket)
    if inner and "ㄅ" <= inner[0] <= "ㆿ":
        return True
    bare, tones = _without_tones(inner)
    if tones == 0 or any(c.isdigit() for c in inner):
        return False
    return _syllables(bare) == tones


def is_plain_reading(bracket: str) -> bool:
    """Could it be one syllable of pinyin with a tone number or none: chan3, chan?"""
    inner = _inner(bracket)
    bare, tones = _without_tones(inner.rstrip("012345"))
    return tones == 0 and not bracket[1:-1].isupper() and len(bare) > 1 and bare.isalpha() and _syllables(bare) == 1


def leans_on_readings(text: str) -> bool:
    """Does a text write plain readings after its characters throughout?"""
    found = {m.group() for m in _CANDIDATE.finditer(text)}
    return sum(is_plain_reading(bracket) for bracket in found) >= MIN_PLAIN


def _inner(bracket: str) -> str:
    return bracket[1:-1].strip().lower()


def _without_tones(syllables: str) -> tuple[str, int]:
    """The letters alone, ü as v, and how many tone marks they bore."""
    spread = unicodedata.normalize("NFD", syllables).replace("u\u0308", "v")
    tones = sum(c in _TONES for c in spread)
    return "".join(c for c in spread if c not in _TONES), tones


def _syllables(letters: str) -> int:
    """How many syllables letters fall into; 0 when they do not."""
    count = 0
    for word in re.split(r"[\s'’·-]+", letters):
        at = 0
        while at < len(word):
            ends = _ends(word, at)
            if not ends:
                return 0
            at, count = ends, count + 1
    return count


def _ends(word: str, at: int) -> int:
    """Where the syllable at a place ends, 0 when none; a last n or g goes to the next one that needs it (lian|gang)."""
    match = _SYLLABLE.match(word, at)
    if match is None:
        return 0
    end = match.end()
    while end < len(word) and not _SYLLABLE.match(word, end) and end - at > 1 and word[end - 1] in "ngr":
        end -= 1
    return end
