"""Names of columns of many systems and languages, and words for what happened to an order."""

import re

import pytest

from helpers.own_shop.column_names import CERTAIN, NONE, POSSIBLE, likeness_to_roles
from helpers.own_shop.names import GUEST, ROLES, TOTAL, kind_of_event, kind_of_row, normalize, status_of

# Columns of exports, by their role. "possible" is for names that only suggest a role, and "none" for
# those that may look like one and are none.
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
        none: Fulfillment Status | Fulfilled at | Shipping | Taxes | Discount Code | Shipping Method |
            Accepts Marketing | Lineitem requires shipping | Lineitem taxable |
            Lineitem fulfillment status | Billing Street | Billing City | Billing Zip |
            Billing Province | Shipping Name | Shipping Zip | Notes | Payment Method | Vendor |
            Outstanding Balance | Employee | Location | Device ID | Tags | Risk Level | Cancelled at |
            Payment Reference | Phone | Tax 1 Name | Tax 1 Value
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
            Phone (Billing) | Payment Method Title | Shipping Method Title | Order Shipping Amount |
            Order Total Tax Amount | Coupon Code | Discount Amount Tax | Customer IP Address |
            Order Item ID | Order Tax
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
        none: store_id | customer_group_id | customer_is_guest | customer_firstname | qty_refunded |
            qty_invoiced | qty_shipped | qty_canceled | tax_amount | total_due | shipping_amount |
            Ship-to Name | updated_at | remote_ip | discount_refunded | discount_invoiced |
            row_invoiced | base_cost | shipping_incl_tax | coupon_code
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
        none: Tax Total | Shipping Cost (inc tax) | Handling Cost (ex tax) | Store Credit Redeemed |
            Gift Certificate Amount Redeemed | Ship Method | Fulfillment status | Delivery method |
            Date shipped | Total Shipped | Recipient phone | Additional checkout info | Shipping rate |
            Lineitem variant
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
        none: Date Shipped | Ship City | Ship State | Ship Zipcode | Shipping Discount | Coupon Code |
            Coupon Details | Order Shipping | Order Sales Tax | Card Processing Fees | Order Type |
            Payment Type | Payment Method | Street 1 | First Name | Last Name | Ship Name |
            Buyer Note | Post By Date | Shipping And Handling | Seller Collected Tax |
            Feedback Left | Tracking Number | Final value fee - fixed | Buyer State | Ship To Phone
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
        none: last-updated-date | fulfillment-channel | ship-service-level | item-tax | shipping-price |
            shipping-tax | gift-wrap-price | gift-wrap-tax | ship-promotion-discount | ship-city |
            ship-state | ship-postal-code | promotion-ids | order-item-id | buyer-phone-number |
            recipient-name | amount-type | settlement-id | deposit-date | merchant-order-item-id |
            purchase-order-item-id | is-business-order | shipment-id
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
            Card Brand | Time Zone | Payout ID | Shipping Amount | Sales Tax | Shipping and Handling Amount |
            Insurance Amount | Reference Txn ID | Address Status | Device Name | Modifiers Applied |
            Customer Description | Dispute Amount | Seller Message | Balance | Staff Name | Refund Reason |
            Address Line 1 | Payment Source Type | Option 1 Name
    """,
    "SAP, NAV, Odoo, Salesforce and Lightspeed": """
        order_id: VBELN | Sales Document | Document No. | Order Reference | Order Lines/Order Reference |
            Invoice No. | Receipt number | Order Number
        user_id: KUNNR | Sold-to party | Sell-to Customer No. | partner_id | Customer | Customer/ID |
            Account ID | Customer code | Bill-to Customer No.
        item_id: MATNR | Material | Item No. | Order Lines/Product | order_line/product_id |
            Product Code
        time: ERDAT | AUDAT | Posting Date | Order Date | date_order | Creation Date | Created Date
        quantity: KWMENG | Quantity | Order Lines/Quantity | order_line/product_uom_qty
        unit_price: NETPR | Unit Price | Order Lines/Unit Price | price_unit | Sales Price
        original_price: List Price
        amount: NETWR | Line Amount | Order Lines/Subtotal | price_subtotal | amount_total | Total |
            Grand Total | Line Total
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
            Precio unitario de venta de la publicación (ARS) | Preço unitário de venda do anúncio (BRL)
        original_price: Original Price | 商品原價
        paid: paidPrice | 買家總支付金額
        quantity: Quantity | 數量 | Unidades | Unidades vendidas
        amount: Ingresos por productos (ARS) | Receita por produtos (BRL) | Total (ARS) | 訂單總金額
        status: status | Order Status | 訂單狀態 | Estado
        name: itemName | Product Name | 商品名稱 | Título de la publicación | Título do anúncio
        country: País | 收件國家
        possible: Comprador nombre | 收件人姓名
        none: shippingCity | shippingFee | deliveredDate | shippingProvider | Seller Rebate |
            Buyer Paid Shipping Fee | Estimated Shipping Fee | Cancel reason | Return / Refund Status |
            Costos de envío (ARS) | Cargo por venta e impuestos | Anulaciones y reembolsos (ARS) |
            Domicilio | Ciudad | Código postal | Estado de envío | Fecha de entrega | 買家備註 |
            賣家折扣券 | 運費 | 出貨時間 | 退貨 / 退款狀態
    """,
    "Allegro, Ozon, Wildberries and Trendyol": """
        order_id: OrderId | Номер заказа | Номер отправления | Srid | Sipariş Numarası
        time: OrderDate | Дата заказа покупателем | Принят в обработку | Sipariş Tarihi
        user_id: BuyerId | BuyerLogin | BuyerEmail | Login kupującego
        item_id: Артикул | Артикул продавца | Код номенклатуры | Stok Kodu | OfferId | Баркод | Barkod
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
        none: Kargo Firması | Kargo Kodu | Teslim Tarihi | Komisyon Oranı | Fatura Adresi | İl | İlçe |
            Склад отгрузки | Город доставки | Адрес доставки | Дата отгрузки | Вес товара | Возвраты |
            Вознаграждение Вайлдберриз | Комиссия за продажу | Koszt dostawy | Adres dostawy |
            Kod pocztowy | Telefon | Дата доставки | Сумма возврата комиссии
    """,
    "Rakuten, Coupang, Taobao and JD": """
        order_id: 注文番号 | 受注番号 | 주문번호 | 订单编号 | 订单号 | 主订单编号
        time: 注文日時 | 注文日 | 受注日 | 주문일 | 주문일시 | 订单创建时间 | 订单付款时间 | 下单时间
        user_id: 注文者メールアドレス | 会員ID | 顧客番号 | 구매자ID | 买家会员名 | 下单帐号
        item_id: 商品番号 | 商品管理番号 | 商品コード | 商品ID | 商家编码 | 노출상품ID | 옵션ID
        name: 商品名 | 등록상품명 | 宝贝标题 | 商品名称
        quantity: 個数 | 数量 | 구매수(수량) | 수량 | 宝贝总数量 | 订购数量
        unit_price: 単価 | 개당가격 | 판매단가 | 商品单价 | 单价
        amount: 合計金額 | 商品合計金額 | 小計 | 총 주문금액 | 订单金额 | 总金额 | 货款金额 | 应付金额
        paid: 請求金額(支払額) | 결제액 | 결제금액 | 买家实际支付金额 | 实付款
        discount_amount: クーポン利用総額 | 할인금액 | 优惠金额
        status: 受注ステータス | 주문상태 | 订单状态
        refund_amount: 退款金额 | 환불금액 | 返金額
        possible: 注文者氏名 | 수취인이름 | 收货人姓名
        none: 送料合計 | 消費税 | 送付先都道府県 | 注文者郵便番号 | 発送日指定 | ポイント利用額 |
            배송비 | 배송완료일 | 수취인 주소 | 우편번호 | 구매자전화번호 | 运费 | 收货地址 | 联系手机 |
            物流单号 | 发货时间 | 买家应付邮费 | 卖家备注 | 店铺名称 | 商品明細番号 | 子订单编号
    """,
}
