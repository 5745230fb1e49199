"""Zip files made to harm: each is refused in words, none is unpacked beyond its limits."""

from __future__ import annotations

import struct
import time
import zipfile

import pytest

from qa.errors import Unreadable
from qa.reading.formats.archive import OLE, Archive, open_archive, parse_xml, resolve
from qa.reading.formats.opening import read
from tests.unit.reading.formats.office_files import docx, paragraph, zipped

DOCUMENT = docx(paragraph("全县办起食堂63家。"))
CENTRAL = b"PK\x01\x02"


def refusal(data: bytes, name: str = "a.docx") -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        read(data, name)
    return raised.value


def test_a_member_that_unpacks_a_hundredfold_is_refused():
    assert refusal(zipped({"word/document.xml": b"0" * 5_000_000})).code == "archive_too_large"


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = bytearray(zipped({"word/document.xml": b"0" * 5_000_000}))
    at = bomb.rindex(CENTRAL)
    struct.pack_into("<I", bomb, at + 24, 600 << 20)
    began = time.process_time()
    assert refusal(bytes(bomb)).code == "archive_too_large" and time.process_time() - began < 5


def test_a_member_larger_than_it_says_is_refused():
    lying = bytearray(zipped({"word/document.xml": b"<a>" + b"0123456789" * 200_000 + b"</a>"}))
    struct.pack_into("<I", lying, lying.rindex(CENTRAL) + 24, 1_000)
    assert refusal(bytes(lying)).code == "unreadable_file"


def test_members_that_share_bytes_are_refused():
    twice = zipped({"a.xml": b"a" * 100, "b.xml": b"b" * 100}, zipfile.ZIP_STORED)
    at = twice.rindex(CENTRAL)
    shared = bytearray(twice)
    struct.pack_into("<I", shared, at + 42, 0)  # the second member begins where the first does
    with pytest.raises(Unreadable):
        Archive(bytes(shared))


def test_an_encrypted_member_is_called_encrypted():
    locked = bytearray(DOCUMENT)
    at = locked.index(CENTRAL)
    struct.pack_into("<H", locked, at + 8, 1)
    assert refusal(bytes(locked)).code == "encrypted_file"


def test_too_many_members_are_refused():
    assert refusal(zipped({f"{n}.xml": b"" for n in range(2_001)})).code == "archive_too_large"


def test_a_name_that_climbs_out_is_only_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Archive(zipped({"../../escaped.xml": b"<a/>", "/abs.xml": b"<a/>"})).verify()
    assert list(tmp_path.iterdir()) == [] and not (tmp_path.parent / "escaped.xml").exists()


def test_references_between_parts_are_names_inside_the_archive():
    assert (resolve("word", "header1.xml"), resolve("word", "/word/x.xml"), resolve("ppt/slides", "../n.xml")) == (
        "word/header1.xml", "word/x.xml", "ppt/n.xml",
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    )
    with pytest.raises(Unreadable):
        parse_xml(text.encode(encoding))


def test_entities_that_grow_are_refused():
    text = '<!DOCTYPE a [<!ENTITY a "1234567890">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{"&" + chr(97 + n) + ";"}{"&" + chr(97 + n) + ";"}">' for n in range(20)
    )
    with pytest.raises(Unreadable):
        parse_xml(f"{text}]><a b='&u;'>&u;</a>".encode())


def test_a_namesake_of_another_format_is_named():
    refused = refusal(zipped({"xl/workbook.xml": b"<workbook/>"}))
    assert refused.code == "type_mismatch" and ".xlsx" in refused.hint


def test_an_old_file_under_a_new_name_is_named():
    assert refusal(OLE + b"\x00" * 600).code == "type_mismatch"


def test_a_file_with_a_password_is_called_encrypted():
    assert (
        refusal(OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600).code == "encrypted_file"
    )


def test_text_under_an_office_name_is_a_mismatch():
    assert refusal("全县办起食堂63家。".encode()).code == "type_mismatch"


def test_backslashes_and_capitals_in_names_do_no_harm():
    archive = open_archive(zipped({"Word\\Document.XML": b"<a/>"}), ".docx")
    assert archive.read("word/document.xml") == b"<a/>"


@pytest.mark.parametrize("percent", range(0, 100, 3))
def test_a_file_cut_short_is_refused_in_words(percent):
    refused = refusal(DOCUMENT[: len(DOCUMENT) * percent // 100])
    assert refused.code in ("unreadable_file", "type_mismatch", "empty_file") and refused.hint


@pytest.mark.parametrize("at", range(0, len(DOCUMENT), 37))
def test_a_file_with_one_wrong_byte_is_read_or_refused(at):
    spoilt = bytearray(DOCUMENT)
    spoilt[at] ^= 0xFF
    try:
        assert "食堂" in read(bytes(spoilt), "a.docx").text
    except Unreadable as refused:
        assert refused.message
