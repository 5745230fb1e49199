"""The product beside a plain LangChain pipeline: the same documents, the same questions, the same run.

    python -m benchmarks.bench [--seeds FOLDER] [--eval FOLDER]

Reading is timed from starting the process until the first question can be asked; the product is asked over HTTP, the
peer inside its own process. A passage is right when its first 400 characters hold the evidence.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    ready_s: float
    search_ms: list[float]
    ask_ms: list[float]
    ranks: list[int | None]  # of the evidence, for each question
    peak_mib: float

    def right(self, within: int) -> float:
        return sum(rank is not None and rank <= within for rank in self.ranks) / len(self.ranks)


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
        ours = measure_ours(args.seeds.resolve(), cases)
        peer = measure_peer(args.seeds.resolve(), cases, args.peer_python)
    except ServiceFailed as failure:
        sys.exit(str(failure))
    report(ours, peer, len(cases))


def usable(case: dict) -> bool:
    return not case.get("unanswerable") and not case.get("history") and bool(case.get("evidence"))


def measure_ours(seeds: Path, cases: list[dict]) -> Measured:
    with running(seeds) as service:

        def search(question: str) -> Timed:
            reply, ms = score.post(service.base, "/api/v1/search", {"query": question, "top_k": 10})
            return [result["passage"]["text"] for result in reply["results"]], ms

        def ask(question: str) -> float:
            return score.post(service.base, "/api/v1/ask", {"question": question})[1]

        return asked(cases, search, ask, service.ready_s, service.memory)


def measure_peer(seeds: Path, cases: list[dict], python: Path) -> Measured:
    with peer(seeds, python) as (request, ready_s, memory):

        def search(question: str) -> Timed:
            reply = request({"search": question})
            return reply["passages"], reply["ms"]

        def ask(question: str) -> float:
            return float(request({"ask": question})["ms"])

        return asked(cases, search, ask, ready_s, memory)


def asked(
    cases: list[dict],
    search: Callable[[str], Timed],
    ask: Callable[[str], float],
    ready_s: float,
    memory: Memory,
) -> Measured:
    for case in cases[:WARM_UP]:
        search(case["question"]), ask(case["question"])
    found = [search(case["question"]) for case in cases]
    ask_ms = [ask(case["question"]) for case in cases]
    ranks = [rank(case, passages) for case, (passages, _) in zip(cases, found, strict=True)]
    return Measured(ready_s, [ms for _, ms in found], ask_ms, ranks, memory.peak_mib)


def rank(case: dict, passages: Passages) -> int | None:
    """Of the first passage that shows a piece of the evidence, from 1; as `score.score_search` has it."""
    quotes = [score.fold(evidence["quote"]) for evidence in case["evidence"]]
    shown = [score.fold(text[: score.PASSAGE_CHARS]) for text in passages[:10]]
    return next((number for number, text in enumerate(shown, 1) if any(quote in text for quote in quotes)), None)


@contextmanager
def peer(seeds: Path, python: Path) -> Iterator[tuple[Callable[[dict], dict], float, Memory]]:
    """The peer as a process that answers lines of JSON. Raises ServiceFailed with what it printed when it ends."""
    with tempfile.TemporaryDirectory(prefix="yinju-peer-") as store:
        started = time.perf_counter()
        log = Path(store, "peer.log")
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [str(python), str(ROOT / "benchmarks" / "peer.py"), str(seeds), str(DEFAULT_MODEL), store],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8",
            )  # fmt: skip
        memory = Memory(process.pid)
        assert process.stdin and process.stdout
        written, read = process.stdin, process.stdout

        def reply() -> dict:
            line = read.readline()
            if not line:
                raise ServiceFailed(f"对照流程没有运行起来：\n{log.read_text('utf-8', 'replace')[-2000:]}")
            return dict(json.loads(line))

        def request(body: dict) -> dict:
            written.write(json.dumps(body, ensure_ascii=False) + "\n")
            written.flush()
            return reply()

        try:
            reply()
            yield request, time.perf_counter() - started, memory
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
