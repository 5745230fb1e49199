"""What the commands print: answers, sources, lists and progress, from the API's own replies."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from unicodedata import east_asian_width

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

Json = Mapping
STATUS = {"added": "加入", "updated": "更新", "unchanged": "未变", "removed": "移除", "refused": "打不开"}
SHOWN_CHARS = 160
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def tell(line: str) -> None:
    """A line about what goes on: standard error, so that results alone are on standard output."""
    print(plain(line), file=sys.stderr, flush=True)


def plain(line: str) -> str:
    """Without control characters: a document's title must not steer the terminal."""
    return CONTROL.sub("", line)


def following(jobs: Iterable[Json]) -> Json:
    """Follow a job to its end, with a bar where someone watches. Returns the job as it ended."""
    return _drawn(jobs) if sys.stderr.isatty() else _followed(jobs)


def _followed(jobs: Iterable[Json]) -> Json:
    told = False
    for job in jobs:
        if job["total"] and not told:
            told = True
            tell(f"正在读 {job['total']} 个文件…")
    summarise(job)
    return job


def _drawn(jobs: Iterable[Json]) -> Json:
    columns = (TextColumn("正在读"), BarColumn(), TextColumn("{task.completed} / {task.total}：{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        for job in jobs:
            # Names of files are no markup.
            bar.update(task, completed=job["done"], total=job["total"] or None, description=_unmarked(job["file"]))
    summarise(job)
    return job


def _unmarked(name: str) -> str:
    return plain(name).replace("[", "\\[")


def summarise(job: Json) -> None:
    """The report: how many files were read, and each that asks for attention, by name."""
    if job["results"]:
        for line in job["report"]["lines"]:
            tell(line)


def answer(reply: Json, address: str) -> Iterator[str]:
    """The answer, then its numbered sources, or what comes closest."""
    yield reply["answer"]
    if reply["table"]:
        yield ""
        yield from table(reply["table"])
    for conflict in reply["conflicts"]:
        values = "、".join(f"{value['value']}[{value['citation']}]" for value in conflict["values"])
        yield f"\n几处数字不同：{conflict['what']} {values}{'；' if conflict['why'] else ''}{conflict['why']}"
    if reply["citations"]:
        yield "\n出处"
    for citation in reply["citations"]:
        yield from source(f"[{citation['number']}]", citation, address)
    if reply["near"]:
        yield "\n离得最近的"
    for citation in reply["near"]:
        yield from source("·", citation, address)


def table(reply: Json) -> Iterator[str]:
    """Columns under one another; a Chinese character is two columns wide. The last column names the sources."""
    rows = [[*row["cells"], "".join(f"[{number}]" for number in row["citations"])] for row in reply["rows"]]
    lines = [[*reply["columns"], "出处"], *rows]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def source(mark: str, citation: Json, address: str) -> Iterator[str]:
    """One source: title, place, page, words."""
    yield f"{mark} {_reference(citation)}"
    yield f"    “{_one_line(citation['quote'])}”"
    if address:
        yield f"    {address}{citation['url']}"


def search(reply: Json) -> Iterator[str]:
    """Passages found, best first."""
    if not reply["results"]:
        yield "没有找到。"
    if reply["notice"]:
        yield reply["notice"]
    for result in reply["results"]:
        heading = " / ".join(result["heading"])
        yield f"{result['rank']}. {_reference(result['document'])}{' · ' if heading else ''}{heading}"
        yield f"    {_one_line(result['passage']['text'])}"
        yield f"    〔{result['score']:.2f}：{result['explained']}〕"


def figures(reply: Json) -> Iterator[str]:
    """The numbers that documents state, one a line, each with its source below."""
    shown = len(reply["figures"])
    yield f"共 {reply['total']} 个数字" + (f"，列出前 {shown} 个" if shown < reply["total"] else "")
    for one in reply["figures"]:
        facts = (one["place"] or "", f"{one['year']}年" if one["year"] else "", one["metric"])
        yield f"{' · '.join(filter(None, facts))}：{amount(one)}"
        yield f"    {_reference(one['citation'])}：“{_one_line(one['citation']['quote'])}”"


def amount(figure: Json) -> str:
    """A value as it is said: 近1.2亿元, 3800余人, 90%以上."""
    value, said = _number(figure["value"]), figure["qualifier"]
    if said in ("余", "多", "来", "几"):
        unit = figure["unit"]
        scale = unit[:1] if unit[:1] in "万亿" else ""
        return f"{value}{scale}{said}{unit[len(scale) :]}"
    if said in ("以上", "左右", "以内", "以下", "上下"):
        return f"{value}{figure['unit']}{said}"
    return f"{said}{value}{figure['unit']}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


VERDICTS = {"supported": "有据", "contradicted": "不符", "not_found": "未见", "not_a_claim": "不是陈述"}


def check(reply: Json) -> Iterator[str]:
    """Each sentence with its verdict, what differs and where that stands, then how many of each there are."""
    for sentence in reply["sentences"]:
        verbatim = "，原文" if sentence["verbatim"] else ""
        yield f"[{VERDICTS[sentence['verdict']]}{verbatim}] {_one_line(sentence['text'])}"
        for one in sentence["differences"]:
            yield f"    草稿“{_one_line(one['draft'])}”，资料“{_one_line(one['source'])}”"
        for note in sentence["notes"]:
            yield f"    注意：{note['text']}"
        for citation in sentence["evidence"][:1]:
            yield f"    {_reference(citation)}“{_one_line(citation['quote'])}”"
    yield "，".join(f"{told} {reply['summary'][verdict]} 句" for verdict, told in VERDICTS.items())


def cited(replies: Iterable[Json]) -> Iterator[str]:
    """References, and under each what it misses."""
    for reply in replies:
        yield from reply["text"].rstrip("\r\n").splitlines()
        if reply["missing_called"]:
            yield f"    缺：{'、'.join(reply['missing_called'])}"


def occurrences(reply: Json) -> Iterator[str]:
    """Every place, earliest first, and the wordings where there are several."""
    told = {"verbatim": "", "script": "（繁简不同）", "variant": "（说法相近）"}
    yield f"共 {reply['total']} 处"
    for one in reply["occurrences"]:
        year = "（所述年份）" if one["when_kind"] == "period" else ""
        yield f"{one['when'] or '日期不详'}{year} {_reference(one['citation'])}{told[one['match']]}"
        yield f"    “{_one_line(one['citation']['quote'])}”"
    if len(reply["wordings"]) > 1:
        yield "\n说法"
        for one in reply["wordings"]:
            yield f"{one['since'] or '日期不详'} 起，{one['count']} 处：“{_one_line(one['quote'])}”"


STANDING = {"same": "还在原处", "moved": "换了位置", "changed": "已不在文中", "gone": "资料不在了"}


def saved(reply: Json) -> Iterator[str]:
    """How each saved quotation stands, and where it went; then how many of each there are."""
    for one in reply["citations"]:
        yield f"[{STANDING[one['standing']]}] 《{one['title'] or one['document_id']}》“{_one_line(one['quote'])}”"
        if one["standing"] == "moved":
            yield f"    现在：{one['url']}"
        for other in one["elsewhere"]:
            yield f"    别处还有：{_reference(other)} {other['url']}"
    yield "，".join(f"{told} {reply['summary'][standing]} 处" for standing, told in STANDING.items())


def documents(reply: Json) -> Iterator[str]:
    """The library's documents, one line and an id each."""
    yield f"共 {reply['total']} 篇"
    for document in reply["documents"]:
        yield f"{_reference(document)} · {document['characters']} 字 · {document['file']}"
        yield f"    {document['id']}"


def results(job: Json) -> Iterator[str]:
    """What became of each file."""
    for result in job["results"]:
        if not result["file"]:  # the run as a whole
            yield result["detail"]
            continue
        line = f"{STATUS[result['status']]}  {result['file']}"
        yield line if result["status"] != "refused" else f"{line}（{result['code']}）：{result['detail']}"
    if not job["results"]:
        yield "没有变化。"


def reading(reply: Json) -> Iterator[str]:
    """What a file's reader found in it: its works with their sections, and what they leave out where that was asked."""
    works = reply["works"]
    count = f"{len(works)} 篇" if len(works) > 1 else "一篇"
    yield f"{reply['file']} · {reply['encoding']} · {count}{_sureness(reply)}"
    yield from (f"存疑：{doubt}" for doubt in reply["doubts"])
    if reply["hidden"]:
        yield f"隐藏文字 {reply['hidden']} 字，没有读入"
    for work in works:
        yield f"\n{work['part']}. {_reference({**work, 'published': work['published'] or work['period']})}"
        facts = (f"{work['characters']} 字", work["kind"], work["organisation"], work["publisher"], work["author"])
        inferred = "标题用的是第一句" if work["title_inferred"] else None
        yield "    " + " · ".join(fact for fact in (*facts, inferred) if fact)
        yield from _described(work)
        yield from (f"    {'  ' * section['depth']}{section['heading']}" for section in work["sections"])
        for told, runs in groupby(work.get("dropped", ()), key=lambda one: one["told"]):
            yield f"    [{told}] {_one_line(' '.join(run['text'] for run in runs))}"


def _described(work: Json) -> Iterator[str]:
    """What a work is said to be, and by which words: several fields that the same words say on one line."""
    for said, fields in groupby(work["described"], key=lambda one: (one["told"], one["words"])):
        values = "，".join(f"{one['name']} {one['value']}" for one in fields)
        yield f"    {values} ← {said[0]}“{_one_line(said[1])}”"


def _sureness(reply: Json) -> str:
    return f" · 分篇把握 {reply['sureness']:.0%}" if len(reply["works"]) > 1 or reply["sureness"] < 1 else ""


def findings(reply: Json) -> Iterator[str]:
    """What is wrong with the library, if anything."""
    yield from reply["findings"] or ["资料库完好。"]


def _reference(of: Json) -> str:
    level = f"（{of['level']}）" if of["level"] else ""
    page = "" if of["page"] is None else f"第{of['page']}页{'起' if of['page_kind'] == 'work_start' else ''}"
    known = [f"{of['place'] or ''}{level}", page, of["published"] or ""]
    return " · ".join([f"《{of['title']}》", *filter(None, known)])


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARS else line[:SHOWN_CHARS] + "…"
