"""Threads, and processes made by os.fork, which inherit none."""

import subprocess
import sys

import pytest

from helpers.similarity.threads import in_threads

FORKED = """
import os, sys
from helpers.similarity.threads import in_threads
assert in_threads(abs, [-1]) == [1]
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
assert in_threads(abs, [-2]) == [2]
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_they_work_in_a_process_that_was_forked():
    subprocess.run([sys.executable, "-c", FORKED], check=True, timeout=60)


def test_an_error_in_a_thread_is_raised():
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda n: 1 / n, [1, 0])
