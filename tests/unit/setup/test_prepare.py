"""`make run` on a machine that is not ready says what is missing, and a ready one is not touched."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from qa.config import ROOT


@pytest.fixture
def prepare() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prepare", ROOT / "setup" / "prepare.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_is_refused_with_the_way_out(prepare: ModuleType) -> None:
    with pytest.raises(prepare.Stop, match=r"Python 3\.11 .*3\.9\.1"):
        prepare.refuse_old_python((3, 9, 1))


def test_a_ready_environment_is_left_alone(prepare: ModuleType, tmp_path: Path) -> None:
    asked = ROOT / "requirements.txt"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / ".ready-requirements").write_text(prepare.fingerprint([asked]))
    prepare.prepare(tmp_path, [asked], "引据", 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".ready-requirements", "bin"]


def test_another_pin_asks_for_another_install(prepare: ModuleType, tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text("flask==3.1.3\n")
    other.write_text("flask==3.1.2\n")
    assert prepare.fingerprint([one]) != prepare.fingerprint([other])


def test_every_requirement_is_pinned_exactly() -> None:
    names = ("requirements.txt", "requirements-dev.txt", "benchmarks/requirements-peer.txt", "constraints.txt")
    lines = [line.split("#")[0].strip() for name in names for line in (ROOT / name).read_text("utf-8").splitlines()]
    assert [line for line in lines if line and not line.startswith("-c ") and "==" not in line] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_and_constraints_agree(name: str) -> None:
    def pins(file: str) -> set[str]:
        lines = (line.split("#")[0].strip() for line in (ROOT / file).read_text("utf-8").splitlines())
        return {line.lower().replace("_", "-") for line in lines if "==" in line}

    assert pins(name) <= pins("constraints.txt")


def test_a_large_download_is_named(prepare: ModuleType) -> None:
    assert prepare.step("  Downloading torch-2.13.0-cp311.whl (191.8 MB)\n") == "下载 torch (191.8 MB)"


def test_metadata_is_not_named(prepare: ModuleType) -> None:
    assert prepare.step("  Downloading flask-3.1.3-py3-none-any.whl.metadata (3.2 kB)\n") == ""
