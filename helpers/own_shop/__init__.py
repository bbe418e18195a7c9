"""Your own shop: from one file with columns of any name to clean order lines."""

from helpers.own_shop.dates import read_dates
from helpers.own_shop.form import FileForm
from helpers.own_shop.options import Options, read_map
from helpers.own_shop.questions import OwnShopError, Question
from helpers.own_shop.shop import OwnShop, from_shop, read_own_shop

__all__ = [
    "FileForm",
    "Options",
    "OwnShop",
    "OwnShopError",
    "Question",
    "from_shop",
    "read_dates",
    "read_map",
    "read_own_shop",
]
