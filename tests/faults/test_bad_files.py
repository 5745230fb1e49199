"""Files that are broken or hostile: each is read or refused by name, nothing hangs, nothing is left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import Unreadable
from qa.reading.sandbox import Sandbox
from tests.faults import bad_files

CODES = {
    "archive_too_large", "binary_file", "empty_file", "encrypted_file", "file_too_large", "needs_ocr", "too_complex",
    "type_mismatch", "unreadable_file", "unsupported_format",
}  # fmt: skip
MADE = {kind.__name__: list(kind()) for kind in bad_files.KINDS}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that holds the temporary one, so that what escapes it is seen."""
    made = tmp_path_factory.mktemp("外面")
    (made / "暂存").mkdir()
    former, tempfile.tempdir = tempfile.tempdir, str(made / "暂存")
    yield made
    tempfile.tempdir = former


@pytest.fixture(scope="module")
def sandbox(ground: Path) -> Iterator[Sandbox]:
    opened = Sandbox()
    yield opened
    opened.close()


def outcome(sandbox: Sandbox, name: str, data: bytes) -> str:
    """ "read", or the code of the refusal."""
    try:
        reading = sandbox.read_works(data, name)
    except Unreadable as refused:
        assert refused.message and refused.hint
        return refused.code
    assert reading.documents
    return "read"


def test_there_are_enough_bad_files():
    assert sum(map(len, MADE.values())) >= 500


@pytest.mark.parametrize("kind", MADE)
def test_each_bad_file_is_read_or_refused_with_a_reason(sandbox, kind):
    ends = {name: outcome(sandbox, name, data) for name, data in MADE[kind]}
    assert {name: end for name, end in ends.items() if end not in CODES | {"read"}} == {}


@pytest.mark.parametrize("kind", MADE)
def test_bad_files_leave_nothing_behind(ground, kind):
    here, outside = set(Path().iterdir()), set(ground.parent.iterdir())
    opened = Sandbox()
    for name, data in MADE[kind][::7]:
        outcome(opened, name, data)
    opened.close()
    left = set(ground.rglob("*脱逃*")), set(Path().iterdir()) - here, set(ground.parent.iterdir()) - outside
    assert left == (set(), set(), set())


def test_the_sandbox_leaves_no_folder_behind(ground):
    before = set((ground / "暂存").iterdir())
    opened = Sandbox()
    for name, data in MADE["scrambled"][::20]:
        outcome(opened, name, data)
    opened.close()
    assert set((ground / "暂存").iterdir()) <= before


def test_a_good_file_after_all_of_them_is_read(sandbox):
    assert outcome(sandbox, "小结.txt", bad_files.text().encode()) == "read"
