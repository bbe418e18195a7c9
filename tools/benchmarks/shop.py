"""Simulating shops of all sizes, and cleaning the export of the course's."""

from tools.bench import Alone


def simulating(size: str, seconds: float, gigabytes: float) -> Alone:
    """Make the row of one size."""
    code = f"from helpers.data.shop import simulate; simulate({size!r})"
    return Alone(f"simulate a shop, {size}", code, seconds, gigabytes)


ROWS = [
    simulating("small", seconds=5, gigabytes=1),
    simulating("article", seconds=30, gigabytes=2),
    simulating("large", seconds=60, gigabytes=8),
    Alone(
        "read and clean the export",
        "from helpers.data import cleaning, load_raw_shop; cleaning.clean_shop(load_raw_shop())",
        seconds=8,
        gigabytes=1,
    ),
]
