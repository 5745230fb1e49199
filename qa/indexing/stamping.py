"""What a derived index says of itself, in a file beside it: which revision it shows, what made it, was it closed.

Written after the index was changed, so a kill between the two leaves it behind, never ahead.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

STAMP = "stamp.json"
INSIDE = "index"


@dataclass(frozen=True, slots=True)
class Stamp:
    """`made_with` names the tokenizer or the model. `files` is the signature of its files at the close, else ""."""

    revision: int
    made_with: str
    count: int
    files: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder that holds one generation of an index, in `inside`, with its stamp."""

    folder: Path

    @property
    def inside(self) -> Path:
        return self.folder / INSIDE

    def stamp(self) -> Stamp | None:
        """None where there is none or it cannot be read: the index is then made again."""
        try:
            return Stamp(**json.loads((self.folder / STAMP).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def mark(self, revision: int, made_with: str, count: int, closed: bool = False) -> None:
        """Say what the index shows; `closed` once nobody writes to it any more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stamp = Stamp(revision, made_with, count, self.signature() if closed else "")
        # In place: a rename costs a flush of the disk, and a stamp torn by a kill reads as none.
        (self.folder / STAMP).write_text(json.dumps(asdict(stamp)), encoding="utf-8")

    def untouched(self, stamp: Stamp) -> bool:
        """Was the index closed properly, and are its files as they were then?"""
        return bool(stamp.files) and stamp.files == self.signature()

    def signature(self) -> str:
        """Name, size and time of every file: a cheap sign that somebody changed one."""
        digest = hashlib.sha256()
        for path in sorted(path for path in self.inside.rglob("*") if path.is_file()):
            state = path.stat()
            digest.update(f"{path.relative_to(self.inside)}|{state.st_size}|{state.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def newest(data: Path, name: str) -> Shelf | None:
    """The last generation of an index that was finished: a shelf without a stamp never was."""
    return next((shelf for shelf in reversed(generations(data, name)) if shelf.stamp()), None)


def fresh(data: Path, name: str) -> Shelf:
    """A shelf for the next generation."""
    held = generations(data, name)
    return Shelf(data / f"{name}-{(_generation(held[-1].folder) if held else 0) + 1}")


def generations(data: Path, name: str) -> list[Shelf]:
    """Every generation there is, oldest first."""
    found = (path for path in data.glob(f"{name}-*") if path.is_dir() and path.name[len(name) + 1 :].isdecimal())
    return [Shelf(path) for path in sorted(found, key=_generation)]


def _generation(folder: Path) -> int:
    return int(folder.name.rsplit("-", 1)[1])
