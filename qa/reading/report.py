"""What became of many files: read, split, unchanged, refused and why, and what a person should look at.

Made of the files' results after each sync or upload. Knows nothing of JSON and of terminals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from qa.types import FileResult, Reading

NoticeKind = Literal["failed", "refused", "doubtful", "hidden", "duplicate"]
# What to do about a doubt that speaks of this.
TODO = (
    (("编码", "字节不成文字"), "请看看文字对不对；不对，用原来的程序另存为 UTF-8 再放回来。"),
    (("目录有", "指定了"), "请看看各篇是不是从该开始的地方开始；不是，可在 yinju.toml 里写明怎样分。"),
    (("扫描图",), "请对照原件核对文字。"),
    (("损坏", "不完整", "没有读"), "请与原件对照，看缺不缺内容。"),
    (("标题",), "不影响查找；在文件开头写上标题，就会用它。"),
    (("日期",), "按日期筛选时找不到它；在文中或文件名里写上日期，就会认出来。"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for a person to look at: the file, "" for the run as a whole; what there is, and what to do (Chinese).

    `todo` is "" where `told` says it all.
    """

    kind: NoticeKind
    file: str
    told: str
    todo: str = ""
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A file stands in each list that it belongs to. `read` are the added and the updated, `split` those of them with
    several works; `doubtful` have doubts, `hidden` hold words that nobody sees, `duplicates` are the same or nearly the
    same as another. `failed` names no file: it says why the run as a whole did not go on.
    """

    read: tuple[FileResult, ...] = ()
    updated: tuple[FileResult, ...] = ()
    unchanged: tuple[FileResult, ...] = ()
    removed: tuple[FileResult, ...] = ()
    refused: tuple[FileResult, ...] = ()
    split: tuple[FileResult, ...] = ()
    doubtful: tuple[FileResult, ...] = ()
    hidden: tuple[FileResult, ...] = ()
    duplicates: tuple[FileResult, ...] = ()
    failed: tuple[FileResult, ...] = ()

    @property
    def works(self) -> int:
        """How many works are in the files that were read."""
        return sum(result.works for result in self.read)

    @property
    def summary(self) -> str:
        """One line of counts, in Chinese."""
        counts = (
            (f"读入 {len(self.read)} 个文件", len(self.read)),
            (f"（共 {self.works} 篇）", self.works),
            (f"，其中更新 {len(self.updated)} 个", len(self.updated)),
            (f"，未变 {len(self.unchanged)} 个", len(self.unchanged)),
            (f"，移除 {len(self.removed)} 个", len(self.removed)),
            (f"，重复 {len(self.duplicates)} 个", len(self.duplicates)),
            (f"，打不开 {len(self.refused)} 个", len(self.refused)),
        )
        told = "".join(words for words, count in counts if count).lstrip("，")
        return f"{told or ('没有读成' if self.failed else '没有文件')}。"

    def notices(self) -> Iterator[Notice]:
        """What a person should look at, the most pressing first."""
        yield from (Notice("failed", "", one.detail or "") for one in self.failed)
        yield from (Notice("refused", one.file, one.detail or "") for one in self.refused)
        yield from (
            Notice("doubtful", one.file, _joined(one.doubts), _todo(one.doubts), one.document_ids)
            for one in self.doubtful
        )
        for one in self.hidden:
            told = f"有 {one.hidden} 字是看不见的，没有读入。"
            todo = "打开它，再点“显示未收入的文字”，可以看到是些什么。"
            yield Notice("hidden", one.file, told, todo, one.document_ids)
        yield from (Notice("duplicate", one.file, _duplicate(one), "", one.document_ids) for one in self.duplicates)

    def lines(self) -> Iterator[str]:
        """The report in Chinese: one line of counts, then a line for each file that asks for attention."""
        yield self.summary
        yield from (f"  原因（{one.code}）：{one.detail}" for one in self.failed)
        yield from (f"  打不开  {one.file}（{one.code}）：{one.detail}" for one in self.refused)
        yield from (f"  分为 {one.works} 篇  {one.file}" for one in self.split)
        yield from (f"  存疑  {one.file}：{_joined(one.doubts).rstrip('。')}" for one in self.doubtful)
        yield from (f"  隐藏文字  {one.file}：{one.hidden} 字，没有读入" for one in self.hidden)
        yield from (f"  重复  {one.file}：{_duplicate(one).rstrip('。')}" for one in self.duplicates)


def report(results: Iterable[FileResult]) -> Report:
    """The report on files, in their order."""
    results = tuple(results)
    by_status = {
        status: tuple(result for result in results if result.status == status)
        for status in ("updated", "unchanged", "removed")
    }
    refused = tuple(result for result in results if result.status == "refused")
    return Report(
        read=tuple(result for result in results if result.status in ("added", "updated")),
        split=tuple(result for result in results if result.works > 1),
        doubtful=tuple(result for result in map(_without_hidden, results) if result.doubts),
        hidden=tuple(result for result in results if result.hidden),
        duplicates=tuple(result for result in results if result.same_as or result.alike),
        refused=tuple(result for result in refused if result.file),
        failed=tuple(result for result in refused if not result.file),
        **by_status,
    )


def noted(result: FileResult, reading: Reading) -> FileResult:
    """A file's result with what its reading leaves to say."""
    hidden = sum(run.end - run.start for run in reading.dropped if run.reason == "hidden")
    return replace(result, works=len(reading.documents), doubts=tuple(_doubts(reading)), hidden=hidden)


def _without_hidden(result: FileResult) -> FileResult:
    """The result without the doubt that hidden words are: they are told apart, with their number."""
    doubts = tuple(doubt for doubt in result.doubts if "看不见的文字" not in doubt)
    return replace(result, doubts=doubts) if result.hidden else result


def _joined(doubts: Iterable[str]) -> str:
    return "；".join(doubt.rstrip("。") for doubt in doubts) + "。"


def _todo(doubts: Iterable[str]) -> str:
    """What to do about doubts, each advice once."""
    found = (
        next((advice for words, advice in TODO if any(word in doubt for word in words)), "请打开核对一下。")
        for doubt in doubts
    )
    return "".join(dict.fromkeys(found))


def _duplicate(result: FileResult) -> str:
    if result.same_as:
        return f"与 {result.same_as} 内容完全相同，只算一次。"
    others = "、".join(f"《{title}》" for title in result.alike[:3])
    more = f"等 {len(result.alike)} 篇" if len(result.alike) > 3 else ""
    return f"与{others}{more}几乎相同。回答时只用一次，在列表里可以看哪里不同。"


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
