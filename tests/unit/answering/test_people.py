"""Personal names in a text."""

from __future__ import annotations

from qa.indexing.people import person_spans


def people(text: str) -> list[str]:
    return [text[start:end] for start, end in person_spans(text)]


def test_a_persons_name_is_found():
    assert people("管理员王建国记下了每一条意见") == ["王建国"]


def test_each_name_of_a_text_is_found():
    assert people("王建国和李秀英都来了") == ["王建国", "李秀英"]


def test_a_text_without_a_person_has_no_name():
    assert people("渡口修好了，末班船延到晚上八点。") == []
