"""What the cards of well-known models say: their prompts, size, licence and needs. No model is touched here.

The data is in `qa/data/embedding_models.toml`. A folder's own configuration goes before it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

_FILE = Path(__file__).resolve().parent.parent / "data" / "embedding_models.toml"


@dataclass(frozen=True, slots=True)
class Prompts:
    """What the model wants to read before a question and before a passage; whether the latter is from our data file."""

    query: str = ""
    passage: str = ""
    passage_is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A model that is known to do well on Chinese.

    `size` in MB to fetch (0: it is here), `needs` and `note` in Chinese.
    """

    name: str
    kind: Literal["embedding", "reranker"]
    size: int
    licence: str
    dimension: int = 0
    needs: str = ""
    note: str = ""


def prompts_of(model: str, config: Mapping[str, Any]) -> Prompts:
    """The prompts of a model's `config_sentence_transformers.json`, and those of its family where it gives none."""
    given = config.get("prompts") or {}
    usual = given.get(config.get("default_prompt_name") or "", "") or ""
    query = given.get("query") or usual
    passage = next((given[name] for name in ("document", "passage", "corpus") if given.get(name)), usual)
    if query or passage:
        return Prompts(query, passage)
    family = _family(model)
    return Prompts(family.query, family.passage, bool(family.passage))


def cards() -> tuple[Card, ...]:
    """The models worth naming, smallest first within their kind."""
    return tuple(Card(**fields) for fields in _data()["model"])


def _family(model: str) -> Prompts:
    """The family by the last part of a name or path, or, in a cache of the hub, by `models--owner--name`."""
    for part in (
        Path(model).name,
        *(one.rsplit("--", 1)[-1] for one in Path(model).parts if one.startswith("models--")),
    ):
        for family in _data()["family"]:
            if re.search(family["name"], part.removeprefix("openai-embedding:"), re.IGNORECASE):
                return Prompts(family.get("query", ""), family.get("passage", ""))
    return Prompts()


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
