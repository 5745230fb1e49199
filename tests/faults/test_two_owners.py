"""One process owns a data folder; whoever comes second is told at once, and by whom."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.errors import LibraryInUse, SettingsInvalid
from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from tests.faults.test_killed_while_writing import ROOT


def test_a_second_opener_is_told_the_address_at_once(
    library: Library, data: Path, embedder: Embedder, tokens: Tokens
) -> None:
    library.announce("http://127.0.0.1:8123")
    began = time.monotonic()
    with pytest.raises(LibraryInUse, match=r"127\.0\.0\.1:8123") as told:
        Library.open(data, embedder, tokens)
    assert told.value.address == "http://127.0.0.1:8123"
    assert time.monotonic() - began < 5  # at once, and not after a lock's time limit


def test_an_owner_without_an_address_is_named_by_its_process(
    library: Library, data: Path, embedder: Embedder, tokens: Tokens
) -> None:
    with pytest.raises(LibraryInUse, match=r"进程号 [0-9]+") as told:
        Library.open(data, embedder, tokens)
    assert told.value.address == ""


def test_another_process_is_told_too_and_a_kill_frees_the_folder(
    data: Path, model: Path, embedder: Embedder, tokens: Tokens
) -> None:
    command = [sys.executable, "-m", "tests.faults.writing", str(data), str(model), "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        owner.stdout.readline()
        with pytest.raises(LibraryInUse, match="http://127"):
            Library.open(data, embedder, tokens)
        owner.kill()
    Library.open(data, embedder, tokens).close()


def test_a_closed_library_can_be_opened_again(data: Path, embedder: Embedder, tokens: Tokens) -> None:
    Library.open(data, embedder, tokens).close()
    Library.open(data, embedder, tokens).close()


def test_an_opening_that_failed_frees_the_folder(
    data: Path, embedder: Embedder, tokens: Tokens, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match="QA_MODEL"):
        Library.open(data, Embedder(str(tmp_path / "nothing")), tokens)
    Library.open(data, embedder, tokens).close()


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path, embedder: Embedder, tokens: Tokens) -> None:
    (tmp_path / "file").write_text("不是文件夹", "utf-8")
    with pytest.raises(SettingsInvalid, match="QA_DATA"):
        Library.open(tmp_path / "file", embedder, tokens)
