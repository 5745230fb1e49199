"""Old Office files (.doc, .wps, .rtf, .ppt) through LibreOffice, where the machine has it.

LibreOffice runs in a private folder with a fresh profile, without macros and remote links, and is stopped when it takes
too long. What it makes is read by the reader of the new format.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath

from qa.config import MAX_FILE_BYTES
from qa.errors import Unreadable
from qa.reading.formats import docx, pptx
from qa.reading.formats.archive import OLE, refuse_encrypted
from qa.types import Source

SECONDS = 60
_PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe")
# What each suffix is made into, and the first bytes that it may have.
_TARGETS = {
    ".doc": ".docx",
    ".wps": ".docx",
    ".wpt": ".docx",
    ".dot": ".docx",
    ".rtf": ".docx",
    ".ppt": ".pptx",
    ".dps": ".pptx",
}
_FILTERS = {".docx": "docx:MS Word 2007 XML", ".pptx": "pptx:Impress MS PowerPoint 2007 XML"}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""  # noqa: E501


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of an old Office file. Raises Unreadable."""
    suffix = PurePath(name).suffix.lower()
    refuse_encrypted(data)
    _check(data, suffix)
    target = _TARGETS[suffix]
    made = _convert(data, suffix, target)
    reader = docx.read if target == ".docx" else pptx.read
    return replace(reader(made, name, source_id), size=len(data))


def _check(data: bytes, suffix: str) -> None:
    if data.startswith(b"PK"):
        new = {".ppt": ".pptx", ".dps": ".pptx"}.get(suffix, ".docx")
        raise Unreadable(
            f"文件内容是新版 Office 格式，与扩展名 {suffix} 不符",
            f"请把扩展名改为 {new} 后再加入。",
            code="type_mismatch",
        )
    if not data.startswith((OLE, b"{\\rtf", b"\xef\xbb\xbf{\\rtf")):
        raise Unreadable(
            f"文件内容与扩展名 {suffix} 不符",
            "如果它是另存下来的网页，请把扩展名改为 .html；否则请用 Word 或 WPS 打开，另存为 .docx。",
            code="type_mismatch",
        )


@cache
def soffice() -> str | None:
    """LibreOffice's command on this machine, None where there is none."""
    return next((found for each in ("soffice", "libreoffice", *_PLACES) if (found := shutil.which(each))), None)


def _convert(data: bytes, suffix: str, target: str) -> bytes:
    command = soffice()
    if command is None:
        raise Unreadable(
            f"这台电脑还不能读 {suffix} 文件",
            f"请用 Word 或 WPS 打开，另存为 {target} 后再加入；或者安装 LibreOffice 后重试。",
            code="unsupported_format",
        )
    with tempfile.TemporaryDirectory(prefix="yinju-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "profile" / "user").mkdir(parents=True)
        (home / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
        given = home / f"given{suffix}"
        given.write_bytes(data)
        _run([
            command, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore",
            "--nolockcheck", "--nodefault", "--convert-to", _FILTERS[target],
            "--outdir", str(home / "made"), str(given),
        ], home, target)  # fmt: skip
        made = home / "made" / f"given{target}"
        if not made.is_file():
            raise Unreadable("LibreOffice 打不开这个文件", f"请用 Word 或 WPS 打开，另存为 {target} 后再加入。")
        if made.stat().st_size > 4 * MAX_FILE_BYTES:
            raise Unreadable("转换后的文件太大", "请拆成几个文件。", code="file_too_large")
        return made.read_bytes()


def _run(command: list[str], home: Path, target: str) -> None:
    """Run a command to its end, or end it and all that it started after a minute. Raises Unreadable."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    process = subprocess.Popen(
        command,
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as cause:
        raise Unreadable(
            f"LibreOffice 转换超过 {SECONDS} 秒", f"请用 Word 或 WPS 打开，另存为 {target} 后再加入。"
        ) from cause
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing that was started outlives the reading."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
