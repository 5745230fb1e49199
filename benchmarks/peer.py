"""The plain LangChain pipeline that a team would write in an afternoon, to be measured beside the product.

RecursiveCharacterTextSplitter with Chinese separators, Chroma and BM25 over jieba words, joined by EnsembleRetriever;
the embedding is the product's own model, so that only the pipelines differ. Its answer is the best passage's sentence
that shares most words with the question. Runs in .venv-peer and imports nothing of the product:

    python benchmarks/peer.py SEEDS MODEL STORE

Writes one line of JSON when the documents are searchable, then one for each line `{"search": …}` or `{"ask": …}` read.
"""

import json
import os
import re
import sys
import time
import warnings
from pathlib import Path

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.filterwarnings("ignore")

import jieba  # noqa: E402
from langchain_chroma import Chroma  # noqa: E402
from langchain_classic.retrievers import EnsembleRetriever  # noqa: E402
from langchain_community.retrievers import BM25Retriever  # noqa: E402
from langchain_core.documents import Document  # noqa: E402
from langchain_core.embeddings import Embeddings  # noqa: E402
from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402

TOP_K = 10
SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "，", " ", ""]
jieba.setLogLevel("WARNING")


class Model(Embeddings):
    def __init__(self, folder):
        self.model = SentenceTransformer(folder, device="cpu").float()

    def embed_documents(self, texts):
        return self.model.encode(texts, batch_size=256, show_progress_bar=False).tolist()

    def embed_query(self, text):
        return self.embed_documents([text])[0]


def words(text):
    return [word for word in jieba.lcut(text) if word.strip()]


def read(folder):
    for path in sorted(path for path in Path(folder).rglob("*") if path.suffix in (".txt", ".md")):
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030", "replace")
        yield Document(page_content=text, metadata={"source": path.name})


def build(folder, model, store):
    """The retriever over every chunk of the folder, and how many chunks there are."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=300, chunk_overlap=50, separators=SEPARATORS, keep_separator="end"
    )
    chunks = splitter.split_documents(list(read(folder)))
    vectors = Chroma(
        "peer", Model(model), persist_directory=store, collection_configuration={"hnsw": {"space": "cosine"}}
    )
    for start in range(0, len(chunks), 1000):
        vectors.add_documents(chunks[start : start + 1000])
    lexical = BM25Retriever.from_documents(chunks, preprocess_func=words, k=TOP_K)
    near = vectors.as_retriever(search_kwargs={"k": TOP_K})
    return EnsembleRetriever(retrievers=[lexical, near], weights=[0.5, 0.5]), len(chunks)


def best_sentence(question, text):
    asked = set(words(question))
    return max(re.split(r"(?<=[。！？\n])", text), key=lambda sentence: len(asked & set(words(sentence))))


def main():
    seeds, model, store = sys.argv[1:4]
    started = time.perf_counter()
    retriever, chunks = build(seeds, model, store)
    say({"chunks": chunks, "read_s": time.perf_counter() - started})
    for line in sys.stdin:
        request = json.loads(line)
        question = request.get("search") or request["ask"]
        started = time.perf_counter()
        found = [document.page_content for document in retriever.invoke(question)[:TOP_K]]
        answer = best_sentence(question, found[0]) if "ask" in request and found else ""
        say({"ms": (time.perf_counter() - started) * 1000, "passages": found, "answer": answer})


def say(reply):
    print(json.dumps(reply, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
