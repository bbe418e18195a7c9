"""The stored learning curve: complete, and made again at one point."""

import numpy as np
import pytest

from helpers import churn
from helpers.churn import learning_curve


def test_it_holds_every_shop_size_and_model_once():
    curve = churn.load_learning_curve()
    assert len(curve) == len(learning_curve.SEEDS) * (1 + len(learning_curve.CUSTOMERS) * 7)
    assert not curve.duplicated(["shop", "customers", "model"]).any()
    assert curve["auc"].between(0.5, 0.9).all()


@pytest.mark.no_cover  # it takes half a minute as it is
def test_the_point_of_500_customers_is_what_the_command_measures():
    shop = churn.load_learning_curve().query("shop == 0 and customers <= 500")
    measured = [auc for *_, auc in learning_curve.measure(0, [500])]
    assert np.allclose(shop["auc"], measured, atol=1e-4)
