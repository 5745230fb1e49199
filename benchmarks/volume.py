"""How much memory and processor time a large library takes: written by program, read by a service of its own.

    python -m benchmarks.volume [--megabytes 100] [--kilobytes 1000] [--texts FOLDER] [--data FOLDER]

The texts are random walks over the characters of the sample library: words as common as there, no two files alike.
Memory is what the service and its reading process hold resident, pages that they share counted for each; what of it
is anonymous the system cannot drop, the rest are pages of files, which it can. Processor time is the service's with
that of the readers it has ended. Not part of `make bench`: it takes minutes of processor time.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks import score
from benchmarks.bench import Ours
from benchmarks.service import ROOT, ServiceFailed, family_mib, running
from qa.indexing.chunking import chunk
from qa.reading.reader import read_works

MEGABYTE = 1_000_000  # bytes of UTF-8
PATIENCE_S = 7_200
SEARCHES = 200  # of each kind
QUESTIONS = 100
NARROW, WIDE = 0.03, 0.5  # of the documents that a filter lets through
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
    """The most memory that the service alone (of it anonymous), its reader alone, and both held, MiB, sampled."""

    def __init__(self) -> None:
        self.service = self.anonymous = self.reader = self.both = 0.0
        self._pid = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def __str__(self) -> str:
        own = f"服务 {self.service:.0f} MiB（其中匿名内存最多 {self.anonymous:.0f}）"
        return f"{own}，读文件的进程 {self.reader:.0f} MiB，合计 {self.both:.0f} MiB"

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            self._pid = self._pid or _started()
            if self._pid:
                held = family_mib(self._pid)
                own = held.pop(self._pid, 0.0)
                self.service = max(self.service, own)
                self.anonymous = max(self.anonymous, anonymous_mib(self._pid))
                self.reader = max([self.reader, *held.values()])
                self.both = max(self.both, own + sum(held.values()))

    def close(self) -> None:
        self._ended.set()
        self._thread.join()


def _started() -> int:
    """The child of ours that serves, 0 while there is none."""
    return next((pid for pid in family_mib(os.getpid()) if pid != os.getpid()), 0)


def measure(seeds: Path, size: int, data: Path) -> Iterator[str]:
    """Lines of what was measured while `seeds` (of `size` bytes) was read into `data`, searched and asked."""
    watch = Watch()
    with running(seeds, data, PATIENCE_S) as service:
        spent = _processor_s(service.pid)
        each = spent * MEGABYTE / size
        yield f"读入 {size / MEGABYTE:.0f} MB：{service.ready_s:.0f} s（处理器 {spent:.0f} s，每 MB {each:.1f} s）"
        yield f"读入时最多：{watch}"
        time.sleep(SETTLE_S)
        yield f"读完歇 {SETTLE_S} s：{_standing(service.pid)}"
        product = Ours(service.base)
        for name, share in (("不筛选", 1.0), (f"筛出 {NARROW:.0%} 的文档", NARROW), (f"筛出 {WIDE:.0%} 的文档", WIDE)):
            yield f"检索，{name}：{_searched(product, service.pid, share)}"
        yield f"检索之后：{_standing(service.pid)}"
        yield f"问答：{_asked(product, service.pid)}"
        time.sleep(SETTLE_S)
        watch.close()
        yield f"答过 {QUESTIONS} 问之后：{_standing(service.pid)}"
        yield f"一路最多：{watch}"


def _standing(pid: int) -> str:
    held = family_mib(pid)
    own, anonymous = held[pid], anonymous_mib(pid)
    return f"服务 {own:.0f} MiB（匿名 {anonymous:.0f}，文件 {own - anonymous:.0f}），合计 {sum(held.values()):.0f} MiB"


def anonymous_mib(pid: int) -> float:
    """What a process holds resident that is no page of a file, MiB (Linux; 0 elsewhere, and once it has ended)."""
    try:
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    except OSError:
        return 0.0
    return int(lines.get("RssAnon", "0").split()[0]) / 1024


def _processor_s(pid: int) -> float:
    """Seconds of processor time of a process and of its children that have ended (Linux; 0 elsewhere)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _searched(product: Ours, pid: int, share: float) -> str:
    """How long searches take that a filter lets a share of the documents through to."""
    ids = product.document_ids() if share < 1 else []
    filters = {"document_ids": random.Random(share).sample(ids, max(1, round(share * len(ids))))} if ids else {}
    return _timed([partial(_searched_once, product, one, filters) for one in _questions(SEARCHES, seed=3)], pid)


def _searched_once(product: Ours, question: str, filters: dict) -> float:
    return product.search(question, filters)[1]


def _asked(product: Ours, pid: int) -> str:
    return _timed([partial(product.ask, one) for one in _questions(QUESTIONS, seed=4)], pid)


def _timed(steps: Sequence[Callable[[], float]], pid: int) -> str:
    """Milliseconds of some steps, the first of which may read what the later ones find in memory."""
    spent = _processor_s(pid)
    spread = score.spread([step() for step in steps])
    each = 1000 * (_processor_s(pid) - spent) / len(steps)
    return f"{'，'.join(f'{name} {value:.0f} ms' for name, value in spread.items())}，处理器每次 {each:.0f} ms"


def _questions(count: int, seed: int) -> Iterator[str]:
    walk = Walk(sample_text(), seed)
    for number in range(count):
        yield f"青屿市第{number}号工作报告里，{walk.sentence()[:20].rstrip('。，')}有多少户？"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=100, help="一共多少 MB（默认 100）")
    parser.add_argument("--kilobytes", type=float, default=1000, help="每个文件多少 KB（默认 1000）")
    parser.add_argument("--data", type=Path, help="资料库放在这里，量完留着（默认不留）")
    parser.add_argument("--texts", type=Path, help="不生成，用这个文件夹里的文件")
    args = parser.parse_args()
    read, cut = reading_s()
    print(f"1 MB 中文：读、分篇、著录 {read:.2f} s，切成段落 {cut:.2f} s（处理器时间）", flush=True)
    with tempfile.TemporaryDirectory(prefix="yinju-") as folder, tempfile.TemporaryDirectory(prefix="yinju-") as data:
        seeds = args.texts or Path(folder)
        if args.texts is None:
            print(f"{write_library(seeds, args.megabytes, args.kilobytes)} 个文件", flush=True)
        size = sum(path.stat().st_size for path in seeds.rglob("*") if path.is_file())
        try:
            for line in measure(seeds, size, args.data or Path(data)):
                print(line, flush=True)
        except ServiceFailed as failure:
            sys.exit(str(failure))


if __name__ == "__main__":
    main()
