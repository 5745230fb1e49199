"""An answer as one text: its blocks, each followed by the marks of its citations. Knows nothing of HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.types import Block

# A year in brackets, as 国发[2022]5号 writes it, would read as a mark.
LOOKS_LIKE_A_MARK = re.compile(r"\[(\d{1,4})\]")


def literal(text: str) -> str:
    """Words of a source, with brackets that would read as marks written full-width: [2022] becomes ［2022］."""
    return LOOKS_LIKE_A_MARK.sub(r"［\1］", text)


def marked(block: Block) -> str:
    """One block with its marks, such as `全省新开318家。[1][2]`."""
    return literal(block.text) + "".join(f"[{number}]" for number in block.citations)


def answer_text(blocks: Iterable[Block]) -> str:
    """The whole answer."""
    return "".join(marked(block) for block in blocks)
