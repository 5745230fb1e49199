"""After an answer: where it stands, more of it, or only certain documents; nothing needs to be asked again."""

from __future__ import annotations

from qa.citing.marks import answer_text
from qa.pipeline import Pipeline
from qa.types import Turn
from tests.walks.asking import FERRIES, TEAHOUSES

ASKED: list[Turn] = [("user", "青屿市在老茶馆里设立了多少个阅览点？")]


def test_asked_for_its_source_an_answer_names_document_and_quotation(pipeline: Pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    answer = pipeline.answer("出处呢？", ASKED)
    assert "〔《青屿市茶馆阅览点工作小结》" in answer_text(answer.blocks)
    assert "阅览点73个" in answer.citations[0].quote


def test_asked_for_more_an_answer_quotes_the_sentences_around_it(pipeline: Pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    brief, more = pipeline.answer(ASKED[0][1]), pipeline.answer("详细一点", ASKED)
    assert len(answer_text(more.blocks)) > len(answer_text(brief.blocks))
    assert "王建国" in answer_text(more.blocks)


def test_narrowed_to_a_place_only_its_documents_answer(pipeline: Pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    pipeline.add_bytes(FERRIES.encode(), "渡口.txt")
    asked: list[Turn] = [("user", "全年开课或者读报多少次？")]
    answer = pipeline.answer("只看柳溪县的", asked)
    assert {citation.document.file for citation in (*answer.citations, *answer.near)} == {"渡口.txt"}


def test_a_comparison_of_numbers_that_no_document_gives_is_refused(pipeline: Pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    pipeline.add_bytes(FERRIES.encode(), "渡口.txt")
    assert pipeline.answer("青屿市和柳溪县哪个的教师多？").status == "no_evidence"
