"""Near-duplicates: what makes two texts alike, by what they are found, and where they differ."""

from __future__ import annotations

import random

import pytest

from qa.indexing.tokens import Tokens
from qa.reading.differences import differences
from qa.reading.duplicates import alike, likely, paragraph_keys, signature
from qa.text import sentence_spans
from qa.types import Difference
from tests.unit.reading.versions import BOILERPLATE, DRAFT, FERRY, FINAL, TEA


def shared_keys(a: str, b: str) -> set[int]:
    one, other = signature(a), signature(b)
    assert one and other
    return set(one.keys) & set(other.keys)


def told(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.here.text, one.there.text) for one in found]


# Alike


def test_a_draft_and_its_final_version_are_alike():
    assert alike(DRAFT, FINAL) > 0.7


def test_a_text_is_wholly_alike_to_itself():
    assert alike(DRAFT, DRAFT) == 1.0


def test_script_width_and_punctuation_make_no_difference():
    assert alike("去年，全市新添渡船６條，末班船延到晚上八點。", "去年全市新添渡船6条；末班船延到晚上八点") == 1.0


def test_two_articles_that_share_boilerplate_are_not_alike():
    assert alike(FERRY, TEA) == 0.0


def test_a_version_that_was_shortened_is_alike():
    assert alike(DRAFT, DRAFT[: DRAFT.index("　　老街修好以后")]) > 0.0


def test_a_short_excerpt_is_not_alike():
    assert alike(DRAFT, DRAFT[: DRAFT.index("　　施工中")]) == 0.0


# Found


def test_versions_share_a_key():
    assert shared_keys(DRAFT, FINAL)


def test_a_moved_paragraph_leaves_its_keys():
    one, other = signature(DRAFT), signature(FINAL)
    assert set(paragraph_keys(DRAFT.split("\n")[4])) <= set(one.paragraph_keys) & set(other.paragraph_keys)


def test_different_articles_share_no_document_key():
    assert not shared_keys(FERRY, TEA)


def test_the_overlap_is_estimated_from_the_least_values():
    chooser = random.Random(7)
    a = "".join(chr(0x4E00 + chooser.randrange(3000)) for _ in range(4000))
    estimate = likely(signature(a).least, signature(a[:3000]).least)
    assert estimate == pytest.approx(0.75, abs=0.13)  # three standard errors


def test_the_same_text_has_the_same_signature_in_every_process():
    assert signature("柳溪县修河道").keys[0] == -3275471824869177504


@pytest.mark.parametrize("text", ["", "　\n", "四字而已", "。！？……"])
def test_a_text_without_five_letters_has_no_signature(text: str):
    assert signature(text) is None


def test_a_text_of_short_lines_has_a_signature():
    assert signature("甲\n乙\n丙\n丁\n戊\n己") is not None


def test_a_short_paragraph_has_no_keys():
    assert paragraph_keys("一、基本情况") == ()


# Different


def test_what_was_changed_is_listed_with_both_sides_figures_first():
    assert told(differences(DRAFT, FINAL, Tokens().boundaries)) == [
        ("number", "137间", "142间"),
        ("date", "4月18日", "5月9日"),
        ("wording", "顾承安", "沈怀远"),
    ]


def test_a_difference_stands_where_it_says():
    sides = [(one.here, DRAFT) for one in differences(DRAFT, FINAL)]
    sides += [(one.there, FINAL) for one in differences(DRAFT, FINAL)]
    assert all(text[side.start : side.end] == side.text and side.sentence in text for side, text in sides)


def test_the_other_way_round_the_sides_change_places():
    there = [(kind, b, a) for kind, a, b in told(differences(FINAL, DRAFT))]
    assert there == told(differences(DRAFT, FINAL))


def test_equal_texts_do_not_differ():
    assert differences(DRAFT, DRAFT) == []


def test_other_punctuation_is_no_difference():
    here, there = "全市新添渡船6条，末班船都延到晚上20点。", "全市新添渡船６條；末班船都延到晚上20點！"
    assert differences(here, there) == []


def test_a_sentence_that_was_left_out_is_listed_whole():
    shorter = DRAFT.replace("修缮由县住建局牵头，工匠主要来自本县。", "")
    assert told(differences(DRAFT, shorter)) == [("only_here", "修缮由县住建局牵头，工匠主要来自本县。", "")]


def test_a_sentence_that_was_added_is_listed_whole_where_it_would_have_stood():
    longer = DRAFT.replace("公里，安置临时摊位58个。", "公里，安置临时摊位58个。另有六户自行修缮。")
    (added,) = differences(DRAFT, longer)
    assert (added.kind, added.there.text) == ("only_there", "另有六户自行修缮。")
    assert DRAFT[: added.here.start].endswith("安置临时摊位58个。")


def test_a_decimal_is_one_figure():
    assert told(differences("铺设石板路2.6公里。", "铺设石板路2.9公里。")) == [("number", "2.6公里", "2.9公里")]


def test_a_figure_that_was_put_in_stands_against_nothing():
    assert told(differences("老街修好后每天来客。", "老街修好后每天来客300人。")) == [("number", "", "300人")]


def test_a_rewritten_text_is_listed_sentence_by_sentence():
    found = differences(FERRY, TEA)
    shared = len(sentence_spans(BOILERPLATE))
    kinds = {one.kind for one in found if one.kind.startswith("only")}
    assert kinds and len(found) >= len(sentence_spans(FERRY)) - shared
