"""Chooses the reader for a file by its first bytes and its name, and holds every source to the same limits."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from qa.config import MAX_FILE_BYTES, MAX_TEXT_CHARS
from qa.errors import Unreadable
from qa.reading.encodings import SAVE_AS_TEXT
from qa.reading.formats import plain
from qa.reading.formats.archive import kind_of, misnamed
from qa.types import Source

Reader = Callable[[bytes, str, str], Source]


def _lazily(module: str, function: str = "read") -> Reader:
    """The reader in a file of this folder, loaded with its libraries when it is first used."""
    return lambda data, name, source_id: getattr(import_module(f"{__package__}.{module}"), function)(
        data, name, source_id
    )


# Readers of containers: each checks its own first bytes and says what the file really is.
_CONTAINERS: dict[str, Reader] = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), _lazily("docx")),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".ppsm"), _lazily("pptx")),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm", ".xls"), _lazily("sheets", "read_excel")),
    **dict.fromkeys((".odt", ".ott"), _lazily("odt")),
    ".ods": _lazily("odt", "read_sheets"),
    ".epub": _lazily("epub"),
    ".pdf": _lazily("pdf"),
    **dict.fromkeys((".doc", ".dot", ".wps", ".wpt", ".rtf", ".ppt", ".dps"), _lazily("office")),
}


# Each takes (bytes, name, source id).
READERS: dict[str, Reader] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": plain.read,
    ".markdown": plain.read,
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), _lazily("html")),
    **dict.fromkeys((".mht", ".mhtml"), _lazily("mhtml")),
    **dict.fromkeys((".csv", ".tsv"), _lazily("sheets", "read_delimited")),
    **dict.fromkeys((".jsonl", ".ndjson"), _lazily("jsonl")),
    **_CONTAINERS,
}
# Formats that are told apart by their first bytes, whatever the file's name says.
_MAGIC = (
    (b"%PDF", "PDF"), (b"PK\x03\x04", "Word、Excel 或压缩包"), (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel"),
    (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"), (b"\x1f\x8b", "压缩包"), (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"), (b"\x7fELF", "程序"), (b"MZ\x90", "程序"), (b"SQLite format 3", "数据库"),
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
    if not data:
        raise Unreadable("文件里没有文字", "请确认选对了文件。", code="empty_file")
    for magic, kind in _MAGIC:
        if data.startswith(magic) and suffix not in _CONTAINERS:
            if real := kind_of(data):
                raise misnamed(real, suffix)
            raise Unreadable(f"文件内容是{kind}，不是文本", SAVE_AS_TEXT, code="binary_file")
    source = READERS[suffix](data, name, hashlib.sha256(data).hexdigest())
    if not any(unicodedata.category(c)[0] in "LN" for c in source.text):
        raise Unreadable("文件里没有文字", "请确认选对了文件。", code="empty_file")
    if len(source.text) > MAX_TEXT_CHARS:
        raise Unreadable(
            f"文字有 {len(source.text)} 字，超过 {MAX_TEXT_CHARS} 字的上限", "请拆成几个文件。", code="file_too_large"
        )
    return source
