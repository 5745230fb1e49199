"""Uploads, syncs and jobs over HTTP."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from qa.types import FileResult, Job
from tests.web.conftest import events, local
from web import create_app, guard, jobs
from web.uploads import safe_name

TEXT = "柳溪县今年修复山塘四十六座。"


def send(client, *files: tuple[str, bytes], **more):
    data = {"file": [(io.BytesIO(content), name) for name, content in files]}
    return client.post("/api/v1/documents", data=data, content_type="multipart/form-data", **more)


def fill(settings, *names: str) -> None:
    for name in names:
        (settings.seeds / name).write_text(f"{name}：{TEXT}", encoding="utf-8")


def test_a_file_that_was_sent_can_be_searched(client, ended):
    accepted = send(client, ("山塘.txt", TEXT.encode()))
    assert (accepted.status_code, accepted.json["job"]["kind"]) == (202, "upload")
    assert ended(accepted.json["job"]["id"])["results"][0]["status"] == "added"
    assert client.post("/api/v1/search", json={"query": "修复山塘"}).json["results"]


def test_several_files_are_one_job(client, ended):
    job = ended(send(client, ("甲.txt", b"a"), ("乙.txt", b"b")).json["job"]["id"])
    assert (job["done"], job["total"], [r["file"] for r in job["results"]]) == (2, 2, ["甲.txt", "乙.txt"])


def test_a_file_that_cannot_be_read_is_refused_by_name_and_the_rest_goes_on(client, ended):
    job = ended(send(client, ("空.txt", b""), ("山塘.txt", TEXT.encode())).json["job"]["id"])
    assert job["state"] == "done"
    assert [(r["file"], r["status"], r["code"]) for r in job["results"]] == [
        ("空.txt", "refused", "empty_file"),
        ("山塘.txt", "added", None),
    ]


def test_a_job_has_failed_only_when_nothing_succeeded(client, ended):
    assert ended(send(client, ("空.txt", b"")).json["job"]["id"])["state"] == "failed"


def test_the_same_file_again_is_unchanged_and_no_failure(client, ended):
    ended(send(client, ("山塘.txt", TEXT.encode())).json["job"]["id"])
    job = ended(send(client, ("山塘.txt", TEXT.encode())).json["job"]["id"])
    assert (job["state"], job["results"][0]["status"]) == ("done", "unchanged")


def test_documents_can_be_sent_as_json(client, ended):
    one = {"external_id": "X-1", "title": "山塘", "text": TEXT, "published": "2024-05", "place": "云泽省柳溪县"}
    accepted = client.post("/api/v1/documents", json={"documents": [one]})
    (document_id,) = ended(accepted.json["job"]["id"])["results"][0]["document_ids"]
    document = client.get(f"/api/v1/documents/{document_id}").json
    assert {key: document[key] for key in one if key != "text"} == {k: v for k, v in one.items() if k != "text"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"documents": []}, "/documents"),
        ({}, "/documents"),
        ({"documents": [{"title": "无文"}]}, "/documents/0/text"),
        ({"documents": [{"text": ""}]}, "/documents/0/text"),
        ({"documents": [{"text": TEXT, "published": "五月"}]}, "/documents/0/published"),
    ],
)
def test_a_bad_document_is_named_by_its_pointer(client, body, pointer):
    reply = client.post("/api/v1/documents", json=body)
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_document_as_json_may_be_longer_than_other_bodies(client, ended):
    accepted = client.post("/api/v1/documents", json={"documents": [{"text": TEXT * 20_000}]})
    assert ended(accepted.json["job"]["id"])["state"] == "done"


def test_an_upload_without_files_says_where_they_belong(client):
    reply = client.post("/api/v1/documents", data={}, content_type="multipart/form-data")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/file")


def test_a_file_under_another_name_is_refused(client):
    reply = client.post("/api/v1/documents", data={"document": (io.BytesIO(b"a"), "a.txt")})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/document")


def test_an_upload_of_another_kind_is_refused(client):
    reply = client.post("/api/v1/documents", data=b"abc", content_type="text/plain")
    assert reply.status_code == 415


def test_an_upload_over_its_limit_is_too_large(client, monkeypatch):
    monkeypatch.setattr(guard, "UPLOAD_BYTES", 1000)
    reply = send(client, ("大.txt", b"a" * 2000))
    assert (reply.status_code, reply.json["code"]) == (413, "too_large")


def test_nothing_is_left_of_an_upload(client, ended, settings):
    ended(send(client, ("山塘.txt", TEXT.encode())).json["job"]["id"])
    assert list((settings.data / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\资料\\山塘.txt", "山塘.txt"),
        ("山塘\u202etxt.exe", "山塘txt.exe"),
        ("a\x00b.txt", "ab.txt"),
        ("..", "未命名"),
        ("资料/", "未命名"),
    ],
)
def test_a_files_name_is_only_a_name(sent, kept):
    assert safe_name(sent) == kept


def test_a_very_long_name_keeps_its_ending():
    assert safe_name("塘" * 300 + ".txt").endswith("塘.txt")


def test_the_same_key_is_the_same_job(client):
    headers = {"Idempotency-Key": "k-1"}
    one, two = (send(client, ("山塘.txt", TEXT.encode()), headers=headers).json["job"]["id"] for _ in range(2))
    assert one == two


def test_the_same_key_for_other_content_is_refused(client, pipeline):
    pipeline.go_on.clear()
    send(client, ("甲.txt", b"a"), headers={"Idempotency-Key": "k-1"})
    reply = send(client, ("乙.txt", b"bb"), headers={"Idempotency-Key": "k-1"})
    assert reply.status_code == 422


def test_a_key_that_is_no_key_is_refused(client):
    assert send(client, ("甲.txt", b"a"), headers={"Idempotency-Key": "a b"}).status_code == 422


def test_sync_adds_what_lies_in_the_folder(client, ended, settings):
    fill(settings, "甲.txt", "乙.txt")
    job = ended(client.post("/api/v1/sync").json["job"]["id"])
    assert (job["kind"], job["state"], job["done"], job["total"]) == ("sync", "done", 2, 2)


def test_a_dry_run_changes_nothing(client, ended, settings):
    fill(settings, "甲.txt")
    job = ended(client.post("/api/v1/sync", json={"dry_run": True}).json["job"]["id"])
    assert (job["results"][0]["status"], client.get("/api/v1/documents").json["total"]) == ("added", 4)


def test_a_missing_folder_fails_with_its_code(client, ended, settings):
    settings.seeds.rmdir()
    job = ended(client.post("/api/v1/sync").json["job"]["id"])
    assert (job["state"], job["results"][0]["code"]) == ("failed", "missing_seeds")


def test_what_nobody_foresaw_fails_the_job_and_not_the_worker(client, ended, pipeline, monkeypatch, settings):
    monkeypatch.setattr(pipeline, "sync", lambda folder, dry_run, force: iter([1 / 0]) if not dry_run else iter(()))
    monkeypatch.setattr(pipeline, "add_bytes", lambda *a, **k: 1 / 0)
    job = ended(send(client, ("山塘.txt", TEXT.encode())).json["job"]["id"])
    assert (job["state"], job["results"][0]["code"]) == ("failed", "internal")
    assert "ZeroDivision" not in str(job)
    assert ended(client.post("/api/v1/sync", json={"dry_run": True}).json["job"]["id"])["state"] == "done"


def test_a_jobs_stream_is_progress_and_then_done(client, settings):
    fill(settings, "甲.txt", "乙.txt")
    job = client.post("/api/v1/sync").json["job"]
    names = [
        n for n, _ in events(client.get(f"/api/v1/jobs/{job['id']}", headers={"Accept": "text/event-stream"}).text)
    ]
    assert names[-1] == "done" and set(names[:-1]) <= {"progress"}


def test_an_ended_jobs_stream_is_done_alone(client, ended, settings):
    job = ended(client.post("/api/v1/sync").json["job"]["id"])
    stream = client.get(f"/api/v1/jobs/{job['id']}", headers={"Accept": "text/event-stream"}).text
    assert events(stream) == [("done", job)]


def test_a_job_can_be_stopped(client, ended, pipeline, settings):
    fill(settings, *(f"{number}.txt" for number in range(20)))
    pipeline.go_on.clear()
    job = client.post("/api/v1/sync").json["job"]
    assert client.delete(f"/api/v1/jobs/{job['id']}").status_code == 200
    pipeline.go_on.set()
    assert ended(job["id"])["state"] == "cancelled"


def test_a_waiting_job_that_is_stopped_never_runs(client, pipeline, settings, ended):
    fill(settings, "甲.txt")
    pipeline.go_on.clear()
    first = client.post("/api/v1/sync").json["job"]
    waiting = send(client, ("山塘.txt", TEXT.encode())).json["job"]
    assert client.delete(f"/api/v1/jobs/{waiting['id']}").json["state"] == "cancelled"
    pipeline.go_on.set()
    ended(first["id"])
    assert client.get(f"/api/v1/jobs/{waiting['id']}").json["results"] == []


def test_the_queue_is_bounded(client, pipeline, settings):
    fill(settings, "甲.txt")
    pipeline.go_on.clear()
    replies = [client.post("/api/v1/sync") for _ in range(jobs.WAITING + 2)]
    assert (replies[-1].status_code, replies[-1].json["code"]) == (503, "overloaded")
    assert "Retry-After" in replies[-1].headers


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_job_that_a_former_process_left_behind_has_failed_and_says_why(pipeline, settings, state):
    pipeline.library.save_job(Job("old", "upload", state, 3, 80, "甲.txt"))
    job = local(create_app(pipeline, settings)).get("/api/v1/jobs/old").json
    assert (job["state"], job["results"][-1]["code"]) == ("failed", "interrupted")
    assert job["report"]["notices"][0]["told"].startswith("服务中途停了")


def test_a_job_left_running_that_had_succeeded_in_part_has_not_failed(pipeline, settings):
    left = Job("old", "sync", "running", 3, 80, "乙.txt")
    pipeline.library.save_job(replace(left, results=(FileResult("甲.txt", "added"),)))
    assert local(create_app(pipeline, settings)).get("/api/v1/jobs/old").json["state"] == "cancelled"


def test_the_latest_jobs_come_first_with_their_reports(client, ended):
    first = send(client, ("山塘.txt", TEXT.encode())).json["job"]["id"]
    ended(first)
    second = send(client, ("空.txt", b"")).json["job"]["id"]
    ended(second)
    found = client.get("/api/v1/jobs").json["jobs"]
    assert [one["id"] for one in found] == [second, first]
    assert [one["report"]["summary"] for one in found] == ["打不开 1 个。", "读入 1 个文件（共 1 篇）。"]


def test_so_many_of_the_latest_jobs_come_as_were_asked_for(client, ended):
    for name in ("甲.txt", "乙.txt"):
        ended(send(client, (name, name.encode())).json["job"]["id"])
    assert len(client.get("/api/v1/jobs?limit=1").json["jobs"]) == 1


def test_a_dry_run_says_that_it_is_one(client, ended):
    assert ended(client.post("/api/v1/sync", json={"dry_run": True}).json["job"]["id"])["dry_run"]


def test_a_report_says_what_a_person_should_look_at(client, ended):
    job = ended(send(client, ("空.txt", b""), ("山塘.txt", TEXT.encode())).json["job"]["id"])
    (notice,) = job["report"]["notices"]
    assert (notice["kind"], notice["file"]) == ("refused", "空.txt")


def test_a_job_outlives_the_process(app, client, ended, pipeline, settings):
    job = ended(client.post("/api/v1/sync").json["job"]["id"])
    again = create_app(pipeline, settings)
    assert local(again).get(f"/api/v1/jobs/{job['id']}").json == job


def test_a_key_outlives_the_process(app, client, ended, pipeline, settings):
    headers = {"Idempotency-Key": "k-1"}
    job = ended(send(client, ("山塘.txt", TEXT.encode()), headers=headers).json["job"]["id"])
    again = local(create_app(pipeline, settings))
    assert send(again, ("山塘.txt", TEXT.encode()), headers=headers).json["job"] == job


def test_a_key_whose_job_was_interrupted_begins_anew(app, client, ended, pipeline, settings):
    fill(settings, "甲.txt")
    pipeline.pause_s = 0.2
    headers = {"Idempotency-Key": "k-1"}
    client.post("/api/v1/sync")
    send(client, ("山塘.txt", TEXT.encode()), headers=headers)
    app.extensions["yinju"].close()
    again = local(create_app(pipeline, settings))
    job = send(again, ("山塘.txt", TEXT.encode()), headers=headers).json["job"]
    stream = again.get(f"/api/v1/jobs/{job['id']}", headers={"Accept": "text/event-stream"}).text
    assert events(stream)[-1][1]["results"][0]["status"] == "added"


def test_what_was_sent_a_second_time_with_the_same_key_is_not_kept(client, settings, pipeline):
    pipeline.go_on.clear()
    for _ in range(2):
        send(client, ("山塘.txt", TEXT.encode()), headers={"Idempotency-Key": "k-1"})
    assert len(list((settings.data / "incoming").iterdir())) == 1


def test_what_was_sent_goes_when_its_job_is_cancelled_before_it_begins(client, settings, pipeline):
    fill(settings, "甲.txt")
    pipeline.go_on.clear()
    client.post("/api/v1/sync")
    waiting = send(client, ("山塘.txt", TEXT.encode())).json["job"]
    client.delete(f"/api/v1/jobs/{waiting['id']}")
    assert list((settings.data / "incoming").iterdir()) == []


def test_a_service_that_stops_ends_what_waits(app, client, pipeline, settings):
    fill(settings, "甲.txt")
    pipeline.pause_s = 0.2
    client.post("/api/v1/sync")
    waiting = send(client, ("山塘.txt", TEXT.encode())).json["job"]
    app.extensions["yinju"].close()
    job = pipeline.library.job(waiting["id"])
    assert (job.state, job.results[-1].code) == ("failed", "interrupted")


def test_a_service_that_stops_says_so_in_the_job(app, client, pipeline, settings):
    fill(settings, "甲.txt", "乙.txt")
    pipeline.pause_s = 0.05
    job = client.post("/api/v1/sync").json["job"]
    app.extensions["yinju"].close()
    assert pipeline.library.job(job["id"]).state in {"cancelled", "failed", "queued"}
