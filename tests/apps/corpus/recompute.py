"""What an export says, computed by plain pandas from its file and what is `said` of its columns.

It knows nothing of how the file was made, so it proves that the truth is what the file says.
"""

import re

import pandas as pd

from tests.apps.corpus.dressing import CENTS, ONE_CURRENCY, PAIRS, Export
from tests.apps.corpus.simulated_shop import Truth
from tests.apps.corpus.writers import Text

MONEY = ("gross", "discounts", "refunds", "net")
GONE = (
    "cancel|void|declin|denied|fail|reject|trash|quotation|storn|abge(?!schl)|annul|anul|refus|erreur"
    "|échou|recusad|rechaz|rifiut|mislukt|makul|avbrut|odrzuc|zruš|[iİ]ptal|отмен|キャンセル|취소|取消"
    "|关闭"
)
BACK = (
    "^(?!not |part).*(?:refund|devol|devuel|reembols|rimbors|rembours|erstattet|retourn|terugbet"
    "|återbet|zwróc|vrác|[iİ]ade|возврат|返金|返品|환불|반품|退款)"
)
REFUND = "refund|return|credit memo|gutschrift"


def wrong(found: dict, truth: Truth) -> dict:
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


def table(one: Export, write: Text) -> pd.DataFrame:
    """Read a file as its maker would."""
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
    if write.header:
        return frame.rename(columns=str.strip)
    return frame.set_axis([f"column {n}" for n in range(1, len(frame.columns) + 1)], axis=1)


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


def recomputed(one: Export, write: Text) -> dict:
    """Compute the figures from the file and from which column is what, as it is `said`."""
    roles = dict(re.findall(r"(?:^|,)(\w+)=(.*?)(?=,\w+=|$)", one.said))
    file = table(one, write)
    rows = pd.DataFrame({role: file[name] for role, name in roles.items() if name in file})
    if "event" in rows:
        rows = rows[rows.event.isin(["transaction", "purchase"])]
    if one.said.endswith(ONE_CURRENCY):
        euros = file.get("Currency", file["Unit Price"].str[0]).isin(["EUR", "€"])
        rows = rows[euros]
    by = "order_id" if "order_id" in rows else "session_id"
    if one.said.endswith(PAIRS) or by not in rows:
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
    back = minus | (signed < 0) | told("kind").str.contains(REFUND, case=False)
    fully = told("status").str.contains(BACK, case=False)
    sold = ~gone & ~back
    cents = 100 if one.said.endswith(CENTS) else 1
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
