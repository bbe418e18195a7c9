"""The currency of a file, and whether its whole amounts are in cents."""

import itertools
import re

import pandas as pd

from apps.report.own_shop import money
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.messages import pluralize
from apps.report.own_shop.names import normalize
from apps.report.own_shop.numbers import CURRENCIES
from apps.report.own_shop.questions import Choice, ask, choose
from apps.report.own_shop.reconcile import columns_of_money, explained_by
from helpers.language import say

MONEY = ("unit_price", "original_price", "amount", "paid", "discount_amount", "refund_amount")
KANA_OR_HANGUL = "[\u3040-\u30ff\uac00-\ud7a3]"  # yen and won have no cents
NO_CENTS = {"JPY", "¥", "KRW", "₩", "CLP", "VND", "ISK", "HUF", "IDR", "TWD", "COP", "PYG"}
LOOKED_AT = 500  # rows that show whether a column has decimals
USUAL_PRICE = 100  # a median whole price from here on may be in cents


def settle_currency(job: ImportJob) -> None:
    """Find the currency, in its own column or beside the prices; amounts in several are not added.

    A price without a sign is in the currency of the others.
    """
    units = pd.Series("", job.table.index, dtype="str")
    for role in MONEY:
        if role in job.signs:
            signs = job.signs[role].reindex(job.table.index).fillna("")
            units = units.mask((units == "") & signs.str.fullmatch(r"[^\d\s%]{1,4}"), signs)
    if "currency" in job.table:
        written = job.table["currency"]
        shown = {one: _sign(one) for one in written.dropna().unique()}
        units = written.map(shown).fillna(units).astype("str")
    counts = units[units != ""].value_counts()
    if only := job.settings.get("currency"):
        job.currency = _sign(only)
        other = (units != "") & (units != job.currency)
        why = say("the amount is not in {only}, the currency you asked for", only=job.currency)
        job.drop("one_currency", other, why)
    elif len(counts) > 1:
        shown = [
            Choice(f"currency={unit}", f"{unit}: {pluralize(rows, 'row')}")
            for unit, rows in counts.items()
        ]
        asks = "The amounts are in several currencies. Which one is wanted?"
        raise ask(asks, [*_converted(job, units), *shown])
    elif len(counts):
        job.currency = counts.index[0]
    else:  # "Total (KRW)"
        named = {*re.findall(r"\(([A-Z]{3})\)", " ".join(job.file))} & CURRENCIES.keys()
        job.currency = CURRENCIES[named.pop()] if len(named) == 1 else ""


def _converted(job: ImportJob, units: pd.Series) -> list[Choice]:
    """Return the answers that name a column of all amounts in one currency.

    In the rows of that currency it is the amount, in the others neither that nor a sum with it.
    """
    role = next(role for role in ("paid", "amount", "unit_price") if role in job.table)
    amount, found, answers = job.table[role].abs(), columns_of_money(job), []
    for unit, one in itertools.product(units[units != ""].unique(), found):
        same = units == unit
        is_same = money.agree(one.money[same], amount[same])
        if not is_same or money.differs(one.money[~same], amount[~same]) < 0.5:
            continue
        if not explained_by(job, one, [amount], found):
            signs = {c: {*job.file[c].dropna().map(_sign)} for c in job.free()}
            currency = next((c for c, found_signs in signs.items() if found_signs == {unit}), "")
            shown = say("all amounts in {unit}: “{column}”", unit=unit, column=one.name)
            answers.append(Choice(f"{role}={one.name},currency={currency}", shown))
    return answers


def _sign(currency: str) -> str:
    return CURRENCIES.get(currency.upper(), currency)


def settle_cents(job: ImportJob) -> None:
    """Ask whether whole amounts are in cents, as 1299 for 12.99; divide them if they are."""
    roles = [role for role in MONEY if role in job.table]
    if not roles or job.currency in NO_CENTS or re.search(KANA_OR_HANGUL, " ".join(job.file)):
        return
    named = any({"cent", "cents"} & {*normalize(job.column[role]).split()} for role in roles)
    said = job.settings.get("money", "cents" if named else None)
    if said is None and (amount := _whole_amount(job, roles)):
        example = {"example": f"{amount:.0f}", "value": f"{amount / 100:.2f}"}
        meanings = {
            "money=cents": "{example} means {value}",
            "money=whole": "{example} means {example}.00",
        }
        asks = "All amounts are whole numbers, such as {example}. Are they in cents?"
        raise ask(asks, choose(meanings, **example), **example)
    if said == "cents":
        job.scale = 0.01
        job.table = job.table.assign(**{role: job.table[role] / 100 for role in roles})


def _whole_amount(job: ImportJob, roles: list[str]) -> float | None:
    """Return an amount of a file in which all are whole and large; None if one is not."""
    values = pd.concat([job.table[role].dropna().abs() for role in roles])
    values = values[values > 0]
    whole = len(values) > 0 and bool((values == values.round()).all())
    if not whole or values.median() < USUAL_PRICE or (values % 100 == 0).mean() > 0.5:
        return None
    written = pd.concat([job.file[job.column[role]].head(LOOKED_AT) for role in roles])
    with_mark = written.str.contains(r"\d[.,]\d").any()  # 1299.00, or 1,299
    return None if with_mark else values.iloc[0]
