"""A pipeline in memory that keeps the promises of the real one: spans, ids, statuses. Finds by shared characters."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa.citing.annotating import Remark, annotate
from qa.citing.desk import Desk
from qa.citing.remarks import remarks
from qa.errors import InvalidInput, NotFound, SettingsInvalid
from qa.indexing import registry
from qa.indexing.conversations import Conversations
from qa.indexing.serving import HeldModel
from qa.reading.differences import differences
from qa.reading.left_out import LeftOut
from qa.retrieval.quoting import Found
from qa.text import sentence_spans, simplify
from qa.types import (
    Answer,
    Block,
    Checked,
    Citation,
    Delta,
    Difference,
    Document,
    Event,
    FileResult,
    Filters,
    Hit,
    Job,
    Mode,
    Origin,
    Page,
    Passage,
    Progress,
    SearchResult,
    Section,
    Sources,
    Turn,
    Verdict,
)

PASSAGE_CHARS = 160
ANY = Filters()


@dataclass(frozen=True)
class FakeState:
    documents: int
    passages: int
    revision: int = 1
    model: str = "fake"
    model_name: str = "fake"
    changing_to: str = ""
    without_vector: int = 0
    indexes: dict[str, str] = field(default_factory=lambda: {"lexical": "ok", "vector": "ok"})


@dataclass
class FakeModels:
    """One model, and the names of those that were asked for; changing takes three steps."""

    fixed: bool = False
    waiting: bool = False
    asked: list[str] = field(default_factory=list)

    def held(self) -> list[HeldModel]:
        return [HeldModel("fake", "fake", 3, True, 0.5)]

    def use(self, name: str) -> Iterator[tuple[int, int]]:
        self.asked.append(name)
        yield from ((done, 3) for done in (1, 2, 3))


@dataclass(frozen=True)
class FakeRow:
    document: Document
    characters: int


def hexes(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def passages_of(document: Document) -> list[Passage]:
    passages: list[Passage] = []
    begin = end = 0
    spans = sentence_spans(document.text)
    for number, (start, stop) in enumerate(spans):
        begin, end = (start, stop) if end == 0 else (begin, stop)
        if end - begin >= PASSAGE_CHARS or number == len(spans) - 1:
            heading = tuple(s.heading for s in document.sections if s.start <= begin < s.end)
            text, ordinal = document.text[begin:end], len(passages)
            name = hexes(f"{document.id} {ordinal}")
            passages.append(Passage(name, document.id, ordinal, heading, begin, end, text, document.title))
            end = 0
    return passages


class InMemory:
    """The registry's tables of conversations, held in memory."""

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA foreign_keys = ON")
        here = Path(registry.__file__).parent / "migrations"
        self._db.executescript(next(here.glob("*_conversations.sql")).read_text("utf-8"))

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            yield self._db

    def all(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._turn, closing(self._db.execute(statement, values)) as found:
            return found.fetchall()


class FakeLibrary:
    def __init__(self) -> None:
        self.held: dict[str, Document] = {}
        self.deleted: set[str] = set()
        self.passages: dict[str, Passage] = {}
        self.saved: dict[str, Job] = {}
        self.findings: list[str] = []
        self.models = FakeModels()
        self.revision = 0
        self.conversations = Conversations(InMemory())  # type: ignore[arg-type]

    def get(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        return {one: self.passages[one] for one in passage_ids if one in self.passages}

    def put(self, document: Document) -> Document:
        passages = passages_of(document)
        document = replace(document, passages=len(passages))
        self.held[document.id] = document
        self.passages |= {passage.id: passage for passage in passages}
        self.revision += 1
        return document

    def live(self) -> list[Document]:
        return [document for document in self.held.values() if document.id not in self.deleted]

    def state(self) -> FakeState:
        return FakeState(len(self.live()), len(self.passages), self.revision)

    def close(self) -> None: ...

    def announce(self, address: str) -> None: ...

    def document(self, document_id: str) -> Document:
        if document_id not in self.held or document_id in self.deleted:
            raise NotFound("没有这篇资料", "它可能已被删去，请在资料里查找。")
        return self.held[document_id]

    def documents(self, limit: int, after: tuple | None = None, query="", level="", place="", kind=""):
        rows = [d for d in self.live() if query in d.title and (not level or d.level == level)]
        rows = [d for d in rows if (d.place or "").startswith(place) and (not kind or d.kind == kind)]
        begin = int(after[0]) if after else 0
        shown = [FakeRow(replace(d, text=""), len(d.text)) for d in rows[begin : begin + limit]]
        return shown, len(rows), (begin + limit, 0) if begin + limit < len(rows) else None

    def differences(self, document_id: str, other_id: str) -> list[Difference]:
        here, there = self.document(document_id), self.document(other_id)
        if other_id not in (here.duplicate_of, document_id) and there.duplicate_of != document_id:
            raise InvalidInput("这两篇不是同一份材料的两个版本", field="/with")
        return differences(here.text, there.text)

    def delete(self, document_id: str) -> None:
        self.document(document_id)
        self.deleted.add(document_id)

    def restore(self, document_id: str) -> None:
        if document_id not in self.held:
            raise NotFound("没有这篇资料")
        self.deleted.discard(document_id)

    def passage(self, passage_id: str) -> Passage:
        if passage_id not in self.passages:
            raise NotFound("没有这个段落")
        return self.passages[passage_id]

    def passages_of(self, document_id: str) -> list[Passage]:
        return [one for one in self.passages.values() if one.document_id == document_id]

    def successors(self, document_id: str) -> list[Document]:
        return []

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        here = self.passage(passage_id)
        same = {p.ordinal: p for p in self.passages.values() if p.document_id == here.document_id}
        return same.get(here.ordinal - 1), same.get(here.ordinal + 1)

    def save_job(self, job: Job) -> None:
        self.saved[job.id] = job

    def job(self, job_id: str) -> Job:
        if job_id not in self.saved:
            raise NotFound("没有这件工作")
        return self.saved[job_id]

    def jobs(self, limit: int) -> list[Job]:
        return sorted(self.saved.values(), key=lambda job: job.created, reverse=True)[:limit]

    def unfinished_jobs(self) -> list[Job]:
        return [job for job in self.saved.values() if job.state in ("queued", "running")]

    def verify(self) -> list[str]:
        return self.findings


class FakeFinder:
    """Finds words as they stand, in either script."""

    def __init__(self, library: FakeLibrary) -> None:
        self.library = library

    def find(self, text: str, limit: int = 20, near: bool = True, allowed: frozenset[str] | None = None) -> list[Found]:
        found = []
        for document in self.library.live():
            at = simplify(document.text).find(simplify(text))
            if at >= 0:
                same = document.text[at : at + len(text)] == text
                found.append(Found(document.id, at, at + len(text), "verbatim" if same else "script", 0))
        return found[:limit]


class FakePipeline:
    """`pause_s` slows each step down, so that streams and jobs can be watched."""

    def __init__(self, documents: Sequence[Document] = (), pause_s: float = 0.0) -> None:
        self.library = FakeLibrary()
        self.finder = FakeFinder(self.library)
        self.desk = Desk(self.library, self.finder)
        self.pause_s = pause_s
        self.left: dict[str, list[LeftOut]] = {}  # what a document leaves out, by its id
        self.go_on = threading.Event()  # cleared by tests that want a job to stand still
        self.go_on.set()
        for document in documents:
            self.library.put(document)

    def warm(self) -> None:
        """Nothing to load."""

    def add_bytes(self, data: bytes, name: str, origin: Origin = "upload") -> FileResult:
        self._pause()
        if not data:
            return FileResult(name, "refused", code="empty_file", detail="文件是空的。请换一个有文字的文件。")
        return self._add(name, data.decode(), Path(name).stem, origin)

    def add_text(self, external_id, title, text, published, place, publisher) -> FileResult:
        return self._add(title or "", text, title or text[:10], "upload", external_id, published, place, publisher)

    def _add(self, name, text, title, origin, external_id=None, published=None, place=None, publisher=None):
        document = Document(
            hexes(text),
            hexes(text + "s"),
            1,
            title,
            text,
            origin=origin,
            file=name,
            external_id=external_id,
            published=published,
            place=place,
            publisher=publisher,
            ingested="2026-03-01T08:00:00+00:00",
        )
        known = document.id in self.library.held
        self.library.put(document)
        return FileResult(name, "unchanged" if known else "added", (document.id,), works=1)

    def left_out(self, document_id: str) -> list[LeftOut]:
        self.library.document(document_id)
        return self.left.get(document_id, [])

    def sync(self, folder: Path, dry_run: bool = False, force: bool = False) -> Iterator[Progress]:
        if not folder.is_dir():
            raise SettingsInvalid("找不到资料文件夹", "请用 QA_SEEDS 指定一个文件夹。", code="missing_seeds")
        files = sorted(path for path in folder.iterdir() if path.is_file())
        for done, path in enumerate(files):
            yield Progress(done, len(files), path.name)
            self._pause()
            if dry_run:
                result = FileResult(path.name, "added")
            else:
                result = self.add_bytes(path.read_bytes(), path.name, "folder")
            yield Progress(done + 1, len(files), path.name, result)

    def search(self, query: str, top_k: int = 10, filters: Filters = ANY, within: str = "text") -> SearchResult:
        hits = sorted(self._hits(query, filters, within), key=lambda hit: -hit.score)[:top_k]
        return SearchResult(query, tuple(hits), {"total": 0.5})

    def _hits(self, query: str, filters: Filters, within: str) -> Iterator[Hit]:
        wanted = set(query) - set("的了是在多少有哪些什么？?，。、")
        for passage in self.library.passages.values():
            document = self.library.held[passage.document_id]
            if document.id in self.library.deleted or not _passes(document, filters):
                continue
            held = passage.text if within == "text" else "".join(passage.heading)
            score = len(wanted & set(held)) / (len(wanted) or 1)
            if score >= 0.5:
                marks = tuple((i, i + 1) for i, c in enumerate(passage.text) if c in wanted)[:20]
                yield Hit(passage, document, score, {"lexical_rank": 1, "vector_rank": 2}, marks)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters = ANY,
        max_citations: int = 6,
        mode: Mode = "auto",
    ) -> Iterator[Event]:
        if not question.strip():
            raise InvalidInput("问题是空的", "请写下要问的内容。", field="/question")
        said = " ".join(text for role, text in history if role == "user")
        standalone = f"{said} {question}".strip()
        found = [self._cite(hit, question) for hit in self.search(standalone, 6, filters).hits]
        self._pause()
        yield Sources(tuple(found))
        cited = tuple(replace(c, number=n) for n, c in enumerate(found[: min(max_citations, 2)], 1))
        blocks = tuple(Block(c.quote, (c.number,)) for c in cited) or (Block("资料里没有说到这件事。"),)
        for block in blocks:
            for begin in range(0, len(block.text), 12):
                self._pause()
                yield Delta(block.text[begin : begin + 12])
            if block.citations:
                yield Delta(f"[{block.citations[0]}]", (cited[block.citations[0] - 1],))
        yield Answer(
            hexes(question),
            question,
            standalone,
            "answered" if cited else "no_evidence",
            blocks,
            cited,
            near=() if cited else tuple(self._near()),
            suggestions=("这些图书室夜间开放到几点？",),
            timing_ms={"retrieve": 0.4, "answer": 0.2, "total": 0.6},
        )

    def answer(self, question: str, *rest, **named) -> Answer:
        *_, last = self.ask(question, *rest, **named)
        return last

    def check(self, draft: str, filters: Filters = ANY) -> Iterator[Verdict | Checked]:
        if not draft.strip():
            raise InvalidInput("草稿是空的", field="/text")
        if len(draft) > 100_000:
            raise InvalidInput("草稿太长", "请分几次核对。", code="too_large", field="/text")
        return self._check(draft, filters)

    def _check(self, draft: str, filters: Filters) -> Iterator[Verdict | Checked]:
        verdicts = []
        for start, end in sentence_spans(draft):
            self._pause()
            sentence = draft[start:end]
            hits = self._hits(sentence, filters, "text")
            found = tuple(replace(self._cite(hit, sentence), number=0) for hit in hits if sentence in hit.passage.text)
            label = "supported" if found else "not_found"
            verdicts.append(Verdict(sentence, start, end, label, 0.9, verbatim=bool(found), citations=found[:3]))
            yield verdicts[-1]
        yield Checked(tuple(verdicts), {"total": 0.0})

    def annotate(self, draft: bytes, style: str = "footnote") -> bytes:
        def judge(text: str) -> list[Remark]:
            return remarks((one for one in self.check(text) if isinstance(one, Verdict)), style)

        return annotate(draft, judge)

    def _near(self) -> Iterator[Citation]:
        for passage in list(self.library.passages.values())[:2]:
            document = self.library.held[passage.document_id]
            if document.id not in self.library.deleted:
                yield self._cite(Hit(passage, document, 0.2, {}), "")

    def _cite(self, hit: Hit, question: str) -> Citation:
        spans = sentence_spans(hit.passage.text)
        start, end = max(spans, key=lambda s: len(set(question) & set(hit.passage.text[s[0] : s[1]])))
        at = hit.passage.start
        return Citation(0, hit.document, hit.passage, hit.passage.text[start:end], at + start, at + end, hit.score)

    def _pause(self) -> None:
        self.go_on.wait(10)
        time.sleep(self.pause_s)


def _passes(document: Document, filters: Filters) -> bool:
    return (
        (not filters.document_ids or document.id in filters.document_ids)
        and (not filters.levels or document.level in filters.levels)
        and (not filters.places or any((document.place or "").startswith(place) for place in filters.places))
        and (not filters.kinds or document.kind in filters.kinds)
    )


def made_up(
    title: str, paragraphs: Sequence[tuple[str, str]], place: str | None, level: str | None, **more: object
) -> Document:
    """A document of (heading, text) pairs, invented."""
    text, sections, pages = title + "\n", [], []
    for number, (heading, body) in enumerate(paragraphs):
        start = len(text)
        text += f"{heading}\n{body}\n"
        sections.append(Section(heading, 1, start, len(text)))
        pages.append(Page(12 + number, start))
    usual = {"kind": "综述", "page": 12, "page_kind": "exact", "file": "文化工作汇编.txt", "published": "2025-02"}
    return Document(
        hexes(title),
        hexes(title + "source"),
        1,
        title,
        text,
        sections=tuple(sections),
        pages=tuple(pages),
        place=place,
        level=level,
        ingested="2026-03-01T08:00:00+00:00",
        **(usual | more),
    )


def sample() -> list[Document]:
    """Four invented documents."""
    return [
        made_up(
            "把书送到家门口——云泽省社区图书室建设综述",
            [
                (
                    "一、从城里到乡下",
                    "云泽省地处江湖之间，乡镇散落在水网里。过去看一本书，要坐船进城。"
                    "2022年起，省里决定把图书室建到社区和村口，由县里出房子，省里出图书，志愿者轮流值守。",
                ),
                (
                    "二、把书送到家门口",
                    "去年，全省新开社区图书室318家，其中夜间开放的96家。"
                    "柳溪县把图书室和卫生所设在同一个院子里，老人看病时顺便读报，孩子放学后有地方写作业。"
                    "据统计，夜间开放的图书室平均每晚接待41人，比白天多三成。",
                ),
                (
                    "三、还差什么",
                    "基层反映，新书到得慢，一些图书室的书架上还是几年前的旧书。"
                    "依照《云泽省公共阅读条例》[2022]第十二条，省里要求每季度更换一次图书，每次不少于两百册。",
                ),
            ],
            "云泽省",
            "省级",
        ),
        made_up(
            "青屿市渔港改造工作报告",
            [
                ("一、基本情况", "青屿市有渔港十一座，登记渔船2046艘。三号台风过后，东岸两座渔港的防波堤受损。"),
                (
                    "二、改造进展",
                    "今年投入1.8亿元，改造渔港4座，新建冷库3处，冷藏能力达到6200吨。"
                    "渔民上岸卸货的时间由四小时缩短到一个半小时。",
                ),
                ("三、下一步", "明年计划完成其余七座渔港的改造，并在每座渔港设一处渔民服务站。"),
            ],
            "云泽省青屿市",
            "市级",
            kind="报告",
            published="2025-11-20",
            publisher="青屿市人民政府办公室",
        ),
        made_up(
            "柳溪县茶园防霜经验",
            [
                (
                    "一、看天种茶",
                    "柳溪县茶园面积八万六千亩，清明前后常有倒春寒。2024年4月的一场晚霜，使三千亩茶园减产。",
                ),
                (
                    "二、风扇与烟堆",
                    "县里在桐湾乡装了120台防霜风扇，一台能护住十五亩茶。茶农王桂兰说：“风扇一转，心里就踏实。”",
                ),
            ],
            "云泽省青屿市柳溪县",
            "县级",
            kind="典型材料",
            published="2024",
            page_kind="work_start",
        ),
        made_up(
            "桐湾区养老食堂一年记",
            [
                (
                    "一、吃饭这件小事",
                    "桐湾区开了27家养老食堂，八十岁以上老人每餐补贴四元。最远的一家在半山村，每天有36位老人来吃饭。",
                )
            ],
            None,
            None,
            kind=None,
            published=None,
            page=None,
            page_kind=None,
            title_inferred=True,
        ),
    ]
