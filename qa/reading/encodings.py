"""Bytes become characters, in whatever encoding Chinese text is kept in; a guess that may be wrong says so.

The words decide, not the label: a declared charset only settles a draw. Line ends stay as they are: offsets hold.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.errors import Unreadable
from qa.text import simplify
from qa.types import Dropped

SAVE_AS_TEXT = "请另存为 .txt 或 .md（UTF-8 编码）后再加入。"
SAVE_AS_UTF8 = "请用记事本另存为 UTF-8 编码后再加入。"
_CHARACTERS = Path(__file__).resolve().parent.parent / "data" / "common_characters.txt"
# UTF-32 first: its little-endian mark begins with that of UTF-16. GB18030 has one too.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Labels that a page may declare, and the codec that browsers take for each.
_LABELS = {
    "utf-8": "utf-8", "utf8": "utf-8", "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030",
    "gb18030": "gb18030", "x-gbk": "gb18030", "big5": "cp950", "big5-hkscs": "big5hkscs", "cp950": "cp950",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252", "us-ascii": "cp1252", "shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949",
}  # fmt: skip
_MULTIBYTE = ("gb18030", "cp950", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be")
_PUNCTUATION = re.compile(r"[，。、；：？！“”‘’（）《》〈〉「」『』【】—…·～％　①-⑳]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
# What Microsoft's Big5 and the one of Unicode's first table read differently.
_DISPUTED = re.compile("[‧﹑¯⊕⊙∕﹨]")
SAMPLE_BYTES = 120_000
SAMPLE_CHARS = 20_000
# Shares of the text. Of ordinary Chinese text read rightly the score is 0.75 to 0.95, read wrongly below 0.4.
MAX_BROKEN = 0.02
POOR_SCORE = 0.55
CLOSE_SCORES = 0.12
HOPELESS_SCORE = 0.3
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`broken` are the places where bytes made no character; each holds U+FFFD, which is none of the author's."""

    text: str
    encoding: str
    unsure: bool = False
    broken: tuple[Dropped, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Guess:
    encoding: str
    score: float
    broken: float


def decode(data: bytes, declared: str = "") -> Decoded:
    """The text of a file's bytes. `declared` is the charset that a page names. Raises Unreadable."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\x00" in data[:SAMPLE_BYTES]:
        return _decoded(data, _wide(data))
    if _is_utf8(data):
        return _decoded(data, "utf-8")
    guesses = sorted(_guesses(data, declared), key=lambda guess: -guess.score)
    best = guesses[0]
    if _hopeless(best):
        if _is_latin(data):
            return _decoded(data, "cp1252", sure=False)
        if (wide := _best_wide(data)) is not None:
            return _decoded(data, wide, sure=False)
        _refuse(data)
    rival = next((guess for guess in guesses[1:] if not _same(guess.encoding, best.encoding)), None)
    clear = best.score >= POOR_SCORE and (rival is None or best.score - rival.score >= CLOSE_SCORES)
    return _decoded(data, best.encoding, sure=clear)


def _decoded(data: bytes, encoding: str, sure: bool = True) -> Decoded:
    broken: tuple[Dropped, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        broken = tuple(Dropped(m.start(), m.end(), "mojibake") for m in re.finditer(f"{REPLACEMENT}+", text))
    text = text.removeprefix("\ufeff") if encoding == "gb18030" else text
    if sum(b.end - b.start for b in broken) > max(2, MAX_BROKEN * len(text)):
        raise Unreadable("文件的编码标记与内容不符", SAVE_AS_UTF8)
    if _looks_binary(text):
        raise Unreadable("文件内容不是文本", SAVE_AS_TEXT, code="binary_file")
    if _is_mojibake(text):
        return Decoded(text, encoding, True, broken, ("文字像是乱码，可能保存时转错了编码。",))
    doubts: tuple[str, ...] = (f"有 {len(broken)} 处字节不成文字，已略去。",) if broken else ()
    if encoding == "cp950" and _DISPUTED.search(text):
        return Decoded(text, encoding, True, broken, (*doubts, "Big5 里有几个符号各家写法不同，请核对间隔号和斜线。"))
    if not sure:
        doubts += (f"编码是猜的（{encoding}），请核对文字。",)
    return Decoded(text, encoding, not sure or bool(broken), broken, doubts)


def _is_utf8(data: bytes) -> bool:
    """Is it UTF-8, but for a cut or two? No other encoding's text passes so by chance."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data[:SAMPLE_BYTES].decode("utf-8", "replace")
        return text.count(REPLACEMENT) <= max(2, MAX_BROKEN * len(text)) and bool(
            re.search(r"[^\x00-\x7f\ufffd]", text)
        )
    return True


def _guesses(data: bytes, declared: str) -> Iterable[_Guess]:
    hint = _LABELS.get(declared.strip().lower(), "")
    for encoding in dict.fromkeys([*_MULTIBYTE, *([hint] if hint not in ("", "utf-8", "cp1252") else [])]):
        text = _sample(data, encoding)
        broken = text.count(REPLACEMENT) / max(1, len(text))
        # The label settles a draw, and no more.
        yield _Guess(encoding, _score(text) - 5 * broken + (0.02 if encoding == hint else 0), broken)


def _sample(data: bytes, encoding: str) -> str:
    """The first characters, without a last one that the sample's end may have cut."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(data[:SAMPLE_BYTES], len(data) <= SAMPLE_BYTES)


def _score(text: str) -> float:
    """How much the characters beyond ASCII look like written Chinese, 0-1; 0 where there are none."""
    written = [c for c in text if c > "\x7f" and c not in "\ufeff\u00a0"][:SAMPLE_CHARS]
    if not written:
        return 0.0
    frequent, common = _frequent(), _is_common()
    return sum(
        1.0 if c in frequent else 0.7 if _PUNCTUATION.match(c) or common(c) else 0.0 for c in simplify("".join(written))
    ) / len(written)


@cache
def _frequent() -> frozenset[str]:
    lines = _CHARACTERS.read_text("utf-8").splitlines()
    return frozenset("".join(line for line in lines if not line.startswith("#")))


@cache
def _is_common() -> Callable[[str], bool]:
    """The first level of GB 2312: the 3,755 characters that its makers held to be in common use."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset(c for raw in rows if len(c := raw.decode("gb2312", "ignore")) == 1).__contains__


def _hopeless(guess: _Guess) -> bool:
    return guess.score < HOPELESS_SCORE or guess.broken > MAX_BROKEN


def _same(encoding: str, other: str) -> bool:
    return {encoding, other} <= {"cp950", "big5hkscs"}


def _wide(data: bytes) -> str:
    """Which UTF-16 text with NUL bytes and no mark is in; utf-8 where it only holds a stray NUL. Raises Unreadable."""
    if data.count(b"\x00") <= max(2, len(data) // 1000) and _is_utf8(data):
        return "utf-8"
    if (encoding := _best_wide(data)) is None:
        raise Unreadable("文件内容不是文本", SAVE_AS_TEXT, code="binary_file")
    return encoding


def _best_wide(data: bytes) -> str | None:
    """UTF-16 in the byte order that gives Chinese or Latin words; None when neither does."""
    scores = {encoding: _wide_score(_sample(data, encoding)) for encoding in _WIDE}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] >= POOR_SCORE else None


def _wide_score(text: str) -> float:
    """The share of likely characters: ASCII as good as a common Chinese one, since a wrong byte order has none."""
    sample = text[:SAMPLE_CHARS]
    ascii_count = sum("\x20" <= c <= "\x7e" or c in "\t\r\n\f" for c in sample)
    others = len(sample) - ascii_count
    return (ascii_count + _score(sample) * others) / len(sample) if sample else 0.0


def _is_latin(data: bytes) -> bool:
    """Western text: letters nearly all ASCII, with an accent here and there."""
    sample = data[:SAMPLE_BYTES]
    high = sum(byte > 0x7F for byte in sample)
    letters = sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    return 0 < high * 6 < letters and not any(byte in b"\x81\x8d\x8f\x90\x9d" for byte in data)


def _refuse(data: bytes) -> None:
    if any(byte < 9 or 13 < byte < 27 for byte in data[:4096]):
        raise Unreadable("文件内容不是文本", SAVE_AS_TEXT, code="binary_file")
    raise Unreadable("认不出文件的编码", SAVE_AS_UTF8)


def _looks_binary(text: str) -> bool:
    sample = text[:SAMPLE_CHARS]
    odd = sum(c < " " and c not in "\t\n\r\f\x0b\x1a\x1c" for c in sample)
    return odd > max(2, len(sample) // 200)


def _is_mojibake(text: str) -> bool:
    """Text that another program read wrongly and saved again: marks of it, or mostly rare characters."""
    if text.count("锟斤拷") >= 2 or "烫烫烫" in text or "屯屯屯" in text:
        return True
    sample = text[:SAMPLE_CHARS]
    han = len(_HAN.findall(sample))
    return han >= 20 and han > 0.5 * len(_LETTER.findall(sample)) and _score(sample) < 0.45
