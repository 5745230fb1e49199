"""A process killed while it changes the model: the old or the new one answers, and the change goes on where it was."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from tests.faults.changing_model import BATCH
from tests.unit.indexing.making import SENTENCES, make_model, make_reading, store

ROOT = Path(__file__).resolve().parents[2]
FILES = 20
PASSAGES = FILES * len(SENTENCES)
# After which line the kill comes, and within how many seconds of it: before the first batch is kept, between batches,
# around the moment of the change, while the index follows.
POINTS = (("open", 0.02), (str(BATCH), 0.01), (str(6 * BATCH), 0.02), (str(PASSAGES), 0.0), (str(PASSAGES), 0.03),
          ("changed", 0.0), ("changed", 1.5))  # fmt: skip


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("other"), seed=2, dimension=16)


@pytest.fixture
def filled(data: Path, embedder: Embedder, tokens: Tokens) -> Path:
    """A library of many passages, as one model sees them."""
    library = Library.open(data, None, tokens)
    list(library.models.use(embedder.name))
    for number in range(FILES):
        reading = make_reading(*(f"第{number}号：{sentence}" for sentence in SENTENCES), title=f"资料{number}")
        store(library, embedder, reading, f"{number}.txt")
    library.settle()
    library.close()
    return data


def change_and_kill(data: Path, model: Path, after: str, within: float) -> int:
    """Change the model in a process of its own, killed after a line; how many passages it had said to be embedded."""
    command = [sys.executable, "-m", "tests.faults.changing_model", str(data), str(model)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline().strip()]
        while said[-1] != after:
            assert said[-1]
            said.append(process.stdout.readline().strip())
        time.sleep(random.uniform(0, within))
        process.kill()
        said += [line.strip() for line in process.stdout if line.endswith("\n")]
    return max((int(line) for line in said if line.isdecimal()), default=0)


@pytest.mark.parametrize(("after", "within"), POINTS)
def test_the_old_or_the_new_model_answers_after_a_kill_and_the_change_goes_on(
    filled: Path, embedder: Embedder, other: Path, tokens: Tokens, after: str, within: float
) -> None:
    kept = change_and_kill(filled, other, after, within)
    library = Library.open(filled, None, tokens)
    new = Embedder(str(other))
    assert library.embedder.fingerprint in (embedder.fingerprint, new.fingerprint)
    assert len(library.near(SENTENCES[0], 2 * PASSAGES, None)) == PASSAGES
    if library.models.waiting:  # chosen, and not seen everything yet
        steps = list(library.models.change())
        assert sum(total for _, total in steps[:1]) <= PASSAGES - kept
    assert kept == 0 or library.embedder.fingerprint == new.fingerprint
    assert len(library.near(SENTENCES[0], 2 * PASSAGES, None)) == PASSAGES
    assert library.verify() == []
    library.close()


def test_what_is_stored_after_a_kill_is_seen_by_both_models(
    filled: Path, embedder: Embedder, other: Path, tokens: Tokens
) -> None:
    change_and_kill(filled, other, str(6 * BATCH), 0.0)
    library = Library.open(filled, None, tokens)
    store(library, library.embedder, make_reading("桐湾区的河道边种了柳树。", title="新来的"), "新来的.txt")
    assert len(library.near("柳树", 2 * PASSAGES, None)) == PASSAGES + 1
    list(library.models.change())
    assert len(library.near("柳树", 2 * PASSAGES, None)) == PASSAGES + 1
    assert library.verify() == []
    library.close()
