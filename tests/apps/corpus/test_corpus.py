"""Every export is read exactly, or a question is asked, or a warning stands at the top."""

import functools
import os

import pytest

from apps.report import own_shop
from tests.apps.corpus import makes, traps  # noqa: F401  they fill DRESSES
from tests.apps.corpus.dressing import DRESSES, Export
from tests.apps.corpus.simulated_shop import MONEY, wrong
from tools import report

NAMES = list(DRESSES)
# Where a question may be asked; with WORKBOOK_RUNS, all roles of all the others are said, too.
ANSWERED = [
    name
    for name, one in DRESSES.items()
    if one.said and (one.may_ask or ("WORKBOOK_RUNS" in os.environ and not one.needs_warning))
]


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """Write the export of a name."""
    folder = tmp_path_factory.mktemp("corpus")
    return functools.cache(lambda name: DRESSES[name].export(name, folder))


def check(one: Export, shop: own_shop.OwnShop) -> None:
    """Assert that the figures are true or warned of, and that lines and money add up.

    A figure may be missing, if a warning says so.
    """
    found, accounts = report.figures(shop), shop.accounts
    assert found["warnings"] or not one.needs_warning
    differs = {name: pair for name, pair in wrong(found, one.truth).items() if pair[0] is not None}
    assert not differs or one.needs_warning
    assert None not in (found["net"], found["customers"]) or found["warnings"]
    left_out = sum(lines for _, lines in accounts.left_out)
    assert found["lines_read"] == one.lines == accounts.lines_used + left_out
    assert found["lines_used"] == accounts.lines_used > 0
    gross, discounts, refunds, net = (found[name] for name in MONEY)
    if None not in (gross, discounts, refunds):
        assert gross - discounts - refunds == pytest.approx(net, abs=0.005)


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_wrong_without_a_word(name, export):
    one = export(name)
    if not one.may_ask:
        check(one, report.read(one.file))
        return
    try:
        shop = report.read(one.file)
    except own_shop.OwnShopError:
        return  # to ask is right
    check(one, shop)


@pytest.mark.parametrize("name", ANSWERED)
def test_the_answer_to_a_question_makes_it_exact(name, export):
    one = export(name)
    shop = report.read(one.file, own_shop.read_map(one.said))
    check(one._replace(needs_warning=False), shop)
