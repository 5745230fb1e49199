"""Holds the sample library and its questions to each other: what a set quotes stands in the file that it names.

Knows nothing of the product: it reads `seeds/` and `benchmarks/sample/` as text. Folding is written out here,
so that a fault in the product's own folding cannot hide a wrong quotation.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
import zipfile
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from opencc import OpenCC
from pypdfium2 import PdfDocument

from benchmarks.sample import make_documents, make_survey

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
SETS = ROOT / "benchmarks" / "sample"

COMPILATION = "01_年度工作汇编.txt"
STAND_ALONE = ("02_云泽省公共图书馆综述.txt", "04_青嶼市公車線網報道.md", "09_术语与措施名录.md")
WEB_PAGES = {"03_雲澤省公共圖書館綜述_轉載.html": "utf-8", "08_桐湾区防汛演练简报.html": "gb18030"}  # charsets
DRAFTS = ("05_青屿市绿化通报_初稿.docx", "06_青屿市绿化通报_定稿.docx")
SURVEY = "07_柳溪县社区食堂调研.pdf"
FILES = (COMPILATION, *STAND_ALONE, *WEB_PAGES, *DRAFTS, SURVEY)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NOTICE = "示例资料，地名与数字均为虚构"
SMALLEST, LARGEST = 300, 900  # characters of one work, blanks not counted
PRINTED_LINE = (38, 40)  # characters on a printed line before a page break
LONGEST_SHARED = 12  # characters that a question may have in common with its evidence
BOILERPLATE = (
    "小事连着民心，细处最见功夫",
    "各部门坚持问需于民、问计于民，把居民的操心事逐项办妥帖",
    "坚持把群众满意不满意当作第一把尺子，让公共服务更有温度",
    "下一步，将继续补短板、添服务、提品质，让便民成果更多更公平地惠及每一位居民",
)

simplify = cache(OpenCC("t2s").convert)


@cache
def fold(text: str) -> str:
    """NFKC, Simplified, lower case, no blanks or punctuation; '%' stays, and so does '.' between digits."""
    text = simplify(unicodedata.normalize("NFKC", text)).lower()
    text = re.sub(r"(?<=\d)\.(?=\d)", "\0", text)
    kept = (c for c in text if c in "\0%" or unicodedata.category(c)[0] not in "PZC")
    return "".join(kept).replace("\0", ".")


def says(text: str, gold: str) -> bool:
    """Does the text hold the gold string? 22 is not held by 122 or 22.5."""
    gold = fold(gold)
    before = r"(?<![\d.])" if gold[:1].isdigit() else ""
    after = r"(?!\.?\d)" if gold[-1:].isdigit() else ""
    return bool(gold) and re.search(before + re.escape(gold) + after, fold(text)) is not None


def paragraphs_of(draft: str) -> list[str]:
    """The paragraphs of a Word file's body, notes and header; a text box is also read with what it hangs on."""
    with zipfile.ZipFile(SEEDS / draft) as archive:
        parts = [ElementTree.fromstring(archive.read(f"word/{p}.xml")) for p in ("document", "footnotes", "header1")]
    return ["".join(t.text for t in p.iter(f"{WORD}t")) for part in parts for p in part.iter(f"{WORD}p")]


@cache
def text_of(file: str) -> str:
    if file in DRAFTS:
        return "\n".join(paragraphs_of(file))
    if file == SURVEY:
        return "\n".join([*make_survey.paragraphs(), make_survey.HEADER])
    return (SEEDS / file).read_text(encoding=WEB_PAGES.get(file, "utf-8"))


@cache
def lines_of(file: str) -> tuple[str, ...]:
    return tuple(text_of(file).split("\n"))


def rows(name: str) -> list[dict]:
    with (SETS / f"{name}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


QUESTIONS, CITATIONS, DOCUMENTS, FACTS = map(rows, ("questions", "citations", "documents", "facts"))
ANSWERABLE = [q for q in QUESTIONS if not q["unanswerable"]]
UNANSWERABLE = [q for q in QUESTIONS if q["unanswerable"]]
CHANGED = [c for c in CITATIONS if c["label"] == "contradicted"]
ABSENT = [c for c in CITATIONS if c["label"] == "not_found"]


def label(row: dict) -> str:
    return str(row.get("id") or row.get("fact") or row.get("title"))


def evidence_text(row: dict) -> str:
    return "\n".join(e["quote"] for e in row["evidence"])


def contents() -> list[tuple[str, int]]:
    """Titles and pages of the compilation's table of contents, as printed."""
    entries = (re.match(r"^(\S.*?)\u3000\u3000(\d+)$", line) for line in lines_of(COMPILATION))
    return [(entry[1], int(entry[2])) for entry in entries if entry]


@cache
def articles() -> dict[str, tuple[str, ...]]:
    """Lines of each article of the compilation, by its title."""
    lines = lines_of(COMPILATION)
    titles = [title.lstrip("：") for title, _ in contents() if not title.startswith("附")]
    starts = [max(i for i, line in enumerate(lines) if line == title) for title in titles]
    ends = [*starts[1:], next(i for i, line in enumerate(lines) if line.startswith("免责声明"))]
    return {title: lines[start + 1 : end] for title, start, end in zip(titles, starts, ends, strict=True)}


def article_of(page: str) -> str:
    """The words of a web page's article."""
    _, _, rest = text_of(page).partition("<article>")
    return re.sub(r"<[^>]+>", "", rest.partition("</article>")[0])


def works() -> list[tuple[str, str]]:
    """(name, text) of each article and each stand-alone document."""
    parts = [(title, "\n".join(lines)) for title, lines in articles().items()]
    parts += [(file, text_of(file)) for file in STAND_ALONE]
    parts += [(file, text_of(file)) for file in (*DRAFTS, SURVEY)]
    return parts + [(file, article_of(file)) for file in WEB_PAGES]


def quotations() -> list[tuple[str, str, str]]:
    """(name, file, quotation) of every set."""
    cited = [(label(r), e["file"], e["quote"]) for r in QUESTIONS + CITATIONS for e in r["evidence"]]
    planted = [(label(f), f["file"], quote) for f in FACTS for quote in f.get("quotes") or [f["quote"]]]
    return cited + planted


def cut_paragraphs() -> list[tuple[str, str]]:
    """(line before, line after) of each page break that cuts a paragraph of the compilation."""
    lines = [line for article in articles().values() for line in article]
    return [(a, b) for a, b in pairwise(lines) if a.startswith("\u3000\u3000") and a[-1] not in "。；：" and is_rest(b)]


def is_rest(line: str) -> bool:
    return (
        bool(line) and not line.startswith("\u3000") and not re.match(r"[一二三四]、", line) and line not in articles()
    )


# The documents


@pytest.mark.parametrize("file", FILES)
def test_each_document_says_once_that_it_is_invented(file):
    assert fold(text_of(file)).count(fold(NOTICE)) == 1


@pytest.mark.parametrize(("name", "text"), works(), ids=[name for name, _ in works()])
def test_each_work_keeps_to_its_size(name, text):
    assert SMALLEST <= len("".join(text.split())) <= LARGEST


def test_the_compilation_has_two_six_and_two_articles():
    levels = Counter(d["level"] for d in DOCUMENTS if d["file"] == COMPILATION)
    assert levels == {"省级": 2, "市级": 6, "县级": 2}


def test_a_page_break_cuts_after_whole_printed_lines():
    low, high = PRINTED_LINE
    odd = [a for a, _ in cut_paragraphs() if not any(low * n <= len(a) <= high * n for n in range(1, 6))]
    assert odd == []


def test_the_compilation_has_nineteen_cut_paragraphs():
    assert len(cut_paragraphs()) == 19


@pytest.mark.parametrize("sentence", BOILERPLATE)
def test_a_stock_sentence_is_shared_by_most_articles(sentence):
    sharing = [title for title, lines in articles().items() if fold(sentence) in fold("".join(lines))]
    assert len(sharing) > len(articles()) / 2


@pytest.mark.parametrize("place", ["雁浦县", "梅埠县", "竹坞县", "白坪县"])
def test_a_place_of_the_contents_or_the_footer_is_in_no_work(place):
    assert [name for name, text in works() if place in text] == []


def test_the_year_of_the_library_review_stands_once():
    assert re.findall(r"\d{4}年", text_of(STAND_ALONE[0])) == ["2022年"]


def test_the_library_review_has_half_width_punctuation_only():
    assert not set("，。：；（）？！") & set(text_of(STAND_ALONE[0]))


@pytest.mark.parametrize(("page", "charset"), WEB_PAGES.items())
def test_a_web_page_declares_the_charset_that_it_is_in(page, charset):
    assert f'<meta charset="{charset}">'.encode() in (SEEDS / page).read_bytes()


def test_the_reprint_has_debris_and_private_characters():
    text = text_of("03_雲澤省公共圖書館綜述_轉載.html")
    assert (text.count("?!/p>"), sum(unicodedata.category(c) == "Co" for c in text)) == (3, 3)


def test_the_reprints_footer_names_thirty_places_two_of_them_of_the_compilation():
    footer = re.search(r"友情推薦：(.+?)</div>", text_of("03_雲澤省公共圖書館綜述_轉載.html"))[1]
    names = [simplify(name.strip()) for name in footer.split("|")]
    listed = {d["place"] for d in DOCUMENTS if d["file"] == COMPILATION}
    assert (len(set(names)), len(listed & set(names))) == (30, 2)


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_is_as_its_maker_writes_it(draft):
    assert (SEEDS / draft).read_bytes() == make_documents.docx(final=draft == DRAFTS[1])


def test_each_line_that_the_survey_is_made_of_is_printed_on_its_pages():
    pages = PdfDocument(SEEDS / SURVEY)
    printed = fold("".join(page.get_textpage().get_text_bounded() for page in pages))
    rows = [cell for row in make_survey.TABLE for cell in row]
    told = [line for text in make_survey.paragraphs() if "　" not in text for line in make_survey.wrapped(text)]
    assert [line for line in rows + told if fold(line) not in printed] == []


def test_one_page_of_the_survey_is_a_picture():
    pages = PdfDocument(SEEDS / SURVEY)
    assert [page.get_textpage().count_chars() > 0 for page in pages] == [True, True, False, True]


def test_the_survey_is_small():
    assert (SEEDS / SURVEY).stat().st_size < 300_000


def test_the_drafts_differ_in_a_figure_a_date_and_a_person():
    first, final = (Counter(paragraphs_of(draft)) for draft in DRAFTS)
    assert len(first - final) == len(final - first) == 2
    for before, after in make_documents.CHANGES.items():
        first = Counter({line.replace(before, after): n for line, n in first.items()})
    assert first == final


def test_one_paragraph_stands_elsewhere_in_the_final_draft():
    places = [paragraphs_of(draft).index(make_documents.MOVED) for draft in DRAFTS]
    assert places[0] < places[1]


def test_the_directory_names_twenty_measures():
    assert len(re.findall(r"^- \*\*.+?\*\*", text_of(STAND_ALONE[2]), re.MULTILINE)) == 20


# Quotations of every set


@pytest.mark.parametrize(("name", "file", "quote"), quotations())
def test_a_quotation_stands_on_one_line_of_its_file(name, file, quote):
    assert any(fold(quote) in fold(line) for line in lines_of(file))


@pytest.mark.parametrize(("name", "file", "quote"), quotations())
def test_a_quotation_is_copied_to_the_letter(name, file, quote):
    assert any(quote in line for line in lines_of(file))


def test_no_id_is_given_twice():
    ids = Counter(r["id"] for r in QUESTIONS + CITATIONS)
    assert [i for i, n in ids.items() if n > 1] == []


# Questions


@pytest.mark.parametrize("question", ANSWERABLE, ids=label)
def test_an_answer_stands_in_its_evidence(question):
    need = all if question["must_all"] else any
    # A page break may stand inside a gold string (关心关 / 爱), so the pieces are read in one run as well.
    read = (evidence_text(question), "".join(e["quote"] for e in question["evidence"]))
    assert need(any(says(text, gold) for text in read) for gold in question["answers"])


@pytest.mark.parametrize("question", ANSWERABLE, ids=label)
def test_evidence_comes_from_the_article_that_the_question_names(question):
    quotes = [e["quote"] for e in question["evidence"] if e["file"] == COMPILATION]
    titles = [t for t in articles() if any(q in line for q in quotes for line in articles()[t])]
    assert sorted(titles) == sorted(t for t in question["doc_title"].split("；") if t)


@pytest.mark.parametrize("question", ANSWERABLE, ids=label)
def test_a_question_is_in_its_own_words(question):
    asked, found = fold(question["question"]), fold(evidence_text(question))
    shared = difflib.SequenceMatcher(None, asked, found, autojunk=False).find_longest_match()
    assert shared.size <= LONGEST_SHARED


@pytest.mark.parametrize("question", ANSWERABLE, ids=label)
def test_a_question_does_not_give_its_answer_away(question):
    assert not all(says(question["question"], gold) for gold in question["answers"])


@pytest.mark.parametrize("question", QUESTIONS, ids=label)
def test_earlier_turns_go_with_a_follow_up_only(question):
    assert bool(question.get("history")) == (question["category"] == "follow_up")


@pytest.mark.parametrize("question", UNANSWERABLE, ids=label)
def test_an_unanswerable_question_has_no_evidence(question):
    assert (question["category"], question["answers"], question["evidence"]) == ("unanswerable", [], [])


def test_unanswerable_questions_are_of_three_kinds():
    assert {q["note"] for q in UNANSWERABLE} == {"off_topic", "on_topic_absent", "false_premise"}


def test_every_answerable_category_is_asked_more_than_once():
    assert min(Counter(q["category"] for q in ANSWERABLE).values()) >= 2


def test_ten_questions_have_evidence_cut_by_a_page_break():
    cut = cut_paragraphs()
    asked = [q for q in ANSWERABLE if any(e["quote"] in a or e["quote"] in b for e in q["evidence"] for a, b in cut)]
    assert len(asked) >= 10


def test_six_questions_are_in_traditional_script():
    assert sum(simplify(q["question"]) != q["question"] for q in QUESTIONS) >= 6


# Draft sentences


def test_each_label_has_eight_sentences():
    assert Counter(c["label"] for c in CITATIONS) == {"supported": 8, "contradicted": 8, "not_found": 8}


@pytest.mark.parametrize("draft", CHANGED, ids=label)
def test_the_changed_piece_stands_in_the_draft(draft):
    assert says(draft["sentence"], draft["wrong"])


@pytest.mark.parametrize("draft", CHANGED, ids=label)
def test_the_right_piece_stands_in_the_source(draft):
    homes = [t for t, lines in articles().items() if any(draft["evidence"][0]["quote"] in line for line in lines)]
    assert says("\n".join([*homes, evidence_text(draft)]), draft["right"])


@pytest.mark.parametrize("draft", CHANGED, ids=label)
def test_the_wrong_piece_stands_not_in_the_evidence(draft):
    assert not says(evidence_text(draft), draft["wrong"])


@pytest.mark.parametrize("draft", ABSENT, ids=label)
def test_an_unfounded_sentence_shares_no_long_run_with_the_documents(draft):
    sentence, whole = fold(draft["sentence"]), "\n".join(fold(text_of(file)) for file in FILES)
    assert [sentence[i : i + 9] for i in range(len(sentence) - 8) if sentence[i : i + 9] in whole] == []


# Works


def test_every_work_is_listed_once():
    assert len({(d["file"], d["title"]) for d in DOCUMENTS}) == len(DOCUMENTS) == len(works())


def test_titles_and_pages_are_those_of_the_contents():
    listed = [(d["toc_title"], d["page_in_toc"]) for d in DOCUMENTS if d["file"] == COMPILATION]
    assert listed == [(title, page) for title, page in contents() if not title.startswith("附")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=label)
def test_a_work_holds_its_first_and_last_words_in_order(document):
    text = dict(works()).get(document["title"]) or text_of(document["file"])
    assert 0 <= fold(text).find(fold(document["first_words"])) < fold(text).rfind(fold(document["last_words"]))


def test_no_two_works_end_in_the_same_words():
    assert len({d["last_words"] for d in DOCUMENTS}) == len(DOCUMENTS)
