"""References as GB/T 7714 writes them: the edition of 2025 and that of 2015, numeric and author–year.

Marks: full stop and square brackets half-width, the others full-width (2025, clause 7; for 2015 its drafter's answer of
2024). What is not known is shown in square brackets, as the standard marks what the citer supplies: [出版地不详],
[出版者不详] and 佚名 are its own words, [出版年不详], [页码不详] and the like are formed after them.
docs/citing.md lists which rules were found confirmed and which are assumed.
"""

from __future__ import annotations

import re
from typing import Literal

from qa.citing.references import Name, Reference

Edition = Literal["2025", "2015"]
MOST_NAMES = 3
PRINTED = frozenset({"M", "C", "G", "D", "R", "A", "Z", "S"})


def gbt7714(reference: Reference, edition: Edition = "2025", author_year: bool = False) -> str:
    """The entry in the list of references, without its number."""
    return _Entry(reference, edition, author_year).text()


class _Entry:
    """One entry being written."""

    def __init__(self, reference: Reference, edition: Edition, author_year: bool) -> None:
        self._of, self._edition, self._author_year = reference, edition, author_year

    def text(self) -> str:
        of = self._of
        url = "[网址不详]" if of.url is None else of.url
        identifier = f"DOI:{of.doi}" if of.doi else ""
        blocks = [self._head(), self._title() + self._host(), of.edition, self._issued(), url, identifier]
        return ". ".join(block.rstrip(".") for block in blocks if block) + "."

    def _head(self) -> str:
        """Those responsible, and the year where the year stands there."""
        of = self._of
        by = "" if self._standard_first else self._names(of.authors)
        if not self._author_year:
            return by
        return f"{by or self._unnamed()}，{of.year or '[出版年不详]'}"

    @property
    def _standard_first(self) -> bool:
        """The edition of 2025 begins a standard with its number."""
        return self._edition == "2025" and self._of.type == "S" and not self._author_year

    def _unnamed(self) -> str:
        return "佚名" if self._of.chinese else "Anon"

    def _names(self, names: tuple[Name, ...] | None) -> str:
        if names is None:
            return self._unnamed()
        written = [self._name(name) for name in names[:MOST_NAMES]]
        if len(names) > MOST_NAMES:
            written.append("等" if self._of.chinese else "et al")
        return "，".join(written)

    def _name(self, name: Name) -> str:
        family = name.family.upper() if self._edition == "2015" and name.given else name.family
        return " ".join(filter(None, (family, _initials(name.given, hyphens=self._edition == "2025"), name.suffix)))

    def _title(self) -> str:
        of = self._of
        title = f"[{of.title}]" if of.title_inferred else of.title
        if of.number and of.type == "S" and self._edition == "2025":
            title = f"{of.number} {title}"
        elif of.number:
            title = f"{title}：{of.number}"
        return f"{title}[{of.type}{'/OL' if of.online else ''}]" + self._translated()

    def _translated(self) -> str:
        if not self._of.translators:
            return ""
        return f". {self._names(self._of.translators)}，{'译' if self._of.chinese else 'trans'}"

    def _host(self) -> str:
        """The collection that the work is part of, which no full stop parts from it."""
        host = self._of.host
        if host is None:
            return ""
        by = self._names(host.authors) if host.authors != () else ""
        return "//" + ". ".join(filter(None, (by, host.title or "[汇编题名不详]")))

    def _issued(self) -> str:
        of = self._of
        match of.type:
            case "N":
                return f"{self._container('报纸名称')}，{self._day()}（{of.page or '[版次不详]'}）{self._opened()}"
            case "J":
                return self._journal()
            case "EB":
                return self._posted()
            case "P":
                return f"{of.date or '[公告日期不详]'}{self._pages()}{self._opened()}"
            case _:
                return self._published()

    def _container(self, called: str) -> str:
        return self._of.container if self._of.container is not None else f"[{called}不详]"

    def _day(self) -> str:
        date = self._of.date
        if date is None:
            return "[出版日期不详]"
        return date if len(date) == 10 else f"{date}-[日期不详]"

    def _journal(self) -> str:
        of = self._of
        parts = [self._container("刊名"), "" if self._author_year else self._year(), of.volume]
        issue = f"（{of.issue}）" if of.issue else "" if of.volume else "（[期号不详]）"
        return "，".join(filter(None, parts)) + issue + self._pages() + self._opened()

    def _posted(self) -> str:
        """A page of the web: the day it was posted and the day it was consulted, both editions alike."""
        of = self._of
        posted = "（[发布日期不详]）" if of.date is None else f"（{of.date}）" if of.date else ""
        return f"{posted}[{of.accessed or '引用日期不详'}]"

    def _published(self) -> str:
        of = self._of
        where = self._where()
        if not where and of.online and self._edition == "2015" and of.date:
            return f"（{of.date}）{self._opened()}"
        when = "" if self._author_year and len(of.date or "") <= 4 else self._year()
        return ("，".join(filter(None, (where, when))) + self._pages() + self._opened()).lstrip("：")

    def _where(self) -> str:
        """Place and publisher; what is not known of them in brackets."""
        place, publisher = self._of.place, self._of.publisher
        if place is None and publisher is None:
            return "[出版地不详：出版者不详]" if self._of.chinese else "[S.l.：s.n.]"
        place = ("[出版地不详]" if self._of.chinese else "[S.l.]") if place is None else place
        publisher = ("[出版者不详]" if self._of.chinese else "[s.n.]") if publisher is None else publisher
        return "：".join(filter(None, (place, publisher)))

    def _year(self) -> str:
        """The year, or the whole date where the source has no other mark of its time (archives, reports online)."""
        of = self._of
        if of.date is None:
            return "[出版年不详]"
        return of.date if of.type == "A" or (not of.publisher and of.publisher is not None) else of.date[:4]

    def _pages(self) -> str:
        of = self._of
        if of.page is None:
            return "：[页码不详]"
        if not of.page:
            return ""
        return f"：{of.page}-[止页不详]" if of.page_open else f"：{of.page}"

    def _opened(self) -> str:
        """The day it was consulted online, which the edition of 2025 asks of pages of the web alone."""
        of = self._of
        if self._edition == "2025" or not of.online:
            return ""
        return f"[{of.accessed or '引用日期不详'}]"


def _initials(given: str, hyphens: bool) -> str:
    """Jean-Luc: J-L in 2025, J L in 2015. Written in Chinese characters a name is left whole."""
    if not re.search(r"[A-Za-zÀ-ÿ]", given):
        return given
    words = re.findall(r"[^\s.\-]+|-", given)
    letters = [word if word == "-" else word if word.isupper() or word.islower() else word[0] for word in words]
    joined = " ".join(letters)
    return joined.replace(" - ", "-" if hyphens else " ")
