"""Kernels that start at once: ``make test`` needs one for each notebook.

A process imports what lessons import, once, and then waits. For each notebook it is forked, and the
child becomes the kernel: with a memory of its own, and the imports done. That is three seconds less
for each of thirty notebooks. Without ``os.fork`` (Windows), kernels start as ever.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from tools import env

NAME = "warm"  # of Jupyter's kernel specification
EXTRAS = {"spark"}  # packages of helpers that need one
# What Jupyter takes for the kernel: it passes everything on, and lives as long as the kernel.
CLIENT = """
import json, os, socket, sys
door = socket.socket(socket.AF_UNIX)
door.connect(sys.argv[1])
asked = {"file": sys.argv[2], "folder": os.getcwd(), "variables": dict(os.environ)}
door.sendall(json.dumps(asked).encode() + b"\\n")
door.recv(1)
"""


@contextlib.contextmanager
def kernels(**variables: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield what nbval needs to use such kernels: its options, and variables of the environment.

    Parameters
    ----------
    **variables : of the environment, that have to hold while a kernel imports.
    """
    if not hasattr(os, "fork"):
        yield ["--nbval-current-env"], variables
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        door = str(Path(folder) / "door")
        specify(Path(folder), [sys.executable, "-IS", "-c", CLIENT, door, "{connection_file}"])
        listening.bind(door)
        listening.listen()
        warm = subprocess.Popen(
            [sys.executable, "-m", "tools.warm", str(listening.fileno())],
            cwd=env.ROOT,
            env=os.environ | variables,
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        listening.close()  # else a client would wait forever for a process that has ended
        try:
            yield [f"--nbval-kernel-name={NAME}"], variables | {"JUPYTER_PATH": folder}
        finally:
            warm.terminate()
            warm.wait()


def specify(folder: Path, command: list[str]) -> None:
    """Tell Jupyter, whose path has this folder, how a kernel is started."""
    said = {"argv": command, "display_name": NAME, "language": "python"}
    file = folder / "kernels" / NAME / "kernel.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(said | {"interrupt_mode": "message"}))


def main() -> None:
    """Import once, and then become a kernel for each client."""
    import ipykernel.kernelapp  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import pandas as pd

    pd.set_option("display.max_columns", 20)  # as in a kernel; pandas takes this for a terminal
    for package in ("exercises", "apps/report", "apps/service", "helpers/*"):
        for api in sorted(env.ROOT.glob(f"{package}/__init__.py")):
            if api.parent.name not in EXTRAS:
                importlib.import_module(".".join(api.parent.relative_to(env.ROOT).parts))
    gc.freeze()  # what is never looked at by the collector stays shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a kernel ended
    listening = socket.socket(fileno=int(sys.argv[1]))
    while True:
        client, _ = listening.accept()
        with client:
            asked = json.loads(client.makefile().readline())
            if os.fork() == 0:
                listening.close()
                become_kernel(client, **asked)


def become_kernel(
    client: socket.socket, file: str, folder: str, variables: dict[str, str]
) -> NoReturn:
    """Be the kernel of a connection file until it is told to end, or its client is killed."""
    from ipykernel.kernelapp import launch_new_instance

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.path[0] = ""  # not the folder of this program
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # as nbval wants it

    def watch() -> None:
        client.recv(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    launch_new_instance(["-f", file])
    os._exit(0)  # not on to the loop that it was forked from


if __name__ == "__main__":
    main()
