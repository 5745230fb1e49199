"""How good a Sentence Transformers folder is at finding passages, alone and added to lexical search.

    python -m training.measure --data FOLDER --model qa/models/yinju-static-zh

Collections are passages of about 150 characters, each under its title: all of CMRC 2018 (13 thousand) for the CMRC
dev questions, the same and DRCD's for the Traditional ones. The right passage holds the start of the answer. The
lexical side is the product's own recipe: BM25 over words and half of BM25 over character bigrams, k1 0.8, b 0.4.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import rjieba
from opencc import OpenCC
from scipy.sparse import csr_matrix

from training import texts

RUN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?%?|[\u4e00-\u9fff]+")
WEIGHTS = (0.1, 0.2, 0.3)
simplify = OpenCC("t2s").convert


class BM25:
    """Okapi over token lists; each query term counts once."""

    def __init__(self, documents: list[list[str]], k1: float = 0.8, b: float = 0.4) -> None:
        self.column: dict[str, int] = {}
        rows, columns, counts = [], [], []
        for row, document in enumerate(documents):
            for token, count in Counter(document).items():
                rows.append(row)
                columns.append(self.column.setdefault(token, len(self.column)))
                counts.append(count)
        lengths = np.array([len(document) for document in documents], dtype=np.float32)
        owner, column, tf = np.array(rows), np.array(columns), np.array(counts, dtype=np.float32)
        df = np.bincount(column)
        idf = np.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
        value = idf[column] * tf * (k1 + 1) / (tf + k1 * (1 - b + b * lengths[owner] / lengths.mean()))
        self.matrix = csr_matrix((value.astype(np.float32), (column, owner)), shape=(len(df), len(documents)))

    def scores(self, queries: list[list[str]]) -> np.ndarray:
        known = [[self.column[token] for token in set(query) if token in self.column] for query in queries]
        bounds = np.concatenate([[0], np.cumsum([len(row) for row in known])])
        columns = np.array([column for row in known for column in row], dtype=np.int64)
        asked = csr_matrix((np.ones(len(columns), np.float32), columns, bounds), shape=(len(known), len(self.column)))
        return np.asarray((asked @ self.matrix).todense(), dtype=np.float32)


def fold(text: str) -> str:
    return simplify(unicodedata.normalize("NFKC", text)).lower()


def words(text: str) -> list[str]:
    folded = fold(text)
    return [w for w in rjieba.cut(folded, True) + rjieba.cut_for_search(folded, True) if re.search(r"\w", w)]


def bigrams(text: str) -> list[str]:
    found = []
    for run in RUN.findall(fold(text)):
        found += [run[i : i + 2] for i in range(len(run) - 1)] if run[0] > "\u4e00" and len(run) > 1 else [run]
    return found


def lexical(documents: list[str], queries: list[str]) -> np.ndarray:
    by_word = BM25([words(document) for document in documents])
    by_bigram = BM25([bigrams(document) for document in documents])
    return by_word.scores([words(q) for q in queries]) + 0.5 * by_bigram.scores([bigrams(q) for q in queries])


def standard(scores: np.ndarray) -> np.ndarray:
    return (scores - scores.mean(1, keepdims=True)) / (scores.std(1, keepdims=True) + 1e-9)


def ranks(scores: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """1 for the best; ties count against us."""
    right = scores[np.arange(len(gold)), gold][:, None]
    return (scores >= right).sum(1)


def figures(rank: np.ndarray) -> dict[str, float]:
    return {
        "R@1": round(float((rank <= 1).mean() * 100), 1),
        "R@10": round(float((rank <= 10).mean() * 100), 1),
        "MRR": round(float(np.where(rank <= 10, 1 / rank, 0).mean() * 100), 1),
    }


def collection(data: Path, asked: Path, parts: list[Path]) -> tuple[list[str], list[str], np.ndarray]:
    """Passages with their titles, the questions, and the number of each question's passage."""
    documents: list[str] = []
    first: dict[str, tuple[int, list[tuple[int, str]]]] = {}
    for part in parts:
        for context in texts.contexts(part).values():
            cut = texts.passages(context.text)
            first[context.id] = (len(documents), cut)
            documents += [f"{context.title}\n{passage}" for _, passage in cut]
    questions = texts.questions(asked)
    gold = [first[q.context][0] + texts.holder(first[q.context][1], q.answer_start) for q in questions]
    return documents, [q.text for q in questions], np.array(gold)


def measure(data: Path, folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu").float()
    cmrc, drcd = data / "cmrc2018", data / "drcd_dev_clean"
    sets = {
        "CMRC trial": (cmrc / "answers_trial.jsonl", [cmrc]),
        "CMRC dev": (cmrc / "answers.jsonl", [cmrc]),
        "DRCD": (drcd / "answers.jsonl", [cmrc, drcd]),
    }
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, (asked, parts) in sets.items():
        documents, queries, gold = collection(data, asked, parts)
        by_word = lexical(documents, queries)
        near = model.encode(queries) @ model.encode(documents, batch_size=512).T
        rows = {"lexical": by_word, "dense": near, "dense, 128 numbers": _shorter(model, queries, documents, 128)}
        for weight in WEIGHTS:
            rows[f"fused {weight}"] = (1 - weight) * standard(by_word) + weight * standard(near)
        found[name] = {row: figures(ranks(scores, gold)) for row, scores in rows.items()}
        print(f"{name}: {len(queries)} questions, {len(documents)} passages")
        for row, figure in found[name].items():
            print(f"  {row:20} {figure}", flush=True)
    return found


def _shorter(model: object, queries: list[str], documents: list[str], dimension: int) -> np.ndarray:
    def encode(batch: list[str]) -> np.ndarray:
        return model.encode(batch, batch_size=512, truncate_dim=dimension, normalize_embeddings=True)  # type: ignore[attr-defined]

    return encode(queries) @ encode(documents).T


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    args = parser.parse_args()
    measure(args.data, args.model)


if __name__ == "__main__":
    main()
