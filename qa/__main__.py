"""The command line: parse, call, print. The same words as the API, whose replies `--json` prints as they are.

Where a running service owns the library, the command asks it; otherwise it opens the library itself.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import sys
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlencode

from qa import __version__
from qa.config import Settings
from qa.errors import InvalidInput, LibraryInUse, YinjuError
from qa.memory import share_arenas
from qa.model_commands import ModelCommands
from web import create_app, terminal
from web.client import Api, Local, Remote, call, send_file, text, upload, watch

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
    from qa.types import SplitPlan

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
CITATION_STYLES = ("gbt7714", "gbt7714-author-year", "gbt7714-2015", "footnote", "bibtex", "ris", "csl-json")
AT_ONCE = 200  # saved citations in one request
LEVELS = ("省级", "市级", "县级")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit status: 0, 1 for an error, 2 for a command that was written wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese shows question marks, not a trace
    options = parser().parse_args(arguments)
    share_arenas()  # here, before a server starts its threads: each that has an arena already keeps it
    try:
        status = options.run(options, Settings.from_environment())
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        terminal.tell("已停止。")
        return INTERRUPTED
    except YinjuError as error:
        return complain(options, error.code, str(error))
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        hint = "请重试；还不行，请用 python -X dev -m qa 再运行一次，并反馈所显示的内容。"
        told = f"内部出错（{type(error).__name__}：{error}）。{hint}"
        return complain(options, "internal", told)


def complain(options: argparse.Namespace, code: str, told: str) -> int:
    """Say on standard error what went wrong; for programs, as JSON."""
    if options.json:
        print(json.dumps({"code": code, "detail": told}, ensure_ascii=False), file=sys.stderr)
    else:
        terminal.tell(f"错误（{code}）：{told}")
    return FAILED


def build(settings: Settings, address: str = "") -> Pipeline:
    """Open the library. Its rooms are imported on use: neither --help nor a refused start needs them."""
    from qa import assembly

    return assembly.build(settings, address)


@contextlib.contextmanager
def library_api(settings: Settings) -> Iterator[Api]:
    """The API of whoever owns the library: a running service, or this process."""
    try:
        pipeline = build(settings)
    except LibraryInUse as error:
        if not error.address:
            raise
        yield Remote(error.address, settings.host, settings.key)
        return
    app = create_app(pipeline, settings)
    try:
        yield Local(app, f"http://127.0.0.1:{settings.port}")
    finally:
        app.extensions["yinju"].close()
        pipeline.library.close()


def show(options: argparse.Namespace, reply: dict, lines: Iterable[str]) -> None:
    """The reply itself for programs, lines for people."""
    if options.json:
        print(json.dumps(reply, ensure_ascii=False, indent=2))
        return
    for line in lines:
        print(terminal.plain(line))


def ask(options: argparse.Namespace, settings: Settings) -> int:
    asked = {"question": options.question, "max_citations": options.max_citations, "filters": filters(options)}
    with library_api(settings) as api:
        reply = call(api, "POST", "/api/v1/ask", {**asked, "keep": False})
        show(options, reply, terminal.answer(reply, api.address))
    return OK


def search(options: argparse.Namespace, settings: Settings) -> int:
    within = "headings" if options.headings else "text"
    body = {"query": options.query, "top_k": options.top_k, "in": within, "filters": filters(options)}
    with library_api(settings) as api:
        reply = call(api, "POST", "/api/v1/search", body)
    show(options, reply, terminal.search(reply))
    return OK


def figures(options: argparse.Namespace, settings: Settings) -> int:
    asked = {"q": options.query, "level": options.level, "place": options.place, "sort": options.sort}
    address = "/api/v1/figures?" + urllib.parse.urlencode({**asked, "limit": options.limit})
    with library_api(settings) as api:
        if options.csv:
            sys.stdout.write(text(api, address, "text/csv"))
            return OK
        reply = call(api, "GET", address)
    show(options, reply, terminal.figures(reply))
    return OK


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Check a draft: a text, Markdown or Word file, read as documents are read."""
    from qa.reading.folder import load
    from qa.reading.sandbox import read_works

    if options.saved:
        return check_saved(options, settings)
    if options.annotated:
        return annotate(options, settings)
    path: Path = options.file
    draft = read_works(load(path.parent, path.name), path.name, "never").source.text
    with library_api(settings) as api:
        reply = call(api, "POST", "/api/v1/check", {"text": draft, "filters": filters(options)})
    show(options, reply, terminal.check(reply))
    return OK


def cite(options: argparse.Namespace, settings: Settings) -> int:
    """A reference for a document, a permalink, or a quotation wherever it stands."""
    from qa.citing.permalinks import links_in

    asked = {"style": options.style} | ({"accessed": options.accessed} if options.accessed else {})
    with library_api(settings) as api:
        if links := links_in(options.what):
            spots = [(one.document_id, {"start": one.start, "end": one.end}) for one in links]
        elif re.fullmatch(r"[0-9a-f]{16}", options.what):
            spots = [(options.what, {})]
        else:
            found = call(api, "GET", f"/api/v1/occurrences?{urlencode({'q': options.what})}")["occurrences"]
            places = [one["citation"] for one in found if one["match"] != "variant"]
            spots = [(one["document_id"], {"start": one["start"], "end": one["end"]}) for one in places]
        if not spots:
            raise InvalidInput("资料里没有这句话", "可用 occurrences 查相近的说法。", code="not_found")
        cited = [call(api, "GET", f"/api/v1/documents/{one}/citation?{urlencode(asked | at)}") for one, at in spots]
    show(options, {"citations": cited}, terminal.cited(cited))
    return OK


def occurrences(options: argparse.Namespace, settings: Settings) -> int:
    with library_api(settings) as api:
        reply = call(api, "GET", f"/api/v1/occurrences?{urlencode({'q': options.words, 'limit': options.limit})}")
    show(options, reply, terminal.occurrences(reply))
    return OK


def check_saved(options: argparse.Namespace, settings: Settings) -> int:
    """Which of the quotations kept in a file still hold."""
    from dataclasses import asdict

    from qa.citing.saved import saved_in
    from qa.reading.folder import load

    path: Path = options.saved
    wanted = [asdict(one) for one in saved_in(load(path.parent, path.name).decode("utf-8-sig", "replace"))]
    with library_api(settings) as api:
        parts = [
            call(api, "POST", "/api/v1/citations/check", {"citations": wanted[at : at + AT_ONCE]})
            for at in range(0, len(wanted), AT_ONCE)
        ]
    summary = {standing: sum(part["summary"][standing] for part in parts) for standing in parts[0]["summary"]}
    reply = {"citations": [one for part in parts for one in part["citations"]], "summary": summary}
    show(options, reply, terminal.saved(reply))
    return OK if summary["changed"] == summary["gone"] == 0 else FAILED


def annotate(options: argparse.Namespace, settings: Settings) -> int:
    """The Word draft with comments and footnotes, as a new file: the draft itself is left alone."""
    source, target = options.file, options.annotated
    if target.exists():
        raise InvalidInput(f"{target} 已经有了", "请换一个文件名。")
    if not source.is_file():
        raise InvalidInput(f"找不到 {source}", "请检查路径。", code="not_found")
    with library_api(settings) as api:
        judged = send_file(api, "/api/v1/check/docx", source)
    target.write_bytes(judged)
    show(options, {"file": str(target), "bytes": len(judged)}, [f"已存为 {target}"])
    return OK


def documents(options: argparse.Namespace, settings: Settings) -> int:
    with library_api(settings) as api:
        reply = call(api, "GET", "/api/v1/documents?limit=200")
        following = reply["next"]
        while following:
            page = call(api, "GET", f"/api/v1/documents?limit=200&cursor={following}")
            reply["documents"] += page["documents"]
            following = page["next"]
    show(options, {**reply, "next": None}, terminal.documents(reply))
    return OK


def add(options: argparse.Namespace, settings: Settings) -> int:
    paths = list(files_of(options.paths))
    with library_api(settings) as api:
        ended = [list(watch(api, upload(api, path)))[-1] for path in paths]
    results = [result for job in ended for result in job["results"]]
    show(options, {"results": results}, terminal.results({"results": results}))
    return FAILED if any(result["status"] == "refused" for result in results) else OK


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are meant: a folder stands for what is in it, but for hidden files."""
    for path in paths:
        if path.is_dir():
            within = sorted(found for found in path.rglob("*") if found.is_file())
            yield from (found for found in within if not _hidden(found.relative_to(path)))
        elif path.is_file():
            yield path
        else:
            raise InvalidInput(f"找不到 {path}", "请检查路径。", code="not_found")


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def sync(options: argparse.Namespace, settings: Settings) -> int:
    with library_api(settings) as api:
        job = call(api, "POST", "/api/v1/sync", {"dry_run": options.dry_run, "force": options.force})["job"]
        ended = list(watch(api, job))[-1] if options.json else dict(terminal.following(watch(api, job)))
    changes = [result for result in ended["results"] if result["status"] != "unchanged"]
    show(options, ended, terminal.results({"results": changes}))
    return FAILED if ended["state"] == "failed" else OK


def read(options: argparse.Namespace, settings: Settings) -> int:
    """Read a file as `add` would, and show what came of it. No library is touched."""
    from qa.reading.folder import load
    from qa.reading.left_out import left_outs
    from qa.reading.sandbox import read_works
    from web import rendering

    path: Path = options.file
    found = read_works(load(path.parent, path.name), path.name, _plan(options.split, path.name))
    reply = rendering.reading(found, left_outs(found) if options.show_dropped else None)
    show(options, dict(reply), terminal.reading(reply))
    return OK


def _plan(told: str, name: str) -> SplitPlan:
    """The plan that `--split` gives: itself, or that for the file in a TOML file."""
    if told == "auto" or told == "never":
        return told  # type: ignore[return-value]
    from qa.reading.overrides import load_plans, plan_for

    plans = load_plans(Path(told))
    plan = plan_for(plans, name)
    if plan == "auto":
        raise InvalidInput(f"{told} 的 [split] 里没有 {name}", "写法见 docs/reading.md 的“分篇”一节。")
    return plan


def verify(options: argparse.Namespace, settings: Settings) -> int:
    with library_api(settings) as api:
        reply = call(api, "GET", "/api/v1/verify")
    show(options, reply, terminal.findings(reply))
    return FAILED if reply["findings"] else OK


def serve(options: argparse.Namespace, settings: Settings) -> int:
    from web import server

    return server.serve(replace(settings, port=options.port or settings.port), build)


def keys(options: argparse.Namespace, settings: Settings) -> int:
    """Make, list and remove keys. The running service, if any, heeds the change at once."""
    from web.keys import Keys

    held = Keys(settings.data)
    match options.action:
        case "add":
            made = {"name": options.name, "role": options.role, "key": held.add(options.name, options.role)}
            terminal.tell("请现在记下这把钥匙，以后不再显示：")
            show(options, made, [made["key"]])
        case "remove":
            held.remove(options.name)
            show(options, {"removed": options.name}, [f"删去了 {options.name} 的钥匙"])
        case _:
            known = [{"name": key.name, "role": key.role, "created": key.created} for key in held.all()]
            lines = [f"{key['name']}　{key['role']}　{key['created']}" for key in known]
            show(options, {"keys": known}, lines or ["还没有钥匙。"])
    return OK


def mcp(options: argparse.Namespace, settings: Settings) -> int:
    """Answer an assistant's messages on standard streams until it closes them."""
    from web.mcp import Reopening, over_streams

    outgoing = sys.stdout.buffer
    with contextlib.ExitStack() as opened, contextlib.redirect_stdout(sys.stderr):  # messages alone go there
        over_streams(sys.stdin.buffer, outgoing, Reopening(lambda: opened.enter_context(library_api(settings))))
    return OK


def filters(options: argparse.Namespace) -> dict:
    return {"places": options.place, "levels": options.level, "kinds": options.kind}


# What argparse says, and how we say it.
SAYINGS = (
    (r"the following arguments are required: (.*)", r"缺少：\1"),
    (r"unrecognized arguments: (.*)", r"不认识：\1"),
    (r"argument (\S+): invalid int value: (.*)", r"\1 应为整数，不能是 \2"),
    (r"argument (\S+): invalid choice: ('[^']*').*", r"\1 不能是 \2"),
    (r"one of the arguments (.*) is required", r"缺少其中之一：\1"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 不能与 \2 同用"),
    (r"argument (\S+): expected .*", r"\1 后面缺少内容"),
)


def _in_chinese(message: str) -> str:
    for pattern, said in SAYINGS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return match.expand(said)
    return f"命令写得不对（{message}）"


class Parser(argparse.ArgumentParser):
    """argparse that speaks Chinese."""

    def error(self, message: str) -> NoReturn:
        terminal.tell(f"错误（usage）：{_in_chinese(message)}。\n{self.format_usage().rstrip()}")
        raise SystemExit(USAGE)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        text = super().format_help().replace("usage: ", "用法：", 1)
        return text.replace("positional arguments:", "参数：").replace("options:", "选项：")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = Parser(prog="python -m qa", description="引据：回答都有出处的资料问答。", add_help=False)
    root.add_argument("-h", "--help", action="help", help="显示这段说明")
    root.add_argument("--version", action="version", version=f"引据 {__version__}", help="显示版本")
    commands = root.add_subparsers(title="命令", required=True, metavar="命令", parser_class=Parser)

    def command(name: str, run: object, told: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told, add_help=False)
        made.add_argument("-h", "--help", action="help", help="显示这段说明")
        made.add_argument("--json", action="store_true", help="输出 JSON，供程序使用")
        made.set_defaults(run=run)
        return made

    asking = command("ask", ask, "提问，回答带出处")
    asking.add_argument("question", metavar="问题")
    asking.add_argument("--max-citations", type=int, default=6, metavar="N", help="最多引用几处（默认 6）")
    searching = command("search", search, "检索段落")
    searching.add_argument("query", metavar="检索词")
    searching.add_argument("--top-k", type=int, default=10, metavar="N", help="最多几条（默认 10）")
    searching.add_argument("--headings", action="store_true", help="只在小标题里找")
    checking = command("check", check, "核对草稿：逐句说明有没有出处、哪里不一样；或核对存下的引文")
    checked = checking.add_mutually_exclusive_group(required=True)
    checked.add_argument("file", nargs="?", type=Path, metavar="文件")
    checked.add_argument(
        "--saved", type=Path, metavar="文件", help="看这个文件里存下的引文是否还站得住（JSON、Markdown）"
    )
    checking.add_argument("--annotated", type=Path, metavar="新文件", help="把 Word 草稿加上批注和脚注，存成新文件")
    for narrowed in (asking, searching, checking):
        narrowed.add_argument("--place", action="append", default=[], metavar="地区", help="只看这个地区，可重复")
        narrowed.add_argument("--level", action="append", default=[], choices=LEVELS, help="只看这一级，可重复")
        narrowed.add_argument("--kind", action="append", default=[], metavar="文种", help="只看这种材料，可重复")
    counting = command("figures", figures, "列出资料里写到的数字")
    counting.add_argument(
        "query", nargs="?", default="", metavar="检索词", help="数字旁边的词，如 社区图书室；不写则列出全部"
    )
    counting.add_argument("--place", default="", metavar="地区", help="只看这个地区")
    counting.add_argument("--level", default="", choices=LEVELS, help="只看这一级")
    counting.add_argument(
        "--sort",
        default="",
        choices=("value", "-value", "year", "-year", "place", "metric"),
        help="排序；-value 从大到小",
    )
    counting.add_argument("--limit", type=int, default=200, metavar="N", help="最多几行（默认 200）")
    counting.add_argument("--csv", action="store_true", help="输出 CSV，可用 Excel 打开")
    citing = command("cite", cite, "引文的著录：GB/T 7714、脚注、BibTeX、RIS、CSL-JSON")
    citing.add_argument("what", metavar="原话|链接|编号", help="一句原话、一个引文链接，或资料的编号")
    citing.add_argument(
        "--style", default="gbt7714", metavar="样式", help=f"{'、'.join(CITATION_STYLES)}（默认 gbt7714）"
    )
    citing.add_argument("--accessed", metavar="日期", help="在网上看到它的日期，例如 2026-07-01")
    occurring = command("occurrences", occurrences, "一句话在哪些地方出现过，从早到晚")
    occurring.add_argument("words", metavar="词句")
    occurring.add_argument("--limit", type=int, default=100, metavar="N", help="最多几处（默认 100）")
    adding = command("add", add, "加入文件或文件夹")
    adding.add_argument("paths", nargs="+", type=Path, metavar="路径")
    command("documents", documents, "列出资料")
    syncing = command("sync", sync, "与资料文件夹对齐")
    syncing.add_argument("--dry-run", action="store_true", help="只说会有什么变化")
    syncing.add_argument(
        "--force", action="store_true", help="文件夹空了也照办（移除原有的资料），打不开过的文件再试一次"
    )
    reading = command("read", read, "只读一个文件，看看读出了什么")
    reading.add_argument("file", type=Path, metavar="文件")
    reading.add_argument("--show-dropped", action="store_true", help="也显示略去了什么、为什么")
    reading.add_argument(
        "--split", default="auto", metavar="never|auto|文件.toml", help="不分篇、自动，或按文件里写的分篇（默认自动）"
    )
    models = ModelCommands(library_api, show)
    models.define(command("models", models.run, "向量模型：列出、换用、调权重"))
    command("verify", verify, "核对资料库是否完好")
    serving = command("serve", serve, "提供网页和接口")
    serving.add_argument("--port", type=int, metavar="端口", help="默认取 QA_PORT，再默认 8000")
    holding = commands.add_parser(
        "keys", help="别的机器访问时用的钥匙", description="别的机器访问时用的钥匙", add_help=False
    )
    holding.add_argument("-h", "--help", action="help", help="显示这段说明")
    actions = holding.add_subparsers(title="做什么", required=True, metavar="add|list|remove", parser_class=Parser)

    def doing(name: str, told: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=told, description=told, add_help=False)
        made.add_argument("-h", "--help", action="help", help="显示这段说明")
        made.add_argument("--json", action="store_true", help="输出 JSON，供程序使用")
        made.set_defaults(run=keys, action=name)
        return made

    for action, told in (("add", "做一把钥匙"), ("list", "列出钥匙"), ("remove", "删去一把钥匙")):
        keyed = doing(action, told)
        if action != "list":
            keyed.add_argument("name", metavar="名字", help="给谁用的")
        if action == "add":
            keyed.add_argument(
                "--role",
                choices=("reader", "editor"),
                default="reader",
                help="reader 只能问，editor 还能改资料（默认 reader）",
            )
    command("mcp", mcp, "给智能助手用：在标准输入输出上说 MCP")
    return root


if __name__ == "__main__":
    sys.exit(main())
