"""What the columns of a table of orders are called, in ten languages, and some of its values.

A role is what a column is for the shop. Its names are listed from the surest to the vaguest, in
lower case and without accents: `helpers.own_shop_columns` compares them with those of a file.
"""

import re
from typing import NamedTuple


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
        _names("""user id, customer id, client id, buyer id, member id, visitor id,
        household id, customer number, customer no, customer code, cust id, uid, user,
        cust no, cust nr, kunnr, debitor, debitorennummer, sold to party, purchaser id,
        buyer user id, buyer username, username,
        customer, client, buyer, member, visitor, visitorid, household, household key,
        shopper, account id, account, contact id, person id, customer email, email, e mail,
        customer email address, email address, user email, buyer email, email billing,
        billing email, kunde, kunden id,
        kundennummer, kunden nr, kundennr, kdnr, kd nr, nutzer, nutzer id, benutzer,
        kaeufer, kaufer, id client, numero client, code client, acheteur, cliente, id cliente,
        codigo cliente, codice cliente, comprador, klant, klant id, klantnummer, klient,
        id klienta, numer klienta, kund, kundnummer, 用户, 客户, 买家, 会员, 顾客, customer name,
        buyer name, id"""),
    ),
    "order_id": Role(
        "what was bought together",
        "id",
        _names("""order id, order number, order no, order reference, invoice no, invoice id,
        invoice number, invoice, order, basket id, basket, transaction id,
        transaction number, transaction no, transaction, receipt id, receipt, bill no, ticket,
        purchase id, sales order, checkout id, cart id, bestellung, bestell id,
        bestellnummer, bestell nr, increment id, sale id, vbeln, bestellnr, auftrag,
        auftragsnummer, auftragsnr, rechnung, rechnungsnummer,
        belegnummer, beleg, bon, bonnummer, commande, numero commande, id commande, facture,
        numero facture, panier, pedido, id pedido, numero pedido, factura, ordine,
        numero ordine, fattura, ordernummer, bestelling, factuurnummer, zamowienie,
        numer zamowienia, id zamowienia, 订单号, 订单编号, 订单"""),
    ),
    "time": Role(
        "when",
        "date",
        _names("""ordered at, order date, purchase date, invoice date, transaction date,
        occurred at, event time, order time, order timestamp, order purchase timestamp,
        transaction timestamp, purchased at, created at, processed at, paid at, timestamp,
        ordered on, purchased on, placed at, order placed, completed at, erdat,
        datetime, date time, date, time, day, created, bestelldatum, auftragsdatum,
        rechnungsdatum, kaufdatum, belegdatum, zeitpunkt, zeitstempel, datum, zeit,
        bestellt am, gekauft am, date commande, date de commande, date achat, fecha pedido,
        fecha compra, fecha, data ordine, data pedido, data compra, data zamowienia, data,
        besteldatum, 下单时间, 下单日期, 订单时间, 购买时间, 付款时间, 创建时间, 时间, 日期,
        ts"""),
    ),
    "item_id": Role(
        "what was bought",
        "id",
        _names("""item id, product id, sku, stock code, lineitem sku, variant sku,
        variant id, prod id, listing id, matnr, article id, article number, article no, item code,
        product code, product number,
        asin, ean, gtin, upc, item, product, article, artikelnummer, artikel nr, artikelnr,
        artikel id, artikel, produkt id, produktnummer, produkt, ware, reference, ref,
        code article, id produit, produit, article code, codigo producto, id producto,
        producto, articulo, codice prodotto, id prodotto, prodotto, articolo, produto,
        id produto, produktu id, id produktu, 商品编号, 商品编码, 商品id, 货号, 产品编号,
        商品, 产品"""),
    ),
    "name": Role(
        "what the item is called",
        "text",
        _names("""product name, item name, lineitem name, product title, item description,
        product description, description, title, article name, artikelbezeichnung,
        artikelname, produktname, bezeichnung, beschreibung, titel, designation, libelle,
        nom produit, nom du produit, descripcion, nombre producto, descrizione,
        nome prodotto, descricao, nome produto, omschrijving, productnaam, nazwa produktu,
        nazwa, 商品名称, 商品名, 商品标题, 产品名称, 宝贝标题, name"""),
    ),
    "category": Role(
        "what kind of item it is",
        "text",
        _names("""category, product category, item category, category name, category code,
        department, product group, item group, product type, kategorie, warengruppe,
        artikelgruppe, produktgruppe, categorie, rayon, famille, categoria, kategoria,
        categorie produit, 类目, 商品类别, 品类, 类别, 分类"""),
    ),
    "quantity": Role(
        "how many",
        "number",
        _names("""quantity, qty, lineitem quantity, order quantity, units, pieces, pcs,
        count, menge, anzahl, stueck, stueckzahl, stuck, stuckzahl,
        quantite, qte, nombre, cantidad, unidades, quantita, quantidade, aantal, ilosc,
        sztuk, 购买数量, 数量, 件数, kwmeng, items, num items,
        no of items, number of items"""),
    ),
    "unit_price": Role(
        "price of one",
        "number",
        _names("""unit price, price per unit, item price, price each, lineitem price,
        product price, selling price, sales price, price, stueckpreis, stuckpreis,
        einzelpreis, preis pro stueck, preis, verkaufspreis, vk preis, prix unitaire, prix,
        precio unitario, precio, prezzo unitario, prezzo, preco unitario, preco, stukprijs,
        prijs, cena jednostkowa, cena, 单价, 商品价格, 价格, item cost"""),
    ),
    "amount": Role(
        "money for the line, or for the order",
        "number",
        _names("""line total, line amount, row total, extended price, ext price, sales value,
        net amount, gross amount,
        total price, order total, order value, purchase amount, total amount,
        payment value, amount, sales,
        revenue, turnover, total, value, spent, paid, subtotal, umsatz, betrag, gesamtbetrag,
        gesamtpreis, bestellwert, warenwert, summe, gesamt, wert, montant, montant total,
        total ttc, importe, monto, importo, totale, valor, valor total, bedrag, totaal,
        kwota, wartosc, 金额, 订单金额, 实付金额, 支付金额, 总价, 总金额, 销售额, 小计,
        netwr"""),
    ),
    "discount": Role(
        "share of the price taken off",
        "number",
        _names("""discount, discount rate, discount percent, discount pct, rabatt,
        rabattsatz, nachlass, remise, descuento, sconto, desconto, korting, rabat, 折扣率,
        折扣"""),
    ),
    "discount_amount": Role(
        "money taken off the line, or off the order",
        "number",
        _names("""discount amount, lineitem discount, item promotion discount,
        discount value, discount total, total discount, item discount, cart discount amount,
        coupon amount, rabattbetrag, nachlassbetrag, montant remise, importe descuento,
        importo sconto, valor desconto, 优惠金额, 折扣金额"""),
    ),
    "currency": Role(
        "in which money",
        "text",
        _names("""currency, currency code, waehrung, wahrung, devise, moneda, divisa, valuta,
        waluta, moeda, 币种, 货币"""),
    ),
    "status": Role(
        "what became of the order",
        "text",
        _names("""order status, status, financial status, payment status, order state,
        bestellstatus, auftragsstatus, zustand, statut, etat, estado, stato, situacao,
        订单状态, 状态"""),
    ),
    "event": Role(
        "what happened",
        "text",
        _names("""event type, event name, event, action, behavior, behavior type, behaviour,
        activity, interaction, ereignis, aktion, evenement, evento, azione, acao, 行为类型,
        行为, 事件"""),
    ),
    "session_id": Role(
        "one visit",
        "id",
        _names("""session id, user session, session, visit id, visit, sitzung, besuch,
        sesion, 会话"""),
    ),
}
# Words that make of a name something else: "customer city" is no customer. Those of five letters
# and more also do where they begin or end a longer word, as in "Steuerbetrag".
ELSE = set(
    _names("""city, country, zip, zipcode, postcode, postal, plz, cp, state, street, address, phone,
    mobile, fax, ip, segment, shipping, ship, shipped, delivery, delivered, fulfilled, fulfillment,
    handling, wrap, weight, insurance, invoiced, tax, gst, hst, duty, vat, birth, updated, modified,
    write, sync, export, import, due, expected, commitment, available, payout, deposit,
    registration, registered, signup, store, shop, branch, website, site, warehouse, terminal,
    location, region, team, company, channel, campaign, referrer, supplier, vendor, seller,
    merchant, manufacturer, brand, staff, employee, salesperson, rep, admin, agent, assigned,
    priority, gender, age, group, tier, class, role, note, notes, message, guest, active, new,
    accepts, marketing, account, balance, lifetime, loyalty, points, reward, currency, estimated,
    approved, limit, carrier, first, last, row, index, sequence, margin, cost, profit, commission,
    rank, score, reviews, photos, status, type, level, rule, count, refund, refunds, refunded,
    return, returned, returns, canceled, cancelled, backorder, backordered, stock, inventory,
    remaining, hand, minimum, maximum, min, max, pack, case, box, parcel, tip, tips, gift,
    donation, open, installments, coupon, promotion, collection, condition, days, freight,
    postage, fee, compare, competitor, suggested, recommended, wholesale, buying, standard, was,
    stadt, land, ort, strasse, telefon, lieferung, liefer, versand, lager, mindest, packung, pakete,
    steuer, mwst, ust, fracht, porto, frete, tva, iva, btw, impuestos, geburt, registrier, zahlung,
    filiale, gruppe, anmerkung, erstattung, retour, rembourse, retournee, einkauf, ek, listen,
    streich, uvp, achat, barre, costo, coste, acquisto, kost, inkoop, zakupu, advies, groupe, grupo,
    groep, pays, ville, pais, ciudad, paese, citta, livraison, envio, spedizione, wysylki, lever,
    退货, 退款, 发货, 收货, 更新, 税, 运费, 成本""")
)
LONG_ELSE = tuple(  # but a discount is no count
    word for word in ELSE - {"count"} if len(word) >= 5 or not word.isascii()
)
# Names so vague that they tell a role only where they are the whole name.
WHOLE = {"id", "ts", "count", "nombre", "name"}
# Words that leave a name what it is: "order customer id" is a customer id. With any other word
# beside it, as in "list price", a name is believed with a question mark.
PLAIN = set(
    _names("""id, ids, uuid, no, number, nr, num, code, key, order, ordered, item, product, line,
    lineitem, cart, base, unique, total, net, gross, netto, brutto, usd, eur, gbp,
    billing, sold, sale, sales, purchased, unit, amount, value, paid, date, time, timestamp, at,
    on, utc, of, and, the, in, de, du, d, des, del, di, do, der, la, le, l, n, a, ht, ttc,
    bestellt, bestell, bestellte, verkauft, verkaufte, kunden, stuck, zeilen, commandee, detail""")
)
# With the first beside its name a column is no amount, and with the second no amount and no id.
IDS = {"id", "ids", "uuid", "key", "code", "number", "no", "nr"}
DATES = {"date", "time", "timestamp", "datum", "day", "week", "month", "year"}
# An id of this name tells the rows of an order apart, or is a number that the customer gave.
ROW_ID = r"\b(?:order|sales|transaction) ?(?:item|product|article|detail)"
ROW_ID += r"(?: (?:id|no|number|nr|key|uuid))?$|\b(?:line|lineitem)\b|\b(?:customer|buyer) order\b"
# What says nothing of what a price is of: "unit price (incl. VAT)" is a unit price.
TAXED = r" ?\b(?:in[ck]l?|ex[ck]l?|including|excluding|with|without|mit|ohne|hors)\b.*"
TAXED += r"\b(?:tax(?:es)?|vat|mwst|tva|iva)\b"
# What a name means in the export of a system, where it means something else elsewhere: the columns
# by which the system is known, and the roles that follow.
SYSTEMS = {
    "Shopify": ({"Name", "Lineitem name", "Lineitem quantity"}, {"order_id": "Name"}),
}
EVENTS = {  # how others begin the words for what happens in a shop
    "view": "view page product_view detail click seen visit impression ansicht vue vista 浏览 点击",
    "favorite": "favorite favourite fav wish like save merkliste 收藏",
    "cart": "cart add basket addtocart warenkorb panier carrito 加购 购物车",
    "purchase": "purchase buy bought order transaction sale checkout_complete kauf achat compra "
    "购买 下单 支付",
}
# Words of a status that takes an order back, perhaps in part; and of rows that sum up others.
TAKEN_BACK = (
    r"cancel|refund|return|void|fail|declin|storn|erstatt|retour|annul|rembours|devol|reemb"
    r"|取消|退款|退货|关闭"
)
IN_PART = r"partial|teilweise|partiel|parcial|parzial|部分"
NOT_BACK = r"\b(?:not?|non|un)[ _-]?(?:yet )?(?:cancel|refund|return)"
UNPAID = r"pending|unpaid|await|not paid|offen|unbezahlt|impay|待付款|未付款"
TOTAL = r"(?:grand |sub)?totals?|sum|summe|gesamt(?:summe)?|totale?s?|suma|合计|总计"


def kind_of_event(word: str) -> str:
    """Return the course's word for a kind of event; the word itself if it is none of ours.

    Examples
    --------
    >>> [kind_of_event(word) for word in ("add_to_cart", "Purchase", "remove_from_cart")]
    ['cart', 'purchase', 'remove_from_cart']
    """
    tight = re.sub(r"[^a-z\u4e00-\u9fff]", "", word.lower())
    if tight == "pv":  # a page view, in the logs of Taobao
        return "view"
    if tight.startswith(("remove", "delete")):
        return word
    for kind, names in EVENTS.items():
        if any(name.replace("_", "") in tight for name in names.split()):
            return kind
    return word
