"""Score the product on a folder of questions: start it, ask everything, print the figures beside the last recorded.

    python -m benchmarks.evaluate [--eval FOLDER] [--seeds FOLDER] [--cases FOLDER] [--record]
                                  [--data FOLDER [--keep FOLDER]]

Without arguments: the sample library and its own questions. A set is scored when its file is there and the service
offers its walk.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks import public, record, score
from benchmarks.service import ROOT, Service, ServiceFailed, running

PUBLIC_SAMPLE = 800
SETS = {
    "documents": ("documents.jsonl", "/api/v1/documents"),
    "search": ("questions.jsonl", "/api/v1/search"),
    "questions": ("questions.jsonl", "/api/v1/ask"),
    "citations": ("citations.jsonl", "/api/v1/check"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, default=ROOT / "benchmarks" / "sample", help="题库文件夹")
    parser.add_argument("--seeds", type=Path, default=ROOT / "seeds", help="文档文件夹")
    parser.add_argument("--name", help="记录里的名字，默认是题库文件夹名")
    parser.add_argument("--cases", type=Path, help="把每一题的结果写进这个文件夹")
    parser.add_argument("--data", type=Path, help="公开数据的文件夹；给出时也在公开题库上测")
    parser.add_argument("--keep", type=Path, help="公开题库的资料库留在这个文件夹，再跑时不必重建")
    parser.add_argument("--record", action="store_true", help="在 docs/quality.md 添一行")
    args = parser.parse_args()
    missing = next((folder for folder in (args.eval, args.seeds) if not folder.is_dir()), None)
    if missing:
        sys.exit(f"找不到文件夹 {missing}，请检查 EVAL 与 SEEDS。")
    name = args.name or args.eval.resolve().name
    try:
        with running(args.seeds.resolve()) as service:
            print(f"服务已就绪，用时 {service.ready_s:.1f} 秒。", flush=True)
            for what in offered(service, args.eval):
                figures = evaluate(service, what, args.eval / SETS[what][0], args.cases)
                report(name, what, figures)
                if args.record:
                    record.append(name, what, record.kept(what, figures))
            print(f"\n内存峰值 {service.memory.peak_mib:.0f} MiB")
    except ServiceFailed as failure:
        sys.exit(str(failure))
    if args.data:
        public.run(args.data, args.keep, PUBLIC_SAMPLE, public.TABLES)


def offered(service: Service, folder: Path) -> list[str]:
    """Sets whose file is there and whose walk the service has."""
    paths = score.get(service.base, "/api/v1/openapi.json")["paths"]
    return [what for what, (file, path) in SETS.items() if (folder / file).is_file() and path in paths]


def evaluate(service: Service, what: str, file: Path, cases: Path | None) -> dict[str, object]:
    figures, rows = score.SCORERS[what](service.base, score.read_jsonl(str(file)))
    if cases:
        cases.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (cases / f"{what}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return figures


def report(name: str, what: str, figures: dict[str, object]) -> None:
    before = record.last(name, what)
    print(f"\n{name} · {what}（{figures['cases']} 题）" + (f"，对照 {before['date']}" if before else "，尚无记录"))
    for figure, now in record.kept(what, figures).items():
        print(f"  {figure:28}{now:>9}{before.get(figure, ''):>12}{change(now, before.get(figure, '')):>10}")
    if "by_category" in figures:
        print(f"  {figures['by_category']}")


def change(now: str, before: str) -> str:
    try:
        difference = float(now) - float(before)
    except ValueError:
        return ""
    return f"{difference:+.4g}" if difference else ""


if __name__ == "__main__":
    main()
