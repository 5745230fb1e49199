"""A process killed while it writes: what it had stored is there, nothing is half there, indexes come back in step."""

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

ROOT = Path(__file__).resolve().parents[2]


def write_and_kill(data: Path, model: Path, first: int, seconds: float) -> list[str]:
    """Ids of the documents that were stored before the kill, which comes `seconds` after the first of them."""
    command = [sys.executable, "-m", "tests.faults.writing", str(data), str(model), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        stored = [process.stdout.readline().strip()]
        time.sleep(seconds)
        process.kill()
        stored += [line.strip() for line in process.stdout if line.endswith("\n")]
    return stored


@pytest.mark.parametrize("trial", range(3))
def test_what_was_stored_before_a_kill_is_there_after_it(
    data: Path, model: Path, embedder: Embedder, tokens: Tokens, trial: int
) -> None:
    stored = write_and_kill(data, model, 0, random.uniform(0.1, 1.0))
    stored += write_and_kill(data, model, 10_000, random.uniform(0.1, 3.0))
    library = Library.open(data, embedder, tokens)
    assert set(stored) <= {row.document.id for row in library.documents(100_000)[0]}
    assert library.verify() == []
    library.close()


def test_search_answers_at_once_after_a_kill(data: Path, model: Path, embedder: Embedder, tokens: Tokens) -> None:
    stored = write_and_kill(data, model, 0, 0.5)
    library = Library.open(data, embedder, tokens)
    found = library.lexical(tokens.words("第0号"), tokens.bigrams("第0号社区图书室"), 20, None)
    assert library.passage(found[0][0]).document_id == stored[0]
    near = library.nearest(embedder.query("云泽省社区图书室夜间开放"), 200, None)
    assert {library.passage(one).document_id for one, _ in near}
    library.close()
