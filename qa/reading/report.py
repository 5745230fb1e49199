"""What became of many files: read, split, unchanged, refused and why, and what a person should look at.

Made of the files' results after each sync or upload. Knows nothing of JSON and of terminals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from qa.types import FileResult, Reading


@dataclass(frozen=True, slots=True)
class Report:
    """A file stands in each list that it belongs to. `read` are the added and the updated, `split` those of them with
    several works; `doubtful` have doubts, `hidden` hold words that nobody sees.
    """

    read: tuple[FileResult, ...] = ()
    updated: tuple[FileResult, ...] = ()
    unchanged: tuple[FileResult, ...] = ()
    removed: tuple[FileResult, ...] = ()
    refused: tuple[FileResult, ...] = ()
    split: tuple[FileResult, ...] = ()
    doubtful: tuple[FileResult, ...] = ()
    hidden: tuple[FileResult, ...] = ()

    @property
    def works(self) -> int:
        """How many works are in the files that were read."""
        return sum(result.works for result in self.read)

    def lines(self) -> Iterator[str]:
        """The report in Chinese: one line of counts, then a line for each file that asks for attention."""
        counts = (
            (f"读入 {len(self.read)} 个文件", len(self.read)),
            (f"（共 {self.works} 篇）", self.works),
            (f"，其中更新 {len(self.updated)} 个", len(self.updated)),
            (f"，未变 {len(self.unchanged)} 个", len(self.unchanged)),
            (f"，移除 {len(self.removed)} 个", len(self.removed)),
            (f"，打不开 {len(self.refused)} 个", len(self.refused)),
        )
        told = "".join(words for words, count in counts if count).lstrip("，")
        yield f"{told or '没有文件'}。"
        yield from (f"  打不开  {one.file}（{one.code}）：{one.detail}" for one in self.refused)
        yield from (f"  分为 {one.works} 篇  {one.file}" for one in self.split)
        yield from (
            f"  存疑  {one.file}：{'；'.join(doubt.rstrip('。') for doubt in one.doubts)}" for one in self.doubtful
        )
        yield from (f"  隐藏文字  {one.file}：{one.hidden} 字，没有读入" for one in self.hidden)


def report(results: Iterable[FileResult]) -> Report:
    """The report on files, in their order."""
    results = tuple(results)
    by_status = {
        status: tuple(result for result in results if result.status == status)
        for status in ("updated", "unchanged", "removed", "refused")
    }
    return Report(
        read=tuple(result for result in results if result.status in ("added", "updated")),
        split=tuple(result for result in results if result.works > 1),
        doubtful=tuple(result for result in results if result.doubts),
        hidden=tuple(result for result in results if result.hidden),
        **by_status,
    )


def noted(result: FileResult, reading: Reading) -> FileResult:
    """A file's result with what its reading leaves to say."""
    hidden = sum(run.end - run.start for run in reading.dropped if run.reason == "hidden")
    return replace(result, works=len(reading.documents), doubts=tuple(_doubts(reading)), hidden=hidden)


def _doubts(reading: Reading) -> Iterator[str]:
    """What the reader was not sure of: its own doubts, the encoding, titles, dates."""
    source = reading.source
    yield from source.doubts
    if source.encoding_unsure and not any("编码" in doubt for doubt in source.doubts):
        yield f"编码拿不准，按 {source.encoding} 读的"
    untitled = sum(document.title_inferred for document in reading.documents)
    if untitled:
        yield f"有 {untitled} 篇没有找到标题，用第一句代替"
    undated = sum(not (document.published or document.period) for document in reading.documents)
    if undated:
        yield f"有 {undated} 篇没有找到日期和年份"
