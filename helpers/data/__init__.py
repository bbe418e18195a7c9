"""Data: loading, schemas and input checks, data cleaning, and the simulator of the course's shop.

Lessons load data here, ``from helpers.data import load_shop``, and clean it with `cleaning`; `shop`
is the simulator. All other packages check their input with `checks`.
"""

from helpers.data.desk import load_help_desk, load_intents, load_stored_encoder
from helpers.data.fashion import (
    load_clothing_reviews,
    load_contextual_vectors,
    load_fashion_photos,
)
from helpers.data.mailers import load_complete_journey_mailers
from helpers.data.open_bandit import load_open_bandit
from helpers.data.scale import load_scale_limits
from helpers.data.sources import (
    load_cdnow,
    load_complete_journey,
    load_movielens_small,
    load_online_retail,
    load_online_shoppers,
    load_raw_shop,
    load_shop,
    load_shop_key,
    online_retail_order_lines,
)

__all__ = [
    "load_cdnow",
    "load_clothing_reviews",
    "load_complete_journey",
    "load_complete_journey_mailers",
    "load_contextual_vectors",
    "load_fashion_photos",
    "load_help_desk",
    "load_intents",
    "load_movielens_small",
    "load_online_retail",
    "load_online_shoppers",
    "load_open_bandit",
    "load_raw_shop",
    "load_scale_limits",
    "load_shop",
    "load_shop_key",
    "load_stored_encoder",
    "online_retail_order_lines",
]
