"""The clean shop of the course, kept in a file: every lesson starts by loading it.

The file records the data and the code from which it was made. If these have changed, or if the file
is damaged or missing, the shop is built again. If the file can't be written, the shop is built
every time.
"""

import contextlib
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow

from helpers.data.schema import TABLES, Shop

FILE = Path(__file__).parents[2] / ".cache" / "shop.zip"


def kept_shop(make: Callable[[], Shop], raw: Path) -> Shop:
    """Return the stored shop if it is what `make` would return; otherwise make it and store it.

    Parameters
    ----------
    make : makes the shop from the files in `raw`, with the code of this package.
    raw : folder of the raw export.
    """
    origin = _origin(raw)
    with contextlib.suppress(Exception):  # however the file is damaged, the shop can be made again
        return _read(origin)
    shop = make()
    with contextlib.suppress(OSError):  # a drive that is read-only or full
        _write(shop, origin)
    return shop


def _origin(raw: Path) -> bytes:
    """Return a hash of what the shop depends on: the data, the code, the libraries."""
    files = [*raw.glob("*.csv"), *Path(__file__).parent.rglob("*.py")]
    digest = hashlib.sha256(f"pandas {pd.__version__}, pyarrow {pyarrow.__version__}".encode())
    for file in sorted(files):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest().encode()


def _read(origin: bytes) -> Shop:
    with zipfile.ZipFile(FILE) as file:  # a damaged file fails its checksums
        if file.comment != origin:
            raise LookupError("made of other data or by other code")
        return Shop(**{name: pd.read_parquet(io.BytesIO(file.read(name))) for name in TABLES})


def _write(shop: Shop, origin: bytes) -> None:
    """Write the file whole or not at all, though another kernel may write it at the same time."""
    FILE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FILE.parent) as folder:
        half = Path(folder) / FILE.name
        with zipfile.ZipFile(half, "w") as file:
            file.comment = origin
            for name, table in shop:  # without the time of day, so that the bytes are the same
                file.writestr(zipfile.ZipInfo(name), table.to_parquet())
        half.replace(FILE)
