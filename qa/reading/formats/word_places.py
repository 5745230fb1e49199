"""Says in words where a line of a Word file stands: 第12段, 表2第3行, 脚注1, 文本框1.

A Word file has no pages of its own, so a reader is told what he can count himself: paragraphs with words in them, from
the first; tables and text boxes in the order of the text; rows with the header's. Knows nothing of the file's parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_NOTES = {"footnote": "脚注", "endnote": "尾注"}


class Places:
    """Counts the parts of one file, which must be asked for in order."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._box = ""

    def paragraph(self) -> str:
        """The next paragraph, or the text box that it stands in."""
        if self._box:
            return self._box
        self._counts["段"] += 1
        return f"第{self._counts['段']}段"

    def table(self) -> Callable[[int], str]:
        """The next table: what to say of each of its rows, from 0."""
        self._counts["表"] += 1
        name = f"{self._box}表{self._counts['表']}"
        return lambda row: f"{name}第{row + 1}行"

    def note(self, kind: str) -> str:
        """The next footnote or endnote."""
        name = _NOTES[kind]
        self._counts[name] += 1
        return f"{name}{self._counts[name]}"

    @contextmanager
    def in_box(self) -> Iterator[None]:
        """What is asked for meanwhile stands in the next text box."""
        before = self._box
        self._counts["文本框"] += 1
        self._box = f"文本框{self._counts['文本框']}"
        yield
        self._box = before
