"""References for programs: BibTeX, RIS, CSL-JSON. What is not known stays visibly empty.

BibTeX's entry types and fields after "BibTeXing" (Patashnik, 1988), whose `18+` is the page where something begins; RIS
tags after Reference Manager's; CSL-JSON's names after the schema of CSL 1.0.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from qa.citing.references import CALLED, Name, Reference

_BIBTEX = {"M": "book", "C": "inproceedings", "G": "incollection", "N": "article", "J": "article", "D": "phdthesis",
           "R": "techreport", "S": "misc", "P": "misc", "A": "misc", "EB": "misc", "Z": "misc"}  # fmt: skip
_RIS = {"M": "BOOK", "C": "CPAPER", "G": "CHAP", "N": "NEWS", "J": "JOUR", "D": "THES", "R": "RPRT", "S": "STAND",
        "P": "PAT", "A": "GEN", "EB": "ELEC", "Z": "GEN"}  # fmt: skip
_CSL = {"M": "book", "C": "paper-conference", "G": "chapter", "N": "article-newspaper", "J": "article-journal",
        "D": "thesis", "R": "report", "S": "standard", "P": "patent", "A": "document", "EB": "webpage",
        "Z": "document"}  # fmt: skip
_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    char: f"\\{char}" for char in "&%$#_{}"
}


def bibtex(reference: Reference, key: str) -> str:
    """One entry. Addresses are left as they are; every other value is escaped for LaTeX."""
    of = reference
    held = "school" if of.type == "D" else "institution" if of.type == "R" else "publisher"
    fields: list[tuple[str, str | None]] = [
        ("author", _bibtex_names(of.authors)),
        ("title", "" if of.title_inferred else _escaped(of.title)),
        ("booktitle", of.host.title and _escaped(of.host.title) if of.host else ""),
        ("editor", _bibtex_names(of.host.authors) if of.host and of.host.authors else ""),
        ("journal", _escaped(of.container)),
        ("number", _escaped(of.issue or of.number)),
        ("volume", _escaped(of.volume)),
        ("edition", _escaped(of.edition)),
        ("address", _escaped(of.place)),
        (held, _escaped(of.publisher)),
        ("year", of.year),
        ("date", of.date if len(of.date or "") > 4 else ""),
        ("pages", f"{of.page}+" if of.page_open else of.page and of.page.replace("-", "--")),
        ("url", of.url),
        ("urldate", of.accessed),
        ("doi", of.doi),
    ]
    unknown = {name for name, value in fields if value is None} | ({"title"} if of.title_inferred else set())
    if of.title_inferred:
        fields.append(("note", _escaped(f"首句：{of.title}")))
    lines = [f"  {name} = {{{value or ''}}}" for name, value in fields if value or name in unknown]
    return f"@{_BIBTEX[of.type]}{{{key},\n" + ",\n".join(lines) + "\n}"


def _bibtex_names(names: tuple[Name, ...] | None) -> str | None:
    """A body's or a Chinese name is kept whole by braces."""
    if names is None:
        return None
    written = (f"{name.family}, {name.given}" if name.given else f"{{{_escaped(name.family)}}}" for name in names)
    return " and ".join(written)


def _escaped(text: str | None) -> str | None:
    return "".join(_LATEX.get(char, char) for char in text) if text else text


def ris(reference: Reference) -> str:
    """One record, its lines ended by CR and LF."""
    of = reference
    first, _, last = (of.page or "").partition("-")
    held = of.host.title if of.host else of.container
    rows: list[tuple[str, str | None]] = [
        ("TY", _RIS[of.type]),
        *_people("AU", of.authors),
        ("TI", None if of.title_inferred else of.title),
        ("T2", held),
        *_people("A2", of.host.authors if of.host else ()),
        ("ET", of.edition),
        ("CY", of.place),
        ("PB", of.publisher),
        ("PY", of.year),
        ("DA", (of.date or "").replace("-", "/")),
        ("VL", of.volume),
        ("IS", of.issue),
        ("M1", of.number),
        ("SP", None if of.page is None else first),
        ("EP", None if of.page_open else last),
        ("UR", of.url),
        ("Y2", of.accessed if of.accessed is None else of.accessed.replace("-", "/")),
        ("DO", of.doi),
        ("N1", _note(of)),
        ("ER", None),
    ]
    return "".join(f"{tag}  - {_one_line(value or '')}\r\n" for tag, value in rows if value is None or value)


def _people(tag: str, names: tuple[Name, ...] | None) -> list[tuple[str, str | None]]:
    if names is None:
        return [(tag, None)]
    return [(tag, ", ".join(filter(None, (name.family, name.given, name.suffix)))) for name in names]


def csl_json(reference: Reference, key: str) -> dict[str, object]:
    """One item. CSL has no empty values: what is not known is left out, and `note` names it."""
    of = reference
    item: dict[str, object] = {
        "id": key,
        "type": _CSL[of.type],
        "title": "" if of.title_inferred else of.title,
        "author": _csl_names(of.authors),
        "translator": _csl_names(of.translators),
        "container-title": of.host.title if of.host else of.container,
        "container-author": _csl_names(of.host.authors if of.host else ()),
        "edition": of.edition,
        "number": of.number,
        "volume": of.volume,
        "issue": of.issue,
        "publisher-place": of.place,
        "publisher": of.publisher,
        "issued": _csl_date(of.date),
        "accessed": _csl_date(of.accessed),
        "page": "" if of.page_open else of.page,
        "page-first": of.page if of.page_open else "",
        "URL": of.url,
        "DOI": of.doi,
        "language": "zh-CN" if of.chinese else "",
        "note": _note(of),
    }
    return {name: value for name, value in item.items() if value}


def csl_text(items: Iterable[dict[str, object]]) -> str:
    """Items as a file of CSL-JSON."""
    return json.dumps(list(items), ensure_ascii=False, indent=2)


def _csl_names(names: Sequence[Name] | None) -> list[dict[str, str]]:
    return [
        {"family": name.family, "given": name.given} | ({"suffix": name.suffix} if name.suffix else {})
        if name.given
        else {"literal": name.family}
        for name in names or ()
    ]


def _csl_date(date: str | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else None


def _note(of: Reference) -> str:
    told = []
    if of.missing:
        told.append("未知：" + "、".join(CALLED[field] for field in of.missing))
    if of.page_open:
        told.append(f"所在篇目自第{of.page}页起")
    if of.title_inferred:
        told.append(f"首句：{of.title}")
    return "；".join(told)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
