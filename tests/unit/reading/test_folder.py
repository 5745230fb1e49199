"""The files of a folder: regular ones, by path; and a file that cannot be opened is refused by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.config import MAX_FILE_BYTES
from qa.errors import SettingsInvalid, Unreadable
from qa.reading.folder import load, scan


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("渡口修好了。", encoding="utf-8")


def paths(folder: Path) -> list[str]:
    return [file.path for file in scan(folder)]


def test_files_are_found_in_folders_below(tmp_path):
    write(tmp_path, "一.txt", "县级/柳溪/二.txt")
    assert paths(tmp_path) == ["一.txt", "县级/柳溪/二.txt"]


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    write(tmp_path, "一.txt", ".二.txt", ".git/三.txt", "~$四.txt")
    assert paths(tmp_path) == ["一.txt"]


def test_a_link_is_passed_over(tmp_path):
    write(tmp_path, "外/一.txt", "内/二.txt")
    (tmp_path / "内" / "三.txt").symlink_to(tmp_path / "外" / "一.txt")
    assert paths(tmp_path / "内") == ["二.txt"]


def test_a_linked_folder_is_passed_over(tmp_path):
    write(tmp_path, "外/一.txt", "内/二.txt")
    (tmp_path / "内" / "外").symlink_to(tmp_path / "外", target_is_directory=True)
    assert paths(tmp_path / "内") == ["二.txt"]


def test_a_pipe_is_passed_over(tmp_path):
    os.mkfifo(tmp_path / "管道.txt")
    assert paths(tmp_path) == []


def test_a_file_comes_with_its_size_and_time(tmp_path):
    write(tmp_path, "一.txt")
    (file,) = scan(tmp_path)
    status = (tmp_path / "一.txt").stat()
    assert (file.size, file.mtime_ns) == (status.st_size, status.st_mtime_ns)


def test_a_folder_that_is_not_there_is_an_invalid_setting(tmp_path):
    with pytest.raises(SettingsInvalid) as refused:
        scan(tmp_path / "没有")
    assert refused.value.code == "missing_seeds"


def test_a_file_in_place_of_the_folder_is_an_invalid_setting(tmp_path):
    write(tmp_path, "一.txt")
    with pytest.raises(SettingsInvalid) as refused:
        scan(tmp_path / "一.txt")
    assert refused.value.code == "missing_seeds"


def test_a_file_is_loaded_byte_for_byte(tmp_path):
    (tmp_path / "一.txt").write_bytes(b"\xff\x00\r\n")
    assert load(tmp_path, "一.txt") == b"\xff\x00\r\n"


def test_a_file_over_the_limit_is_refused(tmp_path):
    with (tmp_path / "大.txt").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(Unreadable) as refused:
        load(tmp_path, "大.txt")
    assert refused.value.code == "file_too_large"


@pytest.mark.parametrize("name", ["没有.txt", "."])
def test_what_cannot_be_opened_is_refused(tmp_path, name):
    with pytest.raises(Unreadable) as refused:
        load(tmp_path, name)
    assert refused.value.code == "unreadable_file"


def test_a_link_is_not_followed(tmp_path):
    write(tmp_path, "一.txt")
    (tmp_path / "二.txt").symlink_to(tmp_path / "一.txt")
    with pytest.raises(Unreadable):
        load(tmp_path, "二.txt")
