"""Bytes of Chinese text become the same characters in every encoding, or say that they may not have."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

import pytest
from opencc import OpenCC

from qa.errors import Unreadable
from qa.reading.encodings import REPLACEMENT, decode

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
SIMPLIFIED = {
    "utf-8": "utf-8", "utf-8 with a mark": "utf-8-sig", "utf-16 with a mark": "utf-16", "utf-16 le": "utf-16-le",
    "utf-16 be": "utf-16-be", "utf-32": "utf-32", "gb18030": "gb18030", "gbk": "gbk", "big5": "big5",
}  # fmt: skip
TEXTS = 50
SHARE = 0.99


@cache
def sentences() -> tuple[str, ...]:
    files = sorted(p for p in SEEDS.iterdir() if p.suffix in {".txt", ".md"})
    text = "\n".join(path.read_text("utf-8-sig", errors="ignore") for path in files)
    return tuple(s for s in re.findall(r"[^\s。！？#|]{8,120}[。！？]", text) if REPLACEMENT not in s)


@cache
def converter(name: str) -> OpenCC:
    return OpenCC(name)


@cache
def make_text(seed: int, traditional: bool = False) -> str:
    """Sentences of the sample library in any order, at least 200 characters, in either script."""
    choose = random.Random(seed)
    pieces: list[str] = []
    while sum(map(len, pieces)) < 200:
        pieces.append(choose.choice(sentences()))
    text = converter("t2s").convert("".join(p + choose.choice(["", "\n", "\r\n", "\r\n　　", "2023."]) for p in pieces))
    return converter(choose.choice(["s2t", "s2tw", "s2hk"])).convert(text) if traditional else text


def written(text: str, encoding: str) -> str:
    """What of a text the encoding can say."""
    return text.encode(encoding, "ignore").decode(encoding)


@pytest.mark.parametrize("encoding", SIMPLIFIED.values(), ids=SIMPLIFIED)
def test_texts_read_exactly_or_say_that_they_may_not_be(encoding):
    made = [written(make_text(seed, encoding == "big5" or seed % 2 == 1), encoding) for seed in range(TEXTS)]
    found = [(text, decode(text.encode(encoding))) for text in made]
    right = sum(d.text == text or d.unsure for text, d in found)
    assert right >= SHARE * len(found)


@pytest.mark.parametrize("encoding", SIMPLIFIED.values(), ids=SIMPLIFIED)
def test_few_texts_that_read_exactly_are_called_unsure(encoding):
    made = [written(make_text(seed, encoding == "big5" or seed % 2 == 1), encoding) for seed in range(TEXTS)]
    found = [(text, decode(text.encode(encoding))) for text in made]
    assert sum(d.text == text and not d.unsure for text, d in found) >= 0.94 * len(found)


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_a_title_alone_reads_exactly_or_says_that_it_may_not_be(encoding):
    texts = [written(converter("s2t").convert(s)[:12], encoding) for s in sentences()]
    found = [(text, decode(text.encode(encoding))) for text in texts]
    assert sum(d.text == text or d.unsure for text, d in found) >= SHARE * len(found)


@pytest.mark.parametrize(("declared", "encoding"), [("gb2312", "big5"), ("big5", "gb18030"), ("iso-8859-1", "gb18030")])
def test_a_wrong_label_does_not_mislead(declared, encoding):
    text = written(make_text(3, traditional=encoding == "big5"), encoding)
    assert decode(text.encode(encoding), declared).text == text


def test_a_label_that_names_no_encoding_does_no_harm():
    text = make_text(4)
    assert decode(text.encode("gb18030"), "zip").text == text


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n", "\n\r\n\r"])
def test_line_ends_stay_as_they_are(ends):
    text = f"柳溪县修桥三座。{ends}桐湾区建馆两处。{ends}"
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "utf-16-le"])
def test_a_file_cut_in_a_character_is_read_and_marked_unsure(encoding):
    text = written(make_text(5, traditional=encoding == "big5").replace("\r", "").rstrip("\n 　0123456789."), encoding)
    found = decode(text.encode(encoding)[:-1])
    assert found.unsure and found.text[:150] == text[:150]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_place_of_a_broken_byte_is_known(encoding):
    first, second = make_text(6), make_text(7)
    found = decode(first.encode(encoding) + b"\xff\n" + second.encode(encoding))
    assert [found.text[b.start : b.end] for b in found.broken] == [REPLACEMENT]


def test_a_broken_byte_leaves_the_other_words_as_they_are():
    first, second = make_text(6), make_text(7)
    found = decode(first.encode() + b"\xff\n" + second.encode())
    assert found.text.replace(REPLACEMENT, "") == f"{first}\n{second}"


def test_a_broken_byte_is_told_in_a_doubt():
    assert "1 处" in decode(make_text(6).encode() + b"\xff").doubts[0]


def test_a_text_saved_as_mojibake_says_so():
    text = make_text(8).encode().decode("gb18030", "ignore")
    assert decode(text.encode()).unsure


@pytest.mark.parametrize("seed", range(6))
def test_random_bytes_are_refused(seed):
    with pytest.raises(Unreadable):
        decode(random.Random(seed).randbytes(4000))


def test_a_western_text_is_read_and_marked_unsure():
    found = decode("A café in Zürich opened its doors to readers.".encode("cp1252"))
    assert found.text.startswith("A café") and found.unsure


def test_plain_ascii_is_sure():
    assert not decode(b"id,name\n1,Library\n").unsure
