"""Chooses the figures that a question asks for: of each place the one that counts just that, in the unit of the others.

A figure knows what its number counts; a sentence only which words stand near it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qa.answering.comparing import Wanted, asks_growth, counted_words, wanted
from qa.answering.leads import Lead
from qa.answering.selecting import Pick
from qa.answering.tables import Row, Tabled, dated, lay_out, quoted
from qa.indexing.figures import unit_class
from qa.indexing.tokens import Tokens, question_words
from qa.places import innermost, level_by_ending
from qa.retrieval.figuring import FigureFinder
from qa.retrieval.questions import Asked, apart, same_unit
from qa.retrieval.ranking import is_of
from qa.text import fold
from qa.types import Figure, Filters

# What makes a figure the one that is meant: its words, its metric, its unit; set by eye on development questions.
SHARE, FIT, UNIT, CHANGE = 0.5, 0.6, 0.3, 0.4
ANOTHER = 0.3  # what a figure loses that counts another thing than the question says
LEAST = 0.62
SURE = 1.0  # from here on a figure was what was asked for in every development question
LIKELY = 0.85
ALL_AROUND = 0.95 * SHARE
LESS_FIT = 0.25  # how much worse a figure may fit that is in the unit of the others


# A number that fits less leads with nothing; a metric that is longer is no name of a thing.
SHOWN, OF_CHARS = 0.6, 14
# Words of a metric that say no more than the thing itself.
_UNTELLING = frozenset(["各类", "各级", "资源", "总量", "总数", "全部", "所有", "优秀", "工作", "队伍"])
_TOTAL = re.compile(r"总(?:量|数|人数|规模|额)")
# A figure whose own sentence answers clearly less well does not go before the best one.
MUCH_LESS = 0.9


class Tabler:
    """Makes tables from one library's figures. Thread-safe."""

    def __init__(self, finder: FigureFinder, tokens: Tokens) -> None:
        self._finder, self._tokens = finder, tokens

    def tabled(self, asked: Asked, limit: int, filters: Filters = Filters()) -> Tabled | None:
        """The table that a question asks for, with at most `limit` rows; None if it asks for none or none is there."""
        asks = wanted(asked)
        if asks is None:
            return None
        scored = self._scored(asked, filters)
        if asked.years and asks.places and not any(s >= LEAST for s, _ in scored):
            return self._of_other_years(asked, limit, filters)
        if asks.apart_by != "place":
            return self._of_one_place(asks, asked, scored, limit)
        by_place = _named(asks, scored) if asks.places else _each(asks, asked, scored)
        chosen = _chosen(asks, by_place)
        rows = self._cited(chosen)
        if not rows or (len(rows) < 2 and (not asks.places or asks.total or asks.difference)):
            return None
        missing = tuple(name for name, path in asks.places if all(row.path != path for row in rows))
        return lay_out(asks, _sorted(asks, rows), missing, limit)

    def _of_one_place(
        self, asks: Wanted, asked: Asked, scored: Sequence[tuple[float, Figure]], limit: int
    ) -> Tabled | None:
        """A table of one place's documents, or years; None unless two of them state what is asked."""
        name, path = asks.places[0]
        found: dict[object, Figure] = {}
        for score, figure in scored:
            row = figure.document_id if asks.apart_by == "document" else figure.year
            if score >= LIKELY and is_of(figure.place, path):
                found.setdefault(row, figure)
        rows = self._cited({(name, str(key)): figure for key, figure in found.items()})
        alike = [row for row in rows if unit_class(row.figure.unit) == unit_class(rows[0].figure.unit)]
        if len(alike) < 2 or (asks.apart_by == "document" and len({row.figure.normalized for row in alike}) < 2):
            return None
        if asks.apart_by == "document":
            named = _by_title(alike)
            return lay_out(asks, sorted(named, key=lambda row: dated(row.citation.document), reverse=True), (), limit)
        years = tuple(f"{year}年" for year in asked.years if year not in found)
        named = [replace(row, name=f"{row.figure.year}年") for row in alike]
        return lay_out(asks, sorted(named, key=lambda row: row.figure.year or 0), years, limit)

    def first(self, asked: Asked, picks: Sequence[Pick], filters: Filters = Filters()) -> list[Pick]:
        """The picks, before them the figure that a question after one place's number asks for, if one fits just so."""
        if asked.kind != "number":
            return list(picks)
        best, *others = self._first(asked, picks, filters)
        return [self._said_of(asked, best), *others]

    def _first(self, asked: Asked, picks: Sequence[Pick], filters: Filters) -> list[Pick]:
        places = apart(asked.places)
        if len(places) != 1:
            return [self._as_it_is(asked, picks[0]), *picks[1:]]
        found = [(s, f) for s, f in self._scored(asked, filters) if f.place != "全国" and is_of(f.place, places[0])]
        if not found or found[0][0] < SURE:
            return [self._as_it_is(asked, picks[0]), *picks[1:]]
        figure = found[0][1]
        if _leads_with(picks[0], figure) or any(
            _leads_with(p, figure) and p.score < MUCH_LESS * picks[0].score for p in picks
        ):
            return list(picks)
        cited = self._finder.cited([figure])
        return [replace(quoted(*cited[0]).pick, score=picks[0].score), *picks] if cited else list(picks)

    def _said_of(self, asked: Asked, pick: Pick) -> Pick:
        """The pick, leading with what its number counts where that is more than is asked: 专业技术人才, 近五年来."""
        if pick.lead is None or pick.fit < SHOWN:
            return pick
        figure = next((f for f in self._stated(pick) if pick.lead.start <= f.at < pick.lead.end), None)
        if figure is None:
            return pick
        thing = "" if len(figure.metric) > OF_CHARS or self._said(asked, figure) else figure.metric
        span = figure.scope if asked.years and figure.scope not in asked.text else ""
        return replace(pick, lead=replace(pick.lead, of="，".join(filter(None, (span, thing)))))

    def _stated(self, pick: Pick) -> list[Figure]:
        return self._finder.within(pick.hit.document.id, *pick.sentence)

    def _said(self, asked: Asked, figure: Figure) -> bool:
        """Does a question say all that a figure's metric does, or the metric less than the question?"""
        alike = {word for words in asked.alternatives.values() for word in words} | set(asked.words) | _UNTELLING
        words = [w for w in self._tokens.cut(fold(figure.metric)) if w not in question_words()]
        counts = any(figure.metric.endswith(word) for word in asked.counted)
        return not counts or all(w in alike or w in fold(asked.text) for w in words)

    def _as_it_is(self, asked: Asked, pick: Pick) -> Pick:
        """The pick, leading with what something is where it led with what it was before: 从16.9%增长到30.6%."""
        if pick.lead is None:
            return pick
        stated = self._stated(pick)
        led = next((f for f in stated if pick.lead.start <= f.at < pick.lead.end), None)
        if led is None or led.qualifier != "原" or led.year in asked.years:
            return pick
        now = next((f for f in stated if f.at > led.at and f.metric == led.metric and f.at < pick.end), None)
        return replace(pick, lead=Lead(now.text, now.at, now.at + len(now.text))) if now else pick

    def _of_other_years(self, asked: Asked, limit: int, filters: Filters) -> Tabled | None:
        """What is stated of other years than the one that is asked about, and that it is of others."""
        found = self.tabled(replace(asked, years=()), limit, filters)
        if found is None:
            return None
        years = "、".join(f"{year}年" for year in asked.years)
        return replace(found, other_years=f"没有写到{years}的，写到的是：{found.composed.lead}")

    def _scored(self, asked: Asked, filters: Filters) -> list[tuple[float, Figure]]:
        """Figures that may be meant, best first: of the asked year where one is, never what something was before."""
        words = self._finder.weights(counted_words(asked, self._tokens))
        if not words:
            return []
        found = self._finder.near(asked, words, filters)
        growth = asks_growth(asked)
        scored = []
        for share, figure in found:
            if figure.qualifier == "原" or (asked.years and figure.year not in asked.years):
                continue
            unit = same_unit(asked.unit, unit_class(figure.unit)) if asked.unit else 0.5
            score = (
                SHARE * share + FIT * self._fit(words, figure) + UNIT * max(unit, same_unit(asked.unit, figure.unit))
            )
            score -= CHANGE * (_is_change(figure) and not growth) + ANOTHER * _counts_another(asked, figure)
            scored.append((score, figure))
        return sorted(scored, key=lambda item: (-round(item[0], 2), -item[1].normalized, item[1].document_id))

    def _fit(self, words: Mapping[str, float], figure: Figure) -> float:
        """How well (0-1) a metric is what is asked for: F-measure of the question's words and its own."""
        held = set(self._tokens.words(f"{figure.metric}"))
        total = sum(words.values())
        if not total or not held:
            return 0.0
        recall = sum(weight for word, weight in words.items() if word in held) / total
        precision = sum(len(word) for word in held if word in words) / sum(map(len, held))
        return 2 * recall * precision / (recall + precision) if recall + precision else 0.0

    def _cited(self, chosen: Mapping[tuple[str, str], Figure]) -> list[Row]:
        cited = dict(self._finder.cited(list(chosen.values())))
        return [Row(name, path, f, cited[f]) for (name, path), f in chosen.items() if f in cited]


def _by_title(rows: Sequence[Row]) -> list[Row]:
    """Rows named by their documents' titles; drafts of one title by their files."""
    titles = [row.citation.document.title for row in rows]
    if len(set(titles)) == len(titles):
        return [replace(row, name=title) for row, title in zip(rows, titles, strict=True)]
    return [replace(row, name=Path(row.citation.document.file).stem or row.name) for row in rows]


def _leads_with(pick: Pick, figure: Figure) -> bool:
    same = pick.hit.document.id == figure.document_id
    return same and pick.lead is not None and pick.lead.start <= figure.at < pick.lead.end


def is_part(asked: Asked, pick: Pick) -> bool:
    """Is a total asked for, and does a pick lead with the number of some of it?"""
    counts = pick.lead.of.split("，")[-1] if pick.lead else ""
    some = any(counts.endswith(word) for word in asked.counted) and "总" not in counts
    return some and bool(_TOTAL.search(asked.text))


def _counts_another(asked: Asked, figure: Figure) -> bool:
    """Does a question say what it counts, and the figure's metric not?"""
    if not asked.counted or asked.kind != "number":
        return False
    thing = asked.counted[-1]
    return not any(word in figure.metric for word in (thing, *asked.alternatives.get(thing, ())))


def _is_change(figure: Figure) -> bool:
    return bool(
        re.search(r"(?:同比|环比|比|较|年均)?(?:增长|提高|提升|上升|增加|下降|减少|降低|高|低|多|少)$", figure.metric)
    )


Candidates = dict[tuple[str, str], list[tuple[float, Figure]]]


def _named(asks: Wanted, scored: Sequence[tuple[float, Figure]]) -> Candidates:
    """The candidates of each named place; where none fits well, those around which all the words stand."""
    found = {}
    for name, path in asks.places:
        here = [(s, f) for s, f in scored if is_of(f.place, path) and f.place != "全国"]
        found[name, path] = [(s, f) for s, f in here if s >= LEAST] or [(s, f) for s, f in here if s >= ALL_AROUND]
    return found


def _each(asks: Wanted, asked: Asked, scored: Sequence[tuple[float, Figure]]) -> Candidates:
    """The candidates of every place of the asked level, within the place that the question names."""
    found: Candidates = {}
    for score, figure in scored:
        name = innermost(figure.place or "")
        if score < LEAST or not name or figure.place == "全国":
            continue
        within = all(place in (figure.place or "") and figure.place != place for place in asked.places)
        if within and (not asks.level or level_by_ending(name) == asks.level):
            found.setdefault((name, figure.place or ""), []).append((score, figure))
    return found


def _chosen(asks: Wanted, by_place: Candidates) -> dict[tuple[str, str], Figure]:
    """For each place the best figure; rather one in the unit and of the year of the others if it fits as well."""
    best = {place: found[0] for place, found in by_place.items() if found}
    if not best:
        return {}
    unit = Counter(unit_class(figure.unit) for _, figure in best.values()).most_common(1)[0][0]
    if not asks.places:
        best = {place: of_unit[0] for place in best if (of_unit := _in_unit(by_place[place], unit))}
    year = Counter(figure.year for _, figure in best.values()).most_common(1)[0][0]
    top = max(score for score, _ in best.values())
    chosen = {}
    for place, (most, first) in best.items():
        alike = [(s, f) for s, f in _in_unit(by_place[place], unit) if s >= most - LESS_FIT]
        same_year = [(s, f) for s, f in alike if f.year == year and s >= (alike[0][0] if alike else 0) - 0.05]
        score, figure = (same_year or alike or [(most, first)])[0]
        if asks.places or score >= top - LESS_FIT:
            chosen[place] = figure
    return chosen


def _in_unit(found: Sequence[tuple[float, Figure]], unit: str) -> list[tuple[float, Figure]]:
    return [(score, figure) for score, figure in found if unit_class(figure.unit) == unit]


def _sorted(asks: Wanted, rows: Sequence[Row]) -> list[Row]:
    if not asks.order:
        return list(rows)
    return sorted(rows, key=lambda row: (asks.order * row.figure.normalized, row.path))
