"""cite, occurrences and check --saved, over a small library of their own."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from qa.__main__ import main
from tests.unit.reading.formats.office_files import docx, paragraph

TEXT = "柳溪县水利工作小结\n\n今年全县修复山塘四十六座，新增蓄水两万方。夜间巡查由乡镇轮流值守。\n"
QUOTE = "今年全县修复山塘四十六座，新增蓄水两万方。"


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """A folder whose one file the library has read."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "水利.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("QA_SEEDS", str(folder))
    monkeypatch.setenv("QA_DATA", str(tmp_path / "data"))
    assert main(["sync"]) == 0
    capfd.readouterr()
    return folder


def test_a_quotation_is_cited_wherever_it_stands(seeds, capfd):
    assert main(["cite", QUOTE]) == 0
    said = capfd.readouterr().out
    assert said.startswith("佚名. 柳溪县水利工作小结[Z]. [出版地不详：出版者不详]，[出版年不详]")
    assert "缺：责任者、出版地、出版者、出版年、页码" in said


def test_a_style_is_chosen_by_its_name(seeds, capfd):
    main(["cite", QUOTE, "--style", "footnote"])
    assert capfd.readouterr().out.startswith("〔责任者不详〕：《柳溪县水利工作小结》")


def test_words_that_stand_nowhere_cannot_be_cited(seeds, capfd):
    assert main(["cite", "火星上种出了土豆。"]) == 1
    assert "资料里没有这句话" in capfd.readouterr().err


def test_occurrences_are_listed(seeds, capfd):
    assert main(["occurrences", "修复山塘"]) == 0
    said = capfd.readouterr().out
    assert said.startswith("共 1 处") and "“修复山塘”" in said


@pytest.fixture
def saved(seeds: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """An answer that was kept as JSON."""
    main(["ask", "今年修复山塘多少座？", "--json"])
    path = tmp_path / "引文.json"
    path.write_text(capfd.readouterr().out, encoding="utf-8")
    return path


def test_saved_citations_that_hold_are_said_to(saved, capfd):
    assert main(["check", "--saved", str(saved)]) == 0
    assert "[还在原处] 《柳溪县水利工作小结》" in capfd.readouterr().out


def test_saved_citations_are_followed_through_an_update(seeds, saved, capfd):
    (seeds / "水利.txt").write_text(TEXT.replace("今年", "据统计，今年", 1), encoding="utf-8")
    main(["sync"])
    capfd.readouterr()
    assert main(["check", "--saved", str(saved), "--json"]) == 0
    (one,) = json.loads(capfd.readouterr().out)["citations"]
    assert one["standing"] == "moved" and "四十六座" in one["quote"]


def test_saved_citations_whose_words_changed_are_a_failure(seeds, saved, capfd):
    (seeds / "水利.txt").write_text(TEXT.replace("四十六", "六十四"), encoding="utf-8")
    main(["sync"])
    capfd.readouterr()
    assert main(["check", "--saved", str(saved)]) == 1
    assert "[已不在文中]" in capfd.readouterr().out


def test_a_file_without_citations_is_refused(seeds, tmp_path, capfd):
    (tmp_path / "稿.md").write_text("没有引文", encoding="utf-8")
    assert main(["check", "--saved", str(tmp_path / "稿.md")]) == 1
    assert "文件里没有引文" in capfd.readouterr().err


def test_a_word_draft_is_annotated_into_a_new_file(seeds, tmp_path, capfd):
    draft, judged = tmp_path / "稿.docx", tmp_path / "核对.docx"
    draft.write_bytes(docx(paragraph(QUOTE + "火星上种出了三百亩土豆。")))
    assert main(["check", str(draft), "--annotated", str(judged)]) == 0
    with zipfile.ZipFile(judged) as archive:
        assert "柳溪县水利工作小结" in archive.read("word/footnotes.xml").decode()
        assert "没有找到" in archive.read("word/comments.xml").decode()


def test_a_file_that_is_there_is_not_written_over(seeds, tmp_path, capfd):
    draft = tmp_path / "稿.docx"
    draft.write_bytes(docx(paragraph(QUOTE)))
    assert main(["check", str(draft), "--annotated", str(draft)]) == 1
    assert "已经有了" in capfd.readouterr().err


def test_a_draft_that_cannot_be_changed_is_refused(seeds, tmp_path, capfd):
    (tmp_path / "稿.docx").write_bytes(b"no word file")
    assert main(["check", str(tmp_path / "稿.docx"), "--annotated", str(tmp_path / "新.docx")]) == 1
    assert "type_mismatch" in capfd.readouterr().err
    assert not (tmp_path / "新.docx").exists()


def test_something_has_to_be_checked(capfd):
    with pytest.raises(SystemExit):
        main(["check"])
    assert "缺少其中之一：" in capfd.readouterr().err
