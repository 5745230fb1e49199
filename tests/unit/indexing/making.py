"""Small things to test the library with: a model, documents about invented places, a library of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.types import Document, FileResult, Origin, Passage, Reading, Source, Span

SENTENCES = (
    "去年，云泽省新开社区图书室318家，其中夜间开放的96家。",
    "青屿市把旧厂房改造成社区食堂，每天为老人提供午餐。",
    "柳溪县修复河道十二公里，沿岸居民重新看见了白鹭。",
    "桐湾区在地铁站旁设立了二十四小时自助借书柜。",
    "全省公共图书馆延长开放时间，周末也办少儿阅读活动。",
    "县里的小学开设了种菜课，学生把收成送给敬老院。",
)


def make_model(folder: Path, seed: int = 1, dtype: str = "float32", dimension: int = 32) -> Path:
    """A Sentence Transformers folder: StaticEmbedding over single characters, random weights, then Normalize."""
    from safetensors.numpy import save_file
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    folder.mkdir(parents=True, exist_ok=True)
    characters = sorted({char for sentence in SENTENCES for char in sentence})
    vocabulary = {"[UNK]": 0} | {char: i for i, char in enumerate(characters, start=1)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    (folder / "0_StaticEmbedding").mkdir(exist_ok=True)
    tokenizer.save(str(folder / "0_StaticEmbedding" / "tokenizer.json"))
    weights = np.random.default_rng(seed).normal(size=(len(vocabulary), dimension)).astype(dtype)
    weights[0] = 0  # an unknown character says nothing
    save_file({"embedding.weight": weights}, folder / "0_StaticEmbedding" / "model.safetensors")
    modules = "sentence_transformers.sentence_transformer.modules"
    _write(folder / "modules.json", [
        {"idx": 0, "name": "0", "path": "0_StaticEmbedding", "type": f"{modules}.static_embedding.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{modules}.normalize.Normalize"},
    ])  # fmt: skip
    (folder / "1_Normalize").mkdir(exist_ok=True)
    _write(folder / "1_Normalize" / "config.json", {})
    _write(folder / "config_sentence_transformers.json", {"model_type": "SentenceTransformer", "prompts": {}})
    return folder


def make_reading(
    *paragraphs: str, title: str = "云泽省图书馆年报", place: str | None = "云泽省", level: str | None = "省级",
    kind: str | None = "综述", published: str | None = "2025-02", page: int | str | None = 12,
) -> Reading:  # fmt: skip
    """A source that is one document, each paragraph a passage; the source has a line before it that is dropped."""
    text = "\n".join(paragraphs)
    source_text = f"首页 > 资料\n{text}"
    source_id = hashlib.sha256(f"{title}{source_text}".encode()).hexdigest()
    document = Document(
        id=f"{source_id[:16]}-1", source_id=source_id, part=1, title=title, text=text,
        spans=(Span(0, len(text), len(source_text) - len(text)),), place=place, level=level, kind=kind,
        published=published, page=page, page_kind="exact" if page else None,
    )  # fmt: skip
    source = Source(source_id, f"{title}.txt", len(source_text.encode()), "utf-8", False, source_text)
    return Reading(source, (document,))


def passages_of(reading: Reading) -> list[Passage]:
    """One passage for each paragraph of each document."""
    found = []
    for document in reading.documents:
        at = 0
        for ordinal, text in enumerate(document.text.split("\n")):
            found.append(
                Passage(
                    f"{document.id}-p{ordinal}", document.id, ordinal, ("一、概况",), at, at + len(text), text,
                    f"{document.title} {document.place or ''}",
                )
            )  # fmt: skip
            at += len(text) + 1
    return found


def store(
    library: Library, embedder: Embedder, reading: Reading, path: str = "年报.txt", origin: Origin = "folder"
) -> FileResult:
    """What the pipeline does with a file that was read."""
    passages = passages_of(reading)
    vectors = embedder.passages([f"{passage.context}\n{passage.text}" for passage in passages])
    return library.store(reading, passages, vectors, origin, path, reading.source.size, 1)


def _write(path: Path, what: object) -> None:
    path.write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
