"""Which documents there are: the list a person reads, and the documents that a filter lets through."""

from __future__ import annotations

from qa.indexing import rows
from qa.indexing.registry import Registry
from qa.indexing.rows import DocumentRow
from qa.places import paths_meant
from qa.types import Filters

Cursor = tuple[int, int]  # where a page of the list ended: the file's order of arrival, the part in it


def listing(
    registry: Registry, limit: int, after: tuple[int, ...] | None, query: str, level: str, place: str, kind: str
) -> tuple[list[DocumentRow], int, Cursor | None]:
    """A page of the documents in order of arrival, how many there are in all, and the next page's cursor."""
    conditions, values = _wanted(query, level, place, kind)
    total = int(registry.all(f"SELECT count(*) FROM live WHERE {conditions}", *values)[0][0])
    found = registry.all(
        f"SELECT {rows.LIGHT} FROM live WHERE {conditions} AND (seq, part) > (?, ?) ORDER BY seq, part LIMIT ?",
        *values, *(after or (-1, -1)), limit + 1,
    )  # fmt: skip
    page = [DocumentRow(rows.light_document(row), row["characters"]) for row in found[:limit]]
    more = len(found) > limit > 0
    return page, total, (found[limit - 1]["seq"], found[limit - 1]["part"]) if more else None


def allowed(registry: Registry, filters: Filters) -> frozenset[str] | None:
    """Ids of the documents that pass, None for all. What is empty in a filter lets everything through."""
    if not filters:
        return None
    found = registry.all("SELECT id, place, level, kind, published FROM live")
    return frozenset(
        row["id"]
        for row in found
        if _one_of(row["id"], filters.document_ids)
        and _one_of(row["level"], filters.levels)
        and _one_of(row["kind"], filters.kinds)
        and (not filters.places or any(within(row["place"], place) for place in filters.places))
        and published_between(row["published"], filters.published_from, filters.published_to)
    )


def within(place: str | None, wanted: str) -> bool:
    """Does a place path lie within a place, named in any known form (临汾 holds 山西省临汾市尧都区, 沪 is 上海市)?"""
    return bool(place) and any(path in (place or "") for path in paths_meant(wanted))


def published_between(published: str | None, first: str | None, last: str | None) -> bool:
    """Compared as exactly as both are known: 2024 may lie in 2024-03 to 2024-05. No date fails a date filter."""
    if not first and not last:
        return True
    if not published:
        return False
    return (not first or published[: len(first)] >= first[: len(published)]) and (
        not last or published[: len(last)] <= last[: len(published)]
    )


def _one_of(value: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _wanted(query: str, level: str, place: str, kind: str) -> tuple[str, list[str]]:
    conditions, values = ["1"], []
    for column, value in (("level", level), ("kind", kind)):
        if value:
            conditions.append(f"{column} = ?")
            values.append(value)
    if place:
        paths = paths_meant(place)
        conditions.append("(" + " OR ".join(["instr(coalesce(place, ''), ?)"] * len(paths)) + ")")
        values += paths
    for word in query.split():
        conditions.append("instr(lower(title || ' ' || coalesce(place, '') || ' ' || file), lower(?))")
        values.append(word)
    return " AND ".join(conditions), values
