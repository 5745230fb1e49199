"""A link still opens the same words after an update, or says that they moved or changed."""

from __future__ import annotations

from dataclasses import replace

from qa.citing.permalinks import links_in, permalink, resolve
from qa.types import Document

QUOTE = "全县修复山塘46座，新增蓄水两万方。"
BEFORE = Document("d1", "s1", 1, "水利小结", "今年，" + QUOTE + "夜间巡查轮流值守。")
(LINK,) = links_in(permalink("d1", 3, 3 + len(QUOTE), QUOTE))


def words(resolved) -> str:
    return resolved.document.text[resolved.start : resolved.end]


def test_a_link_says_what_it_points_at():
    assert (LINK.document_id, LINK.start, LINK.end) == ("d1", 3, 3 + len(QUOTE))


def test_words_where_they_stood_are_the_same():
    assert resolve(LINK, BEFORE).standing == "same"


def test_words_in_another_script_are_the_same():
    assert resolve(LINK, replace(BEFORE, text="今年，全縣修復山塘46座，新增蓄水兩萬方。")).standing == "same"


def test_words_that_moved_are_found_by_their_hash_alone():
    resolved = resolve(LINK, replace(BEFORE, text="据初步统计，各乡镇上报齐全。" + BEFORE.text))
    assert (resolved.standing, words(resolved)) == ("moved", QUOTE)


def test_words_that_moved_are_found_by_themselves():
    resolved = resolve(LINK, replace(BEFORE, text="据初步统计。" + BEFORE.text), quote=QUOTE)
    assert (resolved.standing, words(resolved)) == ("moved", QUOTE)


def test_words_that_lost_a_comma_are_found():
    resolved = resolve(LINK, replace(BEFORE, text="据统计，今年全县修复山塘46座新增蓄水两万方。"))
    assert resolved.standing == "moved"


def test_another_figure_is_another_quotation():
    assert resolve(LINK, replace(BEFORE, text=BEFORE.text.replace("46", "64"))).standing == "changed"


def test_the_words_are_looked_for_in_what_replaced_the_document():
    after = replace(BEFORE, id="d2", text="（修订稿）" + BEFORE.text)
    resolved = resolve(LINK, None, [after])
    assert (resolved.standing, resolved.document.id, words(resolved)) == ("moved", "d2", QUOTE)


def test_a_replacement_without_the_words_has_changed():
    assert resolve(LINK, None, [replace(BEFORE, id="d2", text="另一篇。")]).standing == "changed"


def test_a_document_that_is_nowhere_is_gone():
    assert resolve(LINK, None).standing == "gone"


def test_of_several_places_the_nearest_is_meant():
    resolved = resolve(LINK, replace(BEFORE, text="总之，" + BEFORE.text + "又及，" + QUOTE), quote=QUOTE)
    assert resolved.start == 6


def test_a_selection_from_the_middle_of_a_sentence_is_found():
    (link,) = links_in(permalink("d1", 7, 13, "修复山塘46"))
    resolved = resolve(link, replace(BEFORE, text="据统计，" + BEFORE.text))
    assert (resolved.standing, words(resolved)) == ("moved", "修复山塘46")


def test_a_link_without_words_finds_nothing():
    assert resolve(replace(LINK, hash=""), None, [BEFORE]).standing == "changed"


def test_links_are_found_in_any_text_once_each():
    url = permalink("d1", 3, 9, "修复山塘")
    assert len(links_in(f"见 [1](http://127.0.0.1:8000{url}) 与 {url}。")) == 1
