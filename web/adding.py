"""The steps of an upload, file by file. One that cannot be added is refused by name; the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa.config import MAX_FILE_BYTES
from qa.errors import YinjuError
from qa.types import FileResult, Progress

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
    from web.wire import DocumentIn


@dataclass(frozen=True)
class Upload:
    """A file that was sent: its own name, and where its bytes wait."""

    name: str
    path: Path


def add_files(pipeline: Pipeline, files: Sequence[Upload]) -> Iterator[Progress]:
    """Add files that were sent."""
    yield from _steps([(file.name, partial(_add_file, pipeline, file)) for file in files])


def add_texts(pipeline: Pipeline, documents: Sequence[DocumentIn]) -> Iterator[Progress]:
    """Add documents that came as JSON."""
    names = (one.title or one.external_id or f"第 {number} 篇" for number, one in enumerate(documents, 1))
    yield from _steps([(name, partial(_add_text, pipeline, one)) for name, one in zip(names, documents, strict=True)])


def _steps(additions: Sequence[tuple[str, Callable[[], FileResult]]]) -> Iterator[Progress]:
    total = len(additions)
    for done, (name, add) in enumerate(additions):
        yield Progress(done, total, name)
        yield Progress(done + 1, total, name, _attempt(name, add))


def _attempt(name: str, add: Callable[[], FileResult]) -> FileResult:
    try:
        return add()
    except YinjuError as error:
        return FileResult(name, "refused", code=error.code, detail=str(error))


def _add_file(pipeline: Pipeline, file: Upload) -> FileResult:
    if file.path.stat().st_size > MAX_FILE_BYTES:
        detail = f"文件超过了 {MAX_FILE_BYTES // 1024 // 1024} MB。请拆成几个再上传。"
        return FileResult(file.name, "refused", code="file_too_large", detail=detail)
    return pipeline.add_bytes(file.path.read_bytes(), file.name, origin="upload")


def _add_text(pipeline: Pipeline, one: DocumentIn) -> FileResult:
    return pipeline.add_text(
        external_id=one.external_id,
        title=one.title,
        text=one.text,
        published=one.published,
        place=one.place,
        publisher=one.publisher,
    )
