"""What a web page says of itself, in its head and its JSON-LD: title (without the site), date, author, publisher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml.etree import _Element

from qa.numbers import parse_date
from qa.types import Metadata

_TITLES = ("articletitle", "og:title", "twitter:title", "dc.title")
_DATES = (
    "article:published_time", "pubdate", "publishdate", "publish_date", "publish-date", "og:release_date", "date",
    "dc.date", "dc.date.issued", "dcterms.issued", "datepublished", "article:create_at", "weibo:article:create_at",
    "parsely-pub-date",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author")
_PUBLISHERS = ("contentsource", "source", "og:site_name", "sitename", "publisher", "dc.publisher", "article:publisher")
_ADDRESSES = ("og:url", "twitter:url", "dc.identifier.uri")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{4,2000}")
_BARS = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s+|\s*-{2,}\s*")
_SITE = re.compile(
    r"\s*[-–—]\s*[^-–—]{0,30}(?:网|网站|频道|门户|政府|新闻|日报|晚报|在线|客户端|首页|办公室|委员会|官网|平台)$"
)
MIN_TITLE = 4
MAX_LD = 400_000
MAX_FIELD = 200


def metadata_of(root: _Element) -> Metadata:
    """None where the page says nothing."""
    told = _told(root)
    linked = list(_linked(root))
    title = (
        _first(told, _TITLES)
        or _ld(linked, "headline")
        or _own(root.findtext(".//title") or "", _headings(root))
        or None
    )
    published = (_first(told, _DATES) or _ld(linked, "datePublished") or _time(root)) or ""
    return Metadata(
        title=_without_site(title) if title else None,
        author=_person(_first(told, _AUTHORS)) or _person(_ld(linked, "author")),
        published=parse_date(published),
        publisher=_person(_first(told, _PUBLISHERS)) or _person(_ld(linked, "publisher")),
        url=_address(root, told),
    )


def _address(root: _Element, told: dict[str, str]) -> str | None:
    """The address that the page gives as its own; one that is cut off or of another kind is none."""
    links = (link.get("href") or "" for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    written = (*links, *(told[name] for name in _ADDRESSES if name in told))
    return next((found[0] for one in written if (found := _ADDRESS.fullmatch(one.strip()))), None)


def _told(root: _Element) -> dict[str, str]:
    """The meta elements by name, lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = " ".join((meta.get("content") or "")[:MAX_FIELD].split())
        if name and content:
            found.setdefault(name, content)
    return found


def _first(told: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((told[name] for name in names if name in told), None)


def _linked(root: _Element) -> Iterator[dict[str, object]]:
    """The objects of the page's JSON-LD."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json" or len(script.text or "") > MAX_LD:
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph") if isinstance(data, dict) else data
        for entry in [data, *(graph if isinstance(graph, list) else [])]:
            if isinstance(entry, dict):
                yield entry


def _ld(linked: list[dict[str, object]], name: str) -> str | None:
    for entry in linked:
        value = entry.get(name)
        value = value[0] if isinstance(value, list) and value else value
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return value.strip()[:MAX_FIELD]
    return None


def _person(written: str | None) -> str | None:
    """A name; an address or a number names nobody."""
    plain = (written or "").strip()
    return plain if plain and "://" not in plain and re.search(r"[^\W\d_]", plain) and len(plain) <= 40 else None


def _time(root: _Element) -> str | None:
    marked = (t for t in root.iter("time") if t.get("pubdate") is not None or t.get("itemprop") == "datePublished")
    return next((t.get("datetime") or "" for t in marked), None)


def _headings(root: _Element) -> list[str]:
    return [
        h for element in root.iter("h1", "h2") if len(h := " ".join("".join(element.itertext()).split())) >= MIN_TITLE
    ]


def _own(title: str, headings: list[str]) -> str:
    """The heading of the page that its title repeats, else the title."""
    plain = " ".join(title.split())[:MAX_FIELD]
    return next((heading for heading in headings if heading in plain), plain)


def _without_site(title: str) -> str:
    """二〇二三年综述_云泽省图书馆 → 二〇二三年综述."""
    plain = " ".join(title.split())
    first = _BARS.split(plain)[0]
    plain = first if len(first) >= MIN_TITLE else plain
    cut = _SITE.sub("", plain)
    return cut if len(cut) >= MIN_TITLE else plain
