"""Your own shop: from one file with columns of any name to clean order lines."""

from apps.report.own_shop.dates import read_dates
from apps.report.own_shop.form import FileForm
from apps.report.own_shop.options import Options, read_map
from apps.report.own_shop.questions import OwnShopError, Question
from apps.report.own_shop.shop import OwnShop, from_shop, read_own_shop

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
