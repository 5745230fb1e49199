"""Settings: what the environment says, what holds without it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.config import ROOT, Settings
from qa.errors import SettingsInvalid


def test_without_an_environment_everything_has_a_value():
    settings = Settings.from_environment({})
    assert (settings.host, settings.port, settings.model, settings.llm) == ("127.0.0.1", 8000, "", "")


def test_the_documents_and_the_data_lie_in_the_project_by_default():
    settings = Settings.from_environment({})
    assert (settings.seeds, settings.data) == (ROOT / "seeds", ROOT / "vectorstore")


def test_the_environment_says_where_things_are(tmp_path):
    settings = Settings.from_environment({"QA_SEEDS": str(tmp_path / "资料"), "QA_DATA": str(tmp_path / "库")})
    assert (settings.seeds, settings.data) == (tmp_path / "资料", tmp_path / "库")


def test_an_empty_setting_is_as_good_as_none():
    assert Settings.from_environment({"QA_PORT": "", "QA_HOST": ""}) == Settings.from_environment({})


def test_a_relative_folder_is_made_absolute():
    assert Settings.from_environment({"QA_DATA": "库"}).data.is_absolute()


def test_a_home_folder_is_written_out():
    assert Settings.from_environment({"QA_SEEDS": "~/资料"}).seeds == (Path.home() / "资料").resolve()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "八千", "80.5", "8000 "])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(SettingsInvalid) as refused:
        Settings.from_environment({"QA_PORT": port})
    assert refused.value.code == "bad_setting"


def test_the_highest_port_will_do():
    assert Settings.from_environment({"QA_PORT": "65535"}).port == 65535


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_a_loopback_address_will_do(host):
    assert Settings.from_environment({"QA_HOST": host}).host == host


@pytest.mark.parametrize("host", ["yinju.example.com", "127.0.0.1.example.com", "127.0.0.1:80"])
def test_a_name_is_no_address(host):
    with pytest.raises(SettingsInvalid) as refused:
        Settings.from_environment({"QA_HOST": host})
    assert refused.value.code == "host_not_loopback"


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("192.168.1.9", False)],
)
def test_only_a_loopback_address_is_this_machines_own(host, own):
    assert Settings.from_environment({"QA_HOST": host}).loopback is own


@pytest.mark.parametrize("often", ["-1", "很多", "1e3"])
def test_a_pace_that_is_no_number_is_refused(often):
    with pytest.raises(SettingsInvalid, match="QA_REQUESTS_PER_MINUTE"):
        Settings.from_environment({"QA_REQUESTS_PER_MINUTE": often})


def test_a_refusal_names_the_setting_to_mend():
    with pytest.raises(SettingsInvalid, match="QA_PORT"):
        Settings.from_environment({"QA_PORT": "八千"})


@pytest.mark.parametrize(("said", "meant"), [("", True), ("1", True), ("0", False)])
def test_the_folder_is_watched_unless_told_otherwise(said, meant):
    assert Settings.from_environment({"QA_WATCH": said}).watch is meant


def test_a_watch_that_is_neither_yes_nor_no_is_refused():
    with pytest.raises(SettingsInvalid, match="QA_WATCH"):
        Settings.from_environment({"QA_WATCH": "也许"})
