"""One small simulated shop whose figures are known exactly: the truth behind every export.

Money is in cents, as whole numbers, so no truth is rounded. A table of lines has one row per order
line with the columns

- ``order`` (1001, 1002, …), ``line`` (1, 2, … within its order), ``status`` of the order (*done*,
  *canceled*, *refunded* or *partly*, if a part came back), ``time``, ``channel``
- ``customer`` (1, 2, …; missing for guests), ``first``, ``last``, ``full``, ``email``, ``city``,
  ``country``
- ``item`` (a number), ``sku``, ``name``, ``category``, ``quantity``, ``price`` of one unit,
  ``percent`` of discount
- ``total`` = quantity × price, ``discount`` = total × percent, ``paid`` = total − discount
- ``returned`` (units that came back) and ``refund`` (what was paid for them)
- ``kind`` (*sale* or *refund*) and ``sign`` (1 or −1): see `with_refund_rows`
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

#: Language → names of 6 categories, 10 kinds, 12 last names, 13 first names, and 4 cities.
WORDS = {
    "en": "Mugs Lamps Chairs Rugs Clocks Vases | Red Blue Oak Walnut Large Small Classic Modern "
    "Striped Plain | Smith Jones Brown Garcia Miller Davis Clark Lewis Young Walker Hall Allen | "
    "Anna Ben Clara David Emma Frank Grace Henry Iris Jack Kate Liam Mia | Boston Austin Denver "
    "Portland",
    "de": "Tassen Leuchten Stühle Teppiche Uhren Gefäße | Rot Blau Eiche Nussbaum Groß Klein "
    "Klassisch Modern Gestreift Schlicht | Müller Schmidt Schäfer Fischer Weber Meyer Wagner "
    "Becker Schröder Köhler Krüger Jäger | Anna Ben Clara Jürgen Emma Frank Gudrun Heinz Iris "
    "Jörg Käthe Lukas Mia | Köln München Berlin Zürich",
    "fr": "Tasses Lampes Chaises Tapis Horloges Étagères | Rouge Bleu Chêne Noyer Grand Petit "
    "Classique Moderne Rayé Uni | Martin Bernard Lefèvre Petit Durand Moreau Garçon Simon Noël "
    "Michel Bézier Roux | Anaïs Benoît Chloé David Élise François Gaël Hélène Inès Jules Karine "
    "Léa Marc | Paris Lyon Orléans Besançon",
    "es": "Tazas Lámparas Sillas Alfombras Relojes Estanterías | Rojo Azul Roble Nogal Grande "
    "Pequeño Clásico Moderno Rayado Liso | García Martínez López Sánchez Pérez Gómez Díaz Muñoz "
    "Álvarez Núñez Ibáñez Ortiz | Ana Begoña Clara David Elena Félix Gloria Héctor Inés José "
    "Karla Luis María | Córdoba Rosario Mendoza Neuquén",
    "pt": "Canecas Luminárias Cadeiras Tapetes Relógios Almofadas | Vermelho Azul Carvalho "
    "Nogueira Grande Médio Clássico Moderno Listrado Simples | Silva Souza Conceição Araújo "
    "Gonçalves Lima Simões Assunção Magalhães Brandão Leitão Rocha | Ana Bento Cláudia Davi Élida "
    "Fábio Glória Hugo Inês João Kátia Luís Mônica | Brasília Belém Goiânia Maceió",
    "pl": "Kubki Świeczniki Krzesła Dywany Zegary Półki | Czerwone Błękitne Dębowe Orzechowe Duże "
    "Małe Klasyczne Nowoczesne Pasiaste Gładkie | Wiśniewski Wójcik Kowalczyk Kamiński Zieliński "
    "Szymański Woźniak Dąbrowski Kozłowski Jabłoński Król Pawłowski | Ania Błażej Celina Dorota "
    "Elżbieta Feliks Grażyna Henryk Iwona Józef Kasia Łukasz Małgorzata | Łódź Kraków Gdańsk "
    "Poznań",
    "cs": "Hrnky Svítidla Židle Koberce Hodiny Vázy | Červené Modré Dubové Ořechové Velké Malé "
    "Klasické Moderní Pruhované Hladké | Novák Svoboda Dvořák Černý Procházka Kučera Veselý "
    "Horák Němec Růžička Beneš Fiala | Anežka Bořek Cecílie Dušan Eliška František Gustav "
    "Hedvika Ivana Jiří Kateřina Lukáš Miloš | Praha Plzeň Olomouc Děčín",
    "ru": "Кружки Лампы Стулья Ковры Часы Вазы | Красный Синий Дубовый Ореховый Большой Малый "
    "Классический Новый Полосатый Простой | Иванов Смирнов Кузнецов Попов Васильев Петров "
    "Соколов Михайлов Новиков Фёдоров Морозов Волков | Анна Борис Вера Глеб Дарья Егор Жанна "
    "Захар Ирина Кирилл Лидия Максим Нина | Москва Казань Пермь Омск",
    "tr": "Kupalar Işıklar Sandalyeler Halılar Saatler Çerçeveler | Kırmızı Mavi Meşe Ceviz Büyük "
    "Küçük Klasik Modern Çizgili Düz | Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Özdemir "
    "Arslan Doğan Kılıç | Ayşe Burak Ceyda Deniz Elif Furkan Gülşen Hakan Işıl Kemal Leyla "
    "Mustafa Nuray | İstanbul İzmir Ankara Muğla",
    "zh": "杯子 台灯 椅子 地毯 时钟 花瓶 | 红色 蓝色 橡木 胡桃 大号 小号 经典 现代 条纹 素色 | "
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 | 伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 | "
    "北京 上海 广州 成都",
    "ja": "マグ ランプ 椅子 ラグ 時計 花瓶 | 赤 青 オーク 胡桃 大 小 定番 新型 縞 無地 | 佐藤 鈴木 "
    "高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 | 陽菜 蓮 葵 翔太 さくら 健 美咲 大輔 結衣 "
    "拓也 愛 直樹 恵 | 東京都 大阪府 北海道 福岡県",
    "ko": "머그컵 조명 의자 러그 시계 꽃병 | 빨강 파랑 참나무 호두 대형 소형 기본 신형 줄무늬 "
    "민무늬 | 김 이 박 최 정 강 조 윤 장 임 한 오 | 민준 서연 도윤 지우 하준 서현 주원 지민 시우 "
    "수빈 예준 하은 유진 | 서울 부산 인천 대구",
}
CUSTOMERS, ORDERS, ITEMS = 150, 400, 60
START, DAYS = pd.Timestamp("2024-01-03"), 425


MONEY = ("gross", "discounts", "refunds", "net")


class Truth(NamedTuple):
    """What is true of an export: counts, money in its currency, and the first and last day.

    A figure that the file can't tell is None. ``gross`` is quantity × list price of all that was
    sold and not canceled; ``net`` = gross − discounts − refunds; ``orders`` are those of which
    something is left, guests' among them; ``customers`` are the known ones who have such an order.
    """

    customers: int | None
    orders: int
    gross: float | None
    discounts: float | None
    refunds: float | None
    net: float | None
    first: str
    last: str


@cache
def lines(language: str = "en") -> pd.DataFrame:
    """Return every line that the shop ever sold; the same ones in each language."""
    rng = np.random.default_rng(13)
    categories, kinds, lasts, firsts, cities = (part.split() for part in WORDS[language].split("|"))
    days = np.sort(rng.integers(0, DAYS, ORDERS))
    days[[0, -1]] = 0, DAYS - 1
    times = START + pd.to_timedelta(days * 86_400 + rng.integers(28_800, 79_200, ORDERS), "s")
    times = times.sort_values()
    often = rng.pareto(2.5, CUSTOMERS) + 0.5
    base = rng.integers(15, 800, ITEMS) * 20  # any discount of 5, 10 … percent is whole cents
    risen = np.where(rng.random(ITEMS) < 0.3, base * 11 // 200 * 20 + 20, base)
    rises = rng.integers(100, 330, ITEMS)
    rows, seen = [], set()
    for order, time in enumerate(times):
        plain = order in (0, ORDERS - 1)  # the first and the last day can't be disputed
        day = (time - START).days
        customer = rng.choice(CUSTOMERS, p=often / often.sum())
        while (customer, time.date()) in seen:
            customer = rng.choice(CUSTOMERS, p=often / often.sum())
        seen.add((customer, time.date()))
        guest = not plain and rng.random() < 0.12
        status = (
            "done" if plain else rng.choice(["done", "canceled", "refunded"], p=[0.88, 0.07, 0.05])
        )
        percent = rng.choice([5, 10, 15, 20, 25]) if rng.random() < 0.3 else 0
        chosen = rng.choice(ITEMS, rng.choice([1, 2, 3, 4], p=[0.4, 0.3, 0.2, 0.1]), replace=False)
        for line, item in enumerate(chosen, 1):
            price = int((risen if day >= rises[item] else base)[item])
            units = rng.choice([1, 2, 3, 5], p=[0.6, 0.25, 0.1, 0.05])
            who = pd.NA if guest else int(customer) + 1
            rows.append(
                (1001 + order, line, status, time, who, int(item), int(units), price, int(percent))
            )
    names = ["order", "line", "status", "time", "customer", "item", "quantity", "price", "percent"]
    sold = pd.DataFrame(rows, columns=names).astype({"customer": "Int64"})
    sold["returned"] = sold.quantity.where(sold.status == "refunded", 0)
    alone = ~sold.duplicated(["customer", "item"], keep=False) & sold.customer.notna()
    amid = sold.order.between(1002, 1000 + ORDERS - 1)
    some = sold[(sold.status == "done") & (sold.quantity > 1) & alone & amid]
    some = some.drop_duplicates("order").sample(30, random_state=13).index
    sold.loc[some, "returned"] = sold.quantity[some] // 2
    sold.loc[sold.order.isin(sold.order[some]), "status"] = "partly"
    known = sold.customer.fillna(1).astype(int) - 1
    last, first = known.map(lambda n: lasts[n % 12]), known.map(lambda n: firsts[n // 12])
    eastern = language in ("zh", "ja", "ko")
    sold["first"], sold["last"] = first, last
    sold["full"] = last + first if eastern else first + " " + last
    sold["email"] = known.map(lambda n: f"shopper{n + 1}@example.org")
    sold.loc[sold.customer.isna(), ["first", "last", "full", "email"]] = pd.NA
    sold["city"] = known.map(lambda n: cities[n % 4])
    sold["country"] = known.map(lambda n: ["US", "CA", "GB"][n % 3])
    sold["channel"] = sold.order.map(lambda n: ["web", "app", "shop"][n % 3])
    sold["category"] = sold.item.map(lambda n: categories[n % 6])
    sold["name"] = sold.category + ("" if eastern else " ") + sold.item.map(lambda n: kinds[n // 6])
    sold["sku"] = sold.item.map(lambda n: f"SKU-{n + 101}")
    return sold


def priced(sold: pd.DataFrame) -> pd.DataFrame:
    """Compute the money columns of lines from quantity, price, percent and units returned."""
    total = sold.quantity * sold.price
    discount = total * sold.percent // 100
    refund = sold.returned * sold.price * (100 - sold.percent) // 100
    return sold.assign(
        total=total, discount=discount, paid=total - discount, refund=refund, kind="sale", sign=1
    )


def shop(has: str = "", language: str = "en") -> pd.DataFrame:
    """Return the lines of a shop that has only some of: guests discounts canceled full partly.

    *full* are orders that were refunded in full, *partly* those of which a part came back.
    """
    sold, has = lines(language), set(has.split())
    if "guests" not in has:
        sold = sold[sold.customer.notna()]
    if "canceled" not in has:
        sold = sold[sold.status != "canceled"]
    if "discounts" not in has:
        sold = sold.assign(percent=0)
    for status in {"full": "refunded", "partly": "partly"}.items():
        if status[0] not in has:
            of_it = sold.status == status[1]
            sold = sold.assign(
                returned=sold.returned.mask(of_it, 0), status=sold.status.mask(of_it, "done")
            )
    return priced(sold.reset_index(drop=True))


def truth(sold: pd.DataFrame, unknown: str = "", minor: int = 100) -> Truth:
    """Return the figures of lines, with None for the ``unknown`` ones.

    Examples
    --------
    >>> told = truth(shop("discounts partly"), unknown="customers")
    >>> told.customers is None, round(told.gross - told.discounts - told.refunds - told.net, 2)
    (True, 0.0)
    """
    sold = sold[sold.status != "canceled"]
    left = sold[sold.quantity > sold.returned]
    gross, discounts, refunds = (int(sold[what].sum()) for what in ("total", "discount", "refund"))
    figures = Truth(
        customers=left.customer.nunique(),
        orders=left.order.nunique(),
        gross=gross / minor,
        discounts=discounts / minor,
        refunds=refunds / minor,
        net=(gross - discounts - refunds) / minor,
        first=str(left.time.min().date()),
        last=str(left.time.max().date()),
    )
    return figures._replace(**dict.fromkeys(unknown.split()))


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


# How a shop's lines become the rows of an export
def as_orders(sold: pd.DataFrame) -> pd.DataFrame:
    """Make one row of each order."""
    sums = ["quantity", "total", "discount", "paid", "returned", "refund"]
    same = [name for name in sold if name not in (*sums, "order")]
    return sold.groupby("order", as_index=False).agg(
        dict.fromkeys(same, "first") | dict.fromkeys(sums, "sum")
    )


def as_units(sold: pd.DataFrame) -> pd.DataFrame:
    """Make one row of each unit; the first of a line are those that came back."""
    units = sold.loc[sold.index.repeat(sold.quantity)]
    back = units.groupby(level=0).cumcount() < units.returned
    return priced(units.assign(quantity=1, returned=back.astype(int)).reset_index(drop=True))


def with_refund_rows(sold: pd.DataFrame) -> pd.DataFrame:
    """Add a row of kind *refund*, some days later, for each line of which units came back."""
    back = sold[sold.returned > 0]
    rows = back.assign(
        quantity=back.returned,
        time=(back.time + pd.to_timedelta(back["order"] % 7 + 1, "D")).clip(upper=sold.time.max()),
        total=back.refund,
        discount=0,
        paid=back.refund,
        kind="refund",
        sign=-1,
    )
    return pd.concat([sold, rows]).sort_values(["time", "order"], kind="stable", ignore_index=True)
