"""Every export is read exactly, or a question is asked, or a warning stands at the top."""

import pytest

from helpers import own_shop
from tests.own_shop import corpus
from tests.own_shop.recompute import MONEY, recomputed, table, wrong
from tools import report

pytestmark = pytest.mark.thorough
NAMES = list(corpus.DRESSES)
built = pytest.mark.skipif(not hasattr(report, "figures"), reason="no report.figures yet")


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """Write the export of a name."""
    folder = tmp_path_factory.mktemp("corpus")
    return lambda name: corpus.write(name, folder)


def check_sums(found: dict, lines: int) -> None:
    """Assert that lines and money add up."""
    assert found["lines_read"] == lines
    assert 0 < found["lines_used"] <= lines
    gross, discounts, refunds, net = (found[name] for name in MONEY)
    if None not in (gross, discounts, refunds):
        assert gross - discounts - refunds == pytest.approx(net, abs=0.005)


@built
@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_wrong_without_a_word(name, export):
    one, question = export(name), None
    try:
        found = report.figures(one.file)
    except own_shop.OwnShopError as error:
        question = error
    if question:
        assert one.may_ask, f"needless question: {question}"
        assert isinstance(question, own_shop.Question) or not one.said, question
        return
    assert not wrong(found, one.truth) or (one.needs_warning and found["warnings"])
    assert found["warnings"] or not one.needs_warning
    check_sums(found, one.lines)


@built
@pytest.mark.parametrize("name", [name for name in NAMES if corpus.DRESSES[name].said])
def test_what_the_user_says_makes_it_exact(name, export):
    one = export(name)
    options = own_shop.read_map(one.said)
    found = report.figures(one.file, options)
    differs = wrong(found, one.truth)
    assert not differs or (one.needs_warning and not one.may_ask and found["warnings"])
    check_sums(found, one.lines)
    accounts = report.read(one.file, options).accounts
    left_out = sum(lines for _, lines in accounts.left_out)
    assert accounts.lines_read == accounts.lines_used + left_out


# Is the corpus itself right? The truth of these takes more than a dozen lines to find in the file.
HARD = {
    "shopify_partial_refunds",
    "refunded_amount_beside_total",
    "refunded_amount_alone",
    "paypal",
}
SIMPLE = [name for name in NAMES if corpus.DRESSES[name].said and name not in HARD]


def test_there_are_at_least_60_exports_of_a_dozen_languages():
    assert len(NAMES) >= 60
    assert len({one.language for one in corpus.DRESSES.values()}) == 12


@pytest.mark.parametrize("name", SIMPLE)
def test_the_file_says_what_is_called_its_truth(name, export):
    one, write = export(name), corpus.DRESSES[name].write
    found = recomputed(one, write) | {day: getattr(one.truth, day) for day in ("first", "last")}
    if one.truth.net is None:
        found |= dict.fromkeys(MONEY)
    assert not wrong(found, one.truth)
    assert len(table(one, write)) == one.lines
