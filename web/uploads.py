"""Files that arrive over HTTP: from the multipart body to a waiting folder, under a name that is only a name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from flask import Request
from werkzeug.datastructures import FileStorage

from web import guard
from web.adding import Upload
from web.errors import Problem

MAX_FILES = 200
MAX_NAME_BYTES = 200
NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def receive(request: Request, folder: Path) -> list[Upload]:
    """The files of the request, kept in `folder`. Raises Problem when there are none, or too many."""
    files = _files(request)
    try:
        return [_keep(file, folder / str(number)) for number, file in enumerate(files)]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def safe_name(name: str) -> str:
    """The last part of whatever the client called it, without what could deceive a reader or a file system."""
    last = NOT_IN_NAMES.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip().strip(".")
    stem, dot, ending = last.rpartition(".")
    while len(last.encode()) > MAX_NAME_BYTES:
        stem = (stem or ending)[:-1]
        last = f"{stem}{dot}{ending}" if dot and len(ending) < 20 else stem
    return last or "未命名"


def _files(request: Request) -> list[FileStorage]:
    guard.check_length(request, guard.UPLOAD_BYTES)
    request.max_content_length = guard.UPLOAD_BYTES
    request.max_form_parts = MAX_FILES + 10
    others = set(request.files) - {"file"} | set(request.form)
    if others:
        raise Problem("invalid_field", "文件请都放在名为 file 的字段里。", (("/" + sorted(others)[0], "没有这一项"),))
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        raise Problem("invalid_field", "没有收到文件。请把文件放在名为 file 的字段里。", (("/file", "缺这一项"),))
    if len(files) > MAX_FILES:
        raise Problem("too_large", f"一次最多上传 {MAX_FILES} 个文件。请分几次上传。")
    return files


def _keep(file: FileStorage, path: Path) -> Upload:
    file.save(path)
    return Upload(safe_name(file.filename or ""), path)
