"""Old Office files: through LibreOffice where there is one, refused with the way out where there is none."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from qa.errors import Unreadable
from qa.reading.formats import office
from qa.reading.formats.opening import read
from tests.unit.reading.formats.office_files import docx, paragraph

RTF = rb"{\rtf1\ansi\ansicpg936 \u20840?\u21439?\u36865?\u20070?\u22235?\u19975?\u20876?\u12290?\par}"
needs_libreoffice = pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not on this machine")


def refusal(data: bytes, name: str) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        read(data, name)
    return raised.value


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A command in LibreOffice's place that runs the given lines of Python."""

    def make(code: str) -> None:
        command = tmp_path / "soffice"
        command.write_text(f"#!{sys.executable}\nimport os, pathlib, sys, time\n{code}\n", "utf-8")
        command.chmod(0o755)
        monkeypatch.setattr(office, "soffice", lambda: str(command))

    return make


def test_without_libreoffice_the_way_out_is_named(monkeypatch):
    monkeypatch.setattr(office, "soffice", lambda: None)
    refused = refusal(RTF, "总结.rtf")
    assert refused.code == "unsupported_format" and "LibreOffice" in refused.hint and ".docx" in refused.hint


def test_a_new_file_under_an_old_name_is_a_mismatch():
    refused = refusal(docx(paragraph("送书四万册。")), "总结.doc")
    assert refused.code == "type_mismatch" and ".docx" in refused.hint


def test_a_web_page_under_an_old_name_is_a_mismatch():
    assert refusal("<html>送书四万册。</html>".encode(), "总结.doc").code == "type_mismatch"


def test_what_the_program_made_is_read(stand_in, tmp_path):
    (tmp_path / "made.docx").write_bytes(docx(paragraph("送书四万册。")))
    stand_in(
        f"out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1]); out.mkdir()\n"
        f"(out / 'given.docx').write_bytes(pathlib.Path({str(tmp_path / 'made.docx')!r}).read_bytes())"
    )
    source = read(RTF, "总结.rtf")
    assert (source.text, source.size) == ("送书四万册。", len(RTF))


def test_a_program_that_makes_nothing_is_a_refusal(stand_in):
    stand_in("sys.exit(1)")
    assert refusal(RTF, "总结.rtf").code == "unreadable_file"


def test_a_program_that_hangs_is_ended(stand_in, monkeypatch):
    monkeypatch.setattr(office, "SECONDS", 0.5)
    stand_in("time.sleep(600)")
    began = time.monotonic()
    assert refusal(RTF, "总结.rtf").message.startswith("LibreOffice") and time.monotonic() - began < 60


def test_the_program_is_told_no_secrets_and_leaves_nothing_behind(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_SECRET", "不可外传")
    stand_in(f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(os.getcwd() + ' ' + ' '.join(os.environ))")
    refusal(RTF, "总结.rtf")
    folder, *names = (tmp_path / "seen").read_text().split()
    assert "QA_SECRET" not in names and not Path(folder).exists()


@needs_libreoffice
def test_an_rtf_file_is_read_through_libreoffice():
    assert read(RTF, "总结.rtf").text.strip() == "全县送书四万册。"
