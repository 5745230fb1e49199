"""Bytes to source text: which formats are read, in which encodings. The only opener of sources.

Plain text and Markdown now; line ends stay as they are, so that offsets hold against the file.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from pathlib import Path

from qa.config import MAX_FILE_BYTES, MAX_TEXT_CHARS
from qa.errors import Unreadable
from qa.types import Source

SUFFIXES = (".txt", ".md", ".markdown", ".text")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# GB18030 after UTF-8: it accepts almost any bytes, so it would hide a wrong guess.
_ENCODINGS = ("utf-8", "gb18030")
# Formats that are told apart by their first bytes, whatever the file's name says.
_MAGIC = ((b"%PDF", "PDF"), (b"PK\x03\x04", "Word、Excel 或压缩包"), (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel"), (b"\x89PNG", "图片"),
          (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"), (b"\x1f\x8b", "压缩包"), (b"Rar!", "压缩包"), (b"7z\xbc\xaf", "压缩包"),
          (b"\x7fELF", "程序"), (b"MZ\x90", "程序"), (b"SQLite format 3", "数据库"))  # fmt: skip
_SAVE_AS_TEXT = "请另存为 .txt 或 .md（UTF-8 编码）后再加入。"
_COMMON = re.compile(r"[\u4e00-\u9fffA-Za-z0-9\s，。、；：？！“”‘’（）《》—…·,.;:?!\"'()%\-\u3000]")


def is_supported(path: Path) -> bool:
    """Is this a kind of file that we read?"""
    return path.suffix.lower() in SUFFIXES


def read(data: bytes, name: str) -> Source:
    """A source from a file's bytes. Raises Unreadable with the reason and what to do."""
    if Path(name).suffix.lower() not in SUFFIXES:
        raise Unreadable(f"还不能读这种格式：{Path(name).suffix or '没有扩展名'}", _SAVE_AS_TEXT, code="unsupported_format")
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(f"文件有 {len(data) >> 20} MB，超过 {MAX_FILE_BYTES >> 20} MB 的上限", "请拆成几个文件。", code="file_too_large")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(f"文件内容是{kind}，不是文本", _SAVE_AS_TEXT, code="binary_file")
    encoding, text = _decode(data)
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        raise Unreadable("文件里没有文字", "请确认选对了文件。", code="empty_file")
    if len(text) > MAX_TEXT_CHARS:
        raise Unreadable(f"文字有 {len(text)} 字，超过 {MAX_TEXT_CHARS} 字的上限", "请拆成几个文件。", code="file_too_large")
    return Source(hashlib.sha256(data).hexdigest(), name, len(data), encoding, _unsure(text, encoding), text)


def _decode(data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, _strict(data, encoding)
    if b"\x00" in data:
        raise Unreadable("文件内容不是文本", _SAVE_AS_TEXT, code="binary_file")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_binary(text):
            break
        return encoding, text
    if any(byte < 9 or 13 < byte < 27 for byte in data[:4096]):
        raise Unreadable("文件内容不是文本", _SAVE_AS_TEXT, code="binary_file")
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
