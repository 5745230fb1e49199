"""A tokenizer that cuts like jieba without jieba: a Unigram model whose scores are word log-frequencies.

jieba's own segmentation cannot be stored in `tokenizer.json`; the most probable path over its word frequencies can.
Words that the training text hardly uses are left out: their vectors would stay random, their characters' do not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import jieba
import rjieba
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from training.charsmap import compiled, simplified

UNKNOWN = "[UNK]"
WORD = re.compile(r"[\u4e00-\u9fff]{1,6}|[a-z]{1,12}|[0-9]{1,4}")
PIECES = r"[a-z]+|[0-9]+|[\u4e00-\u9fff]+|[^a-z0-9\u4e00-\u9fff]"
LEAST_USE = 4
JIEBA_SHARE = 0.3  # of a word's probability; the rest is its use in the training text


def normalizer() -> normalizers.Normalizer:
    return normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Precompiled(compiled(simplified()))]
    )


def build(texts: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of at most `size` entries; entry 0 is the unknown token, which every punctuation mark becomes."""
    fold = normalizer()
    words: Counter[str] = Counter()
    for text in texts:
        words.update(word for word in rjieba.cut(fold.normalize_str(text), True) if WORD.fullmatch(word))
    characters: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            characters[character] += count
    tokenizer = Tokenizer(models.Unigram(_scored(words, characters, size), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = fold
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PIECES), "isolated")
    return tokenizer


def _scored(words: Counter[str], characters: Counter[str], size: int) -> list[tuple[str, float]]:
    total = words.total()

    def probability(word: str) -> float:
        prior = jieba.dt.FREQ.get(word, 0) / jieba.dt.total
        return JIEBA_SHARE * prior + (1 - JIEBA_SHARE) * words[word] / total

    jieba.setLogLevel("WARNING")
    jieba.dt.initialize()
    letters = [c for c, count in characters.items() if count >= LEAST_USE or not "\u4e00" <= c <= "\u9fff"]
    frequent = [word for word, count in words.items() if count >= LEAST_USE and len(word) > 1]
    frequent.sort(key=lambda word: (-words[word], word))
    entries = [(UNKNOWN, -20.0)]
    # a character inside a longer word must never win against the word by accident of a tie: one nat less
    entries += [(c, math.log(max(probability(c), 1 / total)) - 1) for c in sorted(letters)]
    entries += [(word, math.log(probability(word))) for word in frequent[: size - len(entries)]]
    return entries
