"""What asks the API, and what kills the nightly job: two processes of a lesson beside its own."""

import multiprocessing
import time
from pathlib import Path

import httpx

from apps.service.database import open_database
from apps.service.scoring import score
from helpers.data.schema import Shop


def connect(url: str, token: str = "") -> httpx.Client:
    """Return a client of the API, to be closed in the end: ``connect(url).get("/ready")``.

    Parameters
    ----------
    url : address of the API, as from `serving`.
    token : token to send with each request; by default none.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # An API on this computer is asked without the proxy that the environment may name.
    return httpx.Client(base_url=url, headers=headers, trust_env=False)


def kill_job(
    database: str, shop: Shop, as_of: str, folder: Path, *, after: str, seconds: float = 60
) -> None:
    """Start the nightly job in a process of its own, and kill that in the middle of its work.

    The process gets SIGKILL, after which no program can tidy up anything.

    Parameters
    ----------
    database : URL of the database.
    shop, as_of, folder : as for `score`.
    after : file of an intermediate result, such as "features.parquet"; once it is there, the job is
        killed.
    seconds : how long to wait for the file.

    Raises
    ------
    RuntimeError
        If the job ended, or the seconds passed, without the file.
    """
    process = multiprocessing.get_context("spawn").Process(
        target=_night, args=(database, shop, as_of, folder), daemon=True
    )
    process.start()
    end = time.monotonic() + seconds
    while process.is_alive() and not any(folder.rglob(after)) and time.monotonic() < end:
        time.sleep(0.002)
    process.kill()
    process.join()
    if not any(folder.rglob(after)):
        raise RuntimeError(f"The job ended, or {seconds} seconds passed, without {after}.")


def _night(database: str, shop: Shop, as_of: str, folder: Path) -> None:
    score(open_database(database), shop, as_of, folder=folder)
