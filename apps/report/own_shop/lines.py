"""From parsed rows to clean order lines: which rows are sales, what an order is, what an item is.

The rules are those of `helpers.data.cleaning` if they fit any shop. This module and `prices`,
`returns` and `events` add rules for orders without a number, totals repeated on every line, returns
that don't say which purchase they belong to, and other systems' words for what happens in a shop.
"""

import pandas as pd

from apps.report.own_shop import oddities
from apps.report.own_shop.import_job import ImportJob
from apps.report.own_shop.messages import EXAMPLE, pluralize
from apps.report.own_shop.money import CENT
from apps.report.own_shop.names import kind_of_row, status_of
from apps.report.own_shop.numbers import read_numbers
from apps.report.own_shop.questions import OwnShopError, Question, ask, choose
from apps.report.own_shop.reconcile import is_notable, rows_worth
from helpers.data import cleaning
from helpers.language import say

MANY = 1000  # rows that show how order numbers are written
FEW = 0.01  # share of the orders that may have two customers by mistake
SUMS = 5  # orders of three rows or more, of which one is the sum; from here on it is not chance
MOST_KINDS = 6  # unknown words of a kind of rows that are asked about
KINDS = {"sale": "sales", "refund": "refunds", "other": "left_out"}  # kind → setting with its words
OF_ORDERS = {"sale": "sold", "refund": "refunded", "other": "canceled"}  # as a status
WHICH = ("sales", "refunds", "neither sales nor refunds")
WANTED = ("order_id", "ordered_at", "user_id", "item_id", "quantity", "unit_price", "discount")
WANTED += ("margin", "country", "channel")

# ---------------------------------------------------------------- rows that are no sales


def sort_rows(job: ImportJob) -> None:
    """Mark refunded orders, and leave out canceled ones, by their status."""
    if "status" in job.table:
        _sort_status(job)
    oddities.check_texts(job)
    oddities.check_unsold(job)


def sort_kinds(job: ImportJob) -> None:
    """Mark rows of refunds, and leave out fees, payouts and the like, by their kind.

    If no row is a refund or one of these, the column is not about kinds of rows.
    """
    words = job.table["kind"]
    meanings = {word: kind_of_row(word) for word in words.dropna().unique()}
    meanings |= _said(job)
    kinds = words.map(meanings)
    unknown = words[kinds == "unknown"].value_counts()
    tells = kinds.isin(["refund", "discount", "other"]).any()
    if len(unknown) and len(unknown) <= MOST_KINDS and (tells or _may_be_kinds(job, kinds)):
        raise _which_kind(job, "kind", unknown.index[0])
    if not tells:
        return
    what, fix = "has words that the report does not know{such_as}.", "These {rows} count as sales."
    job.doubt_rows("kind", kinds == "unknown", what, fix)
    job.table = job.table.assign(is_refund=kinds == "refund", is_discount=kinds == "discount")
    _drop_canceled(job)
    other = (kinds == "other").reindex(job.table.index)
    why = say("the row is neither a sale nor a refund") + job.such_as("kind", other)
    job.drop("sort_kinds", other, why)


def _drop_canceled(job: ImportJob) -> None:
    """Leave out orders that a row of the same amount cancels: "Cancelled Order"."""
    table = job.table
    if not {"order_id", "amount"} <= set(table):
        return
    canceled = [one for one in table["kind"].dropna().unique() if status_of(one) == "canceled"]
    gone = table["kind"].isin(canceled) & table["order_id"].notna()
    amount = read_numbers(table["amount"]).result.fillna(0.0)
    back = amount[gone].groupby(table["order_id"]).sum()
    sold = amount[~gone].groupby(table["order_id"]).sum()
    orders = back.index[(back.abs() - sold.reindex(back.index)).abs() <= CENT]
    gone |= table["order_id"].isin(orders)
    job.drop("sort_kinds", gone, say("canceled, by its status") + job.such_as("kind", gone))


def _may_be_kinds(job: ImportJob, kinds: pd.Series) -> bool:
    """Return whether words may be kinds of rows: one is known, or each order has one of few."""
    words = job.table["kind"]
    if "kind" in job.settled or (kinds == "sale").any():
        return True
    order = job.table.get("order_id", words.index.to_series())
    return len(words.value_counts()) > 1 and words.groupby(order).nunique().max() == 1


def _said(job: ImportJob) -> dict[str, str]:
    """Return word → kind of its rows, as far as the user said it."""
    said = {kind: str(job.settings.get(setting, "")) for kind, setting in KINDS.items()}
    return {word: kind for kind, words in said.items() for word in words.split("+") if word}


def _which_kind(job: ImportJob, role: str, word: str) -> Question:
    """Return the question what the rows of a kind are; what was said of others stays said."""
    meanings = {}
    for setting, meaning in zip(KINDS.values(), WHICH, strict=True):
        others = [job.settings[setting]] if setting in job.settings else []
        meanings[f"{setting}={'+'.join([*others, word])}"] = meaning
    return ask(
        "“{column}” says “{word}” in {rows}. What are these rows?",
        choose(meanings),
        column=job.column[role],
        word=word,
        rows=rows_worth(job, job.table[role] == word),
    )


def _sort_status(job: ImportJob) -> None:
    """Leave out canceled orders, mark refunded ones, and note what is unclear.

    "Partly refunded" and "awaiting payment" count in full, each with a doubt. So do words that the
    report doesn't know.
    """
    status = job.table["status"]
    words = {word: status_of(word) for word in status.dropna().unique() if word}
    words |= (said := {word: OF_ORDERS[kind] for word, kind in _said(job).items()})
    meaning = status.map(words)
    paid_back = job.table.get("refund_amount", pd.Series(0.0, status.index)) > 0
    unknown = status[(meaning == "unknown") & ~paid_back].value_counts()
    usual = unknown.index[unknown > len(status) / 2]  # most rows are sales
    others = unknown.drop(usual)
    if len(others) <= MOST_KINDS and others.sum() < len(status) / 2:
        for word in others.index:
            if is_notable(job, status == word):
                raise _which_kind(job, "status", word)
    if said:
        meaning = meaning.mask(status.isin(usual), "sold")
    texts = {
        "partly": "marks {rows} as partly refunded; they count in full, so revenue is slightly too "
        "high{such_as}.",
        "unpaid": "marks {rows} as not paid yet; they count in full{such_as}.",
        "unknown": "has words that the report does not know: {listed}. {rows} with them count as "
        "sold.",
    }
    listed = ", ".join(f'"{word[:EXAMPLE]}"' for word in unknown.index[:5])
    for kind, what in texts.items():
        rows = (meaning == kind) & ~paid_back
        if rows.any():
            fix = {"unknown": "If some of them mean canceled or refunded, drop these rows."}
            values = {"rows": rows_worth(job, rows), "such_as": job.such_as("status", rows)}
            job.doubt("status", what, fix.get(kind, ""), listed=listed, **values)
    canceled = meaning == "canceled"
    job.table = job.table.assign(is_refunded=meaning == "refunded")
    job.drop("status", canceled, say("canceled, by its status") + job.such_as("status", canceled))


# ---------------------------------------------------------------- order lines


def make_orders(job: ImportJob) -> None:
    """Give each row its order, its item, and its units."""
    if "name" in job.table:  # the name identifies an item without a number
        item = job.table.get("item_id", job.table["name"])
        job.table = job.table.assign(item_id=item.fillna(job.table["name"]))
    if "order_id" in job.table:
        _refuse_clicks(job)
        job.apply(cleaning.drop_missing, "order_id", why=say("order_id is missing"))
        job.table = job.table.assign(order=pd.factorize(job.table["order_id"])[0])
        _settle_order_numbers(job)
    else:
        _number_orders(job)
    if "quantity" not in job.table:
        job.table["quantity"] = 1.0
        if "item_id" in job.table:
            job.doubt("", "There is no quantity column; each row counts as one unit.")
    oddities.check_quantity_of_order(job)
    oddities.check_repeated(job)
    _ask_about_extra_rows(job)


def _ask_about_extra_rows(job: ImportJob) -> None:
    """Ask about rows beside the goods of their order: its sum, shipping, taxes.

    They have no item or no quantity, unlike others of their order, or are the sum of the others.
    """
    table = job.table
    order = 2 * table["order"] + is_back(table)  # its refunds are another total
    blanks = [table["item_id"].isna()] if "item_id" in table else []
    if "quantity" in job.column:  # in the table, a missing one may be 1
        blanks.append(job.file[job.column["quantity"]].reindex(table.index).isna())
    rows = pd.Series(False, table.index)
    for blank in filter(pd.Series.any, blanks):
        rows |= blank & ~blank.groupby(order).transform("all")
    value = table.get("amount", table.get("unit_price", 0.0) * table["quantity"])
    value = value.abs().where(value != 0)
    orders = value.groupby(order).agg(["sum", "max", "count"])
    orders = orders[orders["count"] > 2]
    is_sum = (orders["sum"] - 2 * orders["max"]).abs() <= CENT
    if is_sum.sum() >= SUMS and is_sum.mean() > 0.5:
        rows |= value == order.map(orders["max"][is_sum])
    rows &= ~table.get("is_discount", rows & False)
    said = job.settings.get("extra_rows")
    if said == "left_out":
        job.drop("sort_kinds", rows, say("the row is the sum of its order, shipping or taxes"))
    elif not said and is_notable(job, rows):
        meanings = {"extra_rows=left_out": "no: sums, shipping, taxes"}
        meanings |= {"extra_rows=sold": "yes, all of them"}
        asks = (
            "{rows} have no item or no quantity, unlike others of their order, or are the sum of "
            "the others, such as row {row}. Are these sales?"
        )
        raise ask(asks, choose(meanings), rows=rows_worth(job, rows), row=table.index[rows][0])


def _refuse_clicks(job: ImportJob) -> None:
    """Refuse an "order" that counts the rows of each visit: they are clicks, not sales."""
    if "session_id" not in job.table or "order_id" in job.settled:
        return
    number = pd.to_numeric(job.table["order_id"], errors="coerce")
    click = job.table.groupby("session_id").cumcount() + 1
    if number.eq(click)[click > 1].mean() > 0.9:
        raise OwnShopError(
            "“{order}” counts the rows of each “{session}”, so these are clicks. If a column "
            'says which of them are purchases, name it: MAP="event=…".',
            order=job.column["order_id"],
            session=job.column["session_id"],
        )


def is_back(table: pd.DataFrame) -> pd.Series:
    """Return which rows are refunds, as far as a minus or the kind of the row says."""
    back = pd.Series(False, table.index) | table.get("is_refund", False)
    for role in ("quantity", "unit_price", "amount", "paid"):
        if role in table:
            back = back | (table[role] < 0)
    return back & ~table.get("is_discount", False)


def _doubt_parts_of_orders(job: ImportJob) -> None:
    """Doubt order numbers such as 1000-1 and 1000-2: they may be lines of the order 1000."""
    pattern = r"^(.*\w)[-_./]\d{1,2}$"
    if job.table["order_id"].head(MANY).str.extract(pattern)[0].isna().mean() > FEW:
        return
    ids = job.table[["order_id", "user_id", "ordered_at"]].drop_duplicates("order_id")
    whole = ids["order_id"].str.extract(pattern)[0]
    orders = ids.assign(whole=whole).groupby(["whole", "ordered_at"], dropna=False).ngroups
    if orders < (1 - FEW) * len(ids):
        job.doubt(
            "order_id",
            "has {all} different numbers, but {orders} if what is behind the last sign is the "
            "number of a line.",
            "Each number counts as an order.",
            all=f"{len(ids):,}",
            orders=f"{orders:,}",
        )


def _settle_order_numbers(job: ImportJob) -> None:
    """Ask whether order numbers start anew, if orders have several customers or days."""
    _doubt_parts_of_orders(job)
    table, said = job.table, job.settings.get("orders")
    if said in ("per_customer", "per_day"):
        by = table["user_id"] if said == "per_customer" else table["ordered_at"].dt.strftime("%F")
        both = by.fillna("") + " · " + table["order_id"]
        if said == "per_day":  # a refund has the number of its order, but another day
            both = both.mask(is_back(table), table["order_id"])
        job.table = table.assign(order_id=both, order=pd.factorize(both)[0])
        return
    order = table["order"]
    user = pd.Series(pd.factorize(table["user_id"])[0], table.index)
    several = _range(user[user >= 0], order) > 0
    days = _range(table["ordered_at"][~is_back(table)], order) >= pd.Timedelta(1, "D")
    if said is None and (several.mean() > FEW or days.mean() > FEW):
        raise _where_numbers_start(job, several, days)
    if not several.any():
        return
    mixed = table[order.isin(several.index[several])]
    most = mixed.groupby("order_id")["user_id"].agg(lambda users: users.value_counts().index[0])
    job.doubt(
        "order_id",
        'has {orders} with several customers, such as "{example}"; the one with most lines counts.',
        orders=pluralize(several.sum(), "order"),
        example=mixed["order_id"].iloc[0],
    )
    job.table = table.assign(user_id=table["order_id"].map(most).fillna(table["user_id"]))


def _range(values: pd.Series, order: pd.Series) -> pd.Series:
    """Return the difference between the largest and the smallest value of each order."""
    by_order = values.groupby(order.reindex(values.index))
    return by_order.max() - by_order.min()


def _where_numbers_start(job: ImportJob, customers: pd.Series, days: pd.Series) -> Question:
    """Return the question whether order numbers start anew for each customer, or every day."""
    meanings = {}
    if days.mean() > FEW:
        orders, asks = days, "{number} of {all} were used on several days, such as “{example}”."
        meanings = {"orders=per_day": "the numbers start anew every day"}
    if customers.mean() > FEW:
        orders = customers
        asks = "{number} of {all} belong to several customers, such as “{example}”."
        meanings = {"orders=per_customer": "the numbers start anew for each customer", **meanings}
    meanings["orders=shared"] = "an order may have several customers, or take several days"
    return ask(
        asks,
        choose(meanings),
        number=pluralize(orders.sum(), "order number"),
        all=f"{len(orders):,}",
        example=job.table["order_id"][job.table["order"] == orders.idxmax()].iloc[0],
    )


def _number_orders(job: ImportJob) -> None:
    """Make one order of what a user bought at one time; it is a day if there are no clocks.

    Where nobody knows who bought, each row is an order.
    """
    user = job.table["user_id"]
    pair = job.table.groupby(["user_id", "ordered_at"], sort=False).ngroup()
    pair = pair.where(user.notna(), -2 - pd.Series(range(len(pair)), pair.index))
    orders = pd.Series(pd.factorize(pair)[0] + 1, job.table.index)
    job.table = job.table.assign(order_id=orders.astype("str"), order=orders)
    what = "There is no order column; what a customer bought at one time counts as one order."
    if user.isna().all():
        what = "There is neither an order nor a customer column; each row counts as one order."
    job.doubt("", what, 'If there is one, set MAP="order_id=…".')


# ---------------------------------------------------------------- what comes out


def order_lines(job: ImportJob) -> pd.DataFrame:
    """Return the order lines, in the columns of the course."""
    return job.table[[column for column in WANTED if column in job.table]]


def items(job: ImportJob) -> pd.DataFrame | None:
    """Return one row per item, with its most frequent name and category."""
    if "item_id" not in job.table or job.table.empty:
        return None
    ids = pd.Index(job.table["item_id"].dropna().unique()).sort_values()
    found = pd.DataFrame({"item_id": ids})
    for role in ("name", "category"):
        if role in job.table:
            rows = job.table.dropna(subset=["item_id", role])
            counts = rows.groupby(["item_id", role], sort=True).size().sort_values(kind="stable")
            most = counts.reset_index(role)[role].groupby("item_id").last()
            found[role] = found["item_id"].map(most)
    return found.assign(name=found.get("name", found["item_id"]).fillna(found["item_id"]))
