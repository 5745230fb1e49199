"""`python -m qa models list | use NAME | tune`: the same words as the API, which does the work wherever it runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from qa.config import Settings
from qa.errors import InvalidInput, YinjuError
from web import terminal
from web.client import Api, call, watch

STEPS = 20  # lines about a change that takes long
Json = dict
Opened = Callable[[Settings], AbstractContextManager[Api]]
Show = Callable[[argparse.Namespace, dict, Iterable[str]], None]


class ModelCommands:
    """The actions of `models`, given how the API is reached and how replies are shown."""

    def __init__(self, opened: Opened, show: Show) -> None:
        self._opened, self._show = opened, show

    def define(self, parser: argparse.ArgumentParser) -> None:
        """The arguments, on the command's own parser."""
        parser.add_argument(
            "action", choices=("list", "use", "tune"), metavar="list|use|tune", help="列出、换用、调权重"
        )
        parser.add_argument("name", nargs="?", default="", metavar="模型", help="换用哪个：文件夹，或模型库里的名字")

    def run(self, options: argparse.Namespace, settings: Settings) -> int:
        """One action. Returns the exit status."""
        if (options.action == "use") != bool(options.name):
            raise InvalidInput("命令写得不对", "写成 models list、models use 模型名 或 models tune。", code="usage")
        with self._opened(settings) as api:
            if options.action == "list":
                reply = call(api, "GET", "/api/v1/models")
                self._show(options, reply, _listed(reply))
                return 0
            ended = self._work(api, options)
        self._show(options, ended, _ending(options, ended))
        return 0

    def _work(self, api: Api, options: argparse.Namespace) -> Json:
        if options.action == "use":
            body = {"model": _whole(options.name)}
            began = call(api, "POST", "/api/v1/models/use", body)["job"]
        else:
            began = call(api, "POST", "/api/v1/models/tune")["job"]
        *_, ended = _told(watch(api, began), options.action)
        if ended["state"] != "done":
            raise YinjuError(*_why(ended))
        return ended


def _whole(name: str) -> str:
    """A folder by its whole path: a service may run elsewhere."""
    path = Path(name).expanduser()
    return str(path.resolve()) if path.is_dir() else name


def _told(jobs: Iterator[Json], action: str) -> Iterator[Json]:
    """The job's states, a line now and then about how far it is."""
    said = -1
    words = "已算好 {done} / {total} 个段落的向量…" if action == "use" else "正在试第 {done} / {total} 步…"
    for job in jobs:
        step = STEPS * job["done"] // job["total"] if job["total"] else -1
        if step > said and job["state"] == "running":
            said = step
            terminal.tell(words.format(**job))
        yield job


def _why(job: Json) -> tuple[str, str, str]:
    failed = next((result for result in job["results"] if result["status"] == "refused"), None)
    if failed is None:
        return "这件工作停下了，没有做完", "再运行一次就接着做。", "cancelled"
    return failed["detail"] or "没有做完", "", failed["code"] or "error"


def _ending(options: argparse.Namespace, job: Json) -> Iterator[str]:
    if options.action == "use":
        yield f"换好了：现在用 {options.name} 查找。想让它在你的资料上更准，再运行 models tune。"
    yield from (result["detail"] for result in job["results"] if result["detail"])


def _listed(reply: Json) -> Iterator[str]:
    """The models for a person: those at hand, then what could be used instead."""
    held = [one for one in reply["models"] if one["passages"] or one["in_use"]]
    yield "资料库里有向量的："
    for one in held:
        weight = "" if one["weight"] is None else f"，权重 {one['weight']:g}"
        yield f"{'* ' if one['in_use'] else '  '}{one['name']}（{one['passages']} 个段落{weight}）"
    if reply["changing_to"]:
        yield f"正在换成：{reply['changing_to']}"
    if reply["fixed"]:
        yield "模型由 QA_MODEL 设定，它优先于 models use。"
    rest = [one for one in reply["models"] if one not in held]
    for kind, title in (
        ("embedding", "可以换用（models use 名字，或设 QA_MODEL）："),
        ("reranker", "重排（设 QA_RERANKER）："),
    ):
        yield f"\n{title}"
        yield from (_described(one) for one in rest if one["kind"] == kind)


def _described(one: Json) -> str:
    size = f"下载 {one['size']} MB" if one["size"] else "已随附"
    known = [size, f"{one['dimension']} 维" if one["dimension"] else "", one["licence"], one["needs"], one["note"]]
    return f"  {one['name']}  {'，'.join(filter(None, known))}"
