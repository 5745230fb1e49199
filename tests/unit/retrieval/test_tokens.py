"""Words and bigrams for matching: folded, without punctuation, the shorter words inside long ones too."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens, question_words


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


def test_words_of_a_text_come_in_order(tokens):
    assert tokens.words("渡口修好了") == ["渡口", "修好", "了"]


def test_the_words_inside_a_long_word_are_words_too(tokens):
    assert {"图书", "图书馆"} <= set(tokens.words("公共图书馆"))


def test_no_word_lies_inside_another_when_a_text_is_cut(tokens):
    assert "".join(tokens.cut("柳溪县公共图书馆的读者")) == "柳溪县公共图书馆的读者"


@pytest.mark.parametrize(("one", "other"), [("圖書館開門", "图书馆开门"), ("ＡＰＰ", "app"), ("１８路", "18路")])
def test_script_width_and_case_do_not_matter(tokens, one, other):
    assert tokens.words(one) == tokens.words(other)


def test_punctuation_is_no_word(tokens):
    assert not set("，。“”！、（） ") & set(tokens.words("“慢一点”，她说。（笑）再来、再来！"))


@pytest.mark.parametrize("number", ["4.35", "46.7%", "2023"])
def test_a_number_is_one_word(tokens, number):
    assert number in tokens.words(f"达到{number}左右")


def test_bigrams_are_each_two_neighbours(tokens):
    assert tokens.bigrams("渡口修好") == ["渡口", "口修", "修好"]


def test_no_bigram_goes_across_punctuation(tokens):
    assert tokens.bigrams("渡口，修好") == ["渡口", "修好"]


def test_a_lone_character_is_kept_as_it_is(tokens):
    assert tokens.bigrams("船，慢") == ["船", "慢"]


def test_latin_and_numbers_are_kept_whole(tokens):
    assert tokens.bigrams("BRT线路12条") == ["brt", "线路", "12", "条"]


def test_word_boundaries_count_into_the_text(tokens):
    assert tokens.boundaries("渡口修好") == {0, 2, 4}


@pytest.mark.parametrize("word", ["什么", "多少", "哪里", "谁", "怎么"])
def test_words_that_ask_are_known(word):
    assert word in question_words()


@pytest.mark.parametrize("word", ["渡口", "图书馆", "减少", "公交"])
def test_words_that_tell_are_not_among_them(word):
    assert word not in question_words()


def test_an_empty_text_has_no_words(tokens):
    assert (tokens.words(""), tokens.bigrams("")) == ([], [])
