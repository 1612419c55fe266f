"""Data and runs: tables and records in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.i18n import words_for
from dashboard.queries.runs import JobRow, RunRow
from etl.contracts.reasons import REASONS
from layouts import runs
from tests.trees import class_of, of_class, said

EN, ZH = words_for("en"), words_for("zh_CN")
AT = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
ZONE = "Asia/Shanghai"
FILE = {"source": "hotline", "contract": "signals", "file": "a.csv", "state": "read", "problem": ""}


def test_runs_are_dated_in_the_installations_zone() -> None:
    table = runs.runs_table([RunRow("r", 7, "published", AT, AT, "")], EN, ZONE)
    assert said(table)[-4:-1] == ["23 Nov 06:30", "published", "7"]


def test_a_failure_stands_out_and_says_why() -> None:
    table = runs.runs_table([RunRow("r", None, "failed", AT, AT, "disk is full")], EN, ZONE)
    assert said(of_class(table, "is-orange")) == ["failed"]
    assert said(table)[-2:] == ["—", "disk is full"]


@pytest.mark.parametrize("code", ["running", "published", "done", "failed", "abandoned"])
def test_states_are_translated(code: str) -> None:
    assert said(runs.run_state(code, EN)) == [code]
    assert said(runs.run_state(code, ZH)) != [code]


def test_a_state_of_a_newer_version_is_shown_as_it_is() -> None:
    assert said(runs.run_state("paused", ZH)) == ["paused"]


def test_nothing_yet_is_said_in_words() -> None:
    for table in (runs.runs_table([], EN, ZONE), runs.steps_table([], EN), runs.jobs_table([], EN, ZONE)):
        assert class_of(table) == "state state--none"


def test_jobs_and_steps_are_listed() -> None:
    jobs = runs.jobs_table([JobRow("refresh", "failed", AT, AT, "no sources file")], EN, ZONE)
    assert {"23 Nov 06:30", "failed", "no sources file"} <= set(said(jobs))
    assert said(runs.steps_table([("extract", 12.34, 123_456)], EN))[-2:] == ["12.3", "123,456"]
    assert said(runs.steps_table([("knit", 1.0, 2)], ZH))[-3] == "knit"  # a step of a newer pipeline


@pytest.mark.parametrize(("staged", "quarantined", "says"), [(90, 10, "balances"), (90, 9, "does not balance")])
def test_a_file_says_whether_its_rows_add_up(staged: int, quarantined: int, says: str) -> None:
    row: dict[str, Any] = {**FILE, "rows_in": 100, "rows_staged": staged, "rows_quarantined": quarantined}
    (record,) = runs.file_records([row], EN)
    assert (record["balance"], record["state"]) == (says, "read")


def kept_out(reason: str) -> dict[str, Any]:
    return {"source": "hotline", "file": "a.csv", "line": 7, "column": "uscc", "value": "9133", "reason": reason}


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_is_a_sentence_in_both_languages(code: str) -> None:
    (chinese,), (english,) = (runs.quarantine_records([kept_out(code)], words) for words in (ZH, EN))
    assert chinese["reason"] == REASONS[code].zh
    assert english["reason"] == REASONS[code].en
    assert chinese["line"] == 7


def test_a_reason_of_a_newer_version_is_shown_as_it_is() -> None:
    assert runs.quarantine_records([kept_out("bad_moon")], ZH)[0]["reason"] == "bad_moon"
