"""The bench compares equal results only, says where a peer wins, and counts memory rightly."""

import importlib
import itertools
import pkgutil
import sys

import pytest

from helpers.data import downloads
from tools import bench, benchmarks
from tools.bench import Against, Alone

MEASURES_MEMORY = pytest.mark.skipif(sys.platform == "win32", reason="peak memory: POSIX only")


def same(ours, theirs):
    assert ours == theirs


def row(ours, theirs, goal=2.0, **more):
    return Against("add up", "a peer", goal, ours, theirs, same, **more)


@pytest.fixture
def clock(monkeypatch):
    """A clock that only goes on when work advances it."""
    now = [0.0]
    monkeypatch.setattr(bench.time, "perf_counter", lambda: now[0])

    def work(*durations):
        durations = itertools.cycle(durations)

        def run():
            now[0] += next(durations)

        return run

    return work


def test_medians_are_compared(clock):
    # Six calls each: one to compare the results, five timed. Ours: 9 | 1 1 2 8 9, median 2;
    # the peer's always 5: the ratio is 2.5.
    measured = row(clock(9, 1, 1, 2, 8, 9), clock(5)).measure()
    assert measured == ("2 s", "5 s", "2.5×", "≥ 2×", "met")


@pytest.mark.parametrize(
    ("peer", "goal", "verdict"),
    [
        (3, 4, "MISSED"),
        (0.5, 0.4, "met; the peer is faster"),
        (0.5, 0.6, "MISSED; the peer is faster"),
    ],
)
def test_the_verdict_says_what_is(clock, peer, goal, verdict):
    assert row(clock(1), clock(peer), goal).measure()[-1] == verdict


def test_different_results_are_not_timed():
    calls = []
    with pytest.raises(AssertionError):
        row(lambda: calls.append(1) or 1, lambda: 2).measure()
    assert len(calls) == 1


@MEASURES_MEMORY
def test_time_and_memory_are_those_of_the_process_alone():
    ballast = bytearray(400 * 2**20)  # must not count: the process is not this one
    measured = Alone("hold 100 MiB", "held = bytearray(100 * 2**20)", 30, 0.3).measure()
    peak = float(measured[0].split()[2])
    assert 100 / 1024 < peak < 0.3
    assert measured[-1] == "met"
    assert len(ballast)


@MEASURES_MEMORY
@pytest.mark.parametrize(("seconds", "gigabytes"), [(0.01, 1), (30, 0.05)])
def test_too_slow_or_too_large_is_missed(seconds, gigabytes):
    code = "import time; time.sleep(0.05); held = bytearray(100 * 2**20)"
    assert Alone("hold", code, seconds, gigabytes).measure()[-1] == "MISSED"


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("theirs", [lambda: 2, lambda: 1 / 0])
def test_after_a_row_that_fails_the_others_still_run(clock, capsys, theirs):
    verdicts = bench.print_table([row(lambda: 1, theirs), row(clock(1), clock(2))])
    assert verdicts[0] in ("FAILED: AssertionError", "FAILED: ZeroDivisionError")
    assert verdicts[1] == "met"
    assert capsys.readouterr().err.startswith("Traceback")


def test_without_its_data_a_row_is_left_out(clock, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path))
    calls = []
    absent = row(lambda: calls.append(1), lambda: None, needs=("movielens_small",))
    why, verdict = bench.print_table([absent, row(clock(1), clock(2))])
    assert why == ("left out: needs movielens_small; `make data NAME=movielens_small` fetches it")
    assert (calls, verdict) == ([], "met")


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["met", "met; the peer is faster", "left out: needs movielens_small"], 0),
        (["MISSED; the peer is faster", "met"], 1),
        (["FAILED: AssertionError", "met"], 1),
    ],
)
def test_the_exit_code_tells_of_missed_goals_and_failures(monkeypatch, verdicts, code):
    monkeypatch.setattr(bench.env, "enter", lambda extra: None)
    monkeypatch.setattr(bench.sys, "argv", ["bench", "shop"])
    monkeypatch.setattr(bench, "print_table", lambda rows: verdicts)
    with pytest.raises(SystemExit) as left:
        bench.main()
    assert left.value.code == code


@pytest.mark.parametrize("topic", [each.name for each in pkgutil.iter_modules(benchmarks.__path__)])
def test_rows_can_be_listed_without_data_and_need_what_can_be_fetched(topic, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path))
    rows = importlib.import_module(f"tools.benchmarks.{topic}").ROWS
    assert rows
    assert {name for each in rows for name in each.needs} <= set(downloads.DOWNLOADS)
