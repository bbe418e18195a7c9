"""What MLflow has after a grid was logged: once, twice, and after an interruption."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest

from tests.tracking import tiny
from tools import tracking
from tools.env import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # MLflow's own


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_MY_WORK", str(tmp_path / "my_work"))
    for name, value in tracking.SETTINGS.items():
        monkeypatch.setenv(name, value)
    return tracking.database().parent


def logged():
    client = tracking.client()
    experiments = [each.experiment_id for each in client.search_experiments()]
    return {run.info.run_name: run for run in client.search_runs(experiments)}, client


def versions(client):
    found = client.search_model_versions("name = 'list of ten'")
    return {int(each.version): each.description for each in found}


def test_a_grid_is_a_run_with_a_run_inside_for_each_model():
    assert tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT) == "3 models, champion EASE, λ = 2"
    runs, client = logged()
    outer = runs.pop("list of ten")
    assert set(runs) == set(tiny.MODELS)
    for run in runs.values():
        assert run.data.tags["mlflow.parentRunId"] == outer.info.run_id
        assert run.data.tags["mlflow.source.git.commit"] == tiny.COMMIT
        assert run.inputs.dataset_inputs[0].dataset.digest == tiny.DATA[:8]
    one = runs["EASE, λ = 2"].data
    assert (one.params["model"], one.params["regularization"]) == ("EASE", "2")
    # (.3 + .3 + .5 + .5 + .9) / 5
    assert one.metrics["ndcg"] == pytest.approx(0.5)
    assert one.metrics["validation_ndcg"] == 0.5
    files = {each.path for each in client.list_artifacts(outer.info.run_id)}
    assert files == {"results.csv", "results.png"}
    (parameters,) = client.list_artifacts(runs["popularity"].info.run_id, "model")
    assert parameters.path == "model/parameters.json"


def test_the_best_is_champion_and_the_best_of_another_kind_challenger():
    tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT)
    _, client = logged()
    names = {
        alias: client.get_model_version_by_alias("list of ten", alias).description
        for alias in ("champion", "challenger")
    }
    # On the validation set, .5 is first; .4 is second, but it is an EASE, too.
    assert names == {"champion": "EASE, λ = 2", "challenger": "popularity"}


def test_why_it_is_the_champion():
    tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT)
    said = tracking.best()
    # For every user .2 more than popularity, so any resampling of users gives .2, too.
    assert "list of ten: +0.2000 (+0.2000 to +0.2000), it leads" in said
    assert re.search(r"challenger +popularity +ndcg +0\.3 +0\.3 +0\.1 +0\.7", said)


def test_logging_twice_doubles_nothing():
    tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT)
    assert tracking.log(tiny.grid(), tiny.DATA, "another commit") == "is there already"
    _, client = logged()
    assert len(client.search_runs(["1"])) == 4
    assert versions(client) == {1: "EASE, λ = 2", 2: "popularity"}


@pytest.mark.parametrize("changed", ["data", "models"])
def test_other_data_or_hyperparameters_are_a_new_grid(changed):
    tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT)
    if changed == "data":
        tracking.log(tiny.grid(), "e" * 64, tiny.COMMIT)
    else:
        models = {name: model for name, model in tiny.MODELS.items() if "1" not in name}
        tracking.log(tiny.grid(models=models), tiny.DATA, tiny.COMMIT)
    _, client = logged()
    names = Counter(run.info.run_name for run in client.search_runs(["1"]))
    assert names["list of ten"] == names["popularity"] == 2
    assert int(client.get_model_version_by_alias("list of ten", "champion").version) == 3


@pytest.mark.parametrize("moment", ["lead", "figure", "register"])
def test_killed_and_started_again_is_as_if_nothing_had_happened(moment):
    killed = (
        "import os, signal; from tests.tracking import tiny; from tools import tracking\n"
        f"real = tracking.{moment}\n"
        "def kill(*words):\n"
        f"    if '{moment}' != 'register' or words[1] == 'challenger':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(*words)\n"
        f"tracking.{moment} = kill; tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT)"
    )
    ended = subprocess.run([sys.executable, "-c", killed], cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    with pytest.raises(SystemExit, match="Nothing is logged yet"):
        tracking.best()
    assert tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT).startswith("3 models")
    runs, client = logged()
    assert len(client.search_runs(["1"])) == 4
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    assert sorted(versions(client).values()) == ["EASE, λ = 2", "popularity"]


# ---------------------------------------------------------------- nothing leaves the machine


@pytest.fixture
def proxy():
    """A proxy for all requests to other hosts; it answers none of them and counts them."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        yield listening


def outside(proxy, **more):
    """The variables of a process that is no test and whose requests go to our proxy."""
    in_a_test = ("CI", "GITHUB_ACTIONS", "PYTEST_CURRENT_TEST")  # there MLflow is silent anyway
    ours = {name: value for name, value in os.environ.items() if name not in in_a_test}
    address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
    names = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"]
    return ours | dict.fromkeys(names, address) | {"NO_PROXY": "127.0.0.1"} | more


def asked(proxy):
    try:
        proxy.accept()[0].close()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("setting", ["true", "false"])
def test_mlflow_reports_to_nobody_because_of_our_setting(proxy, setting):
    variables = outside(proxy, MLFLOW_DISABLE_TELEMETRY=setting)
    subprocess.run(
        [sys.executable, "-m", "tests.tracking.tiny"], cwd=ROOT, env=variables, check=True
    )
    # With "false" it does: so this test would see a request.
    assert asked(proxy) == (setting == "false")


def test_the_page_is_for_this_machine_and_stops_with_ctrl_c(proxy):
    tracking.log(tiny.grid(), tiny.DATA, tiny.COMMIT)
    command = [sys.executable, "-m", "tools.tracking", "page"]
    variables = outside(proxy)
    del variables["MLFLOW_DISABLE_TELEMETRY"]  # the command sets it
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as serving:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+/", serving.stdout.readline())[0]
            assert wait_for(address + "health") == b"OK"
        finally:
            os.killpg(serving.pid, signal.SIGINT)
        assert serving.wait(60) == 0
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address)
    assert not asked(proxy)


def wait_for(url):
    for _ in range(480):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read()
        except urllib.error.URLError:
            time.sleep(0.5)
    return None
