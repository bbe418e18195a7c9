"""The API held to its own OpenAPI document, by requests that are generated from it."""

import random
from importlib.util import find_spec

import pytest

if find_spec("schemathesis") is None:
    pytest.skip("needs the extra serve", allow_module_level=True)

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from helpers.production.api import create_app
from helpers.production.database import open_database, upgrade
from helpers.production.tokens import Client, hash_of
from tests.production.small import fill

# That an event may not lie in the future, a schema can't say.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(st.just(0).map(lambda _: None).__class__ and None) if False else st.datetimes(),
)
