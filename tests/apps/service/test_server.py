"""The server in a process of its own: it starts, it answers, and it is gone afterward."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from apps.service.database import open_database, upgrade
from apps.service.server import answers, bind, serving
from apps.service.tokens import add_token
from tests.apps.service.small import KNOWN, fill

PARENT = """
import sys, time
from pathlib import Path
from apps.service.server import serving
with serving(sys.argv[1], Path(sys.argv[2]), workers=int(sys.argv[3])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def filled(url):
    """The URL of a database with the small shop."""
    engine = open_database(url)
    upgrade(engine)
    fill(engine)
    engine.dispose()
    return url


def answer(url, token=""):
    asked = Request(url, headers={"Authorization": f"Bearer {token}"})
    return build_opener(ProxyHandler({})).open(asked, timeout=10).read().decode()


def is_gone(url):
    """Whether nobody listens anymore, within ten seconds."""
    for _ in range(100):
        try:
            answer(f"{url}/live")
        except OSError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("workers", [1, 2])
def test_it_serves_for_as_long_as_the_block(filled, tmp_path, workers):
    token, log = add_token(tmp_path / "tokens.json", "test", "read"), tmp_path / "log"
    with serving(filled, tmp_path / "tokens.json", workers=workers, log=log) as url:
        assert '"I0001"' in answer(f"{url}/users/{KNOWN}/recommendations", token)
    assert is_gone(url)
    written = log.read_text()
    entries = [json.loads(line) for line in written.splitlines()]
    assert entries[0]["message"] == "start"
    (asked,) = (each for each in entries if each.get("route") == "/users/{user_id}/recommendations")
    assert (asked["client"], asked["status"]) == ("test", 200)
    if filled.startswith("sqlite"):  # closed, it has no second file
        assert not list(tmp_path.glob("shop.sqlite-*"))
    assert KNOWN not in written
    assert token not in written


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_when_its_parent_is_killed(tmp_path, workers):
    arguments = [f"sqlite:///{tmp_path / 'shop.sqlite'}", str(tmp_path / "tokens.json"), workers]
    command = [sys.executable, "-c", PARENT, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        url = parent.stdout.readline().strip()
        assert not url.endswith(":")
        parent.send_signal(signal.SIGKILL)
    assert is_gone(url)


def test_it_ends_when_the_block_fails(tmp_path):
    database, tokens = f"sqlite:///{tmp_path / 'shop.sqlite'}", tmp_path / "tokens.json"
    with pytest.raises(KeyError), serving(database, tokens) as url:
        raise KeyError
    assert is_gone(url)


def test_a_server_that_does_not_start_says_why(tmp_path):
    (tmp_path / "tokens.json").write_text("secret")
    with (
        pytest.raises(RuntimeError, match="no file of tokens"),
        serving(f"sqlite:///{tmp_path / 'shop.sqlite'}", tmp_path / "tokens.json"),
    ):
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_it_in_silence(tmp_path, workers):
    command = "from apps.service.server import *; socket = bind(); "
    command += f"print(socket.getsockname()[1], flush=True); run(socket, {workers})"
    database, tokens = f"sqlite:///{tmp_path / 'shop.sqlite'}", str(tmp_path / "tokens.json")
    with subprocess.Popen(
        [sys.executable, "-c", command],
        env=os.environ | {"SHOP_DATABASE": database, "SHOP_TOKENS": tokens},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        port = server.stdout.readline().strip()
        assert answers(f"http://127.0.0.1:{port}/live", server)
        for _ in range(workers):  # one that is still importing ends with a traceback
            assert any('"message": "start"' in line for line in server.stderr)
        os.killpg(server.pid, signal.SIGINT)  # as a terminal does
        said = server.communicate(timeout=20)[1]
    assert server.returncode == 0
    assert "Traceback" not in said


def test_the_api_does_not_load_what_models_are_made_with():
    program = "import sys, apps.service.api; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.fixture
def documented(tmp_path):
    """The server as OPERATORS.md starts it, with some workers; its process, and its address."""

    started = []

    def start(workers, **more):
        add_token(tmp_path / "tokens.json", "test", "read")
        with bind() as free:
            port = str(free.getsockname()[1])
        upgrade(engine := open_database(f"sqlite:///{tmp_path / 'shop.sqlite'}"))
        engine.dispose()
        settings = {"SHOP_FOLDER": str(tmp_path), "SHOP_PORT": port, "SHOP_WORKERS": str(workers)}
        with (tmp_path / "log").open("wb") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "tools.serve", "run"],
                env=os.environ | settings,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                **more,
            )
        started.append(server)
        url = f"http://127.0.0.1:{port}"
        assert answers(f"{url}/live", server), (tmp_path / "log").read_text()
        return server, url

    yield start
    for server in started:
        server.kill()
        server.wait()


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_documented_start_ends_all_of_it(documented, tmp_path, workers, kind):
    server, url = documented(workers)
    server.send_signal(kind)
    server.wait(15)
    assert is_gone(url)
    if kind == signal.SIGTERM:
        assert not list(tmp_path.glob("shop.sqlite-*"))
        assert "Traceback" not in (tmp_path / "log").read_text()


def test_metrics_are_those_of_all_workers(documented):
    _, url = documented(2)
    before = [answer(f"{url}/live") for _ in range(20)]
    counted = re.search('count{route="/live",status="200"} (\\d+)', answer(f"{url}/metrics"))
    assert int(counted[1]) >= len(before)


def test_connections_that_ask_nothing_keep_nobody_out(documented, tmp_path):
    """300 half-open connections, and 256 files: the server answers, and the log stays small."""
    few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))  # noqa: E731
    _, url = documented(1, preexec_fn=few)
    port = int(url.rpartition(":")[2])
    half = []
    for _ in range(300):
        half.append(socket.create_connection(("127.0.0.1", port)))
        half[-1].sendall(b"GET /live HTTP/1.1\r\n")
    started = time.monotonic()
    assert [answer(f"{url}/live") for _ in range(5)] == ['{"live":true}'] * 5
    assert time.monotonic() - started < 5
    for each in half:
        each.close()
    assert len((tmp_path / "log").read_bytes()) < 20_000
