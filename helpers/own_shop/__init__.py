"""Your own shop: from one file with columns of any name to clean order lines."""

from helpers.own_shop.dates import read_dates
from helpers.own_shop.file import OwnShopError
from helpers.own_shop.shop import from_shop, read_own_shop

__all__ = ["OwnShopError", "from_shop", "read_dates", "read_own_shop"]
