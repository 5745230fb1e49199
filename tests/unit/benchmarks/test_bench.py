"""Both pipelines are judged by the same rule."""

from benchmarks.bench import rank, usable

CASE = {"question": "读书角有几个？", "evidence": [{"file": "x.txt", "quote": "建成读书角27个"}]}


def test_the_first_passage_with_the_evidence_counts() -> None:
    assert rank(CASE, ["桐湾区修了路。", "全区建成读书角 27 个。", "建成读书角27个"]) == 2


def test_evidence_beyond_what_a_reader_is_shown_does_not_count() -> None:
    assert rank(CASE, ["桐" * 400 + "建成读书角27个"]) is None


def test_evidence_in_traditional_script_counts() -> None:
    assert rank(CASE, ["建成讀書角27個"]) == 1


def test_a_question_that_has_no_answer_is_left_out() -> None:
    assert not usable({**CASE, "unanswerable": True})
