"""What runs too long is stopped, and says where; what does not is left alone."""

import _thread
import signal
import threading
import time

import pytest

from exercises.engine import course, exercise
from exercises.engine.time_limit import OutOfTimeError, time_limit

SHORT = 0.2  # seconds


def never_ends(lines):
    while True:
        lines = lines


def stubborn(lines):
    end = time.monotonic() + 3 * SHORT
    while time.monotonic() < end:
        try:
            while time.monotonic() < end:
                pass
        except:  # noqa: E722, as a beginner writes it
            pass
    return 0


@pytest.mark.parametrize("answer", [never_ends, stubborn])
def test_an_answer_that_runs_too_long_is_stopped(answer, monkeypatch):
    monkeypatch.setattr(exercise, "SECONDS", SHORT)
    started = time.monotonic()
    verdict = exercise.judge(course.find("00-1"), answer)
    assert time.monotonic() - started < 10 * SHORT
    assert verdict.mark == "✗"
    assert verdict.diagnosis.startswith(f"Your code ran for more than {SHORT} seconds and was stop")
    if answer is never_ends:
        assert "`while True:`" in verdict.diagnosis or "`lines = lines`" in verdict.diagnosis


def test_a_process_that_ignores_interrupts_has_the_limit_too():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does in the background
    try:
        with pytest.raises(OutOfTimeError), time_limit(SHORT):
            never_ends(0)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_is_done_in_time_is_not_interrupted_later():
    with time_limit(SHORT):
        pass
    time.sleep(2 * SHORT)


def test_the_interrupt_of_a_learner_stays_one():
    def interrupted():
        with time_limit(60):
            _thread.interrupt_main()
            time.sleep(SHORT)

    with pytest.raises(KeyboardInterrupt):
        interrupted()


def test_a_thread_has_no_limit():
    raised = []

    def work():
        try:
            with time_limit(SHORT / 2):
                time.sleep(SHORT)
        except OutOfTimeError as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert raised == []
