"""Names of columns of many systems and languages, and words for what happened to an order."""

import re

import pytest

from apps.report.own_shop.column_names import CERTAIN, NONE, POSSIBLE, likeness_to_roles
from apps.report.own_shop.names import (
    GUEST,
    ROLES,
    TOTAL,
    kind_of_event,
    kind_of_row,
    normalize,
    status_of,
)

# Columns of exports, by their role. "possible" is for names that only suggest a role, and "none"
# for those that may look like one and are none.
SYSTEMS = {
    "Shopify": """
        user_id: Email
        possible: Id | Billing Name
        status: Financial Status
        time: Created at | Paid at
        currency: Currency
        amount: Subtotal | Total
        discount_amount: Discount Amount | Lineitem discount
        quantity: Lineitem quantity
        name: Lineitem name
        unit_price: Lineitem price
        original_price: Lineitem compare at price
        item_id: Lineitem sku
        refund_amount: Refunded Amount
        country: Billing Country | Shipping Country
        channel: Source
        none: Fulfillment Status | Fulfilled at | Shipping | Taxes | Discount Code |
            Shipping Method | Accepts Marketing | Lineitem requires shipping | Lineitem taxable |
            Lineitem fulfillment status | Billing Street | Billing City | Billing Zip |
            Billing Province | Shipping Name | Shipping Zip | Notes | Payment Method | Vendor |
            Outstanding Balance | Employee | Location | Device ID | Tags | Risk Level |
            Cancelled at | Payment Reference | Phone | Tax 1 Name | Tax 1 Value
    """,
    "WooCommerce": """
        order_id: Order Number | Order ID
        status: Order Status
        time: Order Date | Paid Date
        user_id: Email (Billing) | Customer ID | Customer Username | Customer User ID
        discount_amount: Cart Discount Amount | Discount Amount
        amount: Order Subtotal Amount | Order Total Amount | Order Total
        refund_amount: Order Refund Amount
        item_id: SKU | Product Id
        name: Item Name | Product Name
        quantity: Quantity (- Refund) | Quantity
        possible: Item Cost
        country: Country Code (Billing) | Country Name (Shipping)
        none: Customer Note | First Name (Billing) | Last Name (Billing) | Company (Billing) |
            Address 1&2 (Billing) | City (Billing) | State Code (Billing) | Postcode (Billing) |
            Phone (Billing) | Payment Method Title | Shipping Method Title |
            Order Shipping Amount | Order Total Tax Amount | Coupon Code | Discount Amount Tax |
            Customer IP Address | Order Item ID | Order Tax
    """,
    "Magento": """
        order_id: increment_id | order_id | Order #
        time: created_at | Purchase Date
        user_id: customer_id | customer_email
        status: status | state
        amount: grand_total | base_grand_total | subtotal | base_subtotal | row_total |
            Grand Total (Base) | Grand Total (Purchased)
        paid: total_paid | base_total_paid
        refund_amount: total_refunded | base_total_refunded
        discount_amount: discount_amount | base_discount_amount
        discount: discount_percent
        quantity: qty_ordered | total_qty_ordered | total_item_count
        unit_price: price | base_price
        original_price: original_price | base_original_price
        currency: order_currency_code | base_currency_code
        possible: Bill-to Name
        none: store_id | customer_group_id | customer_is_guest | customer_firstname |
            qty_refunded | qty_invoiced | qty_shipped | qty_canceled | tax_amount | total_due |
            shipping_amount | Ship-to Name | updated_at | remote_ip | discount_refunded |
            discount_invoiced | row_invoiced | base_cost | shipping_incl_tax | coupon_code
    """,
    "PrestaShop and OpenCart": """
        order_id: id_order | Order ID | invoice_no
        user_id: id_customer | Customer
        time: date_add | Date Added
        paid: total_paid | total_paid_tax_incl
        amount: total | total_price_tax_incl
        unit_price: unit_price_tax_incl | product_price
        original_price: original_product_price
        quantity: product_quantity
        item_id: product_id | product_reference
        name: product_name
        discount_amount: total_discounts
        possible: total_paid_real | total_products
        none: New client | Delivery | Date Modified | id_shop | id_carrier | id_address_delivery |
            total_shipping | date_upd | product_quantity_refunded | product_quantity_in_stock |
            customer_group_id | order_product_id | id_order_detail
    """,
    "BigCommerce, Squarespace and Wix": """
        order_id: Order ID | Order number
        user_id: Customer ID | Customer Email | Contact email | Email
        time: Order Date | Order Time | Date created | Created at | Paid at
        status: Order Status | Financial Status | Payment status
        amount: Order Total (inc tax) | Subtotal (ex tax) | Order Total | Subtotal | Total
        quantity: Total Quantity | Lineitem quantity | Qty
        currency: Order Currency Code
        refund_amount: Refunded Amount | Total refunded amount | Amount Refunded
        name: Lineitem name
        channel: Channel Name | Order Source
        possible: Billing name | Customer Name
        none: Tax Total | Shipping Cost (inc tax) | Handling Cost (ex tax) |
            Store Credit Redeemed | Gift Certificate Amount Redeemed | Ship Method |
            Fulfillment status | Delivery method | Date shipped | Total Shipped | Recipient phone |
            Additional checkout info | Shipping rate | Lineitem variant
    """,
    "Etsy and eBay": """
        time: Sale Date | Date Paid | Paid On Date | Purchase date
        order_id: Order ID | Sales Record Number | Order Number | Transaction ID
        user_id: Buyer User ID | Buyer | Buyer Username | Buyer Email
        possible: Full Name | Buyer Name | Sold For
        name: Item Name | Item Title | Listing Title
        item_id: Listing ID | SKU | Item Number | Custom Label
        quantity: Quantity | Number of Items
        unit_price: Price
        amount: Item Total | Order Total | Order Value | Total Price | Item subtotal
        discount_amount: Discount Amount | Coupon Amount
        country: Ship Country | Buyer Country
        kind: Type
        none: Date Shipped | Ship City | Ship State | Ship Zipcode | Shipping Discount |
            Coupon Code | Coupon Details | Order Shipping | Order Sales Tax |
            Card Processing Fees | Order Type | Payment Type | Payment Method | Street 1 |
            First Name | Last Name | Ship Name | Buyer Note | Post By Date |
            Shipping And Handling | Seller Collected Tax | Feedback Left | Tracking Number |
            Final value fee - fixed | Buyer State | Ship To Phone
    """,
    "Amazon": """
        order_id: amazon-order-id | order-id
        time: purchase-date | Payments date | posted-date
        status: order-status | item-status
        channel: sales-channel | order-channel
        name: product-name
        item_id: sku | asin | seller-sku
        quantity: quantity | quantity-purchased
        currency: currency
        unit_price: item-price
        discount_amount: item-promotion-discount
        country: ship-country
        kind: transaction-type
        user_id: buyer-email
        amount: amount
        possible: buyer-name
        none: last-updated-date | fulfillment-channel | ship-service-level | item-tax |
            shipping-price | shipping-tax | gift-wrap-price | gift-wrap-tax |
            ship-promotion-discount | ship-city | ship-state | ship-postal-code | promotion-ids |
            order-item-id | buyer-phone-number | recipient-name | amount-type | settlement-id |
            deposit-date | merchant-order-item-id | purchase-order-item-id | is-business-order |
            shipment-id
    """,
    "Stripe, PayPal and Square": """
        possible: id | Name | Gross | Net | Customer Name | Converted Amount
        time: Created (UTC) | Created date (UTC) | Date | Date and Time
        clock: Time
        amount: Amount | Gross Sales | Net Sales
        refund_amount: Amount Refunded
        paid: Captured Amount | Payment Amount
        currency: Currency
        user_id: Customer ID | Customer Email | From Email Address
        status: Status | Transaction Status
        kind: Type | Transaction Type
        order_id: Transaction ID | Invoice Number | Receipt Number
        quantity: Qty
        item_id: Item | SKU | Item ID
        discount: Discounts
        event: Event Type
        category: Category
        country: Country
        none: Payment ID | Fee | Fees | Tax | Taxes Collected | Card Last4 | Card Name | Tip |
            Card Brand | Time Zone | Payout ID | Shipping Amount | Sales Tax |
            Shipping and Handling Amount | Insurance Amount | Reference Txn ID | Address Status |
            Device Name | Modifiers Applied | Customer Description | Dispute Amount |
            Seller Message | Balance | Staff Name | Refund Reason | Address Line 1 |
            Payment Source Type | Option 1 Name
    """,
    "SAP, NAV, Odoo, Salesforce and Lightspeed": """
        order_id: VBELN | Sales Document | Document No. | Order Reference |
            Order Lines/Order Reference | Invoice No. | Receipt number | Order Number
        user_id: KUNNR | Sold-to party | Sell-to Customer No. | partner_id | Customer |
            Customer/ID | Account ID | Customer code | Bill-to Customer No.
        item_id: MATNR | Material | Item No. | Order Lines/Product | order_line/product_id |
            Product Code
        time: ERDAT | AUDAT | Posting Date | Order Date | date_order | Creation Date | Created Date
        quantity: KWMENG | Quantity | Order Lines/Quantity | order_line/product_uom_qty
        unit_price: NETPR | Unit Price | Order Lines/Unit Price | price_unit | Sales Price
        original_price: List Price
        amount: NETWR | Line Amount | Order Lines/Subtotal | price_subtotal | amount_total |
            Total | Grand Total | Line Total
        discount: Order Lines/Discount (%) | Line Discount % | Discount
        currency: WAERK | Currency Code
        status: Status | State
        name: ARKTX | Description | Order Lines/Description
        possible: Account Name | Sell-to Customer Name
        none: POSNR | VKORG | AUART | Line No. | Sales Order Line Number | Salesperson | Company |
            Delivery Date | Order Lines/Delivered Quantity | qty_delivered | qty_invoiced |
            Invoiced Quantity | Requested Delivery Date | Location Code | VAT % | Unit Cost (LCY) |
            Close Date | Outlet | Register | Amount Due | amount_tax | Delivery Address
    """,
    "Lazada, Shopee and Mercado Libre": """
        order_id: orderNumber | Order ID | 訂單編號 | N.º de venta | # de venta | N.º de venda
        item_id: sellerSku | lazadaSku | Variation SKU | SKU Reference No. | 商品選項貨號
        time: createTime | Order Creation Date | 訂單成立日期 | Fecha de venta | Data da venda
        user_id: customerEmail | Username (Buyer) | 買家帳號
        unit_price: unitPrice | Deal Price | 商品活動價格 |
            Precio unitario de venta de la publicación (ARS) |
            Preço unitário de venda do anúncio (BRL)
        original_price: Original Price | 商品原價
        paid: paidPrice | 買家總支付金額
        quantity: Quantity | 數量 | Unidades | Unidades vendidas
        amount: Ingresos por productos (ARS) | Receita por produtos (BRL) | Total (ARS) |
            訂單總金額
        status: status | Order Status | 訂單狀態 | Estado
        name: itemName | Product Name | 商品名稱 | Título de la publicación | Título do anúncio
        country: País | 收件國家
        possible: Comprador nombre | 收件人姓名
        none: shippingCity | shippingFee | deliveredDate | shippingProvider | Seller Rebate |
            Buyer Paid Shipping Fee | Estimated Shipping Fee | Cancel reason |
            Return / Refund Status | Costos de envío (ARS) | Cargo por venta e impuestos |
            Anulaciones y reembolsos (ARS) | Domicilio | Ciudad | Código postal | Estado de envío |
            Fecha de entrega | 買家備註 | 賣家折扣券 | 運費 | 出貨時間 | 退貨 / 退款狀態
    """,
    "Allegro, Ozon, Wildberries and Trendyol": """
        order_id: OrderId | Номер заказа | Номер отправления | Srid | Sipariş Numarası
        time: OrderDate | Дата заказа покупателем | Принят в обработку | Sipariş Tarihi
        user_id: BuyerId | BuyerLogin | BuyerEmail | Login kupującego
        item_id: Артикул | Артикул продавца | Код номенклатуры | Stok Kodu | OfferId | Баркод |
            Barkod
        name: Название товара | Ürün Adı | Tytuł oferty
        quantity: Количество | Кол-во | Adet | Liczba sztuk | Ilość
        unit_price: Цена товара | Birim Fiyatı | Satış Fiyatı
        amount: TotalToPay | Сумма заказа | Toplam Tutar | Сумма продажи
        status: Статус | Sipariş Statüsü | Status zamówienia | Sipariş Durumu
        discount_amount: İndirim Tutarı | Сумма скидки | Скидка, руб
        kind: Тип документа | Обоснование для оплаты
        currency: Код валюты товара | Валюта | Waluta | Para Birimi
        category: Предмет | Категория
        country: Страна | Ülke | Kraj
        possible: Alıcı | Цена розничная с учетом согласованной скидки
        none: Kargo Firması | Kargo Kodu | Teslim Tarihi | Komisyon Oranı | Fatura Adresi | İl |
            İlçe | Склад отгрузки | Город доставки | Адрес доставки | Дата отгрузки | Вес товара |
            Возвраты | Вознаграждение Вайлдберриз | Комиссия за продажу | Koszt dostawy |
            Adres dostawy | Kod pocztowy | Telefon | Дата доставки | Сумма возврата комиссии
    """,
    "Rakuten, Coupang, Taobao and JD": """
        order_id: 注文番号 | 受注番号 | 주문번호 | 订单编号 | 订单号 | 主订单编号
        time: 注文日時 | 注文日 | 受注日 | 주문일 | 주문일시 | 订单创建时间 | 订单付款时间 |
            下单时间
        user_id: 注文者メールアドレス | 会員ID | 顧客番号 | 구매자ID | 买家会员名 | 下单帐号
        item_id: 商品番号 | 商品管理番号 | 商品コード | 商品ID | 商家编码 | 노출상품ID | 옵션ID
        name: 商品名 | 등록상품명 | 宝贝标题 | 商品名称
        quantity: 個数 | 数量 | 구매수(수량) | 수량 | 宝贝总数量 | 订购数量
        unit_price: 単価 | 개당가격 | 판매단가 | 商品单价 | 单价
        amount: 合計金額 | 商品合計金額 | 小計 | 총 주문금액 | 订单金额 | 总金额 | 货款金额 |
            应付金额
        paid: 請求金額(支払額) | 결제액 | 결제금액 | 买家实际支付金额 | 实付款
        discount_amount: クーポン利用総額 | 할인금액 | 优惠金额
        status: 受注ステータス | 주문상태 | 订单状态
        refund_amount: 退款金额 | 환불금액 | 返金額
        possible: 注文者氏名 | 수취인이름 | 收货人姓名
        none: 送料合計 | 消費税 | 送付先都道府県 | 注文者郵便番号 | 発送日指定 | ポイント利用額 |
            배송비 | 배송완료일 | 수취인 주소 | 우편번호 | 구매자전화번호 | 运费 | 收货地址 |
            联系手机 | 物流单号 | 发货时间 | 买家应付邮费 | 卖家备注 | 店铺名称 | 商品明細番号 |
            子订单编号
    """,
    "Shopware, JTL, plentymarkets and Billbee": """
        order_id: Bestellnummer | Auftragsnummer | Auftrags-ID | orderNumber | Rechnungsnummer |
            Belegnummer | Bestell-Nr.
        user_id: Kundennummer | Kunden-ID | E-Mail | customerNumber | Kunden-Nr. | Käufer
        time: Bestelldatum | Auftragsdatum | Erstellt am | orderTime | Kaufdatum | Zahlungsdatum
        item_id: Artikelnummer | Art.-Nr. | SKU | Varianten-ID | EAN | Artikel-Nr.
        name: Artikelname | Artikelbezeichnung | Bezeichnung
        quantity: Menge | Anzahl | Bestellmenge
        unit_price: Einzelpreis | VK-Preis | Preis (brutto) | Stückpreis | Einzelpreis netto
        original_price: UVP | Listenpreis | Streichpreis
        amount: Gesamtpreis | Gesamtbetrag brutto | Bestellwert | Auftragssumme | Summe | Betrag
        discount: Rabatt | Rabatt % | Rabattsatz
        discount_amount: Rabattbetrag
        refund_amount: Erstattungsbetrag | Erstatteter Betrag
        status: Bestellstatus | Status | Zahlungsstatus
        currency: Währung
        channel: Verkaufskanal | Herkunft | Marktplatz
        kind: Belegart | Vorgang | Typ
        country: Land | Lieferland | Rechnungsland
        category: Warengruppe | Kategorie
        possible: Kundenname | Externe Bestellnummer
        none: Versandkosten | Lieferdatum | Versanddatum | Lieferadresse | Steuerbetrag | MwSt |
            PLZ | Ort | Straße | Telefon | Vorname | Nachname | Zahlungsart | Kundengruppe |
            Einkaufspreis | Positionsnummer | Lagerbestand | Mindestmenge | Gewicht |
            Geburtsdatum | Liefermenge | Retourenmenge | Versandart | Trackingnummer |
            Änderungsdatum | Gutscheincode | Lieferant | Hersteller | Fälligkeitsdatum
    """,
    "Bol.com, Cdiscount, Zalando and Otto": """
        order_id: Bestelnummer | Ordernummer | Numéro de commande | Référence commande |
            N° commande
        time: Besteldatum | Date de commande | Order date
        item_id: EAN | Référence produit | Article ID | Référence
        name: Titel | Productnaam | Désignation | Libellé produit
        quantity: Aantal | Quantité | Qté commandée
        unit_price: Prijs | Stukprijs | Prix unitaire TTC | Prix de vente
        amount: Montant total | Totaalbedrag | Total commande
        status: Statut | Statut de la commande | Orderstatus
        country: Pays de livraison | Land
        channel: Marketplace | Canal de vente
        user_id: E-mailadres | Adresse e-mail | Klantnummer | Code client
        none: Verzenddatum | Leverdatum | Postcode | Date d'expédition | Ville | Code postal |
            Frais de port | Commission | Transporteur | Verkoper | Aantal geretourneerd |
            Date de livraison | Numéro de suivi colis | Adresse de livraison | Prix d'achat
    """,
    "Olist, Instacart and H&M": """
        order_id: order_id
        user_id: customer_id | customer_unique_id | user_id
        status: order_status
        time: order_purchase_timestamp | order_approved_at | t_dat
        item_id: product_id | article_id | product_code
        unit_price: price
        paid: payment_value
        category: product_category_name | department | aisle | product_group_name | department_name
        name: product_name | prod_name
        channel: sales_channel_id
        none: customer_zip_code_prefix | customer_city | customer_state |
            order_delivered_carrier_date | order_delivered_customer_date |
            order_estimated_delivery_date | order_item_id | seller_id | shipping_limit_date |
            freight_value | payment_sequential | payment_type | payment_installments | review_id |
            review_score | reordered | add_to_cart_order | days_since_prior_order | order_dow |
            product_weight_g | eval_set | postal_code | club_member_status | age |
            fashion_news_frequency | product_photos_qty
    """,
    "Istanbul, RetailRocket, REES46, UCI, CDNOW and dunnhumby": """
        order_id: invoice_no | Invoice | InvoiceNo | transactionid | BASKET_ID
        user_id: customer_id | visitorid | Customer ID | CustomerID | household_key | hshd_num
        time: invoice_date | timestamp | event_time | InvoiceDate | TRANS_TIME
        event: event | event_type
        item_id: itemid | product_id | StockCode
        category: category | category_code | category_id | commodity_desc | sub_commodity_desc
        quantity: quantity | Quantity
        unit_price: price | Price | UnitPrice
        session_id: user_session
        name: Description
        country: Country
        amount: SALES_VALUE | value
        day: DAY
        none: gender | age | payment_method | shopping_mall | brand | STORE_ID | WEEK_NO |
            RETAIL_DISC | COUPON_MATCH_DISC | COUPON_DISC
    """,
    "parts of the time": """
        clock: Order Time | Time | Uhrzeit | time_of_day | Hour:Minute | Heure | Godzina | Saat |
            时间 | Время
        year: Year | order_year | Jahr | Année | Año | Rok | Год | 年
        month: Month | Monat | Mois | Mes | 月份
        day: Day | Tag | Jour | Día | 日
        none: day of week | Birth Year | Part of the day | Weekday
    """,
}

LANGUAGES = {
    "French": """
        user_id: Client | ID client | N° client
        order_id: Commande | N° de facture
        time: Date de la commande | Créé le | Date de paiement | Date d'achat
        item_id: Code article
        name: Nom du produit
        unit_price: Prix unitaire HT | PU HT
        original_price: Prix barré | Prix d'origine
        amount: Total TTC | Montant HT | Sous-total
        paid: Montant payé
        refund_amount: Montant remboursé
        discount: Remise | Remise (%)
        discount_amount: Montant de la remise
        currency: Devise
        possible: Nom du client
        none: Date de retour | Mode de paiement | Téléphone | Frais de livraison |
            Date de naissance
    """,
    "Spanish": """
        user_id: Cliente | Código de cliente | Correo electrónico
        order_id: Nº pedido | Número de factura
        time: Fecha de compra | Fecha
        item_id: Artículo | Código producto
        name: Descripción
        quantity: Cantidad | Unidades
        unit_price: Precio unitario | Precio (IVA incluido)
        original_price: Precio original
        amount: Importe total | Importe
        paid: Importe pagado
        refund_amount: Importe reembolsado
        discount_amount: Importe del descuento
        status: Estado del pedido
        possible: Nombre del cliente
        none: Fecha de envío | Fecha de nacimiento | Gastos de envío | Forma de pago | Ciudad |
            Vendedor | Dirección | Importe IVA | Pedido de compra proveedor
    """,
    "Italian": """
        user_id: Cliente | Codice cliente
        order_id: Numero ordine | N. ordine | Numero fattura
        time: Data ordine | Data
        item_id: Codice articolo | Prodotto
        name: Descrizione
        quantity: Quantità | Q.tà
        unit_price: Prezzo unitario | Prezzo IVA inclusa
        original_price: Prezzo di listino
        amount: Totale | Importo | Totale ordine
        paid: Importo pagato
        refund_amount: Importo rimborsato
        discount: Sconto | Sconto %
        status: Stato ordine
        none: Data di consegna | Città | Spese di spedizione | Indirizzo | Costo | Venditore |
            Aliquota IVA
    """,
    "Portuguese": """
        user_id: Cliente | Código do cliente | CPF do comprador
        order_id: Nº do pedido | Número do pedido | Pedido
        time: Data do pedido | Data da compra
        item_id: Código do produto
        name: Nome do produto | Descrição
        quantity: Quantidade | Qtd.
        unit_price: Preço unitário | Valor unitário
        amount: Valor total | Valor
        paid: Valor pago
        refund_amount: Valor estornado
        discount: Desconto
        status: Status do pedido | Situação
        none: Data de entrega | Valor do frete | Cidade | CEP | Endereço | Imposto |
            Forma de pagamento
    """,
    "Dutch": """
        user_id: Klant | Klantnummer
        order_id: Factuurnummer | Bestelling
        time: Orderdatum | Aangemaakt op
        quantity: Aantal | Aantal besteld | Hoeveelheid
        unit_price: Stuksprijs | Stukprijs
        original_price: Adviesprijs
        amount: Bedrag | Totaalprijs
        paid: Betaald bedrag
        discount: Korting
        discount_amount: Kortingsbedrag
        none: Verzendkosten | BTW | Leverdatum | Retourdatum | Plaats | Betaalmethode | Inkoopprijs
    """,
    "Polish": """
        user_id: Klient | ID klienta | Kupujący
        order_id: Nr zamówienia | Numer faktury | Zamówienie
        time: Data zamówienia | Data sprzedaży | Data
        item_id: Kod produktu
        name: Nazwa produktu
        quantity: Ilość
        unit_price: Cena | Cena jednostkowa brutto
        amount: Wartość brutto | Kwota | Razem
        refund_amount: Kwota zwrotu
        discount: Rabat | Rabat %
        status: Status | Stan zamówienia
        none: Data wysyłki | Koszt dostawy | Miasto | Data urodzenia | Stawka VAT | Cena zakupu
    """,
    "Czech": """
        user_id: Zákazník | Číslo zákazníka
        order_id: Číslo objednávky | Faktura | Objednávka
        time: Datum objednávky | Datum
        item_id: Kód zboží | Zboží
        quantity: Množství | Počet kusů
        unit_price: Jednotková cena | Cena
        amount: Celkem | Cena celkem | Částka
        discount: Sleva
        status: Stav objednávky
        none: Datum doručení | Město | PSČ | DPH | Doprava | Datum narození | Sklad
    """,
    "Swedish": """
        user_id: Kund | Kundnummer | E-post
        order_id: Ordernummer | Fakturanummer
        time: Orderdatum | Skapad | Köpdatum
        name: Produktnamn | Beskrivning
        quantity: Antal | Kvantitet
        unit_price: Pris | Styckpris | À-pris
        amount: Belopp | Summa | Totalt
        discount: Rabatt
        none: Frakt | Stad | Moms | Leveransdatum | Postnummer | Betalningsmetod
    """,
    "Turkish": """
        user_id: Müşteri No | MÜŞTERİ NUMARASI | Kullanıcı Adı | E-posta
        order_id: Sipariş No | SİPARİŞ NUMARASI | Fatura No
        time: Sipariş Tarihi | Tarih
        item_id: Ürün Kodu | Ürün
        name: Ürün Adı | Açıklama
        quantity: Adet | Miktar
        unit_price: Birim Fiyat | Fiyat | Fiyat (KDV dahil)
        original_price: Liste Fiyatı
        amount: Tutar | Toplam | Toplam Tutar
        paid: Ödenen Tutar
        refund_amount: İade Tutarı
        discount: İndirim | İndirim Oranı
        status: Durum | Sipariş Durumu
        none: Kargo Ücreti | Teslimat Tarihi | Şehir | Doğum Tarihi | KDV | Satıcı | İade Tarihi
    """,
    "Russian": """
        user_id: Клиент | Код клиента | ID покупателя | Электронная почта
        order_id: № заказа | Номер заказа | Заказ | Номер чека
        time: Дата заказа | Дата создания | Дата
        item_id: Артикул | Товар
        name: Наименование товара | Название
        quantity: Количество | Кол-во, шт.
        unit_price: Цена | Цена за единицу | Цена, руб.
        original_price: Цена до скидки
        amount: Сумма | Стоимость | Итого | Стоимость заказа | Сумма заказа, ₽
        paid: Оплачено | Сумма оплаты
        refund_amount: Сумма возврата
        discount: Скидка | Скидка, %
        status: Статус заказа | Статус
        possible: ФИО | Имя клиента
        none: Дата доставки | Город | Адрес доставки | Телефон | НДС | Продавец | Дата рождения |
            Склад
    """,
    "Chinese": """
        user_id: 用户ID | 客户编号 | 會員編號 | 买家昵称
        order_id: 订单号 | 訂單編號 | 发票号码
        time: 下单时间 | 付款時間 | 日期 | 交易时间
        item_id: 商品编号 | 貨號
        name: 商品名称 | 商品名稱
        quantity: 数量 | 購買數量 | 订单商品数量
        unit_price: 单价 | 單價 | 含税单价 | 价格
        original_price: 原价 | 吊牌价
        amount: 金额 | 总金额 | 訂單金額 | 订单金额(元)
        paid: 实付金额 | 實付金額 | 支付金额
        refund_amount: 退款金額
        discount: 折扣
        status: 订单状态 | 狀態
        currency: 币种
        country: 国家
        category: 商品类别
        channel: 销售渠道
        none: 退货数量 | 发货时间 | 运费 | 收货城市 | 客户等级 | 库存数量 | 成本价 | 税额 |
            快递单号 | 更新时间 | 卖家ID | 店铺名称 | 生日
    """,
    "Japanese": """
        user_id: 顧客ID | 会員番号 | お客様番号 | メールアドレス
        order_id: 受注番号 | 注文ID | 伝票番号
        time: 注文日 | 購入日時 | 売上日 | 日付
        item_id: 商品コード | 品番
        name: 商品名
        quantity: 数量 | 個数 | 注文数量
        unit_price: 単価 | 販売価格 | 販売単価(税込) | 価格
        original_price: 定価 | 通常価格
        amount: 合計金額 | 売上金額 | 金額(円) | 小計
        paid: お支払い金額
        refund_amount: 返金額
        discount_amount: 値引額 | 割引金額
        status: 注文ステータス | 状態
        currency: 通貨
        possible: 顧客名 | お客様名
        none: 送料 | 配送日 | 消費税額 | 郵便番号 | 都道府県 | 電話番号 | 店舗名 | 在庫数 |
            受注明細番号 | 会員ランク | 更新日時 | 返品数量
    """,
    "Korean": """
        user_id: 고객ID | 고객번호 | 회원번호 | 이메일
        order_id: 주문번호 | 주문 번호 | 영수증번호
        time: 주문일시 | 주문일자 | 결제일 | 날짜
        item_id: 상품코드 | 상품번호
        name: 상품명
        quantity: 수량 | 주문수량
        unit_price: 단가 | 가격 | 판매가
        original_price: 정가
        amount: 총금액 | 금액 | 주문금액(원) | 매출액
        paid: 결제금액 | 실결제금액
        refund_amount: 환불금액
        discount_amount: 할인금액
        status: 주문상태 | 상태
        currency: 통화
        possible: 고객명
        none: 배송비 | 배송일 | 우편번호 | 전화번호 | 취소수량 | 반품수량 | 판매자ID | 재고수량 |
            고객등급
    """,
}


def cases(tables):
    """Yield the makes, the roles and the columns of a dict of texts."""
    for make, text in tables.items():
        for line in re.sub(r"\|\s+", "| ", text.strip()).splitlines():
            role, columns = line.strip().split(": ", 1)
            for column in columns.split(" | "):
                yield pytest.param(role, column.strip(), id=f"{make}: {column.strip()}")


def verdict(column):
    """Return the role of which a name is certain, or "possible", or "none"."""
    found = likeness_to_roles(column)
    certain = [role for role, one in found.items() if one.level == CERTAIN]
    if certain:
        return " ".join(sorted(certain))
    return "possible" if any(one.level == POSSIBLE for one in found.values()) else "none"


@pytest.mark.parametrize(("role", "column"), [*cases(SYSTEMS), *cases(LANGUAGES)])
def test_the_role_of_a_name(role, column):
    assert verdict(column) in {role, "clock time" if role in ("clock", "time") else role}


@pytest.mark.parametrize(
    ("role", "better", "worse"),
    [
        ("user_id", "customer_unique_id", "customer_id"),
        ("user_id", "Kunden-Nr.", "Kunde"),
        ("user_id", "Buyer Username", "Buyer Email"),
        ("user_id", "E-Mail", "Kundenname"),
        ("user_id", "会員番号", "メールアドレス"),
        ("order_id", "Order Number", "Invoice Number"),
        ("order_id", "Номер чека", "Чек"),
        ("time", "order_date", "created_at"),
        ("time", "创建时间", "付款时间"),
        ("time", "Data zamówienia", "Data"),
        ("unit_price", "unit price", "price"),
        ("amount", "Line Total", "Order Total"),
        ("amount", "Total", "Subtotal"),
        ("status", "Order Status", "Financial Status"),
        ("quantity", "Quantity", "Items"),
        ("discount", "Discount %", "Discount"),
    ],
)
def test_the_better_name_is_greater(role, better, worse):
    assert likeness_to_roles(better)[role] > likeness_to_roles(worse)[role]


@pytest.mark.parametrize(
    ("role", "one", "other"),
    [
        ("user_id", "customer_id", "Kundennummer"),
        ("time", "order date", "invoice date"),
        ("unit_price", "Price", "base_price_usd"),
    ],
)
def test_rivals_are_equal(role, one, other):
    assert likeness_to_roles(one)[role] == likeness_to_roles(other)[role]


def test_words_beside_a_name():
    like = {
        name: likeness_to_roles(name)["user_id"]
        for name in (
            "customer",
            "order customer",
            "preferred customer",
            "customer city",
            "costumes",
        )
    }
    assert [one.level for one in like.values()] == [CERTAIN, CERTAIN, POSSIBLE, NONE, NONE]
    assert like["customer"].tier == like["preferred customer"].tier


def test_a_time_may_be_a_clock():
    found = likeness_to_roles("Order Time")
    assert found["time"] == found["clock"]
    assert {role for role, one in found.items() if one.level > NONE} == {"time", "clock"}


def test_every_name_belongs_to_one_role():
    of = {}
    for role, one in ROLES.items():
        for name in [*(name for tier in one.tiers for name in tier), *one.possible]:
            of.setdefault(name.replace(" ", ""), []).append(role)
    assert [
        name for name, roles in of.items() if len(roles) > 1 and roles != ["time", "clock"]
    ] == []


def test_names_are_written_as_they_are_compared():
    names = [
        name
        for role in ROLES.values()
        for name in [*(name for tier in role.tiers for name in tier), *role.possible]
    ]
    assert [name for name in names if normalize(name) != name] == []


def test_a_known_name_is_found():
    for role, one in ROLES.items():
        for place, tier in enumerate(one.tiers):
            for name in tier:
                assert likeness_to_roles(name.upper())[role] == (CERTAIN, -place), name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("SİPARİŞ_TARİHİ", "siparis tarihi"),
        ("Sipariş numarası", "siparis numarasi"),
        ("Ilość (szt.)", "ilosc szt"),
        ("Příjmení", "prijmeni"),
        ("Größe", "grosse"),
        ("œuvre", "oeuvre"),
        ("Счёт №", "счет no"),
        ("Дата/Время", "дата время"),
        ("ガラス", "ガラス"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("주문번호", "주문번호"),
        ("商品ID", "商品 id"),
        ("訂單＃", "訂單 no"),
        ("unitPriceUSD", "unit price usd"),
        ("Discount %", "discount percent"),
        ("price_tax_incl", "price"),
        ("***", ""),
    ],
)
def test_plain_letters(name, plain):
    assert normalize(name) == plain


def test_letters_that_a_computer_writes_in_two_ways():
    assert normalize("Pre\u0301nom") == normalize("Pr\u00e9nom") == "prenom"
    assert normalize("\u0417\u0430\u0451\u043c") == normalize("\u0417\u0430\u0435\u0308\u043c")


STATUS = {
    "sold": """
        Complete | completed | Shipped | delivered | paid | processing | closed/complete |
        Return window closed | not refunded | no return | return policy accepted | non-refundable |
        Awaiting Fulfillment | Awaiting Shipment | Pending - Waiting for Pick Up |
        Shipped - Delivered to Buyer | partially_fulfilled | unfulfilled | Ready to ship |
        In transit | succeeded | invoiced | approved | Canceled Reversal | return_rejected |
        Backorder | prepaid | Payment accepted | Delivered, return eligible until May | sale |
        Bezahlt | Versandt | Abgeschlossen | In Bearbeitung | nicht storniert | keine Retoure |
        Zugestellt | Payée | Livré | En cours de préparation | Terminée | Non remboursé | Pagado |
        Entregado | Enviado | Completado | No cancelado | Pago | Entregue | Concluído | Pagato |
        Spedito | Consegnato | Betaald | Verzonden | Niet geannuleerd | Opłacone | Wysłane |
        Zrealizowane | Zaplaceno | Odesláno | Vyřízeno | Betald | Levererad | Ödendi |
        Teslim Edildi | Kargoya Verildi | Tamamlandı | Оплачен | Доставлен | Выполнен |
        Ожидает отгрузки | 已付款 | 交易成功 | 已发货 | 待发货 | 已完成 | 未退款 | 退款关闭 |
        已出貨 | 発送済み | 配送完了 | 入金済み | 返品不可 | 배송완료 | 결제완료 | 구매확정
    """,
    "canceled": """
        Canceled | CANCELLED | cancelled by customer | voided | failed | declined | expired |
        draft | abandoned | Rejected | Trash | Payment error | denied |
        Shipped - Rejected by Buyer | Closed Lost | cancelled - refunded | Storniert | Abgelehnt |
        Fehlgeschlagen | Abgebrochen | Annulée | Échec du paiement | Refusé | Anulado | Cancelado |
        Rechazado | Fallido | Cancelada | Recusado | Annullato | Fallito | Rifiutato |
        Geannuleerd | Mislukt | Anulowane | Anulowano | Odrzucone | Zrušeno | Stornováno |
        Makulerad | Avbruten | İptal | İptal Edildi | Reddedildi | Отменён | Отменен продавцом |
        Отклонён | 取消 | 已取消 | 已关闭 | 交易关闭 | 付款失败 | 無效 | キャンセル |
        キャンセル済み | 취소 | 취소완료 | 결제실패
    """,
    "refunded": """
        Refunded | fully_refunded | Returned | chargeback | Reversed | refund processed |
        paid, refunded | Shipped - Returned to Seller | Erstattet | Zurückerstattet | Retourniert |
        Remboursé | Remboursée | Retourné | Devuelto | Reembolsado | Devolvido | Estornado |
        Rimborsato | Reso | Terugbetaald | Geretourneerd | Zwrócone | Zwrot | Vráceno |
        Återbetald | Returnerad | İade | İade Edildi | Возврат | Возвращён | 退款 | 退款成功 |
        已退款 | 退货 | 已退貨 | 返品 | 返金済み | 払い戻し | 환불 | 환불완료 | 반품 | 반품완료
    """,
    "partly": """
        partially_refunded | Partially Refunded | partial refund | paid, partly returned |
        Teilweise erstattet | Teilrückerstattung | Remboursement partiel |
        Partiellement remboursé | Parcialmente reembolsado | Parzialmente rimborsato |
        Gedeeltelijk terugbetaald | Częściowy zwrot | Částečně vráceno | Delvis återbetald |
        Kısmi iade | Частичный возврат | 部分退款 | 一部返金 | 부분 환불 | 부분취소
    """,
    "unpaid": """
        on hold | pending payment | pending | Awaiting Payment | unpaid | not paid |
        partially_paid | authorized | Offen | Nicht bezahlt | Wartet auf Zahlung |
        En attente de paiement | Impayée | Pendiente de pago | Aguardando pagamento |
        In attesa di pagamento | Openstaand | Niet betaald | Oczekuje na płatność | Nieopłacone |
        Nezaplaceno | Obetald | Ödeme bekleniyor | Ожидает оплаты | Не оплачен | 待付款 |
        等待买家付款 | 未付款 | 入金待ち | 未入金 | 결제대기 | 입금대기
    """,
    "unknown": """
        closed | return_pending | refund requested | Return requested | refund pending | new |
        blue | 17 | *** | cancellation requested | Retoure angemeldet | Devolución solicitada |
        申请退款 | 退款中 | 返品申請 | 반품요청 | İade talebi | Exchanged |
        requested, then forgotten | Delivery failed
    """,
}

KINDS = {
    "sale": """
        Sale | Order | Payment | charge | Invoice | Express Checkout Payment | purchase | Verkauf |
        Rechnung | Vente | Venta | Vendita | Verkoop | Sprzedaż | Prodej | Satış | Продажа | 销售 |
        订单 | 売上 | 판매
    """,
    "refund": """
        Refund | Return | Gutschrift | Chargeback | Credit memo | Credit Note | Payment Refund |
        Order refund | Stornorechnung | Rückerstattung | Avoir | Remboursement | Devolución |
        Nota de crédito | Reembolso | Rimborso | Zwrot | Dobropis | İade | Возврат | 退款 | 退货 |
        返品 | 返金 | 환불 | 반품
    """,
    "other": """
        Shipping | Tax | Fee | Transfer | payout | stripe_fee | Adjustment | Versandkosten |
        Gebühr | Auszahlung | Frais | Comisión | Prowizja | Комиссия | 运费 | 手续费 | 送料 |
        手数料 | 수수료 | General Withdrawal | Account hold for open authorization? |
        Refund commission | Order shipping fee
    """,
    "unknown": "Blue | 17 | A | gift",
}


def words(table):
    return [(kind, word.strip()) for kind, text in table.items() for word in text.split("|")]


@pytest.mark.parametrize(("meaning", "word"), words(STATUS))
def test_words_of_a_status(meaning, word):
    assert status_of(word) == meaning


@pytest.mark.parametrize(("meaning", "word"), words(KINDS))
def test_kinds_of_rows(meaning, word):
    assert kind_of_row(word) == meaning


@pytest.mark.parametrize(
    "word",
    [
        *[
            "guest",
            "Guest checkout",
            "(not set)",
            "0",
            "0.0",
            "000",
            "-1",
            "-",
            "n/a",
            "NULL",
            "walk-in",
        ],
        *[
            "Walk in customer",
            "anonymous",
            "Gast",
            "Laufkunde",
            "invité",
            "Invitado",
            "Ospite",
            "Гость",
        ],
        *["Misafir", "gość", "散客", "游客", "ゲスト", "비회원", "Consumidor Final", "unknown"],
    ],
)
def test_guests(word):
    assert re.fullmatch(GUEST, word, re.IGNORECASE)


@pytest.mark.parametrize(
    "word", ["1", "10", "guest42", "Anna Gast", "K0", "100", "gast@example.org", "-17"]
)
def test_customers_are_no_guests(word):
    assert not re.fullmatch(GUEST, word, re.IGNORECASE)


def test_rows_of_totals():
    for word in ("Total", "Grand total", "Summe", "Итого", "合计", "합계"):
        assert re.fullmatch(TOTAL, word, re.IGNORECASE)
    assert not re.fullmatch(TOTAL, "Total Lamp", re.IGNORECASE)


def test_kinds_of_events():
    words = ("add_to_cart", "Purchase", "page view", "pv", "remove_from_cart", "加购", "spring")
    kinds = ("cart", "purchase", "view", "view", "remove_from_cart", "cart", "spring")
    assert tuple(map(kind_of_event, words)) == kinds
