"""What the walks share: the sample's tables, reading a folder, asking, and two documents about teahouses."""

from __future__ import annotations

import json
from pathlib import Path

from qa.pipeline import Pipeline
from qa.types import Answer, Document, FileResult

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
SETS = ROOT / "benchmarks" / "sample"

TEAHOUSES = """青屿市茶馆阅览点工作小结
　　2023年，青屿市在老茶馆里设立阅览点73个，其中夜间开放的有29个。阅览点由退休教师王建国牵头管理。
　　每周三下午，志愿者在阅览点为老人读报，全年读报1860场。
　　阅览点的书由市图书馆按季度更换，换下的旧书送到渡船上。
"""
FERRIES = """柳溪县渡口工作小结
　　2023年，柳溪县把6条老渡船换成新船，末班船延到晚上八点，赶集的人不必摸黑回家。
　　渡口管理所请老船工李秀英教年轻人看水色，全年开课41次。
"""


# Planted in what is no document's text: contents, recommendations, a copyright notice, a sidebar, a header.
OUTSIDE = {
    "榆浦市目录一行带多余冒号",
    "雁浦县只在目录里出现",
    "梅埠县等八个地名只在文末推荐栏出现",
    "版权声明里的30日，不能作答",
    "三十个县市名只在转载页的页脚出现",
    "竹坞县只在防汛简报的侧栏出现",
    "页眉“内部通报”，不能作答",
    "页眉“柳溪县情”，不能作答",
}


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text("utf-8").splitlines() if line.strip()]


QUESTIONS, FACTS, DOCUMENTS = map(rows, ("questions", "facts", "documents"))


def quotes(fact: dict) -> list[str]:
    """The pieces of a planted fact, each from one line of its file."""
    return fact.get("quotes") or [fact["quote"]]


def label(row: dict) -> str:
    return str(row.get("id") or row.get("fact") or row.get("title"))


def read_folder(pipeline: Pipeline, folder: Path, dry_run: bool = False, force: bool = False) -> dict[str, FileResult]:
    """What became of each file of a folder, by path."""
    return {step.file: step.result for step in pipeline.sync(folder, dry_run, force) if step.result}


def ask(pipeline: Pipeline, row: dict) -> Answer:
    return pipeline.answer(row["question"], [("user", turn) for turn in row.get("history", [])])


def said(answer: Answer) -> str:
    return "".join(block.text for block in answer.blocks)


def documents(pipeline: Pipeline) -> list[Document]:
    """Every document of a library, with its text."""
    return [pipeline.library.document(row.document.id) for row in pipeline.library.documents(1000)[0]]


def titles(pipeline: Pipeline) -> list[str]:
    return sorted(document.title for document in documents(pipeline))
