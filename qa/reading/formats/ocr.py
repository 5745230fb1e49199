"""Reads scanned pages with Tesseract where it is installed with Simplified Chinese; never required.

Each page is drawn by pdfium and handed over as a picture on standard input. Words come back with their places, so that
columns, running heads and paragraphs are told as on any other page.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from statistics import fmean, median
from typing import TYPE_CHECKING

from qa.reading.formats.pdf_atoms import Atom, Seen

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

INSTALL = (
    "要读扫描件，请先安装文字识别（OCR）再重新加入：Debian/Ubuntu 用 "
    "sudo apt install tesseract-ocr tesseract-ocr-chi-sim；"
    "macOS 用 brew install tesseract tesseract-lang；Windows 安装 Tesseract 时勾选 Chinese (Simplified)。"
)
PAGE_SECONDS = 30
FILE_SECONDS = 600
DOTS_PER_INCH = 200  # the Chinese model knows characters of 30 to 45 pixels best
MAX_PIXELS = 25_000_000
MIN_CONFIDENCE = 40.0  # of 100, of a line; below it Tesseract sees letters in stains
_WORD = 5  # level of words in Tesseract's table


@cache
def is_installed() -> bool:
    """Is Tesseract here, with Simplified Chinese?"""
    command = shutil.which("tesseract")
    if command is None:
        return False
    try:
        told = subprocess.run([command, "--list-langs"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"chi_sim" in told.stdout + told.stderr


def read_pages(document: PdfDocument, pages: Sequence[Seen]) -> tuple[list[Seen], list[Seen]]:
    """Puts the words of scanned pages into them. Gives those that were read, and those that were not."""
    read: list[Seen] = []
    left: list[Seen] = []
    until = time.monotonic() + FILE_SECONDS
    for page in pages:
        seconds = min(PAGE_SECONDS, until - time.monotonic())
        atoms = _words(_picture(document, page), page, seconds) if seconds > 1 else []
        if atoms:
            page.atoms, page.recognised, page.pictured = atoms, True, 0.0
        elif page.unmapped:
            page.atoms = []
        (read if atoms else left).append(page)
    return read, left


def _picture(document: PdfDocument, page: Seen) -> bytes:
    """The page in grey, as a portable graymap."""
    drawn = document[page.number - 1]
    width, height = drawn.get_size()
    scale = min(DOTS_PER_INCH / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = drawn.render(scale=scale, grayscale=True)
    pixels = bytes(bitmap.buffer)
    rows = b"".join(pixels[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height))
    size = (bitmap.width, bitmap.height)
    bitmap.close()
    drawn.close()
    return b"P5 %d %d 255\n" % size + rows


def _words(picture: bytes, page: Seen, seconds: float) -> list[Atom]:
    """The words in a picture, in the page's points; none when Tesseract fails or takes too long."""
    command = [
        "tesseract",
        "stdin",
        "stdout",
        "-l",
        "chi_sim",
        "--psm",
        "3",
        "-c",
        "preserve_interword_spaces=1",
        "tsv",
    ]
    try:
        told = subprocess.run(command, input=picture, capture_output=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    table = list(
        csv.DictReader(io.StringIO(told.stdout.decode("utf-8", "replace")), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    width = next((float(row["width"]) for row in table if row["level"] == "1"), 0.0)
    if not width:
        return []
    scale = page.width / width
    lines: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in table:
        if row["level"] == str(_WORD) and (row["text"] or "").strip():
            lines[_line(row)].append(row)
    sure = [line for line in lines.values() if fmean(float(row["conf"]) for row in line) >= MIN_CONFIDENCE]
    size = median(_height(line) for line in sure) * scale if sure else 0.0
    return [atom for line in sure for atom in _atoms(line, scale, size)]


def _atoms(line: list[dict[str, str]], scale: float, size: float) -> list[Atom]:
    """The words of one line, all of its height."""
    top = min(float(row["top"]) for row in line) * scale
    return [
        Atom(
            row["text"].strip(),
            float(row["left"]) * scale,
            top,
            (float(row["left"]) + float(row["width"])) * scale,
            top + _height(line) * scale,
            size,
        )
        for row in line
    ]


def _height(line: list[dict[str, str]]) -> float:
    return max(float(row["height"]) for row in line)


def _line(row: dict[str, str]) -> tuple[str, str, str]:
    return row["block_num"], row["par_num"], row["line_num"]
