"""Plain text and Markdown: bytes to characters, in whatever encoding. Line ends stay as they are, so that offsets hold."""

from __future__ import annotations

import codecs
import re

from qa.errors import Unreadable
from qa.types import Source

SAVE_AS_TEXT = "请另存为 .txt 或 .md（UTF-8 编码）后再加入。"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# GB18030 after UTF-8: it accepts almost any bytes, so it would hide a wrong guess.
_ENCODINGS = ("utf-8", "gb18030")
_COMMON = re.compile(r"[\u4e00-\u9fffA-Za-z0-9\s，。、；：？！“”‘’（）《》—…·,.;:?!\"'()%\-\u3000]")


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of a text file. Raises Unreadable with the reason and what to do."""
    encoding, text = _decode(data)
    return Source(source_id, name, len(data), encoding, _unsure(text, encoding), text)


def _decode(data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, _strict(data, encoding)
    if b"\x00" in data:
        raise Unreadable("文件内容不是文本", SAVE_AS_TEXT, code="binary_file")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_binary(text):
            break
        return encoding, text
    if any(byte < 9 or 13 < byte < 27 for byte in data[:4096]):
        raise Unreadable("文件内容不是文本", SAVE_AS_TEXT, code="binary_file")
    raise Unreadable("认不出文件的编码", "请用记事本另存为 UTF-8 编码后再加入。")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("文件的编码标记与内容不符", "请用记事本另存为 UTF-8 编码后再加入。") from error


def _looks_binary(text: str) -> bool:
    sample = text[:20_000]
    odd = sum(c < " " and c not in "\t\n\r\f\x0b\x1a\x1c" for c in sample)
    return odd > max(2, len(sample) // 200)


def _unsure(text: str, encoding: str) -> bool:
    """A GB18030 reading whose characters are mostly rare ones is likely another encoding read wrongly."""
    if encoding != "gb18030":
        return False
    sample = text[:5_000]
    return sum(bool(_COMMON.match(c)) for c in sample) < 0.8 * len(sample)
