"""Chooses the reader for a file by its first bytes and its name, and holds every source to the same limits."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from pathlib import PurePath

from qa.config import MAX_FILE_BYTES, MAX_TEXT_CHARS
from qa.errors import Unreadable
from qa.reading.encodings import SAVE_AS_TEXT
from qa.reading.formats import plain
from qa.types import Source

# Each takes (bytes, name, source id).
READERS: dict[str, Callable[[bytes, str, str], Source]] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": plain.read,
    ".markdown": plain.read,
}
# Formats that are told apart by their first bytes, whatever the file's name says.
_MAGIC = (
    (b"%PDF", "PDF"), (b"PK\x03\x04", "Word、Excel 或压缩包"), (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel"), (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"), (b"\x1f\x8b", "压缩包"), (b"Rar!", "压缩包"), (b"7z\xbc\xaf", "压缩包"),
    (b"\x7fELF", "程序"), (b"MZ\x90", "程序"), (b"SQLite format 3", "数据库"),
)  # fmt: skip


def read(data: bytes, name: str) -> Source:
    """A source from a file's bytes. Raises Unreadable with the reason and what to do."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in READERS:
        raise Unreadable(f"还不能读这种格式：{suffix or '没有扩展名'}", SAVE_AS_TEXT, code="unsupported_format")
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(
            f"文件有 {len(data) >> 20} MB，超过 {MAX_FILE_BYTES >> 20} MB 的上限",
            "请拆成几个文件。",
            code="file_too_large",
        )
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(f"文件内容是{kind}，不是文本", SAVE_AS_TEXT, code="binary_file")
    source = READERS[suffix](data, name, hashlib.sha256(data).hexdigest())
    if not any(unicodedata.category(c)[0] in "LN" for c in source.text):
        raise Unreadable("文件里没有文字", "请确认选对了文件。", code="empty_file")
    if len(source.text) > MAX_TEXT_CHARS:
        raise Unreadable(
            f"文字有 {len(source.text)} 字，超过 {MAX_TEXT_CHARS} 字的上限", "请拆成几个文件。", code="file_too_large"
        )
    return source
