"""A folder and its library: what is new, changed, moved, gone; what a person deleted; what cannot be read."""

from __future__ import annotations

import os

import pytest

from qa.assembly import build
from qa.config import MAX_FILE_BYTES, Settings
from qa.errors import NotFound, SettingsInvalid, Unreadable
from tests.walks.asking import FERRIES, TEAHOUSES, documents, read_folder, said, titles

TEA, FERRY = "青屿市茶馆阅览点工作小结", "柳溪县渡口工作小结"
BOTH = {"茶馆.txt": TEAHOUSES, "渡口.txt": FERRIES}


def statuses(results) -> dict[str, str]:
    return {file: result.status for file, result in results.items()}


def refusal(pipeline, folder, data: bytes | str, name: str = "坏.txt") -> str | None:
    return read_folder(pipeline, folder("资料", {name: data, **BOTH}))[name].code


# In step


def test_new_files_are_added(pipeline, folder):
    assert statuses(read_folder(pipeline, folder("资料", BOTH))) == {"茶馆.txt": "added", "渡口.txt": "added"}


def test_what_was_just_read_is_found_at_once(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    assert said(pipeline.answer("青屿市在老茶馆里设立了多少个阅览点？")).startswith("73个")


def test_files_that_did_not_change_are_not_read_again(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    assert set(statuses(read_folder(pipeline, seeds)).values()) == {"unchanged"}


def test_a_file_that_was_only_touched_is_unchanged(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    os.utime(seeds / "茶馆.txt", (1, 1))
    assert read_folder(pipeline, seeds)["茶馆.txt"].status == "unchanged"


def test_a_changed_file_is_updated(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    changed = folder("资料", {"茶馆.txt": TEAHOUSES.replace("73个", "81个以上")})
    assert statuses(read_folder(pipeline, changed)) == {"茶馆.txt": "updated", "渡口.txt": "unchanged"}


def test_the_former_words_of_a_changed_file_are_found_no_more(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    read_folder(pipeline, folder("资料", {"茶馆.txt": TEAHOUSES.replace("73个", "81个以上")}))
    assert not any("73个" in document.text for document in documents(pipeline))


def test_a_file_that_is_gone_takes_its_documents_with_it(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    (seeds / "茶馆.txt").unlink()
    read_folder(pipeline, seeds)
    assert titles(pipeline) == [FERRY]


def test_a_file_that_is_gone_is_called_removed(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    (seeds / "茶馆.txt").unlink()
    assert read_folder(pipeline, seeds)["茶馆.txt"].status == "removed"


def test_a_moved_file_keeps_its_documents(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    before = {document.id for document in documents(pipeline)}
    (seeds / "旧档").mkdir()
    (seeds / "茶馆.txt").rename(seeds / "旧档" / "茶馆.txt")
    read_folder(pipeline, seeds)
    assert {document.id for document in documents(pipeline)} == before


def test_a_moved_files_documents_say_where_it_is_now(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    (seeds / "茶馆.txt").rename(seeds / "阅览点.txt")
    read_folder(pipeline, seeds)
    assert {document.file for document in documents(pipeline)} == {"阅览点.txt", "渡口.txt"}


def test_a_copy_of_a_file_makes_no_second_document(pipeline, folder):
    read_folder(pipeline, folder("资料", {**BOTH, "副本/茶馆.txt": TEAHOUSES}))
    assert titles(pipeline) == sorted([TEA, FERRY])


def test_a_document_stays_while_one_of_its_copies_does(pipeline, folder):
    seeds = folder("资料", {**BOTH, "副本/茶馆.txt": TEAHOUSES})
    read_folder(pipeline, seeds)
    (seeds / "茶馆.txt").unlink()
    read_folder(pipeline, seeds)
    assert TEA in titles(pipeline)


def test_progress_goes_on_to_the_end(pipeline, folder):
    steps = list(pipeline.sync(folder("资料", BOTH)))
    told = [(step.done, step.total, step.result is not None) for step in steps]
    assert told == [(0, 2, False), (1, 2, True), (1, 2, False), (2, 2, True)]


def test_a_dry_run_says_what_would_be_done(pipeline, folder):
    assert set(statuses(read_folder(pipeline, folder("资料", BOTH), dry_run=True)).values()) == {"added"}


def test_a_dry_run_changes_nothing(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH), dry_run=True)
    assert (titles(pipeline), pipeline.library.folder()) == ([], None)


def test_reading_goes_on_where_the_library_was_closed(folder, tmp_path):
    seeds = folder("资料", BOTH)
    settings = Settings(data=tmp_path / "另一库")
    first = build(settings)
    read_folder(first, seeds)
    first.library.close()
    second = build(settings)
    try:
        assert set(statuses(read_folder(second, seeds)).values()) == {"unchanged"}
    finally:
        second.library.close()


# Another folder


def test_another_folder_takes_the_place_of_the_former(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    read_folder(pipeline, folder("新资料", {"新渡口.txt": FERRIES.replace("柳溪县", "桐湾区")}))
    assert titles(pipeline) == ["桐湾区渡口工作小结"]


def test_a_file_of_the_same_name_in_another_folder_is_another_file(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    read_folder(pipeline, folder("新资料", {"渡口.txt": FERRIES.replace("柳溪县", "桐湾区")}))
    assert titles(pipeline) == ["桐湾区渡口工作小结"]


def test_an_unreadable_file_of_the_same_name_does_not_keep_the_former_folders_document(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    read_folder(pipeline, folder("新资料", {"茶馆.txt": b"", "渡口.txt": FERRIES}))
    assert titles(pipeline) == [FERRY]


def test_uploads_stay_when_the_folder_changes(pipeline, folder):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    read_folder(pipeline, folder("资料", {"渡口.txt": FERRIES}))
    assert titles(pipeline) == sorted([TEA, FERRY])


def test_a_missing_folder_is_an_invalid_setting(pipeline, tmp_path):
    with pytest.raises(SettingsInvalid) as refused:
        list(pipeline.sync(tmp_path / "没有"))
    assert refused.value.code == "missing_seeds"


def test_a_missing_folder_loses_nothing(pipeline, folder, tmp_path):
    read_folder(pipeline, folder("资料", BOTH))
    with pytest.raises(SettingsInvalid):
        list(pipeline.sync(tmp_path / "没有"))
    assert titles(pipeline) == sorted([TEA, FERRY])


def test_an_empty_folder_is_read_to_the_end(pipeline, folder):
    assert read_folder(pipeline, folder("空", {})) == {}


# A folder that has nothing left


def empty(folder):
    for file in folder.iterdir():
        file.unlink()


def test_a_folder_that_was_emptied_loses_nothing(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    empty(seeds)
    with pytest.raises(SettingsInvalid) as refused:
        read_folder(pipeline, seeds)
    assert refused.value.code == "empty_seeds"
    assert titles(pipeline) == sorted([TEA, FERRY])


def test_a_dry_run_over_an_emptied_folder_says_that_nothing_would_be_done(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    empty(seeds)
    with pytest.raises(SettingsInvalid):
        read_folder(pipeline, seeds, dry_run=True)


def test_a_folder_whose_files_come_back_is_in_step_again(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    empty(seeds)
    with pytest.raises(SettingsInvalid):
        read_folder(pipeline, seeds)
    assert set(statuses(read_folder(pipeline, folder("资料", BOTH))).values()) == {"unchanged"}


def test_an_emptied_folder_empties_the_library_when_that_is_what_was_asked_for(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    empty(seeds)
    assert set(statuses(read_folder(pipeline, seeds, force=True)).values()) == {"removed"}
    assert titles(pipeline) == []


def test_an_empty_folder_does_not_take_the_place_of_a_full_one(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    with pytest.raises(SettingsInvalid):
        read_folder(pipeline, folder("空", {}))
    assert titles(pipeline) == sorted([TEA, FERRY])


@pytest.fixture
def closed(pipeline, folder, monkeypatch):
    """A folder with a folder in it that was read, and can no longer be opened (by root too: no mode would do it)."""
    seeds = folder("资料", {"茶馆.txt": TEAHOUSES, "县级/渡口.txt": FERRIES})
    read_folder(pipeline, seeds)
    scandir = os.scandir

    def refusing(path):
        if os.fspath(path).endswith("县级"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    return seeds


def test_what_lies_in_a_folder_that_cannot_be_opened_is_not_forgotten(pipeline, closed):
    read_folder(pipeline, closed)
    assert titles(pipeline) == sorted([TEA, FERRY])


def test_a_folder_that_cannot_be_opened_is_named(pipeline, closed):
    assert read_folder(pipeline, closed)["县级/"].code == "unreadable_folder"


# What a person deleted


def the(pipeline, title: str) -> str:
    return next(document.id for document in documents(pipeline) if document.title == title)


def test_a_deleted_document_stays_deleted_when_its_folder_is_read_again(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    pipeline.library.delete(the(pipeline, TEA))
    os.utime(seeds / "茶馆.txt", (1, 1))
    read_folder(pipeline, seeds)
    assert titles(pipeline) == [FERRY]


def test_a_deleted_document_is_no_evidence(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    pipeline.library.delete(the(pipeline, TEA))
    assert pipeline.answer("青屿市在老茶馆里设立了多少个阅览点？").status == "no_evidence"


def test_a_deleted_document_stays_deleted_when_its_file_moves(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    pipeline.library.delete(the(pipeline, TEA))
    (seeds / "茶馆.txt").rename(seeds / "阅览点.txt")
    read_folder(pipeline, seeds)
    assert titles(pipeline) == [FERRY]


def test_a_deleted_document_stays_deleted_when_its_file_goes_and_comes_back(pipeline, folder):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    pipeline.library.delete(the(pipeline, TEA))
    (seeds / "茶馆.txt").unlink()
    read_folder(pipeline, seeds)
    read_folder(pipeline, folder("资料", BOTH))
    assert titles(pipeline) == [FERRY]


def test_a_restored_document_answers_again(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    gone = the(pipeline, TEA)
    pipeline.library.delete(gone)
    pipeline.library.restore(gone)
    assert said(pipeline.answer("青屿市在老茶馆里设立了多少个阅览点？")).startswith("73个")


def test_a_document_that_is_not_there_cannot_be_deleted(pipeline):
    with pytest.raises(NotFound):
        pipeline.library.delete("0" * 16)


# What cannot be read


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "empty_file", id="empty"),
        pytest.param(" \n　\n", "empty_file", id="blanks"),
        pytest.param("首页 > 要闻 > 民生\n", "empty_file", id="navigation only"),
        pytest.param(bytes(range(256)) * 4, "binary_file", id="binary"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "binary_file", id="pdf"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_code(pipeline, folder, data, code):
    assert refusal(pipeline, folder, data) == code


def test_a_file_of_another_format_is_refused_with_a_code(pipeline, folder):
    assert refusal(pipeline, folder, b"ID3", "录音.mp3") == "unsupported_format"


def test_a_file_just_over_the_limit_is_refused_with_a_code(pipeline, folder):
    seeds = folder("资料", {"大.txt": b""})
    os.truncate(seeds / "大.txt", MAX_FILE_BYTES + 1)
    assert read_folder(pipeline, seeds)["大.txt"].code == "file_too_large"


def test_a_refused_file_does_not_stop_the_others(pipeline, folder):
    refusal(pipeline, folder, b"")
    assert titles(pipeline) == sorted([TEA, FERRY])


def test_a_refusal_says_in_chinese_what_to_do(pipeline, folder):
    detail = read_folder(pipeline, folder("资料", {"坏.txt": b""}))["坏.txt"].detail
    assert detail == "文件里没有文字。请确认选对了文件。"


def test_a_file_that_becomes_unreadable_is_no_evidence_any_more(pipeline, folder):
    read_folder(pipeline, folder("资料", BOTH))
    read_folder(pipeline, folder("资料", {"茶馆.txt": b""}))
    assert titles(pipeline) == [FERRY]


def test_a_refused_file_that_is_mended_is_added(pipeline, folder):
    read_folder(pipeline, folder("资料", {"茶馆.txt": b""}))
    assert read_folder(pipeline, folder("资料", BOTH))["茶馆.txt"].status == "added"


@pytest.fixture
def tried(pipeline, monkeypatch):
    """Names of the files that were handed to a reader."""
    names = []
    read = pipeline.add_bytes

    def noting(data, name, *rest):
        names.append(name)
        return read(data, name, *rest)

    monkeypatch.setattr(pipeline, "add_bytes", noting)
    return names


def test_a_refused_file_that_did_not_change_is_not_tried_again(pipeline, folder, tried):
    seeds = folder("资料", {"坏.txt": b""})
    read_folder(pipeline, seeds)
    read_folder(pipeline, seeds)
    assert tried == ["坏.txt"]


def test_a_refused_file_that_did_not_change_is_told_again_with_its_reason(pipeline, folder):
    seeds = folder("资料", {"坏.txt": b""})
    assert read_folder(pipeline, seeds) == read_folder(pipeline, seeds)


def test_a_refused_file_that_changed_is_tried_again(pipeline, folder, tried):
    read_folder(pipeline, folder("资料", {"坏.txt": b""}))
    read_folder(pipeline, folder("资料", {"坏.txt": b" "}))
    assert tried == ["坏.txt", "坏.txt"]


def test_a_refused_file_is_tried_again_when_that_is_asked_for(pipeline, folder, tried):
    seeds = folder("资料", {"坏.txt": b""})
    read_folder(pipeline, seeds)
    read_folder(pipeline, seeds, force=True)
    assert tried == ["坏.txt", "坏.txt"]


def test_a_refused_file_is_tried_again_once_another_program_can_help(pipeline, folder, tried, monkeypatch):
    seeds = folder("资料", {"坏.txt": b""})
    monkeypatch.setattr("shutil.which", lambda name: None)
    read_folder(pipeline, seeds)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    read_folder(pipeline, seeds)
    assert tried == ["坏.txt", "坏.txt"]


def test_a_run_that_is_cut_short_forgets_no_refusal(pipeline, folder, tried):
    seeds = folder("资料", {"坏.txt": b"", **BOTH})
    read_folder(pipeline, seeds)
    tried.clear()
    run = pipeline.sync(seeds)
    next(run)
    run.close()
    read_folder(pipeline, seeds)
    assert tried == []


def test_a_refused_file_that_is_gone_is_forgotten(pipeline, folder):
    seeds = folder("资料", {"坏.txt": b"", **BOTH})
    read_folder(pipeline, seeds)
    (seeds / "坏.txt").unlink()
    read_folder(pipeline, seeds)
    assert pipeline.library.refusals() == {}


def test_a_file_that_cannot_be_opened_now_keeps_what_was_read_of_it(pipeline, folder, monkeypatch):
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    os.utime(seeds / "茶馆.txt", (1, 1))

    def unplugged(folder, path):
        raise Unreadable("这个文件打不开：输入输出错误")

    monkeypatch.setattr("qa.syncing.load", unplugged)
    assert read_folder(pipeline, seeds)["茶馆.txt"].status == "refused"
    assert TEA in titles(pipeline)


# The same twice


def test_a_copy_names_the_file_that_brought_it_first(pipeline, folder):
    results = read_folder(pipeline, folder("资料", {**BOTH, "茶馆副本.txt": TEAHOUSES}))
    assert results["茶馆副本.txt"].same_as == "茶馆.txt"


def test_a_nearly_identical_document_names_the_one_it_resembles(pipeline, folder):
    later = TEAHOUSES.replace("73个", "81个")
    read_folder(pipeline, folder("资料", {"茶馆.txt": TEAHOUSES}))
    assert read_folder(pipeline, folder("资料", {"茶馆二稿.txt": later}))["茶馆二稿.txt"].alike == (TEA,)


# Uploads and texts


def test_a_file_that_is_not_there_is_refused_by_name(pipeline, tmp_path):
    result = pipeline.add(tmp_path / "没有.txt")
    assert (result.file, result.status, result.code) == ("没有.txt", "refused", "unreadable_file")


def test_an_uploaded_file_is_found_at_once(pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    assert said(pipeline.answer("青屿市在老茶馆里设立了多少个阅览点？")).startswith("73个")


def test_the_same_upload_again_is_unchanged(pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    assert pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt").status == "unchanged"


def test_a_new_version_of_an_upload_takes_the_place_of_the_former(pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    pipeline.add_bytes(TEAHOUSES.replace("73个", "81个").encode(), "茶馆.txt")
    assert ["81个" in document.text for document in documents(pipeline)] == [True]


def test_an_uploads_documents_stay_when_a_folder_with_the_same_file_goes(pipeline, folder):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    seeds = folder("资料", BOTH)
    read_folder(pipeline, seeds)
    (seeds / "茶馆.txt").unlink()
    read_folder(pipeline, seeds)
    assert TEA in titles(pipeline)


def test_a_text_handed_over_is_found_with_what_was_said_of_it(pipeline):
    pipeline.add_text("ext-1", "茶馆小结", TEAHOUSES, published="2024-01", place="青屿市")
    (document,) = documents(pipeline)
    told = (document.external_id, document.title, document.published, document.place)
    assert told == ("ext-1", "茶馆小结", "2024-01", "青屿市")


def test_a_text_handed_over_again_takes_the_place_of_the_former(pipeline):
    pipeline.add_text("ext-1", "茶馆小结", TEAHOUSES)
    pipeline.add_text("ext-1", "茶馆小结", TEAHOUSES.replace("73个", "81个"))
    assert ["81个" in document.text for document in documents(pipeline)] == [True]


def test_an_empty_text_is_refused_by_its_id(pipeline):
    result = pipeline.add_text("ext-1", "茶馆小结", "　\n")
    assert (result.file, result.status, result.code) == ("ext-1", "refused", "empty_file")
