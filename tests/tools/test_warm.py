"""Kernels that are forked: each is one of its own, and none outlives its notebook."""

import os
import time

import pytest
from jupyter_client.manager import KernelManager

from tools import env, warm

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


@pytest.fixture(scope="module")
def path():
    """Where Jupyter finds the specification, while the process that is forked is there."""
    with warm.kernels(**env.ONE_THREAD) as (_, variables), pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def start(path, tmp_path):
    """A function that starts a kernel and returns it and its client."""
    started = []

    def start():
        kernel = KernelManager(kernel_name=warm.NAME)
        kernel.start_kernel(cwd=tmp_path)
        client = kernel.client()
        client.start_channels()
        started.append((kernel, client))
        client.wait_for_ready(timeout=60)
        return kernel, client

    yield start
    for kernel, client in started:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)


def said(client, code):
    """Run code, and return what it prints."""
    printed = []
    client.execute_interactive(
        code, timeout=60, output_hook=lambda m: printed.append(m["content"].get("text", ""))
    )
    return "".join(printed).strip()


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def gone(process, seconds=10):
    """Whether a process ends in time."""
    end = time.monotonic() + seconds
    while is_alive(process) and time.monotonic() < end:
        time.sleep(0.05)
    return not is_alive(process)


def test_a_kernel_has_the_imports_the_folder_and_the_variables(start, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROGRESS", "here")
    _, client = start()
    assert (
        said(client, "import sys; print({'pandas', 'helpers.value'} <= {*sys.modules})") == "True"
    )
    assert said(client, "import os; print(os.getcwd(), os.environ['WORKBOOK_PROGRESS'])") == (
        f"{tmp_path} here"
    )
    assert (
        said(client, "print('pandas' in globals(), get_ipython().kernel is None)") == "False False"
    )
    assert said(client, "import subprocess; print(subprocess.run(['false']).returncode)") == "1"


def test_kernels_share_no_memory(start):
    (_, one), (_, other) = start(), start()
    said(one, "import pandas as pd; pd.mine = x = 1")
    assert said(other, "import pandas as pd; print(hasattr(pd, 'mine'), 'x' in globals())") == (
        "False False"
    )


@pytest.mark.parametrize("now", [False, True], ids=["shut down", "client killed"])
def test_a_kernel_ends_with_its_notebook(start, now):
    kernel, client = start()
    process = int(said(client, "import os; print(os.getpid())"))
    assert is_alive(process)
    kernel.shutdown_kernel(now=now)
    assert gone(process)
