"""A cluster of Spark on this computer: the processes of a real one, on the loopback network."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark

from helpers.data.checks import require_whole
from helpers.spark.session import JAVA_OPTIONS, prepare_environment

SPARK_CLASS = Path(str(pyspark.__file__)).with_name("bin") / "spark-class"
SUPERVISE = Path(__file__).with_name("supervise.py")
ADDRESS = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]  # 0: any free port
MASTER = re.compile(r"Starting Spark master at (spark://\S+)")
WORKER = re.compile(r"Successfully registered with master (\S+)")


@contextmanager
def standalone_cluster(workers: int = 2, patience: float = 120) -> Iterator[str]:
    """Start a standalone cluster: a master, and workers of one core each, as separate processes.

    A worker starts an executor for each session, a process of its own. Nothing is shared but the
    disk: data goes from one executor to the other through the network, as between computers.

    All processes end with the context, and also if Python is killed.

    Parameters
    ----------
    workers : how many, at least 1. An executor takes half a gigabyte.
    patience : seconds within which each process must be ready.

    Yields
    ------
    The address of the master, to give to `spark_session`.

    Raises
    ------
    RuntimeError
        If a process does not start; the message has the end of its log.

    Examples
    --------
    >>> from helpers.spark import spark_session
    >>> with standalone_cluster(workers=1) as master, spark_session(master) as spark:
    ...     spark.range(10).groupBy().sum("id").first()[0]
    45
    """
    require_whole("workers", workers)
    prepare_environment()
    with tempfile.TemporaryDirectory(prefix="spark-cluster-") as folder, ExitStack() as stack:
        work = ["--cores", "1", "--memory", "512m", "--work-dir", folder]

        def start(name: str, *command: str) -> Path:
            log = Path(folder) / f"{name}.log"
            stack.enter_context(_running(log, *command))
            return log

        log = start("master", "org.apache.spark.deploy.master.Master", *ADDRESS)
        master = _wait_for(MASTER, log, patience)
        worker = ["org.apache.spark.deploy.worker.Worker", master, *ADDRESS, *work]
        logs = [start(f"worker-{n}", *worker) for n in range(workers)]
        for log in logs:
            _wait_for(WORKER, log, patience)
        yield master


@contextmanager
def _running(log: Path, *command: str) -> Iterator[None]:
    """Run a class of Spark under a supervisor, which ends with us, and ends it."""
    variables = {
        "SPARK_DAEMON_JAVA_OPTS": JAVA_OPTIONS,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    with (
        log.open("wb") as stream,
        subprocess.Popen(
            [sys.executable, SUPERVISE, SPARK_CLASS, *command],
            env=os.environ | variables,
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=stream,
            start_new_session=True,  # Ctrl-C reaches only this process
        ),
    ):
        yield  # at the end, Popen closes stdin, which ends the supervisor


def _wait_for(pattern: re.Pattern, log: Path, patience: float) -> str:
    """Wait until a log matches the pattern, and return its group."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := pattern.search(log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    raise RuntimeError(f"The {log.stem} of the cluster did not start. Its last words:\n{last}")
