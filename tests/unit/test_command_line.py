"""The commands, over a small library of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qa.__main__ import main
from tests.unit.indexing.making import make_model

ROOT = Path(__file__).resolve().parents[2]
TEXT = "柳溪县水利工作小结\n\n今年全县修复山塘四十六座，新增蓄水两万方。夜间巡查由乡镇轮流值守。\n"


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "水利.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("QA_SEEDS", str(folder))
    monkeypatch.setenv("QA_DATA", str(tmp_path / "data"))
    return folder


@pytest.fixture
def library(seeds: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """A library that has read its folder."""
    assert main(["sync"]) == 0
    capfd.readouterr()
    return seeds


def test_sync_says_what_changed(seeds, capfd):
    assert main(["sync"]) == 0
    assert "加入  水利.txt" in capfd.readouterr().out


def test_sync_again_changes_nothing(library, capfd):
    assert main(["sync"]) == 0
    assert capfd.readouterr().out == "没有变化。\n"


def test_a_dry_run_changes_nothing(seeds, capfd):
    main(["sync", "--dry-run"])
    main(["documents"])
    assert "共 0 篇" in capfd.readouterr().out


def test_an_answer_is_followed_by_its_sources(library, capfd):
    assert main(["ask", "今年修复山塘多少座？"]) == 0
    said = capfd.readouterr().out
    assert said.index("四十六座") < said.index("出处") < said.index("[1] 《")


def test_what_is_not_in_the_documents_is_said_so(library, capfd):
    assert main(["ask", "航天发射场的火箭型号有哪些？"]) == 0
    assert "资料里没有" in capfd.readouterr().out


def test_json_is_the_apis_own_reply(library, capfd):
    main(["ask", "今年修复山塘多少座？", "--json"])
    reply = json.loads(capfd.readouterr().out)
    assert reply["status"] == "answered" and reply["citations"][0]["number"] == 1


def test_search_shows_passages(library, capfd):
    assert main(["search", "夜间巡查"]) == 0
    assert "轮流值守" in capfd.readouterr().out


def test_search_keeps_to_a_place(library, capfd):
    main(["search", "夜间巡查", "--place", "青屿市", "--json"])
    assert json.loads(capfd.readouterr().out)["results"] == []


def test_sync_reports_what_was_read(seeds, capfd):
    (seeds / "坏.pdf").write_bytes(b"%PDF-1.7")
    main(["sync"])
    said = capfd.readouterr().err
    assert "读入 1 个文件（共 1 篇），打不开 1 个。" in said and "打不开  坏.pdf（" in said


def test_the_report_is_json_for_programs(seeds, capfd):
    main(["sync", "--json"])
    report = json.loads(capfd.readouterr().out)["report"]
    assert (report["read"], report["works"], report["refused"]) == (1, 1, [])


def test_a_plan_of_the_folder_is_followed(seeds, capfd):
    other = "青屿市书屋工作小结\n\n2023年青屿市设立书屋七十三个。\n"
    (seeds / "合订.txt").write_text(TEXT + other, encoding="utf-8")
    main(["sync"])
    plan = '[split]\n"合订.txt" = ["柳溪县水利工作小结", "青屿市书屋工作小结"]\n'
    (seeds / "yinju.toml").write_text(plan, encoding="utf-8")
    capfd.readouterr()
    main(["sync"])
    said = capfd.readouterr()
    assert said.out == "更新  合订.txt\n" and "分为 2 篇  合订.txt" in said.err


def test_read_shows_the_works_of_a_file(seeds, capfd):
    assert main(["read", str(seeds / "水利.txt")]) == 0
    said = capfd.readouterr().out
    assert "水利.txt · utf-8 · 一篇" in said and "1. 《柳溪县水利工作小结》" in said


def test_read_touches_no_library(seeds, tmp_path):
    main(["read", str(seeds / "水利.txt")])
    assert not (tmp_path / "data").exists()


def test_read_shows_what_was_dropped_and_why(seeds, capfd):
    (seeds / "网页.txt").write_text("首页 > 要闻 > 民生\n" + TEXT, encoding="utf-8")
    main(["read", str(seeds / "网页.txt"), "--show-dropped"])
    assert "[导航] 首页 > 要闻 > 民生" in capfd.readouterr().out


def test_read_follows_a_plan(seeds, tmp_path, capfd):
    (tmp_path / "分.toml").write_text('[split]\n"水利.txt" = [1]\n', encoding="utf-8")
    main(["read", str(seeds / "水利.txt"), "--split", str(tmp_path / "分.toml"), "--json"])
    (work,) = json.loads(capfd.readouterr().out)["works"]
    assert work["title"] == "柳溪县水利工作小结"


def test_a_plan_that_does_not_name_the_file_is_an_error(seeds, tmp_path, capfd):
    (tmp_path / "分.toml").write_text('[split]\n"别的.txt" = "never"\n', encoding="utf-8")
    assert main(["read", str(seeds / "水利.txt"), "--split", str(tmp_path / "分.toml")]) == 1
    assert "错误（invalid_field）" in capfd.readouterr().err


def test_a_file_that_cannot_be_read_says_why(seeds, capfd):
    (seeds / "空.txt").write_bytes(b"")
    assert main(["read", str(seeds / "空.txt")]) == 1
    assert "错误（empty_file）" in capfd.readouterr().err


def test_documents_are_listed_with_their_ids(library, capfd):
    main(["documents", "--json"])
    (document,) = json.loads(capfd.readouterr().out)["documents"]
    main(["documents"])
    assert document["id"] in capfd.readouterr().out


def test_a_file_is_added_beside_the_folder(library, tmp_path, capfd):
    other = tmp_path / "茶园.txt"
    other.write_text("桐湾区茶园防霜\n\n桐湾区装了一百二十台防霜风扇。\n", encoding="utf-8")
    assert main(["add", str(other)]) == 0
    assert "加入  茶园.txt" in capfd.readouterr().out
    main(["ask", "桐湾区装了多少台防霜风扇？"])
    assert "一百二十台" in capfd.readouterr().out


def test_a_folder_is_added_without_its_hidden_files(library, tmp_path, capfd):
    folder = tmp_path / "更多"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "config").write_text("隐藏", encoding="utf-8")
    (folder / "茶园.txt").write_text("桐湾区装了一百二十台防霜风扇。", encoding="utf-8")
    main(["add", str(folder), "--json"])
    assert [result["file"] for result in json.loads(capfd.readouterr().out)["results"]] == ["茶园.txt"]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_added(library, tmp_path, capfd):
    for name, data in (("空.txt", b""), ("好.txt", "桐湾区开了二十七家养老食堂。".encode())):
        (tmp_path / name).write_bytes(data)
    assert main(["add", str(tmp_path / "空.txt"), str(tmp_path / "好.txt")]) == 1
    said = capfd.readouterr().out
    assert "打不开  空.txt（empty_file）" in said and "加入  好.txt" in said


def test_a_name_cannot_steer_the_terminal(library, tmp_path, capfd):
    (tmp_path / "红\x1b[31m色.txt").write_text("桐湾区开了二十七家养老食堂。", encoding="utf-8")
    main(["add", str(tmp_path / "红\x1b[31m色.txt")])
    main(["documents"])
    assert "\x1b" not in capfd.readouterr().out


def test_a_missing_file_is_an_error_with_its_code(library, capfd):
    assert main(["add", "没有这个.txt"]) == 1
    assert "错误（not_found）" in capfd.readouterr().err


def test_a_sound_library_is_verified(library, capfd):
    assert main(["verify"]) == 0
    assert capfd.readouterr().out == "资料库完好。\n"


def test_an_empty_question_is_an_error_with_its_code(library, capfd):
    assert main(["ask", " "]) == 1
    said = capfd.readouterr()
    assert said.out == "" and "错误（invalid_field）" in said.err


def test_an_error_is_json_for_programs(library, capfd):
    main(["ask", " ", "--json"])
    assert json.loads(capfd.readouterr().err)["code"] == "invalid_field"


def test_a_missing_folder_is_an_error_with_its_code(seeds, monkeypatch, capfd):
    monkeypatch.setenv("QA_SEEDS", str(seeds / "没有"))
    assert main(["sync"]) == 1
    assert "missing_seeds" in capfd.readouterr().err


def test_a_bad_setting_is_an_error_with_its_code(monkeypatch, capfd):
    monkeypatch.setenv("QA_PORT", "八千")
    assert main(["documents"]) == 1
    assert "错误（bad_setting）" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "缺少：命令"),
        (["ask"], "缺少：问题"),
        (["ask", "问", "--colour"], "不认识：--colour"),
        (["search", "问", "--top-k", "十"], "--top-k 应为整数"),
        (["search", "问", "--level", "国家级"], "--level 不能是 '国家级'"),
        (["search", "问", "--place"], "--place 后面缺少内容"),
    ],
)
def test_a_command_that_is_written_wrong_is_told_how(arguments, told, capfd):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert (ended.value.code, told in capfd.readouterr().err) == (2, True)


def test_a_reader_that_has_seen_enough_is_no_error(library):
    ended = subprocess.run(["bash", "-c", f"{sys.executable} -m qa documents | true"], cwd=ROOT, capture_output=True)
    assert ended.stderr == b""


def test_models_are_listed_with_the_one_in_use(library, capfd):
    assert main(["models", "list"]) == 0
    said = capfd.readouterr().out
    assert "* yinju-static-zh" in said
    assert "BAAI/bge-base-zh-v1.5  下载 409 MB，768 维，MIT" in said


def test_another_model_is_used_from_then_on(library, tmp_path, capfd):
    folder = make_model(tmp_path / "小模型")
    assert main(["models", "use", str(folder)]) == 0
    assert "换好了" in capfd.readouterr().out
    main(["models", "list"])
    said = capfd.readouterr().out
    assert f"* {folder}" in said
    assert "  yinju-static-zh（" in said


def test_a_model_that_is_not_there_leaves_the_old_one(library, tmp_path, capfd):
    assert main(["models", "use", str(tmp_path / "没有")]) == 1
    assert "找不到向量模型文件夹" in capfd.readouterr().err
    main(["models", "list"])
    assert "* yinju-static-zh" in capfd.readouterr().out


def test_a_model_that_the_environment_sets_goes_before_a_choice(library, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("QA_MODEL", str(make_model(tmp_path / "小模型")))
    assert main(["models", "use", "yinju-static-zh"]) == 1
    assert "QA_MODEL 已经设为" in capfd.readouterr().err


def test_too_small_a_library_is_not_tuned(library, capfd):
    assert main(["models", "tune"]) == 1
    assert "资料太少" in capfd.readouterr().err


def test_use_without_a_name_is_written_wrong(library, capfd):
    assert main(["models", "use"]) == 1
    assert "models use 模型名" in capfd.readouterr().err
