"""How much memory and processor time a large library takes: written by program, read by a service of its own.

    python -m benchmarks.volume [--megabytes 100] [--kilobytes 1000] [--texts FOLDER]

The texts are random walks over the characters of the sample library: words as common as there, no two files alike.
Memory is what the service and its reading process hold resident, pages that they share counted for each; processor time
is the service's with that of the readers it has ended. Not part of `make bench`: it takes minutes of processor time.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bench import Ours
from benchmarks.service import ROOT, ServiceFailed, family_mib, running
from qa.indexing.chunking import chunk
from qa.reading.reader import read_works

MEGABYTE = 1_000_000  # bytes of UTF-8
PATIENCE_S = 7_200
QUESTIONS = 100
EVERY_S = 0.25
SETTLE_S = 20  # after the last answer, so that indexes and caches have come to rest
SECTIONS = 12
ENDINGS = "。！？"


@dataclass
class Walk:
    """Chinese of no meaning: after each character, one that follows it somewhere in `texts`."""

    texts: str
    seed: int
    _next: dict[str, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        for one, following in zip(self.texts, self.texts[1:], strict=False):
            self._next.setdefault(one, []).append(following)

    def sentence(self) -> str:
        said = [self._random.choice(self.texts)]
        while len(said) < 120 and said[-1] not in ENDINGS:
            said.append(self._random.choice(self._next.get(said[-1], [self.texts[0]])))
        return "".join(said).rstrip(ENDINGS).lstrip("，、；：。！？”）") + "。"

    def document(self, number: int, size: int) -> str:
        """A report of about `size` bytes with a title, a date, headings and paragraphs."""
        lines = [f"青屿市第{number}号工作报告", f"{2010 + number % 15}年{number % 12 + 1}月{number % 28 + 1}日"]
        held = sum(len(line.encode()) + 1 for line in lines)
        while held < size:
            if len(lines) % SECTIONS == 2:
                line = f"（{self._random.randrange(1, 100)}）{self.sentence()[:14].rstrip('，。')}"
            else:
                line = "".join(self.sentence() for _ in range(4)) + f"全年完成{self._random.randrange(10_000)}户。"
            lines.append(line)
            held += len(line.encode()) + 1
        return "\n".join(lines) + "\n"


def write_library(folder: Path, megabytes: float, kilobytes: float) -> int:
    """Files of about `kilobytes` each until there are `megabytes`. Returns how many."""
    count = max(1, round(megabytes * 1000 / kilobytes))
    walk = Walk(sample_text(), seed=1)
    for number in range(1, count + 1):
        path = folder / f"{number // 500:03}" / f"{number:05}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(walk.document(number, round(kilobytes * 1000)), "utf-8")
    return count


def sample_text() -> str:
    """The running text of the sample library, on one line."""
    files = sorted(path for path in (ROOT / "seeds").iterdir() if path.suffix in (".txt", ".md"))
    return "".join("".join(path.read_text("utf-8", "replace").split()) for path in files)


def reading_s() -> tuple[float, float]:
    """Processor seconds to read, split and describe 1 MB as one file, and then to cut it into passages."""
    data = Walk(sample_text(), seed=2).document(1, MEGABYTE).encode()
    read_works(data[:20_000], "热身.txt")
    began = time.process_time()
    reading = read_works(data, "一兆.txt")
    read = time.process_time()
    passages = [passage for document in reading.documents for passage in chunk(document)]
    assert passages
    return read - began, time.process_time() - read


class Watch:
    """The most memory that the service alone, its reading process alone, and both held, MiB, sampled."""

    def __init__(self) -> None:
        self.service = self.reader = self.both = 0.0
        self._pid = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def __str__(self) -> str:
        return f"服务 {self.service:.0f} MiB，读文件的进程 {self.reader:.0f} MiB，合计 {self.both:.0f} MiB"

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            self._pid = self._pid or _started()
            if self._pid:
                held = family_mib(self._pid)
                own = held.pop(self._pid, 0.0)
                self.service = max(self.service, own)
                self.reader = max([self.reader, *held.values()])
                self.both = max(self.both, own + sum(held.values()))

    def close(self) -> None:
        self._ended.set()
        self._thread.join()


def _started() -> int:
    """The child of ours that serves, 0 while there is none."""
    return next((pid for pid in family_mib(os.getpid()) if pid != os.getpid()), 0)


def measure(seeds: Path, size: int) -> Iterator[str]:
    """Lines of what was measured while `seeds` (of `size` bytes) was read and then asked."""
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="yinju-") as data, running(seeds, Path(data), PATIENCE_S) as service:
        spent = _processor_s(service.pid)
        each = spent * MEGABYTE / size
        yield f"读入 {size / MEGABYTE:.0f} MB：{service.ready_s:.0f} s（处理器 {spent:.0f} s，每 MB {each:.1f} s）"
        yield f"读入时最多：{watch}"
        times = list(_asked(Ours(service.base)))
        time.sleep(SETTLE_S)
        watch.close()
        held = family_mib(service.pid)
        yield f"答过 {len(times)} 问之后：服务 {held[service.pid]:.0f} MiB，合计 {sum(held.values()):.0f} MiB"
        yield f"一路最多：合计 {watch.both:.0f} MiB；检索中位 {statistics.median(times):.0f} ms"


def _processor_s(pid: int) -> float:
    """Seconds of processor time of a process and of its children that have ended (Linux; 0 elsewhere)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _asked(product: Ours) -> Iterator[float]:
    """Milliseconds of each search; every question is asked as well."""
    walk = Walk(sample_text(), seed=3)
    for number in range(QUESTIONS):
        question = f"青屿市第{number}号工作报告里，{walk.sentence()[:20].rstrip('。，')}有多少户？"
        yield product.search(question)[1]
        product.ask(question)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=100, help="一共多少 MB（默认 100）")
    parser.add_argument("--kilobytes", type=float, default=1000, help="每个文件多少 KB（默认 1000）")
    parser.add_argument("--texts", type=Path, help="不生成，用这个文件夹里的文件")
    args = parser.parse_args()
    read, cut = reading_s()
    print(f"1 MB 中文：读、分篇、著录 {read:.2f} s，切成段落 {cut:.2f} s（处理器时间）", flush=True)
    with tempfile.TemporaryDirectory(prefix="yinju-") as folder:
        seeds = args.texts or Path(folder)
        if args.texts is None:
            print(f"{write_library(seeds, args.megabytes, args.kilobytes)} 个文件", flush=True)
        size = sum(path.stat().st_size for path in seeds.rglob("*") if path.is_file())
        try:
            for line in measure(seeds, size):
                print(line, flush=True)
        except ServiceFailed as failure:
            sys.exit(str(failure))


if __name__ == "__main__":
    main()
