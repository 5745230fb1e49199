"""Where words stand in a library: exactly, in the other script, nearly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.pipeline import Pipeline
from qa.retrieval.letters import codes
from qa.text import letters

TEXT = "青屿市在老茶馆里设立阅览点73个，其中夜间开放的有29个。\n阅览点由退休教师牵头管理，占地120㎡，满意率98.5%。"


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    opened = build(Settings(data=tmp_path / "库"))
    opened.add_text("茶馆", "茶馆小结", TEXT)
    yield opened
    opened.library.close()


def quote(pipeline: Pipeline, found) -> str:
    return pipeline.library.document(found.document_id).text[found.start : found.end]


@pytest.mark.parametrize("text", [TEXT, "ＡＢＣ１２．５％……《书》", "㎡½℃①ﬁ", "𠮷田🙂", "", "3.14.15. 46.7万"])
def test_letters_in_arrays_are_the_letters_of_the_text(text):
    found, origins = codes(text)
    assert "".join(map(chr, found)) == letters(text) or "𠮷" in text
    assert len(found) == len(origins)


@pytest.mark.parametrize(
    ("text", "match", "quoted"),
    [
        ("老茶馆里设立阅览点73个", "verbatim", "老茶馆里设立阅览点73个"),
        ("老茶馆 里 设立 阅览点 ７３ 个！", "verbatim", "老茶馆里设立阅览点73个"),
        ("老茶館裡設立閱覽點", "script", "老茶馆里设立阅览点"),
        ("占地120m2", "verbatim", "占地120㎡"),
        ("阅览点由退修教师牵头管理", "variant", "阅览点由退休教师牵头管理"),
    ],
)
def test_words_are_found_whatever_their_width_script_and_small_slips(pipeline, text, match, quoted):
    found = pipeline.finder.find(text)[0]
    assert (found.match, quote(pipeline, found)) == (match, quoted)


def test_a_number_is_found_whole(pipeline):
    assert pipeline.finder.find("9个") == []


def test_what_stands_nowhere_is_not_found(pipeline):
    assert pipeline.finder.find("柳溪县的渡船换成了新船，末班船延到八点") == []


def test_near_places_can_be_left_out(pipeline):
    assert pipeline.finder.find("阅览点由退修教师牵头管理", near=False) == []


def test_a_document_that_comes_is_found_and_one_that_goes_is_not(pipeline):
    assert pipeline.finder.find("柳溪县的渡船换成了新船") == []
    added = pipeline.add_text("渡口", "渡口小结", "去年，柳溪县的渡船换成了新船。")
    (found,) = pipeline.finder.find("柳溪县的渡船换成了新船")
    assert found.document_id == added.document_ids[0]
    pipeline.library.delete(found.document_id)
    assert pipeline.finder.find("柳溪县的渡船换成了新船") == []


def test_only_allowed_documents_are_looked_in(pipeline):
    assert pipeline.finder.find("老茶馆里设立阅览点", allowed=frozenset()) == []
