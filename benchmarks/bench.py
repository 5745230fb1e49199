"""The product beside a plain LangChain pipeline: the same documents, the same questions, the same run.

    python -m benchmarks.bench [--seeds FOLDER] [--eval FOLDER]

Reading is timed from starting the process until the first question can be asked. The product is asked over HTTP, the
peer inside its own process; each question goes to both in turn. A passage is right when its first 400 characters hold
a piece of the evidence.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import score
from benchmarks.service import ROOT, Memory, ServiceFailed, running
from qa.config import DEFAULT_MODEL

PEER_PYTHON = ROOT / ".venv-peer" / "bin" / "python"
WARM_UP = 3
RANKS = (1, 5, 10)
Passages = list[str]
Timed = tuple[Passages, float]


@dataclass
class Measured:
    ready_s: float = 0.0
    search_ms: list[float] = field(default_factory=list)
    ask_ms: list[float] = field(default_factory=list)
    ranks: list[int | None] = field(default_factory=list)  # of the evidence, for each question
    peak_mib: float = 0.0

    def right(self, within: int) -> float:
        return sum(rank is not None and rank <= within for rank in self.ranks) / len(self.ranks)


class Ours:
    """The product over one HTTP connection that stays open."""

    def __init__(self, base: str) -> None:
        self._connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=60)

    def search(self, question: str, filters: dict | None = None) -> Timed:
        reply, ms = self._post("/api/v1/search", {"query": question, "top_k": 10, "filters": filters or {}})
        return [result["passage"]["text"] for result in reply["results"]], ms

    def ask(self, question: str) -> float:
        return self._post("/api/v1/ask", {"question": question})[1]

    def document_ids(self) -> list[str]:
        """The ids of the first documents, 200 at most."""
        self._connection.request("GET", "/api/v1/documents?limit=200")
        return [one["id"] for one in json.loads(self._connection.getresponse().read())["documents"]]

    def _post(self, path: str, body: dict) -> tuple[dict, float]:
        started = time.perf_counter()
        self._connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        reply = dict(json.loads(response.read()))
        elapsed = (time.perf_counter() - started) * 1000
        if response.status != 200:
            raise ServiceFailed(f"{path}: {response.status} {reply}")
        return reply, elapsed


class Peer:
    """The plain pipeline, asked by lines of JSON; it times itself, so that the pipe costs it nothing."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        assert process.stdin and process.stdout
        self._written, self._read, self._log = process.stdin, process.stdout, log

    def search(self, question: str) -> Timed:
        reply = self._request({"search": question})
        return reply["passages"], reply["ms"]

    def ask(self, question: str) -> float:
        return float(self._request({"ask": question})["ms"])

    def _request(self, body: dict) -> dict:
        self._written.write(json.dumps(body, ensure_ascii=False) + "\n")
        self._written.flush()
        return self.reply()

    def reply(self) -> dict:
        said = self._read.readline()
        if not said:
            raise ServiceFailed(f"对照流程没有运行起来：\n{self._log.read_text('utf-8', 'replace')[-2000:]}")
        return dict(json.loads(said))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=Path, default=ROOT / "seeds", help="文档文件夹")
    parser.add_argument("--eval", type=Path, default=ROOT / "benchmarks" / "sample", help="题库文件夹")
    parser.add_argument("--peer-python", type=Path, default=PEER_PYTHON, help="装有对照流程的 Python")
    args = parser.parse_args()
    cases = [case for case in score.read_jsonl(str(args.eval / "questions.jsonl")) if usable(case)]
    if not cases:
        sys.exit(f"{args.eval / 'questions.jsonl'} 里没有可用的题。")
    try:
        start_once(args.peer_python)
        report(*measure(args.seeds.resolve(), cases, args.peer_python), len(cases))
    except ServiceFailed as failure:
        sys.exit(str(failure))


def usable(case: dict) -> bool:
    return not case.get("unanswerable") and not case.get("history") and bool(case.get("evidence"))


def start_once(python: Path) -> None:
    """So that neither pays, while it is timed, for compiling Python files that were never run."""
    with tempfile.TemporaryDirectory(prefix="yinju-") as folder:
        Path(folder, "一.txt").write_text("青屿市图书馆周一照常开放。\n", "utf-8")
        with running(Path(folder)) as service:
            Ours(service.base).ask("图书馆周一开放吗？")
        with peer(Path(folder), python) as (other, _, _):
            other.ask("图书馆周一开放吗？")


def measure(seeds: Path, cases: list[dict], python: Path) -> tuple[Measured, Measured]:
    """Ours and the peer's. Each question goes to both in turn, so that a busy moment of the machine meets both."""
    mine, its = Measured(), Measured()
    with running(seeds) as service, peer(seeds, python) as (other, its.ready_s, memory):
        mine.ready_s, product = service.ready_s, Ours(service.base)
        for case in cases[:WARM_UP]:
            for who in (product, other):
                who.search(case["question"]), who.ask(case["question"])
        for case in cases:
            for who, measured in ((product, mine), (other, its)):
                passages, ms = who.search(case["question"])
                measured.search_ms.append(ms)
                measured.ranks.append(rank(case, passages))
                measured.ask_ms.append(who.ask(case["question"]))
        mine.peak_mib, its.peak_mib = service.memory.peak_mib, memory.peak_mib
    return mine, its


def rank(case: dict, passages: Passages) -> int | None:
    """Of the first passage that shows a piece of the evidence, from 1; as `score.score_search` has it."""
    quotes = [score.fold(evidence["quote"]) for evidence in case["evidence"]]
    shown = [score.fold(text[: score.PASSAGE_CHARS]) for text in passages[:10]]
    return next((number for number, text in enumerate(shown, 1) if any(quote in text for quote in quotes)), None)


@contextmanager
def peer(seeds: Path, python: Path) -> Iterator[tuple[Peer, float, Memory]]:
    """The peer, the seconds until it could be asked, and its memory. Raises ServiceFailed with what it printed."""
    with tempfile.TemporaryDirectory(prefix="yinju-peer-") as store:
        started = time.perf_counter()
        log = Path(store, "peer.log")
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [str(python), str(ROOT / "benchmarks" / "peer.py"), str(seeds), str(DEFAULT_MODEL), store],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8",
            )  # fmt: skip
        memory = Memory(process.pid)
        try:
            other = Peer(process, log)
            other.reply()
            yield other, time.perf_counter() - started, memory
        finally:
            memory.close()
            process.kill()
            process.wait()


def report(ours: Measured, other: Measured, count: int) -> None:
    print(f"\n{count} 题，同一批文档，同一次运行")
    print(f"{'':24}{'引据':>12}{'对照':>12}{'对照/引据':>12}")
    line("读入至可检索（秒）", ours.ready_s, other.ready_s)
    for name, mine, its in (("检索", ours.search_ms, other.search_ms), ("问答", ours.ask_ms, other.ask_ms)):
        for percentile, value in score.spread(mine).items():
            line(f"{name} {percentile}（毫秒）", value, score.spread(its)[percentile])
    line("内存峰值（MiB）", ours.peak_mib, other.peak_mib)
    for within in RANKS:
        line(f"前 {within} 段有证据", ours.right(within), other.right(within), better="引据/对照")
    only_ours = sum(a == 1 and b != 1 for a, b in zip(ours.ranks, other.ranks, strict=True))
    only_other = sum(b == 1 and a != 1 for a, b in zip(ours.ranks, other.ranks, strict=True))
    print(f"首段即证据：只有引据 {only_ours} 题，只有对照 {only_other} 题")


def line(name: str, mine: float, its: float, better: str = "") -> None:
    """A row whose ratio is above 1 where we are better."""
    ratio = (mine / its if better else its / mine) if mine and its else float("nan")
    wide = 24 - sum(ord(c) > 0x2E7F for c in name)
    print(f"{name:{wide}}{mine:>14.4g}{its:>14.4g}{ratio:>12.2f}×{'  ' + better if better else ''}")


if __name__ == "__main__":
    main()
