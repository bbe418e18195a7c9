"""All settings of the service, in one place: from the environment, or from a file.

Each is a variable with the prefix SHOP_, such as SHOP_RATE. The file shop.env in the working
directory, or the one that SHOP_SETTINGS names, holds lines like ``SHOP_RATE=50``; what the
environment says goes first.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

MY_WORK = Path(__file__).parents[2] / "my_work"  # where a learner's own copies are


class Settings(BaseSettings):
    """What an operator decides."""

    model_config = SettingsConfigDict(
        env_prefix="SHOP_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    # Of the job's intermediate results, and of what has no other place.
    folder: Path = Field(
        default_factory=lambda: Path(os.environ.get("WORKBOOK_MY_WORK", MY_WORK), "production")
    )
    database: str = Field(
        default_factory=lambda known: f"sqlite:///{known['folder'] / 'shop.sqlite'}",
        repr=False,  # it may hold a password; an engine's URL prints without it
    )
    tokens: Path = Field(default_factory=lambda known: known["folder"] / "tokens.json")

    host: str = "127.0.0.1"  # this computer only; in a container: 0.0.0.0
    port: NonNegativeInt = 8000
    workers: PositiveInt = 1
    connections: PositiveInt = 1000  # that a worker holds open
    body: PositiveInt = 10_000  # bytes; an event has a few hundred

    # Requests per second and at once, in each worker: of a token, and of a visitor of the website.
    rate: PositiveFloat = 100
    burst: PositiveInt = 200
    visitor_rate: PositiveFloat = 5
    visitor_burst: PositiveInt = 50

    answer: PositiveFloat = 4  # seconds after which a request is refused, whatever it waits for
    wait: PositiveFloat = 2  # seconds to wait for a lock, or for a connection to the database
    pool: PositiveInt = 15  # connections to the database of a worker

    erased: Literal["refuse", "anonymize"] = "refuse"  # events of an erased user


def read_settings() -> Settings:
    """Return the settings as the environment and the file have them now."""
    file = os.environ.get("SHOP_SETTINGS")
    if file and not Path(file).is_file():
        raise FileNotFoundError(f"There is no file of settings {file}; SHOP_SETTINGS names it.")
    return Settings(_env_file=file or "shop.env")
