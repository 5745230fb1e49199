"""Why a passage was found, in Chinese: the terms of its score by name, and what was looked for instead of a slip."""

from __future__ import annotations

from collections.abc import Mapping

from qa.retrieval.questions import Asked

LABELS = {
    "lexical": "字词",
    "vector": "意思相近",
    "place": "地区",
    "year": "年份",
    "name": "引号里的名称",
    "kind": "有所问的数字、日期或名称",
    "reader": "读过原文",
    "mended": "改了错字",
}
SAID = 0.005  # a term below this moves nothing


def explained(why: Mapping[str, float]) -> str:
    """字词 +0.61，地区 +0.20: the terms of a score, the weightiest first; those that move nothing are left out."""
    terms = sorted(why.items(), key=lambda term: -abs(term[1]))
    return "，".join(f"{LABELS.get(name, name)} {value:+.2f}" for name, value in terms if abs(value) >= SAID)


def mended_notice(asked: Asked) -> str:
    """Which word was looked for instead of one that the library does not hold, "" where none was."""
    pairs = "、".join(f"“{meant}”" for _, meant in asked.mended)
    written = "、".join(f"“{written}”" for written, _ in asked.mended)
    return f"资料里没有{written}，这是按{pairs}找的。" if asked.mended else ""
