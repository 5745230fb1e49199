"""On which printed page a span stands. Knows nothing of HTTP."""

from __future__ import annotations

from bisect import bisect_right

from qa.types import Document, PageKind


def page_at(document: Document, start: int) -> tuple[int | str | None, PageKind | None]:
    """The printed page that holds `start`, and whether it is exact; otherwise the page on which the work begins.

    A page of the file on which no number was found has none: the number of the page before would be a guess.
    """
    if document.page_kind == "exact" and document.pages:
        at = bisect_right([page.start for page in document.pages], start) - 1
        if at >= 0:
            page = document.pages[at].page
            return page, "exact" if page is not None else None
    return document.page, document.page_kind
