"""The shop in production: a database, a nightly batch job, releases, and the API that serves them.

To read it from top to bottom: `tables`, what the database holds, and `database`, SQLite or
PostgreSQL by nothing but the URL. `scoring`, the nightly job, with `features`, `models`, `gate` and
`feedback`. `releases` and `erasure`. `api`, with `queries`, `schemas`, `tokens` and `limits`, and
`envelope` around it. `server`, `settings`, and `commands`, all of it as a command line.
"""

from apps.service.client import connect, kill_job
from apps.service.database import open_database, upgrade, writing
from apps.service.erasure import erase
from apps.service.features import user_features
from apps.service.feedback import clicks_per_list, compare_lists, log_of
from apps.service.limits import RateLimit
from apps.service.queries import recommend
from apps.service.releases import release, roll_back
from apps.service.scoring import score
from apps.service.server import serving
from apps.service.tokens import add_token

__all__ = [
    "RateLimit",
    "add_token",
    "clicks_per_list",
    "compare_lists",
    "connect",
    "erase",
    "kill_job",
    "log_of",
    "open_database",
    "recommend",
    "release",
    "roll_back",
    "score",
    "serving",
    "upgrade",
    "user_features",
    "writing",
]
