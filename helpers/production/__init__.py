"""The shop in production: a database, a nightly batch job, releases, and the API that serves them.

`tables` says what the database holds. It is SQLite or PostgreSQL, by nothing but its URL.
"""

from helpers.production.client import connect, kill_job
from helpers.production.database import open_database, upgrade, writing
from helpers.production.erasure import delete_expired, erase
from helpers.production.features import user_features
from helpers.production.limits import RateLimit
from helpers.production.queries import recommend
from helpers.production.releases import release, released, roll_back
from helpers.production.scoring import score
from helpers.production.server import serving
from helpers.production.tokens import add_token

__all__ = [
    "RateLimit",
    "add_token",
    "connect",
    "delete_expired",
    "erase",
    "kill_job",
    "open_database",
    "recommend",
    "release",
    "released",
    "roll_back",
    "score",
    "serving",
    "upgrade",
    "user_features",
    "writing",
]
