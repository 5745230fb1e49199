"""What a question names is found by whatever form it takes: numbers, places, slips of the pen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.pipeline import Pipeline

Found = Callable[[str], str]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Pipeline]:
    made = build(Settings(data=tmp_path))
    yield made
    made.library.close()


@pytest.fixture
def first(library: Pipeline) -> Found:
    """The title of the document that a search finds first."""
    return lambda query: library.search(query, 3).hits[0].document.title


def test_a_number_in_words_is_found_by_its_digits_and_shown(library, first):
    library.add_text("a", "柳溪县村务", "柳溪县三千六百二十户用上了自来水，井台都拆了。", None, None, None)
    library.add_text("b", "桐湾区村务", "桐湾区三百户用上了自来水，井台都留着。", None, None, None)
    hit = library.search("3620户用上自来水", 3).hits[0]
    assert hit.document.title == "柳溪县村务"
    assert "三千六百二十" in {hit.passage.text[a:b] for a, b in hit.highlights}
