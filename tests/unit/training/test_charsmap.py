"""The normalizer that is written by hand must be read as it is meant."""

from tokenizers.normalizers import Precompiled

from training.charsmap import compiled


def test_each_character_becomes_its_replacement() -> None:
    replacements = {"雲": "云", "澤": "泽", "圖": "图", "書": "书", "館": "馆"}
    assert Precompiled(compiled(replacements)).normalize_str("雲澤圖書館") == "云泽图书馆"


def test_other_characters_stay() -> None:
    assert Precompiled(compiled({"雲": "云"})).normalize_str("白云、bus 12％") == "白云、bus 12％"


def test_replacements_with_shared_bytes_are_kept_apart() -> None:
    replacements = {chr(0x4E00 + i): chr(0x5E00 + i) for i in range(300)}
    normalizer = Precompiled(compiled(replacements))
    assert [normalizer.normalize_str(key) for key in replacements] == list(replacements.values())
