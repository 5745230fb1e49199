"""References as footnotes of Chinese books and journals write them: 作者：《题名》，出版地：出版者，出版年，页码。

After the house rules of 《历史研究》 and 《中国社会科学》. What is not known stands in 〔 〕.
"""

from __future__ import annotations

from qa.citing.references import Name, Reference


def footnote(reference: Reference) -> str:
    """One footnote, without its number."""
    return _Note(reference).text()


def booked(title: str) -> str:
    """《title》; book marks inside become 〈〉."""
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


class _Note:
    """One note being written."""

    def __init__(self, reference: Reference) -> None:
        self._of = reference

    def text(self) -> str:
        of = self._of
        by = _people(of.authors)
        title = f"〔{of.title}〕" if of.title_inferred else booked(of.title)
        number = f"（{of.number}）" if of.number else ""
        translated = f"{_people(of.translators)}译" if of.translators else ""
        parts = [f"{by}：{title}{number}" if by else title + number, translated, *self._issued()]
        return "，".join(filter(None, parts)) + "。"

    def _issued(self) -> list[str]:
        of = self._of
        match of.type:
            case "N":
                return [f"{self._container()}{_day(of.date)}", self._sheet(), self._address()]
            case "J":
                issue = f"第{of.issue}期" if of.issue else "〔期号不详〕"
                return [f"{self._container()}{self._year()}{issue}", self._page(), self._address()]
            case "EB":
                return [_day(of.date) if of.date != "" else "", self._address(), self._opened()]
            case "D":
                return ["学位论文", of.publisher or "〔学校不详〕", self._year(), self._page()]
            case "S":
                return [of.publisher or "", self._year() if of.date else "", self._page(), self._address()]
            case _:
                return [self._host(), self._where(), self._year(), self._page(), self._address()]

    def _container(self) -> str:
        return "〔报刊名不详〕" if self._of.container is None else booked(self._of.container)

    def _host(self) -> str:
        host = self._of.host
        if host is None:
            return ""
        title = "〔汇编题名不详〕" if host.title is None else booked(host.title)
        return f"{_people(host.authors)}编：{title}" if host.authors else title

    def _where(self) -> str:
        place, publisher = self._of.place, self._of.publisher
        place = "〔出版地不详〕" if place is None else place
        publisher = "〔出版者不详〕" if publisher is None else publisher
        return "：".join(filter(None, (place, publisher)))

    def _year(self) -> str:
        date = self._of.date
        return "〔出版年不详〕" if date is None else f"{date[:4]}年" if date else ""

    def _sheet(self) -> str:
        return f"第{self._of.page.lstrip('0')}版" if self._of.page else "〔版次不详〕"

    def _page(self) -> str:
        of = self._of
        if of.page is None:
            return "〔页码不详〕"
        if not of.page:
            return ""
        return f"第{of.page.replace('-', '—')}页{'起' if of.page_open else ''}"

    def _address(self) -> str:
        return "〔网址不详〕" if self._of.url is None else self._of.url

    def _opened(self) -> str:
        accessed = self._of.accessed
        return "〔访问日期不详〕" if accessed is None else _day(accessed) if accessed else ""


def _people(names: tuple[Name, ...] | None) -> str:
    if names is None:
        return "〔责任者不详〕"
    written = [" ".join(filter(None, (name.given, name.family, name.suffix))) for name in names]
    return "、".join(written[:3]) + ("等" if len(written) > 3 else "")


def _day(date: str | None) -> str:
    """2024-04-02 is 2024年4月2日, as exact as known."""
    if date is None:
        return "〔日期不详〕"
    return "".join(f"{int(part)}{unit}" for part, unit in zip(date.split("-"), "年月日", strict=False))
