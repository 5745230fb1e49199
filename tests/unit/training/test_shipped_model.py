"""The model folder that ships: small enough, credited, and able to read both scripts by itself."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from qa.config import DEFAULT_MODEL

FOLDER = Path(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def test_the_folder_stays_under_sixteen_megabytes() -> None:
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 16_000_000


def test_the_card_credits_what_the_model_learned_from() -> None:
    card = (FOLDER / "README.md").read_text("utf-8")
    assert "CMRC 2018" in card and "CC BY-SA 4.0" in card


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("雲澤省開通夜間公車", "云泽省开通夜间公车"), ("圖書館延長開放時間", "图书馆延长开放时间")],
)
def test_both_scripts_become_the_same_tokens(tokenizer: Tokenizer, traditional: str, simplified: str) -> None:
    assert tokenizer.encode(traditional).ids == tokenizer.encode(simplified).ids


def test_words_stay_whole(tokenizer: Tokenizer) -> None:
    assert {"社区", "多少", "引进"} <= set(tokenizer.encode("青屿市的社区引进了多少新书").tokens)


def test_punctuation_and_symbols_are_unknown(tokenizer: Tokenizer) -> None:
    assert set(tokenizer.encode("，。！😀").ids) <= {0}
