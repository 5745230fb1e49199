"""Lines between a title and its text that say who and when describe the work; what says more stays text."""

from __future__ import annotations

import pytest

from qa.reading.reader import read_text
from qa.types import Document

BODY = "　　渡口修好以后，两岸的人来往方便多了，末班船延到二十点，赶集的、上学的、看病的都不必再跑着上船。"


def work(*head: str) -> Document:
    return read_text("\n".join(["渡口的老周退休了", *head, BODY, BODY.replace("渡口", "码头")])).documents[0]


@pytest.mark.parametrize("line", ["许清和", "（许清和）", "许清和　方既白", "文/许清和"])
def test_a_name_below_the_title_is_the_author_s(line):
    author = work(line).author
    assert author is not None
    assert author.startswith("许清和")


@pytest.mark.parametrize(
    "line", ["（2023年5月12日）", "2023-05-12", "2023年5月12日　青屿日报", "（2023年5月12日《青屿日报》　许清和）"]
)
def test_a_date_below_the_title_is_that_of_publication(line):
    assert work(line).published == "2023-05-12"


def test_a_paper_below_the_title_is_the_publisher():
    assert work("2023年5月12日　青屿日报").publisher == "青屿日报"


@pytest.mark.parametrize("line", ["许清和", "（2023年5月12日）"])
def test_such_a_line_is_no_text(line):
    assert work(line).text.startswith("渡口修好以后")


@pytest.mark.parametrize(
    "line", ["（2023年3月28日云泽省人民代表大会常务委员会通过）", "柳溪县交通运输局", "渡口值班名单"]
)
def test_what_says_more_stays_text(line):
    assert line in work(line).text


def test_names_are_found_where_they_stand():
    document = work("许清和")
    assert next(one.origin for one in document.described if one.field == "author") == "byline"
