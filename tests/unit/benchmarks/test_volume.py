"""The texts that are made up to measure with are of the size that was asked for, and all different."""

from pathlib import Path

from benchmarks.volume import Walk, sample_text, write_library


def test_a_document_has_the_size_that_was_asked_for() -> None:
    size = len(Walk(sample_text(), seed=1).document(1, 20_000).encode())
    assert 20_000 <= size < 22_000


def test_the_same_seed_says_the_same() -> None:
    assert Walk(sample_text(), seed=1).document(1, 2_000) == Walk(sample_text(), seed=1).document(1, 2_000)


def test_no_two_documents_share_their_sentences() -> None:
    walk = Walk(sample_text(), seed=1)
    one, other = (set(walk.document(number, 5_000).split("。")) for number in (1, 2))
    assert len(one & other) < 0.1 * len(one)


def test_a_library_has_as_many_files_as_it_takes(tmp_path: Path) -> None:
    assert write_library(tmp_path, megabytes=0.1, kilobytes=10) == len(list(tmp_path.rglob("*.txt"))) == 10
