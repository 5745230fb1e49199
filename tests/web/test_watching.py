"""A running service follows its folder: what has settled is read, what is being written is waited for."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.config import Settings
from qa.errors import NotReady
from tests.web.fakes import FakePipeline
from tests.web.test_service_process import TEXT, folders, get, process, ready, until
from web.errors import Problem
from web.jobs import Jobs
from web.watching import Watcher

__all__ = ["folders"]
PATIENCE_S = 30


class Syncs:
    """Counts the syncs, and notes whether one began while another went on."""

    def __init__(self) -> None:
        self.count = 0
        self.at_once = 0
        self.most_at_once = 0
        self.fails: Exception | None = None
        self._lock = threading.Lock()

    def __call__(self) -> None:
        if self.fails is not None:
            raise self.fails
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(0.01)
        with self._lock:
            self.at_once -= 1
            self.count += 1


@pytest.fixture
def syncs() -> Syncs:
    return Syncs()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "资料").mkdir()
    write(tmp_path / "资料" / "水利.txt", TEXT)
    return tmp_path / "资料"


@pytest.fixture
def watcher(seeds: Path, syncs: Syncs) -> Watcher:
    """A watcher that knows what the folder holds."""
    made = Watcher(seeds, syncs)
    made.note()
    return made


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


# Looking


def test_what_did_not_change_is_left_alone(watcher, syncs):
    assert [watcher.look(), watcher.look(), syncs.count] == [False, False, 0]


def test_a_new_file_is_acted_upon_once_two_looks_agree(watcher, seeds, syncs):
    write(seeds / "茶园.txt", "桐湾区装了防霜风扇。")
    assert [watcher.look(), watcher.look(), watcher.look(), syncs.count] == [False, True, False, 1]


def test_a_file_that_is_being_written_is_waited_for(watcher, seeds, syncs):
    with (seeds / "茶园.txt").open("a", encoding="utf-8") as file:
        for _ in range(5):
            file.write("桐湾区装了防霜风扇。")
            file.flush()
            assert not watcher.look()
    watcher.look()
    assert syncs.count == 1


def test_a_file_that_was_written_over_with_as_many_bytes_is_noticed(watcher, seeds, syncs):
    write(seeds / "水利.txt", TEXT.replace("四十六", "五十八"))
    os.utime(seeds / "水利.txt", (1, 1))
    watcher.look()
    assert watcher.look()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda seeds: (seeds / "水利.txt").unlink(), id="removed"),
        pytest.param(lambda seeds: (seeds / "水利.txt").rename(seeds / "山塘.txt"), id="renamed"),
        pytest.param(lambda seeds: write(seeds / "yinju.toml", ""), id="settings of the folder"),
    ],
)
def test_a_change_of_any_kind_is_acted_upon(watcher, seeds, change):
    change(seeds)
    watcher.look()
    assert watcher.look()


@pytest.mark.parametrize("name", [".水利.txt.swp", "~$水利.docx"])
def test_a_hidden_file_is_no_change(watcher, seeds, name):
    write(seeds / name, "草")
    watcher.look()
    assert not watcher.look()


def test_a_change_during_a_sync_is_acted_upon_afterwards(seeds):
    late = iter(["渡口.txt"])

    def sync() -> None:
        for name in late:
            write(seeds / name, "柳溪县换了六条渡船。")

    watcher = Watcher(seeds, sync)
    watcher.note()
    write(seeds / "茶园.txt", "桐湾区装了防霜风扇。")
    assert [watcher.look() for _ in range(5)] == [False, True, False, True, False]


def test_a_folder_that_is_not_there_is_not_synced(watcher, seeds, syncs):
    seeds.rename(seeds.with_name("拔走"))
    assert [watcher.look(), watcher.look(), syncs.count] == [False, False, 0]


def test_a_folder_that_comes_back_as_it_was_is_not_synced(watcher, seeds, syncs):
    seeds.rename(seeds.with_name("拔走"))
    watcher.look()
    seeds.with_name("拔走").rename(seeds)
    assert [watcher.look(), watcher.look(), syncs.count] == [False, False, 0]


@pytest.mark.parametrize("failure", [Problem("overloaded", "正忙"), NotReady("资料库已经关闭")])
def test_a_sync_that_could_not_begin_is_tried_again(watcher, seeds, syncs, failure):
    write(seeds / "茶园.txt", "桐湾区装了防霜风扇。")
    watcher.look()
    syncs.fails = failure
    assert not watcher.look()
    syncs.fails = None
    assert watcher.look()


# Watching


@pytest.fixture
def watching(seeds: Path, syncs: Syncs) -> Iterator[threading.Event]:
    """A watch that goes on in a thread; the event that ends it."""
    watcher, stopping = Watcher(seeds, syncs, every_s=0.02), threading.Event()
    watcher.note()
    thread = threading.Thread(target=watcher.watch, args=(stopping,))
    thread.start()
    yield stopping
    stopping.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_changes_one_after_another_are_followed_one_at_a_time(watching, seeds, syncs):
    for number in range(3):
        before = syncs.count
        write(seeds / f"{number}.txt", "桐湾区装了防霜风扇。")
        eventually(lambda before=before: syncs.count > before)
    assert syncs.most_at_once == 1


def test_the_watch_outlives_a_failure(watching, seeds, syncs):
    syncs.fails = RuntimeError("读不下去")
    write(seeds / "茶园.txt", "桐湾区装了防霜风扇。")
    time.sleep(0.2)
    syncs.fails = None
    eventually(lambda: syncs.count == 1)


# With the library behind it


@pytest.fixture
def jobs(seeds: Path, tmp_path: Path) -> Iterator[tuple[Jobs, FakePipeline]]:
    pipeline = FakePipeline()
    made = Jobs(pipeline, Settings(seeds=seeds, data=tmp_path / "库"))
    yield made, pipeline
    made.close()


def test_following_reads_what_is_new(jobs):
    made, pipeline = jobs
    ended = made.follow_folder()
    assert (ended.state, [r.status for r in ended.results], len(pipeline.library.held)) == ("done", ["added"], 1)


def test_following_does_not_name_what_did_not_change(jobs):
    made, _ = jobs
    made.follow_folder()
    ended = made.follow_folder()
    assert (ended.state, ended.results, ended.done) == ("done", (), 1)


def test_following_counts_as_a_sync(jobs):
    made, pipeline = jobs
    assert pipeline.library.job(made.follow_folder().id).kind == "sync"


# As a process


def titles(port: str) -> set[str]:
    return {document["title"] for document in get(port, "/api/v1/documents")[1].get("documents", [])}


def test_a_running_service_reads_what_is_put_into_its_folder(folders):
    with process("qa", "serve", **folders):
        until(lambda: ready(folders["QA_PORT"]))
        write(Path(folders["QA_SEEDS"]) / "茶园.txt", "桐湾区茶园防霜经验\n\n桐湾区装了一百二十台防霜风扇。\n")
        until(lambda: "桐湾区茶园防霜经验" in titles(folders["QA_PORT"]))


def test_a_running_service_forgets_what_is_taken_from_its_folder(folders):
    seeds = Path(folders["QA_SEEDS"])
    write(seeds / "茶园.txt", "桐湾区茶园防霜经验\n\n桐湾区装了一百二十台防霜风扇。\n")
    with process("qa", "serve", **folders):
        until(lambda: ready(folders["QA_PORT"]))
        (seeds / "茶园.txt").unlink()
        until(lambda: titles(folders["QA_PORT"]) == {"柳溪县水利工作小结"})


def test_a_service_that_is_told_not_to_watch_leaves_its_folder_alone(folders):
    with process("qa", "serve", QA_WATCH="0", **folders):
        until(lambda: ready(folders["QA_PORT"]))
        write(Path(folders["QA_SEEDS"]) / "茶园.txt", "桐湾区茶园防霜经验\n\n桐湾区装了一百二十台防霜风扇。\n")
        time.sleep(6)  # three looks, had there been any
        assert titles(folders["QA_PORT"]) == {"柳溪县水利工作小结"}
