"""Links that open a document at a quotation and notice when it has moved. Knows nothing of HTTP."""

from __future__ import annotations

from qa.text import quote_hash


def permalink(document_id: str, start: int, end: int, quote: str) -> str:
    """Where a reader opens the quotation, such as `/documents/3f…#s1203-1260-9f2a77c1`."""
    return f"/documents/{document_id}#s{start}-{end}-{quote_hash(quote)}"
