"""Errors carry a code for programs, and for people what happened and what to do."""

from __future__ import annotations

import pytest

from qa.errors import (
    InvalidInput,
    LibraryBusy,
    LibraryDamaged,
    LibraryInUse,
    ModelUnavailable,
    NotFound,
    NotReady,
    SettingsInvalid,
    Unreadable,
    YinjuError,
)

KINDS = (
    InvalidInput,
    NotFound,
    Unreadable,
    SettingsInvalid,
    LibraryInUse,
    LibraryDamaged,
    LibraryBusy,
    NotReady,
    ModelUnavailable,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_of_ours_can_be_caught_as_one(kind):
    assert isinstance(kind("出了点事"), YinjuError)


def test_no_two_kinds_share_a_code():
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_a_code_given_is_the_code_kept():
    assert Unreadable("文件是空的", code="empty_file").code == "empty_file"


def test_without_a_code_the_kinds_own_holds():
    assert Unreadable("打不开").code == "unreadable_file"


def test_an_error_reads_as_two_sentences():
    assert str(NotFound("没有这份资料", "请核对编号。")) == "没有这份资料。请核对编号。"


def test_a_full_stop_is_not_set_twice():
    assert str(NotFound("没有这份资料。", "请核对编号。")) == "没有这份资料。请核对编号。"


def test_an_error_without_a_hint_is_its_message():
    assert str(NotFound("没有这份资料")) == "没有这份资料"


def test_a_library_in_use_says_where_it_is_served():
    assert LibraryInUse("资料库正在使用", address="http://127.0.0.1:8123").address == "http://127.0.0.1:8123"


def test_an_invalid_argument_is_pointed_to():
    assert InvalidInput("问题是空的", field="/question").field == "/question"
