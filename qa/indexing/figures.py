"""The figures of a library: the numbers its documents state, found by the words around them.

Derived from the documents' texts: what a document lacks, or was made by other rules, is made in the background.
Knows nothing of answering.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Mapping, Sequence

from qa.indexing.registry import Registry
from qa.indexing.tokens import Tokens
from qa.reading.figures import figures, made_with
from qa.reading.metrics import base_unit
from qa.reading.metrics import words as listed
from qa.text import letters
from qa.types import Document, Figure

COLUMNS = 'document_id, metric, value, unit, normalized, qualifier, place, year, start, "end", at, text, action, scope'
AT_ONCE = 500  # values in one statement
TOGETHER = 20  # documents in one transaction
WHOLE = 0.999
ENOUGH = 0.6  # the least share of a query's weight that must stand around a number
MOST = 20_000  # rows looked at for one query
PEOPLE, COUNTS = "人", "个"
_CLAUSE_END = re.compile(r"[，；。：！？;:!?\n\t]")


def unit_class(unit: str) -> str:
    """What units that measure the same share: 万元 and 亿元 are 元, 名 and 人 are 人, 家 and 个 are 个."""
    bare = re.sub(r"^(?:万亿|[万亿萬億])", "", unit)
    base = base_unit(bare)[1]
    return COUNTS if base in listed("counting") or not base else base


def alike(figure: Figure) -> str:
    """What two figures share that may state the same quantity: how the metric ends, the place, the kind of unit."""
    return f"{letters(figure.metric)[-2:]}|{figure.place or ''}|{unit_class(figure.unit)}"


class FigureKeeper:
    """The registry's figures. Thread-safe; `apply` and `tend` write."""

    def __init__(self, registry: Registry, tokens: Tokens) -> None:
        self._registry, self._tokens = registry, tokens
        self._made_with = f"{made_with()}-{tokens.fingerprint}"
        self._writing = threading.Lock()

    def apply(self, document_ids: Sequence[str]) -> None:
        """Look through documents that have come in, those left out that were looked through by these rules."""
        with self._writing:
            for at in range(0, len(document_ids), TOGETHER):
                some = document_ids[at : at + TOGETHER]
                known = {row[0] for row in self._registry.all(
                    f"SELECT document_id FROM figured WHERE made_with = ? AND document_id IN ({_marks(some)})",
                    self._made_with, *some,
                )}  # fmt: skip
                self._keep([self._registry.document(one) for one in some if one not in known])

    def tend(self, stop: threading.Event) -> None:
        """Look through the documents that were not yet, or by other rules."""
        lacking = self._registry.all(
            "SELECT id FROM live l WHERE NOT EXISTS"
            " (SELECT 1 FROM figured f WHERE f.document_id = l.id AND f.made_with = ?) ORDER BY seq, part",
            self._made_with,
        )
        ids = [row["id"] for row in lacking]
        for at in range(0, len(ids), TOGETHER):
            if stop.is_set():
                return
            self.apply(self._present(ids[at : at + TOGETHER]))

    def _present(self, document_ids: Sequence[str]) -> list[str]:
        """Those that were not removed meanwhile."""
        found = self._registry.all(f"SELECT id FROM live WHERE id IN ({_marks(document_ids)})", *document_ids)
        return [row["id"] for row in found]

    def of_passages(self, spans: Sequence[tuple[str, int, int]]) -> list[Figure]:
        """The figures that stand in spans (document id, start, end), in order."""
        found = []
        for document_id, start, end in spans:
            found += self._registry.all(
                f"SELECT {COLUMNS} FROM figures WHERE document_id = ? AND at >= ? AND at < ? ORDER BY at",
                document_id, start, end,
            )  # fmt: skip
        return list(map(_figure, found))

    def same(self, figure: Figure) -> list[Figure]:
        """Figures that are `alike`, in documents that can be found; itself among them."""
        found = self._registry.all(f"SELECT {COLUMNS} FROM figures f WHERE alike = ? AND {_LIVE}", alike(figure))
        return list(map(_figure, found))

    def find(
        self,
        words: Mapping[str, float],
        others: Mapping[str, Sequence[str]],
        allowed: frozenset[str] | None = None,
        all_if_any: bool = True,
    ) -> list[tuple[float, Figure]]:
        """(share of the words' weight that stands around it, figure), best first, then in the order of documents.

        `words` maps words to weights, `others` to what may stand for them; without words every figure has share 1.
        `all_if_any`: where all the words stand around some, only those are found.
        """
        shares = self._shares(words, others)
        if shares is not None and not shares:
            return []
        wanted = None if shares is None else _best(shares, all_if_any)
        rows = self._rows(wanted)
        found = [(1.0 if shares is None else shares[row["number"]], row) for row in rows]
        kept = [(share, row) for share, row in found if allowed is None or row["document_id"] in allowed]
        kept.sort(key=lambda item: (-round(item[0], 3), item[1]["seq"], item[1]["part"], item[1]["at"]))
        return [(share, _figure(row)) for share, row in kept]

    def _shares(self, words: Mapping[str, float], others: Mapping[str, Sequence[str]]) -> dict[int, float] | None:
        """Number to the share of the words' weight that stands around it; None without words."""
        total = sum(words.values())
        if not total:
            return None
        shares: dict[int, float] = {}
        for word, weight in words.items():
            either = dict.fromkeys([word, *others.get(word, ())])
            holding = self._registry.all(
                f"SELECT DISTINCT number FROM figure_words WHERE word IN ({_marks(tuple(either))})", *either
            )
            for (number,) in holding:
                shares[number] = shares.get(number, 0.0) + weight / total
        return shares

    def _rows(self, numbers: Sequence[int] | None) -> list[sqlite3.Row]:
        select = f"SELECT f.number, l.seq, l.part, {_of('f')} FROM figures f JOIN live l ON l.id = f.document_id"
        if numbers is None:
            return self._registry.all(select)
        return [
            row
            for at in range(0, len(numbers), AT_ONCE)
            for row in self._registry.all(
                f"{select} WHERE f.number IN ({_marks(numbers[at : at + AT_ONCE])})",
                *numbers[at : at + AT_ONCE],
            )
        ]

    def _keep(self, documents: Sequence[Document]) -> None:
        made = [(document.id, self._made(document)) for document in documents]
        if not made:
            return
        with self._registry.write() as db:
            for document_id, rows in made:
                db.execute("DELETE FROM figures WHERE document_id = ?", (document_id,))
                for values, words in rows:
                    number = db.execute(
                        f"INSERT INTO figures ({COLUMNS}, alike) VALUES ({_marks(values)})", values
                    ).lastrowid
                    db.executemany("INSERT INTO figure_words VALUES (?, ?)", ((word, number) for word in words))
                db.execute(
                    "INSERT OR REPLACE INTO figured SELECT id, ? FROM documents WHERE id = ?",
                    (self._made_with, document_id),
                )

    def _made(self, document: Document) -> list[tuple[tuple[object, ...], list[str]]]:
        """For each figure its row and the words around it."""
        return [
            ((*_values(one), alike(one)), sorted(self._words_around(document, one)))
            for one in figures(document, self._tokens.tagged)
        ]

    def _words_around(self, document: Document, figure: Figure) -> set[str]:
        """The words of the clause that a number stands in, and of what it counts."""
        before = [m.end() for m in _CLAUSE_END.finditer(document.text, figure.start, figure.at)]
        after = _CLAUSE_END.search(document.text, figure.at + len(figure.text), figure.end)
        clause = document.text[before[-1] if before else figure.start : after.start() if after else figure.end]
        return set(self._tokens.words(f"{figure.metric} {figure.action} {clause}"))


_LIVE = "EXISTS (SELECT 1 FROM live WHERE id = f.document_id)"


def _best(shares: Mapping[int, float], all_if_any: bool) -> list[int]:
    """The numbers around which all the words stand, else most of them; at most MOST, the best."""
    whole = [number for number, share in shares.items() if share >= WHOLE] if all_if_any else []
    found = whole or [number for number, share in shares.items() if share >= ENOUGH]
    return found if len(found) <= MOST else sorted(found, key=lambda number: -shares[number])[:MOST]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _of(table: str) -> str:
    return ", ".join(f"{table}.{column.strip()}" for column in COLUMNS.split(","))


def _values(figure: Figure) -> tuple[object, ...]:
    return (
        figure.document_id, figure.metric, figure.value, figure.unit, figure.normalized, figure.qualifier, figure.place,
        figure.year, figure.start, figure.end, figure.at, figure.text, figure.action, figure.scope,
    )  # fmt: skip


def _figure(row: sqlite3.Row) -> Figure:
    return Figure(
        row["document_id"], row["metric"], row["value"], row["unit"], row["normalized"], row["qualifier"], row["place"],
        row["year"], row["start"], row["end"], row["at"], row["text"], row["action"], row["scope"],
    )  # fmt: skip
