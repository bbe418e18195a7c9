"""The nightly batch job: score a shop as of an evening, and store the result as a new version.

A version is released only if it passes the release gate, see `apps.service.gate`.

The job may be killed at any moment and started again. What took long is kept in files, each of
which is there whole or not at all; and the database changes in one transaction at the end. So a
version is complete from its first moment, and the same data gives the same version.
"""

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from pyarrow import ArrowInvalid
from pyarrow.parquet import read_metadata
from sqlalchemy import Connection, Engine, func, insert, select

from apps.service import tables
from apps.service.database import append, upsert, writing
from apps.service.erasure import erased_users, without_erased
from apps.service.features import Known, data_hash, in_utc, known_by, user_features
from apps.service.releases import NEWEST, RESULTS, add_release, objection
from helpers.data import checks
from helpers.data.schema import Shop

if TYPE_CHECKING:
    from apps.service.models import Parameters

USERS_AT_ONCE = 20_000  # whose lists are in memory


class Run(NamedTuple):
    """What a run of the job came to."""

    version: int
    new: bool  # False if it was there already
    released: bool  # by this run
    refused: str = ""  # why not, although it was to be


def score(
    engine: Engine,
    shop: Shop,
    as_of: str | pd.Timestamp | None = None,
    *,
    parameters: "Parameters | None" = None,
    folder: Path | None = None,
    release: bool = False,
) -> Run:
    """Score all users of a shop as of the evening of a day, and store a new version.

    If there is a version already of the same data, parameters, day and code, no other is made.

    Parameters
    ----------
    engine : database with the newest schema, see `upgrade`.
    shop : clean tables, see `known_by` for what they should and should not know.
    as_of : last day known, in the shop's local time; by default the day of the last order.
    parameters : by default `Parameters` with its own defaults.
    folder : where intermediate results are kept until the version is stored, so that a run that was
        killed goes on where it was; by default a temporary one.
    release : have the API serve the version from now on, unless something speaks against it: the
        release gate, a rollback of this version, or a later evening that is served. The first
        version is meant to be released in any case. The exploration stays as it is.
    """
    from apps.service import models  # here: see `compute`

    parameters = parameters or models.Parameters()
    if as_of is None:
        checks.require(shop.order_lines, ordered_at="datetime")
        as_of = shop.order_lines["ordered_at"].max()
    day = checks.as_day(as_of, "as_of")
    with engine.connect() as connection:
        known = without_erased(known_by(shop, day), erased_users(connection))
        row = {
            "as_of": day.date(),
            "git_commit": git_commit(),
            "data_hash": data_hash(known),
            "parameters": asdict(parameters),
        }
        made_of = json.dumps(row, sort_keys=True, default=str)
        fingerprint = row["fingerprint"] = hashlib.sha256(made_of.encode()).hexdigest()
        there = version_of(connection, fingerprint) is not None
    with TemporaryDirectory() as temporary:
        work = Path(folder or temporary) / fingerprint
        try:
            files = [] if there else compute(known, day, parameters, work)
            run = store(engine, known, row, files, release=release)
        except (FileNotFoundError, ArrowInvalid, json.JSONDecodeError) as error:
            shutil.rmtree(work, ignore_errors=True)
            said = f"Results in {work} are damaged or were deleted by an erasure. Run it again."
            raise ValueError(said) from error
        shutil.rmtree(work, ignore_errors=True)
    return run


def git_commit() -> str:
    """Return the commit that the code is at; "-dirty" if it has changed.

    Where there is no git, as in a container, it is what SHOP_COMMIT says, else "unknown".
    """
    folder = Path(__file__).parent
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--match="]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return os.environ.get("SHOP_COMMIT") or "unknown"
    return done.stdout.strip()


# ---------------------------------------------------------------- compute: files, each one whole


def compute(known: Known, day: pd.Timestamp, parameters: "Parameters", work: Path) -> list[Path]:
    """Compute all results that are not in the folder yet; return the file of each."""
    # Imported here, because the API imports this module by way of the package, and each of its
    # processes would hold all that models are made with.
    from apps.service import models

    features = user_features(known.order_lines, day)
    recommender = cache(lambda: models.fit_recommender(known, parameters))

    def lists(users: pd.Index) -> pd.DataFrame:
        return models.top_lists(recommender(), users)

    steps = {
        "features.parquet": lambda: features.reset_index(),
        "scores.parquet": lambda: models.user_scores(features, known, parameters).reset_index(),
        "measured.json": lambda: models.coupon_evidence(known, parameters),
        "popular.parquet": lambda: models.popular_items(recommender()),
    }
    for number, start in enumerate(range(0, len(features), USERS_AT_ONCE)):
        users = features.index[start : start + USERS_AT_ONCE]
        steps[f"recommendations-{number:05}.parquet"] = partial(lists, users)
    for name, make in steps.items():
        if not (work / name).exists():
            keep(make(), work / name)
    return [work / name for name in steps]


def keep(result: pd.DataFrame | dict, path: Path) -> None:
    """Write a result into a file, which is there only when it is complete."""
    content = json.dumps(result).encode() if isinstance(result, dict) else result.to_parquet()
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


# ---------------------------------------------------------------- store: one transaction


def store(engine: Engine, known: Known, row: dict, files: list[Path], *, release: bool) -> Run:
    """Store the results as a new version, and release it if it is the first or if asked to."""
    from apps.service.gate import judge  # here: see `compute`

    with writing(engine, alone=True) as connection:
        version = version_of(connection, row["fingerprint"])
        new = version is None
        if new:
            if set(erased_users(connection)) & set(known.users["user_id"]):
                raise ValueError("A user was erased while the job ran. Run it again.")
            version = (connection.scalar(select(func.max(tables.versions.c.version))) or 0) + 1
            store_shop(connection, known, row["as_of"])
            store_version(connection, version, row, files)
            judge(connection, known, version)
        served = connection.execute(NEWEST).first()
        wanted = served is None or (release and served.version != version)
        refused = objection(connection, version) if wanted else ""
        if wanted and not refused:
            reason = f"scored as of {row['as_of']}" if served else "the first version"
            add_release(connection, version, None, reason)
    return Run(version, new, wanted and not refused, refused)


def version_of(connection: Connection, fingerprint: str) -> int | None:
    """Return the version that was made of the same data by the same code, if there is one."""
    same = tables.versions.c.fingerprint == fingerprint
    return connection.scalar(select(tables.versions.c.version).where(same))


def store_shop(connection: Connection, known: Known, as_of: date) -> None:
    """Bring users and items up to date; those of a later evening are left as they are."""
    passed = tables.versions.c.refused.is_(None)
    newest = connection.scalar(select(func.max(tables.versions.c.as_of)).where(passed))
    for table in (tables.items, tables.users):
        frame = getattr(known, table.name)
        moments = frame.select_dtypes("datetime").apply(in_utc)
        overwrite = newest is None or newest <= as_of
        upsert(connection, table, frame.assign(**moments), overwrite=overwrite)


def store_version(connection: Connection, version: int, row: dict, files: list[Path]) -> None:
    """Store all that was computed for a version."""
    (measured,) = (file for file in files if file.name == "measured.json")
    parts = {name: [file for file in files if file.name.startswith(name)] for name in RESULTS}
    counts = {name: sum(read_metadata(f).num_rows for f in found) for name, found in parts.items()}
    row |= {"measured": json.loads(measured.read_text()), "row_counts": counts}
    row |= {"version": version, "made_at": datetime.now(UTC)}
    connection.execute(insert(tables.versions).values(row))
    for name, found in parts.items():
        for file in found:
            frame = pd.read_parquet(file).assign(version=version)
            append(connection, tables.metadata.tables[name], frame)
