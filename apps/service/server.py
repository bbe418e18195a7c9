"""Start the API: in this process (`run`), or beside it for as long as it is needed (`serving`)."""

import asyncio
import contextlib
import io
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from apps.service.logs import set_up_log

API = "apps.service.api:from_environment"
MAIN = "from apps.service.server import main; main()"  # the package has imported it: no "-m"
HOST = "127.0.0.1"  # this computer only; a reverse proxy stands between it and the world


@contextlib.contextmanager
def serving(
    database: str, tokens: Path, *, workers: int = 1, log: Path | None = None
) -> Iterator[str]:
    """Serve the API in a process of its own, on a free port of this computer; yield its address.

    When the block ends, so does the server. It ends with this process, too, even if that is killed:
    it watches a pipe that the operating system closes then.

    Parameters
    ----------
    database : URL of the database, like "sqlite:////srv/shop.sqlite".
    tokens : file of the tokens, from `tokens.add_token`.
    workers : number of processes that answer.
    log : file to which the server's log is appended; by default, it is not kept.

    Raises
    ------
    RuntimeError
        If the server does not answer within a minute; with the last lines of its log.
    """
    variables = {"SHOP_DATABASE": database, "SHOP_TOKENS": str(tokens)}
    command = [sys.executable, "-c", MAIN, str(workers)]
    with (
        log.open("ab+") if log else tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=os.environ | variables,
            # Ctrl-C, or "Interrupt kernel", is for the notebook; the server ends with the block.
            start_new_session=True,
        ) as server,
    ):
        try:
            port = server.stdout.readline().decode().strip()  # empty if the server has ended
            url = f"http://{HOST}:{port}"
            if not port or not answers(f"{url}/live", server):
                said.seek(0)
                lines = said.read().decode(errors="replace").splitlines()[-5:]
                raise RuntimeError("\n".join(["The server does not answer. It says:", *lines]))
            yield url
        finally:
            server.stdin.close()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def answers(url: str, server: subprocess.Popen) -> bool:
    """Wait for an answer, for a minute at most; return whether it came."""
    end = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url, trust_env=False)  # there is no proxy between us and this computer
            return True
        time.sleep(0.05)
    return False


def run(listening: socket.socket, workers: int = 1, connections: int = 1000) -> None:
    """Answer requests until the process is told to end; what is being answered is finished first.

    Parameters
    ----------
    listening : bound socket, as from `bind`.
    workers : number of processes. They share the socket, and a supervisor replaces one that dies.
    connections : open ones at most, in each worker; half of the files that it may open, if less.
    """
    set_up_log()
    connections = min(connections, open_files() // 2)
    config = uvicorn.Config(
        API,
        factory=True,
        workers=workers,
        http=BusyFirst,
        limit_concurrency=connections,
        # asyncio accepts so many at once before any is given up, and while those are being closed,
        # up to four times: the other half of the files is for them.
        backlog=max(1, connections // 8),
        access_log=False,  # it names paths, which hold user ids; the API has a log of its own
        log_config=None,  # the API's own
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_worker_healthcheck=60,  # on a busy computer, a worker takes long to start
    )
    with contextlib.ExitStack() as at_end:
        at_end.enter_context(contextlib.suppress(KeyboardInterrupt))  # uvicorn raises it once more
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listening])
        else:
            # Where the workers put their metrics, so that each can tell those of all.
            place = at_end.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = place
            Multiprocess(config, [listening]).run()


class BusyFirst(H11Protocol):
    """HTTP that closes, when too many connections are open, the oldest that asks for nothing.

    So connections that never send a request can't keep out those that do.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Make room, and go on."""
        self.since = self.loop.time()
        if len(self.connections) >= self.limit_concurrency - 1:
            idle = (c for c in self.connections if not c.cycle or c.cycle.response_complete)
            if oldest := min(idle, key=lambda each: each.since, default=None):
                oldest.transport.abort()
                self.connections.discard(oldest)  # it is lost later
        super().connection_made(transport)


def open_files() -> int:
    """Return how many files this process may open."""
    if os.name == "nt":
        return 8192
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def bind(port: int = 0, host: str = HOST) -> socket.socket:
    """Return a socket bound to a port, by default of this computer only; 0 chooses a free one."""
    # asyncio turns off Nagle's algorithm, which would delay each answer by 40 ms, only where the
    # socket itself says that it is TCP.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":  # where it would let two servers share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.set_inheritable(True)
    return listening


def end_after(wait: Callable[[], object]) -> None:
    """End this process, gracefully, as soon as a function returns; it runs in a thread."""

    def watch() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def end_with_supervisor() -> None:
    """End this process with the one that started it as a worker, even if that is killed."""
    if parent := multiprocessing.parent_process():
        end_after(parent.join)


def main() -> None:
    """Serve for the process that `serving` is in: say the port, and end with that process."""
    listening = bind()
    # Until nobody holds the other end; sys.stdin itself has a lock that would be in the way then.
    end_after(io.FileIO(0, closefd=False).readall)
    print(listening.getsockname()[1], flush=True)
    run(listening, int(sys.argv[1]))
