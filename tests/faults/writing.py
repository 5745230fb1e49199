"""A process that opens a library and stores one file after another until it is killed; says each one it has stored."""

from __future__ import annotations

import sys
from pathlib import Path

from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from tests.unit.indexing.making import SENTENCES, make_reading, store


def main(data: str, model: str, first: int) -> None:
    embedder = Embedder(model)
    library = Library.open(Path(data), embedder, Tokens(), "http://127.0.0.1:8123")
    for number in range(first, first + 10_000):
        reading = make_reading(*(f"第{number}号：{sentence}" for sentence in SENTENCES), title=f"资料{number}")
        store(library, embedder, reading, f"{number}.txt")
        print(reading.documents[0].id, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
