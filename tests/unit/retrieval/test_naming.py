"""Places are written out, whatever a question calls them; what only looks like an abbreviation is left alone."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens
from qa.retrieval.naming import spelled_out

KNOWN = ("上海市", "云南省昆明市", "广东省", "北京市")
_TOKENS = Tokens()


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("沪有多少博士", "上海有多少博士"),
        ("在沪高校有几所", "在上海高校有几所"),
        ("内蒙有几个盟", "内蒙古有几个盟"),
        ("京、沪、粤三地", "北京、上海、广东三地"),
        ("春城有几间书房", "昆明有几间书房"),
    ],
)
def test_an_abbreviation_is_written_out(written, full):
    assert spelled_out(written, _TOKENS, KNOWN).text == full


@pytest.mark.parametrize(
    "text", ["内蒙古有几个盟", "京剧有几种", "湘绣传承人", "首都师范大学", "粤港澳大湾区", "江城有几座桥", "沪江英语"]
)
def test_what_is_no_abbreviation_stays(text):
    assert spelled_out(text, _TOKENS, KNOWN).text == text


def test_a_group_stands_for_its_members():
    assert spelled_out("京津冀协同发展", _TOKENS, ()).groups == {"京津冀": ("北京", "天津", "河北")}
