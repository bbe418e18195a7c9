"""The page about the API in a real browser, which may talk to no other host."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from apps.service.server import serving
from tools.env import ROOT

SCREENSHOTS = ROOT / "screenshots"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api")
    with serving(f"sqlite:///{folder / 'shop.sqlite'}", folder / "tokens.json") as url:
        yield url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_the_page_needs_no_other_host(browser, address, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page, elsewhere, complaints = context.new_page(), [], []

    def pass_on(route):
        if urlsplit(route.request.url).netloc == urlsplit(address).netloc:
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    page.route("**/*", pass_on)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/docs")
    for path in ("/users/{user_id}/recommendations", "/users/{user_id}/next-best-action"):
        assert page.get_by_role("heading", name=path).is_visible()
    for path in ("/events", "/health"):
        assert page.get_by_role("heading", name=path).is_visible()
    assert page.get_by_text("curl").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"api_{width}_{scheme}.png", full_page=True)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="the OpenAPI document").click()
    assert '"openapi"' in page.content()
    assert elsewhere == []
    assert [each for each in complaints if "favicon" not in each and "404" not in each] == []
    context.close()
