"""MLflow's page in a real browser: it shows the runs, and asks no other host for anything."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from tools import env

SCREENSHOTS = env.ROOT / "screenshots"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page, served to this machine, with one small grid logged."""
    python = env.ready("tracking")
    variables = os.environ | {"WORKBOOK_MY_WORK": str(tmp_path_factory.mktemp("my_work"))}
    started = {"cwd": env.ROOT, "env": variables, "start_new_session": True}
    subprocess.run([python, "-m", "tests.tracking.tiny"], check=True, **started)
    command = [python, "-m", "tools.tracking", "page"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **started) as serving:
        try:
            address = re.search(r"http://\S+", serving.stdout.readline())[0]
            wait_for(address.partition("#")[0] + "health")
            yield address
        finally:
            os.killpg(serving.pid, signal.SIGINT)


def wait_for(url):
    for _ in range(480):
        try:
            return urllib.request.urlopen(url).close()
        except urllib.error.URLError:
            time.sleep(0.5)
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def page(browser, address):
    """A page that keeps what it asked for; other hosts are refused."""
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.asked = []

    def answer(route):
        host = urlparse(route.request.url).netloc
        page.asked.append(host)
        route.continue_() if host == urlparse(address).netloc else route.abort()

    page.route("**/*", answer)
    yield page
    page.close()


def test_the_runs_of_a_grid_are_seen(page, address):
    page.goto(address)
    page.get_by_role("link", name="list of ten").wait_for()
    page.locator("[role=row]", has_text="list of ten").get_by_role("button").first.click()
    for name in ("EASE, λ = 1", "EASE, λ = 2", "popularity"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "tracking.png")


def test_the_champion_has_its_alias(page, address):
    page.goto(re.sub("compare.*", "models/list%20of%20ten?workflowType=machine_learning", address))
    expect(page.get_by_text("champion").first).to_be_visible()


def test_no_other_host_was_asked(page, address):
    assert set(page.asked) == {urlparse(address).netloc}
