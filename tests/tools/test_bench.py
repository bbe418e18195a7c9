"""The bench compares equal results only, says where a peer wins, and counts memory rightly."""

import itertools
import sys

import pytest

from tools import bench
from tools.bench import Against, Alone

MEASURES_MEMORY = pytest.mark.skipif(sys.platform == "win32", reason="peak memory: POSIX only")


def same(ours, theirs):
    assert ours == theirs


def row(ours, theirs, goal=2.0):
    return Against("add up", "a peer", goal, ours, theirs, same)


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
    assert measured == ("add up", "a peer", "2 s", "5 s", "2.5×", "≥ 2×", "met")


def test_they_run_in_turn(clock):
    order = []
    tick = clock(1)
    row(lambda: order.append("ours") or tick(), lambda: order.append("theirs") or tick()).measure()
    assert order == ["ours", "theirs"] * 6


def test_slow_peers_run_less_often(clock):
    # One call each to compare the results, one timed.
    measured = Against("add up", "a peer", 2, clock(9, 2), clock(9, 8), same, runs=1).measure()
    assert measured[2:5] == ("2 s", "8 s", "4×")


@pytest.mark.parametrize(
    ("peer", "goal", "verdict"),
    [
        (3, 2, "met"),
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
    peak = float(measured[2].split()[2])
    assert 100 / 1024 < peak < 0.3
    assert measured[-1] == "met"
    assert len(ballast)


@MEASURES_MEMORY
@pytest.mark.parametrize(("seconds", "gigabytes"), [(0.01, 1), (30, 0.05)])
def test_too_slow_or_too_large_is_missed(seconds, gigabytes):
    code = "import time; time.sleep(0.05); held = bytearray(100 * 2**20)"
    assert Alone("hold", code, seconds, gigabytes).measure()[-1] == "MISSED"


def test_the_table_is_markdown():
    first, second, third = bench.table([("a", "b", "1 s", "2 s", "2×", "≥ 1×", "met")]).splitlines()
    assert first.split("|")[1].strip() == "work"
    assert set(second) == {"|", "-", " "}
    assert third == "| a    | b    | 1 s  | 2 s    | 2×    | ≥ 1× | met     |"
