"""Tell the columns of somebody else's table: which is the user, which the order, which the price.

Three things count, in this order: what you say, what the column is called (in nine languages), and
what it holds. A name is believed only if the values agree with it: a "date" that holds no dates is
none. Whatever was found comes with its reason, and can be overruled.
"""

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

import pandas as pd

from helpers.own_shop_file import OwnShopError
from helpers.own_shop_values import read_dates, read_numbers

SAMPLE = 20_000  # rows that are looked at; the first, so that the lines of an order stay together


class Role(NamedTuple):
    """What a column may be for the shop: its meaning, what it must hold, what it may be called."""

    meaning: str
    holds: str
    names: tuple[str, ...]


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


ROLES = {
    "user_id": Role(
        "who bought",
        "id",
        _names("""user id, customer id, client id, buyer id, member id, visitor id, household id,
        customer number, customer no, customer code, cust id, uid, user, customer, client, buyer,
        member, visitor, visitorid, household, household key, shopper, contact id, person id,
        customer email, email, e mail, user email, kunde, kunden id, kundennummer, kunden nr,
        kundennr, kdnr, kd nr, nutzer, nutzer id, benutzer, kaeufer, id client, numero client,
        code client, acheteur, cliente, id cliente, codigo cliente, codice cliente, comprador,
        klant, klant id, klantnummer, klient, id klienta, numer klienta, kund, kundnummer, id"""),
    ),
    "order_id": Role(
        "what was bought together",
        "id",
        _names("""order id, order number, order no, invoice no, invoice id, invoice number, invoice,
        order, basket id, basket, transaction id, transaction number, transaction no, transaction,
        receipt id, receipt, bill no, ticket, purchase id, sales order, checkout id, cart id,
        bestellung, bestell id, bestellnummer, bestell nr, bestellnr, auftrag, auftragsnummer,
        auftragsnr, rechnung, rechnungsnummer, belegnummer, beleg, bon, bonnummer, commande,
        numero commande, id commande, facture, numero facture, panier, pedido, id pedido,
        numero pedido, factura, ordine, numero ordine, fattura, ordernummer, bestelling,
        factuurnummer, zamowienie, numer zamowienia, id zamowienia"""),
    ),
    "time": Role(
        "when",
        "date",
        _names("""ordered at, order date, purchase date, invoice date, transaction date,
        occurred at, event time, order time, order timestamp, order purchase timestamp,
        transaction timestamp,
        purchased at, created at, processed at, paid at, timestamp, datetime, date time, date, time,
        day, created, bestelldatum, auftragsdatum, rechnungsdatum, kaufdatum, belegdatum,
        zeitpunkt, zeitstempel, datum, zeit, bestellt am, gekauft am, date commande,
        date de commande, date achat, fecha pedido, fecha compra, fecha, data ordine, data pedido,
        data compra, data zamowienia, data, besteldatum, ts"""),
    ),
    "item_id": Role(
        "what was bought",
        "id",
        _names("""item id, product id, sku, stock code, lineitem sku, variant sku, article id,
        article number, article no, item code, product code, product number, asin, ean, gtin, upc,
        item, product, article, artikelnummer, artikel nr, artikelnr, artikel id, artikel,
        produkt id, produktnummer, produkt, ware, reference, ref, code article, id produit,
        produit, article code, codigo producto, id producto, producto, articulo, codice prodotto,
        id prodotto, prodotto, articolo, produto, id produto, produktu id, id produktu"""),
    ),
    "name": Role(
        "what the item is called",
        "text",
        _names("""product name, item name, lineitem name, product title, item description,
        product description, description, title, article name, artikelbezeichnung, artikelname,
        produktname, bezeichnung, beschreibung, titel, designation, libelle, nom produit,
        nom du produit, descripcion, nombre producto, descrizione, nome prodotto, descricao,
        nome produto, omschrijving, productnaam, nazwa produktu, nazwa, name"""),
    ),
    "category": Role(
        "what kind of item it is",
        "text",
        _names("""category, product category, item category, category name, category code,
        department, product group, item group, product type, kategorie, warengruppe, artikelgruppe,
        produktgruppe, categorie, rayon, famille, categoria, kategoria, categorie produit"""),
    ),
    "quantity": Role(
        "how many",
        "number",
        _names("""quantity, qty, lineitem quantity, order quantity, units, pieces, pcs,
        number of items, count, menge, anzahl, stueck, stueckzahl, stuck, stuckzahl, quantite, qte,
        nombre, cantidad, unidades, quantita, quantidade, aantal, ilosc, sztuk"""),
    ),
    "unit_price": Role(
        "price of one",
        "number",
        _names("""unit price, price per unit, item price, price each, lineitem price,
        product price, selling price, sales price, price, stueckpreis, einzelpreis, preis pro
        stueck, preis, verkaufspreis, vk preis, prix unitaire, prix, precio unitario, precio,
        prezzo unitario, prezzo, preco unitario, preco, stukprijs, prijs, cena jednostkowa,
        cena"""),
    ),
    "amount": Role(
        "money for the line, or for the order",
        "number",
        _names("""line total, line amount, sales value, net amount, gross amount, total price,
        order total, order value, total amount, payment value, amount, sales, revenue, turnover,
        total, value, spent, paid, subtotal, umsatz, betrag, gesamtbetrag, gesamtpreis,
        bestellwert, warenwert, summe, gesamt, wert, montant, montant total, total ttc, importe,
        monto, importo, totale, valor, valor total, bedrag, totaal, kwota, wartosc"""),
    ),
    "discount": Role(
        "share of the price taken off",
        "number",
        _names("""discount, discount rate, discount percent, discount pct, rabatt, rabattsatz,
        nachlass, remise, descuento, sconto, desconto, korting, rabat"""),
    ),
    "status": Role(
        "what became of the order",
        "text",
        _names("""order status, status, financial status, payment status, state, order state,
        bestellstatus, auftragsstatus, zustand, statut, etat, estado, stato, situacao"""),
    ),
    "event": Role(
        "what happened",
        "text",
        _names("""event type, event name, event, action, behavior, behavior type, behaviour,
        activity, interaction, ereignis, aktion, evenement, evento, azione, acao"""),
    ),
    "session_id": Role(
        "one visit",
        "id",
        _names("session id, user session, session, visit id, visit, sitzung, besuch, sesion"),
    ),
}
# Words that make of a name something else: "customer city" is no customer.
ELSE = {
    *["city", "country", "zip", "postcode", "state", "street", "address", "phone", "segment"],
    *["shipping", "ship", "delivery", "delivered", "tax", "birth", "updated", "store", "shop"],
    *[
        "branch",
        "priority",
        "gender",
        "age",
        "currency",
        "estimated",
        "approved",
        "limit",
        "carrier",
    ],
    *["first", "last", "row", "index", "margin", "cost", "profit", "rank", "score", "status"],
    *["carrier", "count", "type", "stadt", "land", "plz", "ort", "strasse", "telefon", "lieferung"],
    *["versand", "geburt", "filiale", "pays", "ville", "pais", "ciudad", "paese", "citta"],
}
NEEDED = ("user_id", "time")


def guess_roles(rows: pd.DataFrame, given: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """Guess which column plays which role, and say why.

    Parameters
    ----------
    rows : DataFrame of text, as `own_shop_file.read_csv` gives it.
    given : role → column, for what is known; None or "" says that there is no such column.

    Returns
    -------
    DataFrame, index ``role`` in the order of ``ROLES``; ``column``, ``why``, ``example``, and
    ``sure``: False where only the values led there. Roles without a column are left out.

    Raises
    ------
    OwnShopError
        If a role or a column that is given does not exist, or the user or the time is not found;
        the message shows all columns and how to say which it is.

    Examples
    --------
    >>> rows = pd.DataFrame({"Kunden-Nr.": ["7", "8"], "Datum": ["05.03.2025", "06.03.2025"],
    ...                      "Betrag": ["9,50", "12,00"]}, dtype="str")
    >>> guess_roles(rows)["column"].to_dict()
    {'user_id': 'Kunden-Nr.', 'time': 'Datum', 'amount': 'Betrag'}
    """
    given = {role: column or None for role, column in (given or {}).items()}
    _check_given(given, rows)
    sample = rows.head(SAMPLE)
    looks = {column: _look(sample[column]) for column in sample}
    found = {role: (column, "you said so", True) for role, column in given.items() if column}
    taken = {column for column, *_ in found.values()}

    scores = [
        (-_likeness(column, role), place, rank, role, column)
        for rank, role in enumerate(ROLES)
        for place, column in enumerate(rows)
        if role not in given and _likeness(column, role) > 0 and _fits(looks[column], role)
    ]
    for *_, role, column in sorted(scores):
        if role not in found and column not in taken:
            found[role] = column, "by its name", True
            taken.add(column)
    free = [column for column in rows if column not in taken]
    by_values = _by_values(sample, looks, free, {role: one[0] for role, one in found.items()})
    for role, (column, why) in by_values.items():
        if role not in found and role not in given:
            found[role] = column, why, False
    missing = [role for role in NEEDED if role not in found]
    if missing:
        raise _not_found(missing, sample, looks)
    table = pd.DataFrame(
        [(role, *found[role], looks[found[role][0]].example) for role in ROLES if role in found],
        columns=["role", "column", "why", "sure", "example"],
    )
    return table.set_index("role")[["column", "why", "example", "sure"]]


class Look(NamedTuple):
    """What a column holds, at a glance: shares of the values that are there."""

    filled: float
    dates: float
    numbers: float
    digits: float  # nothing but digits, so that dates may be chance
    decimals: float
    different: int
    example: str


def _look(values: pd.Series) -> Look:
    there = values.dropna()
    if there.empty:
        return Look(0, 0, 0, 0, 0, 0, "")
    few = there.iloc[:: max(1, len(there) // 500)]
    numbers, *_ = read_numbers(few)
    dates, *_ = read_dates(few)
    return Look(
        len(there) / len(values),
        dates.notna().mean(),
        numbers.notna().mean(),
        few.str.fullmatch(r"\d+").mean(),
        (numbers.notna() & (numbers != numbers.round())).mean(),
        there.nunique(),
        there.iloc[0][:40],
    )


def _fits(look: Look, role: str) -> bool:
    """Whether a column holds what a role needs."""
    holds = ROLES[role].holds
    is_date = look.dates > 0.5 and look.digits < 0.5
    if holds == "date":
        return look.dates >= 0.5
    if holds == "number":
        return look.numbers >= 0.5 and not is_date
    if holds == "id":
        return look.filled > 0 and not is_date and look.decimals < 0.1
    return look.filled > 0 and not is_date and look.numbers < 0.9


def _plain(name: str) -> str:
    """Return a name in lower case, without accents, in words: "CustomerID" is "customer id"."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name.replace("ß", "ss"))
    name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split())


def _likeness(column: str, role: str) -> float:
    """Return how much a name of a column is like one of a role: 0 not at all, about 3 the same."""
    name = _plain(column)
    words, tight = name.split(), name.replace(" ", "")
    best = 0.0
    for place, known in enumerate(ROLES[role].names):
        order = 0.01 * place  # names are listed from the surest to the vaguest
        if known.replace(" ", "") == tight:
            return 3 - order
        if f" {known} " in f" {name} " and not ELSE & set(words) - set(known.split()):
            best = max(best, 2 + len(known) / len(name) / 2 - order)
        elif len(known) >= 5 and known.replace(" ", "") in tight and not ELSE & set(words):
            best = max(best, 1 + len(known) / len(name) / 2 - order)
    return best


def _by_values(
    sample: pd.DataFrame, looks: dict[str, Look], free: list[str], known: dict[str, str]
) -> dict[str, tuple[str, str]]:
    """Guess what names did not tell from what the columns hold: role → column and why.

    Once names have told user and time, the rest is left alone: better left out than guessed.
    """
    found: dict[str, tuple[str, str]] = {}
    if "time" not in known:
        dates = [c for c in free if looks[c].dates > 0.9]
        dates.sort(key=lambda c: looks[c].digits >= 0.5)  # nothing but digits may be chance
        if dates:
            found["time"] = dates[0], "it holds dates"
    time = known.get("time") or found.get("time", [None])[0]
    if time is None or "user_id" in known:
        return found
    free = [c for c in free if c != time and looks[c].different > 1 and looks[c].filled > 0.5]
    ids = [c for c in free if _fits(looks[c], "user_id")]
    codes = {c: pd.factorize(sample[c])[0] for c in [*free, time, *known.values()]}

    def decides(one: str, other: str) -> bool:
        """Whether rows with the same value of one column have the same of the other."""
        pairs = pd.DataFrame({"one": codes[one], "other": codes[other]})
        pairs = pairs[pairs["one"].duplicated(keep=False) & (pairs["one"] >= 0)]
        return not pairs.empty and pairs.groupby("one")["other"].nunique().le(1).mean() > 0.98

    def most_different(columns: list[str]) -> str | None:
        return max(columns, key=lambda c: looks[c].different, default=None)

    order = known.get("order_id") or most_different(
        [c for c in ids if decides(c, time) and any(decides(c, d) for d in ids if d != c)]
    )
    rest = [c for c in ids if c != order]
    of_order = [c for c in rest if order and decides(order, c)]
    user = most_different([c for c in of_order or rest if _comes_back(codes[c], codes[time])])
    if user is None:
        return found
    found["user_id"] = user, "it holds ids that come back at other times"
    if order and "order_id" not in known:
        found["order_id"] = order, "rows that share it share their time and their user"
    rest = [c for c in rest if c not in (user, *of_order)]
    money = next((c for c in free if looks[c].decimals > 0.1 and looks[c].numbers > 0.9), None)
    counts = [c for c in rest if looks[c].digits > 0.9 and looks[c].different <= 100]
    count = next((c for c in counts if pd.to_numeric(sample[c], "coerce").median() < 10), None)
    item = most_different([c for c in rest if c != count]) if order else None
    if item:
        found["item_id"] = item, "it holds ids, several to an order"
    if count:
        found["quantity"] = count, "it holds small whole numbers"
    if money and item and decides(item, money):
        found["unit_price"] = money, "it holds decimals that depend on the item"
    elif money:
        found["amount"] = money, "it holds decimals"
    return found


def _comes_back(ids: pd.Series, times: pd.Series) -> bool:
    """Whether some id stands in rows of different times."""
    pairs = pd.DataFrame({"id": ids, "time": times}).drop_duplicates()
    return pairs["id"][pairs["id"] >= 0].duplicated().any()


def _check_given(given: Mapping[str, str | None], rows: pd.DataFrame) -> None:
    for role, column in given.items():
        if role not in ROLES:
            close = get_close_matches(role, ROLES, n=1)
            hint = f' Did you mean "{close[0]}"?' if close else ""
            raise OwnShopError(f'There is no role "{role}".{hint} Roles are: {", ".join(ROLES)}.')
        if column is not None and column not in rows:
            close = get_close_matches(column, list(rows), n=1, cutoff=0.5)
            hint = f' Did you mean "{close[0]}"?' if close else ""
            raise OwnShopError(
                f'The file has no column "{column}".{hint} Its columns are: {", ".join(rows)}.'
            )


def _not_found(missing: list[str], sample: pd.DataFrame, looks: dict[str, Look]) -> OwnShopError:
    kinds = " and ".join(f"{role} ({ROLES[role].meaning})" for role in missing)
    columns = "\n".join(
        f'  "{column}": {_kind(looks[column])}, such as {looks[column].example!r}'
        if looks[column].filled
        else f'  "{column}": empty'
        for column in sample
    )
    mend = ", ".join(f'"{role}": "…"' for role in missing)
    asked = ",".join(f"{role}=…" for role in missing)
    return OwnShopError(
        f"No column could be told to be {kinds}. The columns are\n{columns}\n"
        f'Say which it is: roles={{{mend}}}, or MAP="{asked}" with make report. If there is none, '
        "nothing of this course can be computed."
    )


def _kind(look: Look) -> str:
    if look.dates > 0.5 and look.digits < 0.5:
        return "dates"
    if look.numbers > 0.5:
        return f"numbers, {look.different:,} different"
    return f"text, {look.different:,} different"
