"""Asks pdfium the same thing of all characters or objects of a page at once.

pypdfium2 checks and converts the arguments of each call, which takes longer than what pdfium does: 1.4 to 1.8 µs
against 0.3 µs unchecked, and a page of 2,000 characters takes up to 20,000 calls. Here arguments are made ready once,
so handles and types must be right. Loads pdfium on first use; knows nothing of what the answers mean.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import repeat
from typing import Any

FLOAT, UNSIGNED = ctypes.c_float, ctypes.c_uint


class Handle(ctypes.c_void_p):
    """A pointer of pdfium's. It stays one when it is returned, where a plain c_void_p would become an integer."""


def handle(pointer: Any) -> Handle:
    """The handle of one of pypdfium2's pointers."""
    return Handle(ctypes.addressof(pointer.contents))


@cache
def unchecked(name: str, result: type = ctypes.c_int) -> Any:
    """A function of pdfium that takes arguments as they are: Handles, Python integers for C int, references."""
    import pypdfium2.raw as c

    address = ctypes.cast(getattr(c, name), ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result)(address or 0)


def answers(name: str, owner: Handle, indices: Iterable[int], result: type = ctypes.c_int) -> list[Any]:
    """What `name(owner, index)` returns for each index."""
    return list(map(unchecked(name, result), repeat(owner), indices))


class Numbers:
    """Memory for the numbers that a function writes for each index, used again from page to page."""

    def __init__(self, kind: Any, otherwise: Sequence[float]) -> None:
        """The C type of the numbers, and what to take for them where the function fails."""
        self._kind, self._count, self._otherwise = kind, len(otherwise), otherwise
        self._memory = (kind * 0)()
        self._places: list[list[Any]] = []

    def written(self, name: str, owner: Handle, indices: Sequence[int]) -> list[list[float]]:
        """A column for each number that `name(owner, index, &numbers)` writes."""
        places = self._room(len(indices), 1)[0]
        called = list(map(unchecked(name), repeat(owner), indices, places))
        return self._columns(called)

    def written_of(self, name: str, owners: Sequence[Handle]) -> list[list[float]]:
        """As `written`, of `name(owner, &number, &number, …)`."""
        called = list(map(unchecked(name), owners, *self._room(len(owners), self._count)))
        return self._columns(called)

    def _room(self, length: int, parts: int) -> list[list[Any]]:
        """References to the memory of each index; one for each number, or one for all of its numbers."""
        size, length = ctypes.sizeof(self._kind), max(1, length)  # a page may hold no character at all
        if len(self._memory) < length * self._count:
            self._memory = (self._kind * (length * self._count))()
            self._places = [
                [ctypes.byref(self._memory, (at * self._count + part) * size) for at in range(length)]
                for part in range(parts)
            ]
        return self._places

    def _columns(self, called: Sequence[int]) -> list[list[float]]:
        flat = self._memory[: len(called) * self._count]
        if not all(called):
            told = (flat[at * self._count :][: self._count] if ok else self._otherwise for at, ok in enumerate(called))
            flat = [number for numbers in told for number in numbers]
        return [flat[part :: self._count] for part in range(self._count)]
