import pandas as pd
import pytest

from helpers import value
from helpers.data.sources import load_cdnow


@pytest.fixture(scope="package")
def cdnow() -> pd.DataFrame:
    """RFM of the 1/10 sample over all of its 18 months, until the day of the last purchase."""
    return value.rfm(load_cdnow(sample=True))
