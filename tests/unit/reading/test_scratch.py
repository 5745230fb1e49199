"""No reading process leaves its folder behind, not even one whose service was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from qa.reading import scratch
from qa.reading.scratch import Scratch


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def aged(folder: Path) -> Path:
    os.utime(folder, (0, 0))
    return folder


def made_by_another(temporary: Path, then: str) -> subprocess.Popen[str]:
    """A process that makes a folder of its own, says where, and then does as it is told."""
    run = f"import os; from qa.reading.scratch import Scratch; s = Scratch(); print(s.path, flush=True); {then}"
    at = {**os.environ, "TMPDIR": str(temporary)}
    return subprocess.Popen(
        [sys.executable, "-c", run], env=at, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_a_folder_goes_with_what_is_in_it(temporary):
    one = Scratch()
    (one.path / "草稿.txt").write_text("柳溪县渡口十二处。", encoding="utf-8")
    one.close()
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_removed(temporary):
    with made_by_another(temporary, "os._exit(9)") as killed:
        left = aged(Path(killed.stdout.readline().strip()))
    one = Scratch()
    assert not left.exists()
    one.close()


def test_a_folder_in_use_stays(temporary):
    with made_by_another(temporary, "input()") as alive:
        folder = aged(Path(alive.stdout.readline().strip()))
        Scratch().close()
        stayed = folder.is_dir()
        alive.communicate("\n")
    assert stayed


def test_a_folder_that_was_just_made_stays(temporary):
    just_made = temporary / f"{scratch.PREFIX}刚建"
    just_made.mkdir()
    Scratch().close()
    assert just_made.is_dir()


def test_a_link_to_another_folder_is_not_followed(temporary, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("别处")
    (elsewhere / "年报.txt").write_text("青屿市渡口八处。", encoding="utf-8")
    (temporary / f"{scratch.PREFIX}链接").symlink_to(aged(elsewhere))
    Scratch().close()
    assert (elsewhere / "年报.txt").exists()
