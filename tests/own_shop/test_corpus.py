"""Every export is read exactly, or a question is asked, or a warning stands at the top."""

import re

import pandas as pd
import pytest

from helpers import own_shop
from tests.own_shop import corpus
from tools import report

pytestmark = pytest.mark.thorough
NAMES = list(corpus.DRESSES)
MONEY = ("gross", "discounts", "refunds", "net")
built = pytest.mark.skipif(not hasattr(report, "figures"), reason="no report.figures yet")


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """Write the export of a name."""
    folder = tmp_path_factory.mktemp("corpus")
    return lambda name: corpus.write(name, folder)


def wrong(found: dict, truth: corpus.Truth) -> dict:
    """Return the figures that differ from the truth, as name → (found, true)."""
    differs = {}
    for name, true in truth._asdict().items():
        if true is None and name in ("gross", "discounts", "refunds") and truth.net is not None:
            continue  # of what was paid, it may call all gross, or say nothing
        mine = found[name]
        same = (
            abs(mine - true) < 0.005 if name in MONEY and None not in (mine, true) else mine == true
        )
        if not same:
            differs[name] = (mine, true)
    return differs


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
    one = export(name)
    try:
        found = report.figures(one.file)
    except own_shop.OwnShopError as question:
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
    options = report.read_map(one.said)
    found = report.figures(one.file, **options)
    differs = wrong(found, one.truth)
    assert not differs or (one.needs_warning and not one.may_ask and found["warnings"])
    check_sums(found, one.lines)
    accounts = own_shop.read_own_shop(one.file, **options).accounts
    left_out = sum(lines for _, lines, _ in accounts.left_out)
    assert accounts.lines_read == accounts.lines_used + left_out


# The corpus itself: what is written says what is called its truth, by a dozen lines of pandas
GONE = (
    "cancel|void|declin|denied|fail|reject|trash|quotation|storn|abge(?!schl)|annul|anul|refus|erreur"
    "|échou|recusad|rechaz|rifiut|mislukt|makul|avbrut|odrzuc|zruš|[iİ]ptal|отмен|キャンセル|취소|取消"
    "|关闭"
)
BACK = (
    "^(?!not |part).*(?:refund|devol|devuel|reembols|rimbors|rembours|erstattet|retourn|terugbet"
    "|återbet|zwróc|vrác|[iİ]ade|возврат|返金|返品|환불|반품|退款)|credit memo|gutschrift"
)
# Their truth takes more than a dozen lines to find in the file.
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


def table(one: corpus.Export) -> pd.DataFrame:
    """Read a file as its maker would."""
    write = corpus.DRESSES[one.name].write
    match one.file.suffix:
        case ".xlsx" | ".ods":
            return pd.read_excel(one.file, engine="calamine")
        case ".parquet":
            return pd.read_parquet(one.file)
        case ".jsonl":
            return pd.read_json(one.file, lines=True)
        case ".gz" | ".zip":
            return pd.read_csv(one.file, dtype="str")
    frame = pd.read_csv(
        one.file,
        sep=write.sep,
        encoding=write.encoding,
        header=0 if write.header else None,
        skiprows=write.before.count("\n"),
        dtype="str",
    )
    if not write.header:
        frame.columns = [f"column {n}" for n in range(1, len(frame.columns) + 1)]
    return frame


def number(cell: object) -> float:
    """Read a number; a point or comma before the last one or two digits is the decimal one."""
    if not isinstance(cell, str):
        return float(cell)
    if cell.strip("-0123456789.") in ("e", "inf", "NaN", "Infinity"):
        return float("nan")
    whole, cents = re.fullmatch(
        r"(.*?)(?:[.,](\d{1,2}))?\D*", re.sub(r"[^\d.,]", "", cell)
    ).groups()
    digits = re.sub(r"\D", "", whole)
    return (-1 if "-" in cell else 1) * float(f"{digits}.{cents or 0}")


def recomputed(one: corpus.Export) -> dict:
    """Compute the figures from the file and from which column is what, as it is `said`."""
    roles = dict(re.findall(r"(?:^|,)(\w+)=(.*?)(?=,\w+=|$)", one.said))
    file = table(one)
    rows = pd.DataFrame({role: file[name] for role, name in roles.items() if name in file})
    if "event" in rows:
        rows = rows[rows.event.isin(["transaction", "purchase"])]
    if one.said.endswith(corpus.ONE_CURRENCY):
        euros = file.get("Currency", file["Unit Price"].str[0]).isin(["EUR", "€"])
        rows = rows[euros]
    by = "order_id" if "order_id" in rows else "session_id"
    if one.said.endswith(corpus.PAIRS) or by not in rows:
        rows[by] = rows.user_id + " " + rows.get(by, rows.time)
    rows[by] = rows[by].ffill()

    def told(role):  # also where it stands only on the first line of an order
        return rows.groupby(by)[role].ffill() if role in rows else pd.Series("", rows.index)

    def numbers(*names):
        role = next((name for name in names if name in rows), None)
        return rows[role].map(number) if role else pd.Series(float("nan"), rows.index)

    quantity = rows["quantity"].astype(str) if "quantity" in rows else pd.Series("1", rows.index)
    units, minus = quantity.str.extract(r"(\d+)")[0].astype(int), quantity.str.contains("-")
    signed = numbers("amount").fillna(numbers("original_price", "unit_price") * units)
    total = signed.fillna(numbers("paid")).abs()
    discount = numbers("discount_amount").abs().fillna(0)
    if "discount" in rows:
        percent = numbers("discount")
        discount = total * percent / (1 if percent.max() < 1 else 100)
    elif "original_price" in rows:
        discount = total - numbers("unit_price") * units
    elif "amount" in rows and "paid" in rows:
        discount = total - numbers("paid").abs()
    gone = told("status").str.contains(GONE, case=False)
    gone |= total.isna() & total.notna().any()
    back = minus | (signed < 0) | told("kind").str.contains(BACK, case=False)
    fully = told("status").str.contains(BACK, case=False)
    sold = ~gone & ~back
    cents = 100 if one.said.endswith(corpus.CENTS) else 1
    gross, discounts = total[sold].sum() / cents, discount[sold].sum() / cents
    refunds = (total - discount)[back | (sold & fully)].sum() / cents
    left = (units * (sold & ~fully) - units * back).groupby(rows[by]).sum()
    users = told("user_id").where(lambda user: ~user.isin(["0", "Guest", ""])).fillna("")
    here = sold & rows[by].isin(left[left > 0].index)
    return {
        "customers": users[here & (users != "")].nunique() if "user_id" in rows else None,
        "orders": int((left > 0).sum()),
        "gross": gross,
        "discounts": discounts,
        "refunds": refunds,
        "net": gross - discounts - refunds,
    }


@pytest.mark.parametrize("name", SIMPLE)
def test_the_file_says_what_is_called_its_truth(name, export):
    one = export(name)
    found = recomputed(one) | {day: getattr(one.truth, day) for day in ("first", "last")}
    if one.truth.net is None:
        found |= dict.fromkeys(MONEY)
    assert not wrong(found, one.truth)
    assert len(table(one)) == one.lines
