"""Places as they are written: known ones by the table, invented ones by their endings."""

from __future__ import annotations

import pytest

from qa.places import abbreviated, gazetteer, level_by_ending, short_name, steps, unknown_places


def found(text: str) -> list[str]:
    return [place.full for _, _, place in gazetteer().find(text)]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("江苏省的图书馆", "江苏省"),
        ("江苏的图书馆", "江苏省"),
        ("扬州市的茶馆", "江苏省扬州市"),
        ("扬州的茶馆", "江苏省扬州市"),
        ("内蒙古的草场", "内蒙古自治区"),
        ("北京的胡同", "北京市"),
    ],
)
def test_a_known_place_is_found_by_its_full_and_its_short_name(text, path):
    assert found(text) == [path]


def test_a_place_says_where_it_stands():
    text = "去年扬州市修了桥"
    ((start, end, _),) = gazetteer().find(text)
    assert text[start:end] == "扬州市"


@pytest.mark.parametrize("text", ["双方合作愉快", "世界和平", "老城里有一座鼓楼"])
def test_a_word_that_is_also_a_countys_short_name_is_no_place(text):
    assert found(text) == []


def test_places_of_a_text_are_found_in_order():
    assert found("浙江和江苏都在试点") == ["浙江省", "江苏省"]


@pytest.mark.parametrize(
    ("name", "level"),
    [("江苏省", "省级"), ("扬州市", "市级"), ("北京市", "省级"), ("石棉县", "县级"), ("楚雄彝族自治州", "市级")],
)
def test_a_known_place_has_its_level(name, level):
    place = gazetteer().lookup(name)
    assert place is not None and place.level == level


def test_an_unknown_name_means_no_place():
    assert gazetteer().lookup("云泽省") is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("云泽省", "云泽"), ("青屿市", "青屿"), ("柳溪县", "柳溪"), ("桐湾区", "桐湾"), ("楚雄彝族自治州", "楚雄"),
        ("内蒙古自治区", "内蒙古"), ("广西壮族自治区", "广西"), ("易县", "易县"),
    ],
)  # fmt: skip
def test_a_short_name_drops_the_ending_and_keeps_two_characters(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("云泽省公共图书馆综述", ["云泽省"]),
        ("青屿市与柳溪县", ["青屿市", "柳溪县"]),
        ("桐湾区的小公交", ["桐湾区"]),
    ],
)
def test_an_invented_place_is_known_by_its_ending(text, names):
    edges = frozenset({0, len(text), *(text.index(n) for n in names), *(text.index(n) + len(n) for n in names)})
    assert unknown_places(text, edges) == names


@pytest.mark.parametrize(
    "text",
    [
        "全省都在试点",
        "我市的老城区",
        "逛超市要走小区",
        "景区和开发区",
        "外省来的客人",
        "建设人才强省",
        "有哪些市",
        "沿海省",
        "货币市场很稳",
        "重新扛起旗帜",
        "这片居民区",
    ],
)
def test_a_common_word_with_such_an_ending_is_no_place(text):
    assert unknown_places(text) == []


def test_a_name_must_begin_and_end_where_words_do():
    text = "那个人才市场搬走了"
    assert unknown_places(text, frozenset({0, 2, 4, 6, 7, 9})) == []


@pytest.mark.parametrize(
    ("name", "level"),
    [("云泽省", "省级"), ("青屿市", "市级"), ("柳溪县", "县级"), ("桐湾区", "县级"), ("石篷镇", None)],
)
def test_an_ending_tells_the_level(name, level):
    assert level_by_ending(name) == level


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("在沪企业", ["上海市"]),
        ("京、沪、粤三地", ["北京市", "上海市", "广东省"]),
        ("京津冀协同发展", ["北京市", "天津市", "河北省"]),
        ("蓉城的书房", ["四川省成都市"]),
        ("沪指上涨", []),
        ("京剧、川菜、粤曲", []),
        ("津津有味", []),
    ],
)
def test_abbreviations_count_where_they_mean_a_place(text, places):
    assert [place.full for _, _, place in abbreviated(text)] == places


def test_the_steps_of_a_path_are_its_names():
    assert steps("江苏省扬州市广陵区") == ("江苏省", "扬州市", "广陵区")
