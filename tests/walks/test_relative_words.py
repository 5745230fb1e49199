"""What 今年上半年 or 近五年 means in a document is found by the years themselves, and said in the answer."""

from __future__ import annotations

import pytest

from qa.pipeline import Pipeline
from qa.types import Answer

FILLING = "赶集的人不必再摸黑绕山路回家，老人孩子都说方便，船家也多了一份收入。"


@pytest.fixture
def ferries(pipeline: Pipeline) -> Pipeline:
    """Reports on ferries that differ in their years alone."""
    for year, half, five in (("2022", 21, 210), ("2023", 34, 340), ("2024", 55, 550)):
        text = (
            f"　　今年上半年，全省新添渡船{half}条，{FILLING}\n"
            f"　　近五年，全省共修码头{five}座，{FILLING}\n"
            f"　　渡口管理所夜里也有人值守，{FILLING}"
        )
        pipeline.add_text(year, "云泽省渡口工作通报", text, f"{year}-07-15", "云泽省")
    return pipeline


def said(answer: Answer) -> str:
    return "".join(block.text for block in answer.blocks)


@pytest.mark.parametrize(("year", "half"), [("2022", "21条"), ("2023", "34条"), ("2024", "55条")])
def test_a_half_year_is_found_by_its_year(ferries, year, half):
    assert half in said(ferries.answer(f"云泽省{year}年上半年新添渡船多少条？"))


def test_the_year_is_said_beside_the_word(ferries):
    assert "今年〔2023年〕上半年" in said(ferries.answer("云泽省2023年上半年新添渡船多少条？"))


def test_five_years_are_found_by_the_first_and_the_last(ferries):
    assert "340座" in said(ferries.answer("2019到2023年云泽省共修码头多少座？"))


def test_five_years_are_said_beside_the_words(ferries):
    assert "近五年〔2019—2023年〕" in said(ferries.answer("2019到2023年云泽省共修码头多少座？"))
