"""A process that changes a library's model, a few passages at a time, and says each batch; it is killed meanwhile."""

from __future__ import annotations

import sys
from pathlib import Path

from qa.indexing import serving
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens

BATCH = 10


def main(data: str, model: str) -> None:
    serving.EMBED_AT_ONCE = BATCH
    library = Library.open(Path(data), None, Tokens())
    print("open", flush=True)
    for done, _ in library.models.use(model):
        print(done, flush=True)
    print("changed", flush=True)
    library.settle()
    print("followed", flush=True)
    library.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
