"""A bounded memory of what was read, which a change of the library empties."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """The last `size` values, fewer where they weigh more than `most` together; what weighs more alone is not kept.

    `weight`: of one value, 1 where it is not given. Thread-safe; what was read before a `clear` is never kept after it.
    """

    def __init__(self, size: int, most: int | None = None, weight: Callable[[V], int] = lambda _: 1) -> None:
        self._size, self._most, self._weight = size, size if most is None else most, weight
        self._weighs = 0
        self._held: OrderedDict[K, V] = OrderedDict()
        self._age = 0
        self._guard = threading.Lock()

    def get(self, key: K, read: Callable[[K], V]) -> V:
        """The value, read where it is not known. What `read` raises is raised."""
        with self._guard:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            age = self._age
        value = read(key)
        self._keep({key: value}, age)
        return value

    def get_many(self, keys: Sequence[K], read: Callable[[Sequence[K]], Mapping[K, V]]) -> dict[K, V]:
        """Those of the values that there are, in the order of `keys`; `read` is asked once for the unknown ones."""
        with self._guard:
            known = {key: self._held[key] for key in keys if key in self._held}
            for key in known:
                self._held.move_to_end(key)
            age = self._age
        unknown = [key for key in keys if key not in known]
        if unknown:
            fresh = read(unknown)
            self._keep(fresh, age)
            known.update(fresh)
        return {key: known[key] for key in keys if key in known}

    def clear(self) -> None:
        with self._guard:
            self._held.clear()
            self._weighs = 0
            self._age += 1

    def _keep(self, values: Mapping[K, V], age: int) -> None:
        with self._guard:
            if age == self._age:
                for key, value in values.items():
                    self._hold(key, value)

    def _hold(self, key: K, value: V) -> None:
        weight = self._weight(value)
        if weight > self._most:
            return
        if key in self._held:
            self._weighs -= self._weight(self._held.pop(key))
        self._held[key] = value
        self._weighs += weight
        while len(self._held) > self._size or self._weighs > self._most:
            self._weighs -= self._weight(self._held.popitem(last=False)[1])
