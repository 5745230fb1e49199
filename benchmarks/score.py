"""Score a running service over HTTP against question, citation and document sets.

    python score.py questions http://127.0.0.1:8000 questions.jsonl
    python score.py search    http://127.0.0.1:8000 questions.jsonl
    python score.py citations http://127.0.0.1:8000 citations.jsonl
    python score.py documents http://127.0.0.1:8000 documents.jsonl

Prints one JSON object with the figures; --cases FILE also writes one line a case, so that each miss can
be read. Needs opencc (Traditional is folded into Simplified Chinese on both sides), nothing else.

The figures are made hard to inflate. An answer counts only within a length that a reader would accept, and
a fact only when its words are runs of the cited quotations. A passage counts for its first PASSAGE_CHARS
characters, a reply for its first few citations, search for a reading budget, and every quotation must be
its span of the document's text.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
from functools import cache
from pathlib import Path

try:
    from opencc import OpenCC
except ImportError:
    sys.exit("score.py needs opencc: run it with the project's own interpreter")

simplify = OpenCC("t2s").convert

ANSWER_CHARS = {"list": 300, "section": 300, "cross_doc": 300, "comparison": 300, "conflict": 300}
ANSWER_CHARS_FACT = 80  # a fact is answered in one sentence that leads with it
CITATIONS_FACT, CITATIONS_OTHER = 2, 6  # what a reader opens
PASSAGE_CHARS = 400
READING_CHARS = 1500  # what a person skims on one screen
EVIDENCE = 3
LEAD_CHARS = 20  # "3620个村", before the sentence that says so
RUN_CHARS = 6
GROUNDED = 0.8
TIMEOUT_S = 60

MARKER = re.compile(r"\[\d{1,2}\]")
ADDED = re.compile(r"〔[^〕]*〕")
PLACE_ENDINGS = re.compile(r"(?:[\u4e00-\u9fff]{1,3}族)*(?:自治区|自治州|自治县|地区|省|市|州|盟|区|县)$")


def fold(text: str) -> str:
    """Same text for the same words: compatibility forms, Simplified, lower case, no spaces or punctuation.

    '%' stays, so does '.' between digits, and '|' stands for anything else between digits: without them
    46.7万 would equal 467万, and "12、15" would hide 12.
    """
    text = simplify(unicodedata.normalize("NFKC", text)).lower()
    text = re.sub(r"\([a-z\u00e0-\u01dc]{1,6}\)", "", text)  # 樹導(dǎo)向: a reading in brackets is no word
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", "\0", text)
    text = re.sub(r"(?<=\d)[^\w%\0]+(?=\d)", "\1", text)
    kept = (c for c in text if c in "\0\1%" or unicodedata.category(c)[0] not in "PZC")
    return "".join(kept).replace("\0", ".").replace("\1", "|")


def says(text: str, gold: str) -> bool:
    """Does folded text hold the folded gold string? 22 is not held by 122 or 22.5."""
    gold = fold(gold)
    before = r"(?<![\d.])" if gold[:1].isdigit() else ""
    after = r"(?!\.?\d)" if gold[-1:].isdigit() else ""
    return bool(gold) and re.search(before + re.escape(gold) + after, text) is not None


def grounded(answer: str, quotes: list[str]) -> bool:
    """Is a quoted answer made of runs of its quotations? A short lead ("3620个村") may stand before them."""
    lead, *rest = re.split(r"(?<=[，。；：！？,;!?\n])", ADDED.sub("", answer), maxsplit=1)
    said = fold(rest[0] if rest and rest[0].strip() and len(fold(lead)) <= LEAD_CHARS else lead + "".join(rest))
    source = "\n".join(map(fold, quotes))
    covered = at = 0
    while at < len(said):
        run = 0
        while at + run < len(said) and said[at : at + run + 1] in source:
            run += 1
        covered += run if run >= RUN_CHARS else 0
        at += max(run, 1)
    return bool(said) and covered / len(said) >= GROUNDED


def post(base: str, path: str, body: dict) -> tuple[dict, float]:
    request = urllib.request.Request(
        base + path,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        reply = json.loads(response.read())
    return reply, (time.perf_counter() - start) * 1000


def get(base: str, path: str) -> dict:
    with urllib.request.urlopen(base + path, timeout=TIMEOUT_S) as response:
        return json.loads(response.read())


@cache
def text_of(base: str, document_id: str) -> str:
    return get(base, f"/api/v1/documents/{urllib.parse.quote(document_id)}/text")["text"]


def span_holds(base: str, citation: dict) -> bool:
    """The quotation is its span, and stands in the passage shown with it."""
    text = text_of(base, citation["document_id"])
    quote = citation["quote"]
    return bool(quote) and text[citation["start"] : citation["end"]] == quote and quote in citation["passage"]["text"]


def read_jsonl(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]


def kind_of(category: str) -> str:
    return next((kind for kind in ANSWER_CHARS if kind in category), "fact")


def share(values: list[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def spread(times_ms: list[float]) -> dict:
    ordered = sorted(times_ms)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1),
    }


def score_questions(base: str, cases: list[dict]) -> tuple[dict, list[dict]]:
    rows, times = [], []
    for case in cases:
        history = [{"role": "user", "content": turn} for turn in case.get("history") or []]
        reply, ms = post(base, "/api/v1/ask", {"question": case["question"], "history": history})
        times.append(ms)
        fact = kind_of(case["category"]) == "fact"
        answer = MARKER.sub("", reply.get("answer") or "")
        shown = answer[: ANSWER_CHARS_FACT if fact else ANSWER_CHARS[kind_of(case["category"])]]
        citations = (reply.get("citations") or [])[: CITATIONS_FACT if fact else CITATIONS_OTHER]
        refused = reply.get("status") == "no_evidence"
        own_words = not fact or reply.get("mode") == "generative" or grounded(answer, [c["quote"] for c in citations])
        cited = [fold(c["passage"]["text"][:PASSAGE_CHARS]) for c in citations]
        quotes = [fold(e["quote"]) for e in case.get("evidence") or []]
        found = [says(fold(shown), gold) for gold in case.get("answers") or []]
        hit = bool(found) and not refused and own_words and (all(found) if case.get("must_all") else any(found))
        rows.append(
            {
                "id": case["id"],
                "category": case["category"],
                "unanswerable": bool(case.get("unanswerable")),
                "refused": refused,
                "hit": hit,
                "grounded": own_words,
                "cited": any(q in c for q in quotes for c in cited),
                "cited_first": bool(cited) and any(q in cited[0] for q in quotes),
                "cited_all": bool(quotes) and all(any(q in c for c in cited) for q in quotes),
                "span_errors": sum(not span_holds(base, c) for c in reply.get("citations") or []),
                "chars": len(answer),
                "question": case["question"],
                "answer": answer[:400],
                "gold": case.get("answers"),
            }
        )
    able = [r for r in rows if not r["unanswerable"]]
    unable = [r for r in rows if r["unanswerable"]]
    facts = [r for r in able if kind_of(r["category"]) == "fact"]
    by_category: dict[str, list[bool]] = {}
    for row in able:
        by_category.setdefault(row["category"], []).append(row["hit"])
    return {
        "answered_right": share([r["hit"] for r in able]),
        "grounded": share([r["grounded"] for r in facts if not r["refused"]]),
        "cited_right": share([r["cited"] for r in able]),
        "first_citation_right": share([r["cited_first"] for r in able]),
        "all_evidence_cited": share([r["cited_all"] for r in able]),
        "right_and_cited": share([r["hit"] and r["cited"] for r in able]),
        "span_errors": sum(r["span_errors"] for r in rows),
        "refused_when_unanswerable": share([r["refused"] for r in unable]),
        "refused_when_answerable": share([r["refused"] for r in able]),
        "median_fact_chars": statistics.median([r["chars"] for r in facts]) if facts else None,
        "by_category": {k: f"{sum(v)}/{len(v)}" for k, v in sorted(by_category.items())},
        "latency_ms": spread(times),
        "cases": len(rows),
    }, rows


def score_search(base: str, cases: list[dict]) -> tuple[dict, list[dict]]:
    rows, times = [], []
    for case in cases:
        if case.get("unanswerable") or case.get("history"):
            continue
        reply, ms = post(base, "/api/v1/search", {"query": case["question"], "top_k": 10})
        times.append(ms)
        quotes = [fold(e["quote"]) for e in case["evidence"]]
        texts, within, read = [], False, 0
        for result in reply["results"][:10]:
            text = result["passage"]["text"][:PASSAGE_CHARS]
            texts.append(fold(text))
            seen = fold(text[: max(0, READING_CHARS - read)])
            within = within or any(q in seen for q in quotes)
            read += len(text)
        rank = next((i for i, text in enumerate(texts, 1) if any(q in text for q in quotes)), None)
        rows.append(
            {
                "id": case["id"],
                "category": case["category"],
                "question": case["question"],
                "rank": rank,
                "within_reading": within,
                "all_in_10": all(any(q in t for t in texts) for q in quotes),
            }
        )
    ranks = [r["rank"] for r in rows]
    return {
        **{f"recall@{k}": share([bool(r) and r <= k for r in ranks]) for k in (1, 3, 5, 10)},
        f"recall_in_{READING_CHARS}_chars": share([r["within_reading"] for r in rows]),
        "all_evidence_in_10": share([r["all_in_10"] for r in rows]),
        "mrr@10": round(statistics.mean([1 / r if r else 0 for r in ranks]), 4) if ranks else None,
        "latency_ms": spread(times),
        "cases": len(rows),
    }, rows


def names_difference(case: dict, difference: dict) -> bool:
    """The changed piece of the draft and what the source says instead, each pinned and not the whole sentence."""
    wrong, right = fold(case.get("wrong") or ""), fold(case.get("right") or "")
    draft, source = fold(difference.get("draft") or ""), fold(difference.get("source") or "")
    if not draft or not wrong or not (draft in wrong or wrong in draft) or len(draft) > len(wrong) + 8:
        return False
    return not right or (bool(source) and (source in right or right in source) and len(source) <= len(right) + 8)


def score_citations(base: str, cases: list[dict]) -> tuple[dict, list[dict]]:
    order = ["contradicted", "supported", "not_found", "not_a_claim"]
    rows, times = [], []
    for case in cases:
        reply, ms = post(base, "/api/v1/check", {"text": case["sentence"]})
        times.append(ms)
        sentences = reply.get("sentences") or []
        verdict = next((v for v in order if v in {s["verdict"] for s in sentences}), "none")
        verdict = "not_found" if verdict == "not_a_claim" else verdict
        shown = [e for s in sentences for e in (s.get("evidence") or [])[:EVIDENCE]]
        evidence = [fold(e["passage"]["text"][:PASSAGE_CHARS]) for e in shown]
        quotes = [fold(e["quote"]) for e in case.get("evidence") or []]
        differences = [d for s in sentences for d in s.get("differences") or []]
        rows.append(
            {
                "id": case["id"],
                "kind": case["kind"],
                "label": case["label"],
                "verdict": verdict,
                "right": verdict == case["label"],
                "source_found": any(q in e for q in quotes for e in evidence),
                "span_errors": sum(not span_holds(base, e) for e in shown),
                "difference_named": verdict == "contradicted" and any(names_difference(case, d) for d in differences),
                "sentence": case["sentence"],
            }
        )
    f1 = {}
    for label in ("supported", "contradicted", "not_found"):
        true = sum(r["label"] == label and r["verdict"] == label for r in rows)
        both = sum(r["verdict"] == label for r in rows) + sum(r["label"] == label for r in rows)
        f1[label] = round(2 * true / both, 4) if both else 0.0
    by_kind: dict[str, list[bool]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row["right"])
    return {
        "accuracy": share([r["right"] for r in rows]),
        "macro_f1": round(statistics.mean(f1.values()), 4),
        "f1": f1,
        "false_supported": share([r["verdict"] == "supported" for r in rows if r["label"] != "supported"]),
        "source_found": share([r["source_found"] for r in rows if r["label"] != "not_found"]),
        "difference_named": share([r["difference_named"] for r in rows if r["label"] == "contradicted"]),
        "span_errors": sum(r["span_errors"] for r in rows),
        "by_kind": {k: f"{sum(v)}/{len(v)}" for k, v in sorted(by_kind.items())},
        "latency_ms": spread(times),
        "cases": len(rows),
    }, rows


def same_place(want: str, got: str) -> bool:
    """尧都区 is 山西省临汾市尧都区; 楚雄州 is 云南省楚雄彝族自治州."""
    core = PLACE_ENDINGS.sub("", want) or want
    return fold(core) in fold(got) and len(got) <= 24


def score_documents(base: str, cases: list[dict]) -> tuple[dict, list[dict]]:
    listed, cursor = [], ""
    while True:
        page = get(base, f"/api/v1/documents?limit=200{cursor}")
        listed += page["documents"]
        if not page.get("next"):
            break
        cursor = "&cursor=" + urllib.parse.quote(page["next"])
    rows = []
    for case in cases:
        titles = {fold(case[key]) for key in ("title", "toc_title", "title_clean") if case.get(key)}
        of_file = [d for d in listed if case["file"] in (d.get("file") or "")]
        found = [d for d in of_file if fold(d["title"]) in titles or (not titles and len(of_file) == 1)]
        document = found[0] if found else {}
        text = fold(text_of(base, document["id"])) if document else ""
        first = fold(case.get("first_words_clean") or case.get("first_words") or "")
        last = fold(case.get("last_words") or "")
        rows.append(
            {
                "title": case["title"],
                "found": len(found) == 1,
                "starts": bool(document) and first in text[: len(first) + 60],
                "ends": bool(document) and last in text[-len(last) - 60 :],
                "place": bool(document)
                and (not case.get("place") or same_place(case["place"], document.get("place") or "")),
                "level": bool(document) and case.get("level") in (None, document.get("level")),
                "page": bool(document) and case.get("page_in_toc") in (None, document.get("page")),
            }
        )
    return {
        **{key: share([r[key] for r in rows]) for key in ("found", "starts", "ends", "place", "level", "page")},
        "listed": len(listed),
        "cases": len(rows),
    }, rows


SCORERS = {
    "questions": score_questions,
    "search": score_search,
    "citations": score_citations,
    "documents": score_documents,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=SCORERS)
    parser.add_argument("base", help="the service's address, such as http://127.0.0.1:8000")
    parser.add_argument("file", help="the set, JSON Lines")
    parser.add_argument("--cases", help="write one JSON line a case to this file")
    args = parser.parse_args()
    try:
        figures, rows = SCORERS[args.what](args.base.rstrip("/"), read_jsonl(args.file))
    except urllib.error.HTTPError as error:
        print(f"{error.url}: {error.code} {error.read()[:500].decode('utf-8', 'replace')}", file=sys.stderr)
        return 2
    if args.cases:
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        Path(args.cases).write_text("\n".join(lines) + "\n", "utf-8")
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
