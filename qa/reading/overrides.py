"""What people say of how a file is split, where the reader does not see it: `yinju.toml` at the top of the folder.

[split]
"年度报告.txt" = "never"                                # one work, whatever it looks like
"汇编/2023.docx" = ["柳溪县渡口工作小结", "青屿市茶馆小结"]  # the works' titles, in order
"合订.txt" = [1, 120, 388]                              # or the lines of the file on which the titles stand
"剪报/*.txt" = "never"                                  # * for any characters
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from qa.errors import SettingsInvalid
from qa.reading.folder import SETTINGS, load
from qa.types import SplitPlan

_HINT = "写法见 docs/reading.md 的“分篇”一节。"


def plans_of(folder: Path) -> dict[str, SplitPlan]:
    """The plans in a folder's settings, by path or pattern; none where it has no settings. Raises SettingsInvalid."""
    return load_plans(folder / SETTINGS) if (folder / SETTINGS).is_file() else {}


def load_plans(file: Path) -> dict[str, SplitPlan]:
    """The plans in a TOML file, by path or pattern. Raises SettingsInvalid, Unreadable."""
    try:
        told = tomllib.loads(load(file.parent, file.name).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{file.name} 的写法不对：{error}", _HINT) from error
    table = told.get("split", {})
    if not isinstance(table, dict):
        raise SettingsInvalid(f"{file.name} 里的 [split] 不是一张表", _HINT)
    return {_composed(path): _plan(file.name, path, plan) for path, plan in table.items()}


def plan_for(plans: Mapping[str, SplitPlan], path: str) -> SplitPlan:
    """The plan for a file, by its path within the folder: its own, else that of the first pattern that fits."""
    path = _composed(path)
    if path in plans:
        return plans[path]
    return next((plan for pattern, plan in plans.items() if fnmatchcase(path, pattern)), "auto")


def _plan(file: str, path: str, told: object) -> SplitPlan:
    if told == "auto" or told == "never":
        return told
    if isinstance(told, list) and told:
        titles = tuple(one for one in told if isinstance(one, str) and one.strip())
        lines = tuple(one for one in told if isinstance(one, int) and not isinstance(one, bool) and one > 0)
        if len(titles) == len(told):
            return titles
        if len(lines) == len(told) and list(lines) == sorted(set(lines)):
            return lines
    wanted = '应为 "auto"、"never"、标题的列表，或从小到大的行号的列表'
    raise SettingsInvalid(f"{file} 里 {path} 的分篇写法不对，{wanted}", _HINT)


def _composed(path: str) -> str:
    """As one character each: macOS writes names with their marks apart."""
    return unicodedata.normalize("NFC", path)
