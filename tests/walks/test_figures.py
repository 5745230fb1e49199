"""Walk 4, a figure from many documents to one table; and what answers make of figures: tables, totals, conflicts."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa.assembly import build
from qa.citing.marks import answer_text
from qa.config import Settings
from qa.errors import InvalidInput
from qa.pipeline import Pipeline
from qa.types import Answer
from tests.walks.asking import read_folder
from web import create_app

REPORTS = {
    "青屿.txt": "青屿市公共图书服务综述\n"
    "　　2024年，青屿市把书送到家门口。全市社区图书室总量达318家，藏书总量达1.2亿册。\n"
    "　　2024年，全市图书借阅率达62.5%，比上年提高3.1个百分点。全市志愿者总量达3.2万人。\n",
    "鹭洲.txt": "鹭洲市公共图书服务综述\n"
    "　　2024年，鹭洲市建好用好社区图书室。全市社区图书室总量达412家，藏书总量达8600万册。\n"
    "　　2024年，全市图书借阅率从2019年的41%提高到58.7%。\n",
    "霁川.txt": "霁川市公共图书服务综述\n　　2024年，霁川市在村里办图书室。全市社区图书室总量达97家。\n",
    "柳溪.txt": "柳溪县渡口工作小结\n　　2024年，柳溪县换新渡船6条，培训船工41人次。\n",
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """A library of four reports. No test changes it."""
    folder = tmp_path_factory.mktemp("综述")
    for name, text in REPORTS.items():
        (folder / name).write_text(text, "utf-8")
    pipeline = build(Settings(seeds=folder, data=tmp_path_factory.mktemp("库")))
    read_folder(pipeline, folder)
    yield pipeline
    pipeline.library.close()


@pytest.fixture(scope="module")
def client(reports: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    settings = Settings(data=tmp_path_factory.mktemp("服务"), watch=False)
    app = create_app(reports, settings)
    yield app.test_client()


def get(client: FlaskClient, accept: str = "application/json", **query: str):
    address = f"http://127.0.0.1:{Settings().port}"
    return client.get("/api/v1/figures", query_string=query, headers={"Accept": accept}, base_url=address)


def said(answer: Answer) -> str:
    return answer_text(answer.blocks)


def cells(answer: Answer) -> list[tuple[str, ...]]:
    assert answer.table is not None
    return [row for row, _ in answer.table.rows]


def test_figures_are_found_by_the_words_around_them(reports: Pipeline) -> None:
    found = reports.figures("社区图书室")
    assert {(one.place, one.value) for one, _ in found.rows} == {("青屿市", 318), ("鹭洲市", 412), ("霁川市", 97)}


def test_each_figure_has_a_citation_in_which_its_number_stands(reports: Pipeline) -> None:
    found = reports.figures("")
    assert found.total == len(found.rows) > 8
    assert all(one.text in cited.quote for one, cited in found.rows)


def test_figures_can_be_sorted_by_what_they_come_to(reports: Pipeline) -> None:
    assert [one.value for one, _ in reports.figures("社区图书室", sort="-value").rows] == [412, 318, 97]


def test_values_in_different_units_are_sorted_by_their_base_unit(reports: Pipeline) -> None:
    assert [one.place for one, _ in reports.figures("藏书总量", sort="value").rows] == ["鹭洲市", "青屿市"]


def test_a_place_in_the_query_narrows_the_figures(reports: Pipeline) -> None:
    assert [one.value for one, _ in reports.figures("鹭洲市社区图书室").rows] == [412]


def test_an_unknown_order_is_refused(reports: Pipeline) -> None:
    with pytest.raises(InvalidInput):
        reports.figures("社区图书室", sort="color")


def test_a_deleted_documents_figures_are_gone_until_it_is_restored(
    pipeline: Pipeline, folder: Callable[..., Path]
) -> None:
    read_folder(pipeline, folder("资料", {"霁川.txt": REPORTS["霁川.txt"]}))
    (document_id,) = {one.document_id for one, _ in pipeline.figures("社区图书室").rows}
    pipeline.library.delete(document_id)
    gone = pipeline.figures("社区图书室").total
    pipeline.library.restore(document_id)
    assert (gone, pipeline.figures("社区图书室").total) == (0, 1)


def test_a_library_of_an_older_schema_opens_and_is_filled(tmp_path: Path, folder: Callable[..., Path]) -> None:
    made = folder("资料", {"霁川.txt": REPORTS["霁川.txt"]})
    settings = Settings(seeds=made, data=tmp_path / "旧库")
    old = build(settings)
    read_folder(old, made)
    old.library.close()
    with sqlite3.connect(settings.data / "registry.sqlite3") as registry:
        for table in ("figure_words", "figures", "figured", "former"):
            registry.execute(f"DROP TABLE {table}")
        for column in ("compilation", "url"):
            registry.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        registry.execute("PRAGMA user_version = 3")
    registry.close()
    new = build(settings)
    new.library.settle()
    total = new.figures("社区图书室").total
    new.library.close()
    assert total == 1


def test_a_row_over_http_has_every_field_of_the_contract(client: FlaskClient) -> None:
    (row,) = get(client, q="霁川市社区图书室").json["figures"]
    told = {key: row[key] for key in ("metric", "value", "unit", "normalized", "qualifier", "place", "year")}
    assert told == {
        "metric": "社区图书室总量", "value": 97, "unit": "家", "normalized": 97, "qualifier": "",
        "place": "霁川市", "year": 2024,
    }  # fmt: skip
    assert row["citation"]["quote"] == "全市社区图书室总量达97家。"


def test_a_table_file_opens_in_a_spreadsheet(client: FlaskClient) -> None:
    reply = get(client, accept="text/csv", q="社区图书室", sort="-value")
    rows = list(csv.reader(io.StringIO(reply.get_data(as_text=True).removeprefix("\ufeff"))))
    assert reply.get_data().startswith(b"\xef\xbb\xbf") and reply.content_type == "text/csv; charset=utf-8"
    assert [row[1] for row in rows] == ["数值", "412", "318", "97"]


def test_no_cell_of_a_table_file_is_a_formula(pipeline: Pipeline, tmp_path: Path, folder: Callable[..., Path]) -> None:
    text = "=HYPERLINK(1)青屿市小结\n　　2024年，青屿市共有图书室318家。\n"
    read_folder(pipeline, folder("资料", {"甲.txt": text}))
    app = create_app(pipeline, Settings(data=tmp_path, watch=False))
    reply = get(app.test_client(), accept="text/csv", q="图书室").get_data(as_text=True).removeprefix("\ufeff")
    assert not any(cell[:1] in "=+@" for row in csv.reader(io.StringIO(reply)) for cell in row if cell)


def test_places_are_compared_in_a_table_sorted_as_asked(reports: Pipeline) -> None:
    answer = reports.answer("青屿市、鹭洲市、霁川市的社区图书室总量谁最多？")
    assert [row[:1] + row[2:4] for row in cells(answer)] == [
        ("鹭洲市", "412", "家"), ("青屿市", "318", "家"), ("霁川市", "97", "家"),
    ]  # fmt: skip
    assert said(answer).startswith("鹭洲最多。鹭洲：412家；青屿：318家；霁川：97家。")


def test_each_row_of_a_table_is_cited(reports: Pipeline) -> None:
    answer = reports.answer("青屿市和鹭洲市的社区图书室总量分别是多少？")
    assert answer.table is not None
    numbers = {one.number: one for one in answer.citations}
    for row, cited in answer.table.rows:
        assert all(row[2] in numbers[number].quote for number in cited) and cited


def test_a_question_about_every_city_needs_no_names(reports: Pipeline) -> None:
    answer = reports.answer("哪个市的社区图书室总量最少？")
    assert said(answer).startswith("霁川最少。")


def test_what_something_was_before_is_not_what_it_is(reports: Pipeline) -> None:
    answer = reports.answer("青屿市和鹭洲市的图书借阅率各是多少？")
    assert [row[2] for row in cells(answer)] == ["62.5", "58.7"]


def test_a_total_says_that_it_was_computed_and_of_what(reports: Pipeline) -> None:
    answer = reports.answer("青屿市和鹭洲市的社区图书室总量一共是多少家？")
    assert "〔计算得出：318家＋412家＝730家〕" in said(answer)


def test_a_difference_says_that_it_was_computed_and_of_what(reports: Pipeline) -> None:
    answer = reports.answer("青屿市和鹭洲市的社区图书室总量相差多少？")
    assert "〔计算得出：412家－318家＝94家〕" in said(answer)


def test_nothing_is_added_up_unasked(reports: Pipeline) -> None:
    assert "计算得出" not in said(reports.answer("青屿市和鹭洲市的社区图书室总量分别是多少？"))


def test_different_scales_are_shown_in_one(reports: Pipeline) -> None:
    answer = reports.answer("青屿市和鹭洲市的藏书总量分别是多少？")
    assert [row[2:4] for row in cells(answer)] == [("12000〔1.2亿册〕", "万册"), ("8600", "万册")]


def test_a_place_of_which_nothing_is_stated_is_said_to_be_missing(reports: Pipeline) -> None:
    answer = reports.answer("青屿市和霁川市的图书借阅率分别是多少？")
    assert answer.status == "partial"
    assert "资料没有写到霁川市的图书借阅率" in said(answer)


def test_a_question_after_another_year_is_refused_and_told_which_years_there_are(reports: Pipeline) -> None:
    answer = reports.answer("青屿市和鹭洲市2021年的社区图书室总量分别是多少？")
    assert (answer.status, answer.citations) == ("no_evidence", ())
    assert "没有写到2021年的" in said(answer) and answer.near


def test_of_two_questions_the_one_without_evidence_is_named(reports: Pipeline) -> None:
    answer = reports.answer("青屿市的社区图书室总量是多少？霁川市的地铁里程有多少公里？")
    assert answer.status == "partial"
    assert "318家" in said(answer) and "“霁川市的地铁里程有多少公里”：资料里没有写到。" in said(answer)


def test_of_two_questions_both_are_answered(reports: Pipeline) -> None:
    answer = reports.answer("青屿市的志愿者总量有多少人？霁川市的社区图书室总量有多少家？")
    assert answer.status == "answered"
    assert "3.2万人" in said(answer) and "97家" in said(answer)


DRAFT = "桐湾区防汛工作简报\n　　2024年，桐湾区组织防汛演练。全区应急队伍总量达{}支，储备沙袋3.5万只。\n"


def test_the_same_quantity_with_other_values_is_a_conflict(pipeline: Pipeline, folder: Callable[..., Path]) -> None:
    other = "桐湾区应急管理年报\n　　2024年，桐湾区补齐短板。截至年底，全区应急队伍总量达46支。\n"
    read_folder(pipeline, folder("资料", {"甲.txt": DRAFT.format(41), "乙.txt": other}))
    answer = pipeline.answer("桐湾区的应急队伍总量是多少支？")
    (conflict,) = answer.conflicts
    assert {value for value, _ in conflict.values} == {"41支", "46支"}


def test_each_value_of_a_conflict_is_cited(pipeline: Pipeline, folder: Callable[..., Path]) -> None:
    other = "桐湾区应急管理年报\n　　2024年，桐湾区补齐短板。截至年底，全区应急队伍总量达46支。\n"
    read_folder(pipeline, folder("资料", {"甲.txt": DRAFT.format(41), "乙.txt": other}))
    answer = pipeline.answer("桐湾区的应急队伍总量是多少支？")
    quotes = {one.number: one.quote for one in answer.citations}
    assert all(value in quotes[number] for conflict in answer.conflicts for value, number in conflict.values)
    assert answer.conflicts


@pytest.mark.parametrize(
    "other",
    [
        "2023年，全区应急队伍总量达36支。",
        "2024年，全区应急队伍总量达40余支。",
        "2024年，全区应急队伍总量比上年增加5支。",
        "2024年，柳溪县应急队伍总量达46支。",
        "2024年，全区新增应急队伍46支。",
    ],
)
def test_another_year_scope_place_or_a_rounder_number_is_no_conflict(
    pipeline: Pipeline, folder: Callable[..., Path], other: str
) -> None:
    text = f"桐湾区应急管理年报\n　　桐湾区补齐防汛短板。{other}\n"
    read_folder(pipeline, folder("资料", {"甲.txt": DRAFT.format(41), "乙.txt": text}))
    assert pipeline.answer("桐湾区的应急队伍总量是多少支？").conflicts == ()
