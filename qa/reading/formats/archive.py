"""Opens what comes as a zip (docx, xlsx, pptx, odt, epub) without trusting it: members are counted bytes, never files.

What a member says of its size is checked against what it unpacks to; no name becomes a path; XML comes without DTD.
Knows nothing of what the parts mean.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from qa.errors import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_UNPACKED = 500 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024  # below this a high ratio is a short, repetitive text and harms nobody
MAX_XML = 100 * 1024 * 1024  # a parsed tree takes several times its bytes
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STEP = 1024 * 1024
_LOCAL_HEADER = 30
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED_OLE = ("EncryptedPackage".encode("utf-16-le"), "DRMEncryptedDataSpace".encode("utf-16-le"))
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
# Strict Office files name the same elements in other namespaces.
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{strict}".encode(), f"http://schemas.openxmlformats.org/{usual}".encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("spreadsheetml/main", "spreadsheetml/2006/main"),
        ("presentationml/main", "presentationml/2006/main"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/diagram", "drawingml/2006/diagram"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
    )
)
# What a zip is, by a member that only this format has; and the suffix it should carry.
_KINDS = (
    ("word/document.xml", ".docx"), ("word/document2.xml", ".docx"), ("xl/workbook.xml", ".xlsx"),
    ("xl/workbook.bin", ".xlsb"), ("ppt/presentation.xml", ".pptx"),
)  # fmt: skip
_MIMETYPES = (
    (b"application/epub+zip", ".epub"), (b"application/vnd.oasis.opendocument.text", ".odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", ".ods"),
    (b"application/vnd.oasis.opendocument.presentation", ".odp"),
)  # fmt: skip
_CALLED = {
    ".docx": "Word 文档", ".xlsx": "Excel 表格", ".xlsb": "Excel 表格", ".pptx": "PowerPoint 演示文稿",
    ".epub": "电子书", ".odt": "OpenDocument 文档", ".ods": "OpenDocument 表格", ".odp": "OpenDocument 演示文稿",
}  # fmt: skip


def open_archive(data: bytes, kind: str) -> Archive:
    """The members of a file that should be of `kind` (".docx"). Raises Unreadable when it is anything else."""
    if data.startswith(OLE):
        raise _old_or_encrypted(data, kind)
    if not data.startswith(b"PK"):
        raise Unreadable(
            f"文件内容与扩展名 {kind} 不符",
            f"请用原来的软件打开，另存为 {kind} 后再加入。",
            code="type_mismatch",
        )
    archive = Archive(data)
    if archive.kind not in ("", kind):
        raise misnamed(archive.kind, kind)
    return archive


def kind_of(data: bytes) -> str:
    """The suffix that a zip's contents call for, "" when it is none of ours or cannot be opened."""
    try:
        return Archive(data).kind
    except Unreadable:
        return ""


def misnamed(kind: str, suffix: str) -> Unreadable:
    """The refusal of a file of one kind (".docx") under another's name."""
    return Unreadable(
        f"文件内容是{_CALLED[kind]}，与扩展名 {suffix} 不符", f"请把扩展名改为 {kind} 后再加入。", code="type_mismatch"
    )


def refuse_encrypted(data: bytes) -> None:
    """Raises Unreadable when an OLE container holds an encrypted Office file."""
    if data.startswith(OLE) and any(name in data for name in _ENCRYPTED_OLE):
        raise _encrypted()


def _encrypted() -> Unreadable:
    return Unreadable("文件加了密码", "请用原来的软件打开，去掉密码另存后再加入。", code="encrypted_file")


def _old_or_encrypted(data: bytes, kind: str) -> Unreadable:
    if any(name in data for name in _ENCRYPTED_OLE):
        return _encrypted()
    return Unreadable(
        f"文件内容是旧版 Office 格式，与扩展名 {kind} 不符",
        f"请用 Word 或 WPS 打开，另存为 {kind} 后再加入。",
        code="type_mismatch",
    )


def _too_large(what: str) -> Unreadable:
    return Unreadable(f"压缩包{what}", "请确认文件没有问题，或拆成几个文件。", code="archive_too_large")


def _broken(cause: Exception | None = None) -> Unreadable:
    error = Unreadable("文件损坏或不完整", "请重新下载，或用原来的软件打开后另存一份。")
    error.__cause__ = cause
    return error


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from one part to another: `kind` is the last word of its type ("footer"), `part` a member's name."""

    kind: str
    part: str


class Archive:
    """The members of a zip, by name. Raises Unreadable for what is broken, encrypted, too large or made to deceive."""

    def __init__(self, data: bytes) -> None:
        if data.count(_CENTRAL_ENTRY) > 2 * MAX_MEMBERS:  # before zipfile makes an object of each
            raise _too_large(f"里的文件超过 {MAX_MEMBERS} 个")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as listing:
                members = [info for info in listing.infolist() if not info.is_dir()]
                self._end = listing.start_dir
        except (
            Exception
        ) as cause:  # zipfile raises what it meets: BadZipFile, struct.error, ValueError, NotImplementedError
            raise _broken(cause) from cause
        self._data = data
        self._members = {_part_name(info.orig_filename): info for info in members}
        self._folded = {name.lower(): name for name in self._members}
        self._unpacked = 0
        self._check(members)

    def _check(self, members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MAX_MEMBERS:
            raise _too_large(f"里的文件超过 {MAX_MEMBERS} 个")
        if any(info.flag_bits & 0x1 for info in members):
            raise _encrypted()
        unpacked = sum(info.file_size for info in members)
        if unpacked > MAX_UNPACKED:
            raise _too_large(f"解开后超过 {MAX_UNPACKED >> 20} MB")
        if unpacked > RATIO_FROM and unpacked > MAX_RATIO * len(self._data):
            raise _too_large(f"解开后是原来的 {MAX_RATIO} 倍以上")
        ends = 0
        for info in sorted(members, key=lambda info: info.header_offset):
            if info.header_offset < ends:
                raise _broken()  # two members share bytes, as in a bomb
            ends = info.header_offset + _LOCAL_HEADER + info.compress_size
        if ends > self._end:
            raise _broken()

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names as their writer spelled them, slashes forward."""
        return tuple(self._members)

    @cached_property
    def kind(self) -> str:
        """The suffix that the contents call for, "" when they are none of ours."""
        for part, kind in _KINDS:
            if part in self._folded:
                return kind
        if "mimetype" in self._folded:
            told = self.read("mimetype")[:200].strip()
            # the longer of two names first: a template is named like its document with a tail
            return next((kind for mimetype, kind in _MIMETYPES if told.startswith(mimetype)), "")
        return ""

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._folded

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises Unreadable when it is missing, broken, or larger than it says."""
        return b"".join(self._stream(name))

    def verify(self) -> None:
        """Unpack every member once and keep none: for readers that open the bytes by themselves. Raises Unreadable."""
        for name in self._members:
            for _ in self._stream(name):
                pass

    def _stream(self, name: str) -> Iterator[bytes]:
        spelled = self._folded.get(name.lower())
        if spelled is None:
            raise Unreadable(f"文件里缺少 {name}", "文件可能不完整，请用原来的软件打开后另存一份。")
        info, seen, crc = self._members[spelled], 0, 0
        for piece in _unpack(self._raw(info), info.compress_type):
            seen, self._unpacked = seen + len(piece), self._unpacked + len(piece)
            if self._unpacked > 3 * MAX_UNPACKED:  # each part is read a few times at most
                raise _too_large(f"解开后超过 {MAX_UNPACKED >> 20} MB")
            if seen > info.file_size:
                raise _broken()
            crc = zlib.crc32(piece, crc)
            yield piece
        if seen != info.file_size or crc != info.CRC:
            raise _broken()

    def _raw(self, info: zipfile.ZipInfo) -> memoryview:
        header = self._data[info.header_offset : info.header_offset + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise _broken()
        skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        start = info.header_offset + _LOCAL_HEADER + skip
        return memoryview(self._data)[start : start + info.compress_size]

    def xml(self, name: str) -> _Element | None:
        """The root of an XML part, None when the archive has no such part. Raises Unreadable."""
        if name not in self:
            return None
        if self._members[self._folded[name.lower()]].file_size > MAX_XML:
            raise _too_large(f"里的 {posixpath.basename(name)} 超过 {MAX_XML >> 20} MB")
        return parse_xml(self.read(name))

    def relations(self, part: str) -> dict[str, Relation]:
        """What an Office part ("" for the whole file) refers to inside this archive, by relation id."""
        folder, file = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        if root is None:
            return {}
        return {
            relation.get("Id", ""): Relation(
                posixpath.basename(relation.get("Type", "")), resolve(folder, relation.get("Target", ""))
            )
            for relation in root
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External"
        }


def resolve(folder: str, target: str) -> str:
    """The member's name that a reference in `folder` means; only a key to look up, never a path."""
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(joined)


def _part_name(written: str) -> str:
    return written.replace("\\", "/").lstrip("/")


def _unpack(raw: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for at in range(0, len(raw), _STEP):
            yield bytes(raw[at : at + _STEP])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise _broken()
    unpacker, rest = zlib.decompressobj(-zlib.MAX_WBITS), bytes(raw)
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(rest, _STEP)
            rest = unpacker.unconsumed_tail
            if not piece and not rest:
                break
            yield piece
    except zlib.error as cause:
        raise _broken(cause) from cause


def parse_xml(data: bytes) -> _Element:
    """The root of an XML text without DTD or entities; nothing is fetched. Raises Unreadable."""
    from lxml import etree

    if any(doctype in data for doctype in _DOCTYPES):
        raise Unreadable("文件里有不安全的 XML 声明（DTD）", "请用原来的软件打开后另存一份。")
    if b"purl.oclc.org/ooxml/" in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        raise _broken(cause) from cause
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding that the search above cannot read
        raise Unreadable("文件里有不安全的 XML 声明（DTD）", "请用原来的软件打开后另存一份。")
    return root
