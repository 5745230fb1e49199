"""Training texts are cut where the product would cut them."""

from training import texts

TEXT = "青屿市新辟夜间公交六条。末班车延到二十三点半。市民说，下夜班不用再打车了！"


def test_passages_hold_every_character_once() -> None:
    assert "".join(passage for _, passage in texts.passages(TEXT * 8, 60)) == TEXT * 8


def test_a_passage_stands_where_it_says() -> None:
    assert all((TEXT * 8).startswith(passage, start) for start, passage in texts.passages(TEXT * 8, 60))


def test_the_holder_of_an_offset_contains_it() -> None:
    cut = texts.passages(TEXT * 8, 60)
    start, passage = cut[texts.holder(cut, 100)]
    assert start <= 100 < start + len(passage)


def test_articles_carry_their_law_and_chapter() -> None:
    law = "# 青屿市公园条例\n\n## 第一章 总则\n\n第一条 为了让居民出门见绿，规范公园的建设与管理，制定本条例。\n"
    assert list(texts._articles("青屿市公园条例", law)) == [
        texts.Article("青屿市公园条例", "总则", "为了让居民出门见绿，规范公园的建设与管理，制定本条例。")
    ]
