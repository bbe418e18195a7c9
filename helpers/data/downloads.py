"""Downloads on request, verified by their SHA-256 and kept in a cache folder."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import platformdirs
import pooch
import requests


def cache() -> Path:
    """Return the folder of downloads: ``$WORKBOOK_DATA``, or the user's cache folder."""
    default = platformdirs.user_cache_path("user-value-workbook")
    return Path(os.environ.get("WORKBOOK_DATA") or default)


class DownloadError(RuntimeError):
    """The data are not on this computer and could not be downloaded."""


class Download(NamedTuple):
    """A file to download: its URL, the file that is kept, and the SHA-256 of both."""

    title: str
    url: str
    sha256: str | None  # of the download, if known
    file: str  # what is kept in the cache
    file_sha256: str
    unpack: Callable[[Path, Path], object]  # from the download to what is kept


def _unzip_shoppers(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        target.write_bytes(content.read("online_shoppers_intention.csv"))


def _convert_retail(archive: Path, target: Path) -> None:
    """Convert the spreadsheet in UCI's archive to a parquet file, which is faster to read."""
    with zipfile.ZipFile(archive) as content, content.open("Online Retail.xlsx") as sheet:
        retail = pd.read_excel(
            sheet,
            engine="calamine",
            dtype=dict.fromkeys(["InvoiceNo", "StockCode", "Description", "Country"], str),
            keep_default_na=False,
            na_values=[""],
        )
    retail["InvoiceDate"] = retail["InvoiceDate"].dt.round("s").astype("datetime64[us]")
    retail = retail.astype({"Quantity": "int32", "UnitPrice": "float64", "CustomerID": "Int32"})
    retail.to_parquet(target, index=False)


DOWNLOADS = {
    "online_retail": Download(
        "Online Retail",
        "https://archive.ics.uci.edu/static/public/352/online+retail.zip",
        "f5385cbb54bbebf7196389109c6b0621faab0c304e3702548165e71c84aede8b",
        "online_retail.parquet",
        "e050e694e70da607ac1f390405e62050e018ffb14dc8b947a85c8ae4701d0bcb",
        _convert_retail,
    ),
    "online_shoppers": Download(
        "Online Shoppers Purchasing Intention",
        "https://archive.ics.uci.edu/static/public/468/online+shoppers+purchasing+intention+dataset.zip",
        None,
        "online_shoppers_intention.csv",
        "b3055ee355f59134d851d32641183cb4a8b45def7124d2f50442a042f358e0d9",
        _unzip_shoppers,
    ),
    "movielens_small": Download(
        "MovieLens latest-small",
        "https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
        "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
        "ml-latest-small.zip",
        "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
        shutil.move,
    ),
}


def is_cached(name: str) -> bool:
    """Return whether a download is in the cache, complete.

    Examples
    --------
    >>> is_cached("online_retal")
    Traceback (most recent call last):
        ...
    ValueError: There is no download "online_retal"; the names are online_retail, online_shoppers,
    movielens_small.
    """
    download = _download(name)
    path = cache() / download.file
    if not path.is_file():
        return False
    proof = _proof(path)
    known = {download.file_sha256, proof.read_text().strip() if proof.is_file() else None}
    return pooch.file_hash(str(path)) in known


def fetch(name: str) -> Path:
    """Return the path of a download in the cache; fetch it first if it is not there.

    Raises
    ------
    DownloadError
        If it can't be fetched, or has changed. Then nothing is saved.
    """
    download = _download(name)
    target = cache() / download.file
    if is_cached(name):
        return target
    with workplace() as half:
        archive, kept = half / "archive", half / download.file
        _retrieve(name, download, archive)
        try:
            download.unpack(archive, kept)
        except (zipfile.BadZipFile, KeyError) as error:
            raise _changed(download, "not a valid archive of it", download.file_sha256) from error
        digest = pooch.file_hash(str(kept))
        if digest != download.file_sha256:
            if download.sha256 is None:
                raise _changed(download, f"sha256 {digest[:12]}…", download.file_sha256)
            # Converted from a verified download; its hash depends on the library that wrote it.
            _proof(target).write_text(digest + "\n")
        kept.replace(target)
    return target


def _retrieve(name: str, download: Download, archive: Path) -> None:
    load = pooch.HTTPDownloader(progressbar=True, timeout=30)
    for attempt in (1, 2):
        try:
            load(download.url, str(archive), None)
            break
        except requests.RequestException as error:
            if error.response is not None:
                error.response.close()
            if attempt == 2:
                raise DownloadError(
                    f"{download.title} is not on this computer and could not be downloaded "
                    f"({type(error).__name__}); when you are online, run "
                    f"`python -m tools.data {name}`, which saves it in {cache()}."
                ) from error
    digest = pooch.file_hash(str(archive))
    if download.sha256 not in (None, digest):
        raise _changed(download, f"sha256 {digest[:12]}…", download.sha256)


def _changed(download: Download, found: str, known: str) -> DownloadError:
    return DownloadError(
        f"{download.title}: the file at {download.url} is not the one this course was tested with "
        f"({found}, not sha256 {known[:12]}…), so it was not kept. Try again; if this error comes "
        "back, tell the authors."
    )


def _proof(path: Path) -> Path:
    """Return the path of the file with the SHA-256 of a file converted on this computer."""
    return path.with_name(path.name + ".sha256")


@contextmanager
def workplace() -> Iterator[Path]:
    """Make a temporary folder in the cache; files not moved out of it are deleted."""
    try:
        cache().mkdir(parents=True, exist_ok=True)
        half = tempfile.TemporaryDirectory(prefix="unfinished-", dir=cache())
    except OSError as error:
        raise DownloadError(
            f"The cache folder {cache()} cannot be written to ({error.strerror}); "
            "set the environment variable WORKBOOK_DATA to another folder."
        ) from error
    with half as path:
        yield Path(path)


def _download(name: str) -> Download:
    if name not in DOWNLOADS:
        raise ValueError(f'There is no download "{name}"; the names are {", ".join(DOWNLOADS)}.')
    return DOWNLOADS[name]
