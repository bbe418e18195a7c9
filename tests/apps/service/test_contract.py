"""The API held to its own OpenAPI document, by requests that are generated from it."""

from collections import Counter
from datetime import datetime

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="needs the extra serve")

from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from apps.service.api import create_app  # noqa: E402
from apps.service.settings import Settings  # noqa: E402
from apps.service.tokens import Client, hash_of  # noqa: E402
from tests.apps.service.small import fill  # noqa: E402

# That an event is not of the future is beyond a schema, so moments are drawn from the past.
PAST = st.datetimes(datetime(2000, 1, 2), datetime(2026, 1, 1), timezones=st.timezones())
schemathesis.openapi.format("date-time", PAST.map(datetime.isoformat))


@pytest.fixture
def contract(database):
    fill(database)
    clients = {"test": Client(sha256=hash_of("secret"), scopes=["read", "write"])}
    app = create_app(database, clients, Settings(rate=1e9, visitor_rate=1e9))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_answers_are_as_documented(contract, mode):
    """No 5xx, no undocumented status, wrong data refused, right data accepted, tokens needed."""
    asked = Counter()

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(contract.as_strategy(generation_mode=mode))
    def answer(case):
        response = case.call_and_validate(headers={"Authorization": "Bearer secret"})
        asked[case.operation.label, response.status_code] += 1

    answer()
    right = mode is schemathesis.GenerationMode.POSITIVE
    reached = {label for label, status in asked if (status == 200) == right}
    assert len(reached) == (5 if right else 3), asked  # of live and ready, nothing can be wrong
