"""CSV files that nobody would wish for, each with the columns of an export."""

import pytest

from apps.report.own_shop.shop import read_own_shop

HEAD = "order,customer,date,sku,product name,qty,price\n"
HOSTILE = {
    "one user": HEAD + "".join(f"{n},7,2025-03-{n:02},A{n % 3},x,1,5\n" for n in range(1, 9)),
    "one order": HEAD + "1,7,2025-03-01,A,x,1,5\n1,7,2025-03-01,B,y,1,5\n",
    "one line": HEAD + "1,7,2025-03-01,A,x,1,5\n",
    "one item": HEAD + "".join(f"{n},{n % 4},2025-03-{n:02},A,x,1,5\n" for n in range(1, 29)),
    "all returns": HEAD + "1,7,2025-03-01,A,x,-1,5\n2,8,2025-03-02,B,y,-2,5\n",
    "all free": HEAD + "1,7,2025-03-01,A,x,1,0\n2,8,2025-03-02,B,y,2,0\n",
    "unicode": HEAD + "1,Zoë 🛒,2025-03-01,日本,مرحبا ‮evil,1,5\n2,e\u0301,2025-03-02,B,Ω,1,5\n",
    "formulas": HEAD + '1,"=HYPERLINK(""http://evil"",""x"")",2025-03-01,=1+1,@SUM(A1),1,5\n',
    "html": HEAD + "1,<script>alert(1)</script>,2025-03-01,A,<img src=x onerror=alert(1)>,1,5\n",
    "mixed dates": HEAD
    + "1,7,2025-03-01,A,x,1,5\n2,7,25/03/2025,A,x,1,5\n3,8,Mar 5 2025 2:22:01 PM,A,x,1,5\n",
    "thousands": HEAD + '1,7,2025-03-01,A,x,"1,000","1,234.50"\n2,8,2025-03-02,A,x,2,"$2,000.00"\n',
    "placeholder dates": HEAD + "1,7,2025-03-01,A,x,1,5\n2,8,2025-03-02,A,x,1,5\n"
    "3,8,9999-12-31,A,x,1,5\n4,9,0001-01-01,A,x,1,5\n",
    "huge numbers": HEAD + "1,7,2025-03-01,A,x,1e300,1e300\n2,8,2025-03-02,A,x,1,5\n",
    "everything missing": HEAD + "1,7,2025-03-01,,,,\n2,8,2025-03-02,,,,\n",
    "one day": HEAD + "".join(f"{n},{n % 40},2025-03-01,A{n % 30},x,1,5\n" for n in range(150)),
    "dates to come": HEAD + "1,7,2075-03-01,A,x,1,5\n2,8,2075-03-02,B,y,1,5\n",
    "negative prices": HEAD + "1,7,2025-03-01,A,x,1,-5\n2,8,2025-03-02,B,y,1,-5\n",
    "a long cell": HEAD + f"1,7,2025-03-01,A,{'x' * 2_000_000},1,5\n2,8,2025-03-02,B,y,1,5\n",
    "a sum at the end": HEAD + "1,7,2025-03-01,A,x,1,5\nTotal,,,,,1,5\n",
    "titles above": "Our shop\n\n" + HEAD + "1,7,2025-03-01,A,x,1,5\n",
    "many columns": f"customer,date,{','.join(f'c{n}' for n in range(500))}\n"
    + f"7,2025-03-01,{','.join(['x'] * 500)}\n" * 3,
    "titles with commas": "Our shop, March 2025\nmade by hand, twice\n"
    + HEAD
    + "1,7,2025-03-01,A,x,1,5\n2,8,2025-03-02,B,y,1,5\n",
    "names repeated": (HEAD + "1,7,2025-03-01,A,x,1,5\n2,8,2025-03-02,B,y,1,5\n") * 2,
    "no newline at the end": HEAD + "1,7,2025-03-01,A,x,1,5",
    "lines of an old Mac": (HEAD + "1,7,2025-03-01,A,x,1,5\n2,8,2025-03-02,B,y,1,5\n").replace(
        "\n", "\r"
    ),
    "JSON lines": '{"order": 1, "customer": 7, "date": "2025-03-01", "qty": 1, "price": 5.50}\n'
    '{"order": 2, "customer": 8, "date": "2025-03-02", "qty": 2, "price": 3}\n',
    "no events but one": "visitor,time,event,item\n7,2025-03-01 10:00,view,A\n",
}


@pytest.fixture
def hostile_files():
    """Name → text of the file."""
    return HOSTILE


@pytest.fixture(params=HOSTILE)
def hostile(request):
    """The text of one file after the other."""
    return HOSTILE[request.param]


@pytest.fixture
def read(tmp_path):
    """Read a shop from the text of its file, or from a table written as one."""

    def read(content, **options):
        path = tmp_path / "orders.csv"
        text = content if isinstance(content, str) else content.to_csv(index=False)
        path.write_text(text, encoding="utf-8")
        return read_own_shop(path, **options)

    return read
