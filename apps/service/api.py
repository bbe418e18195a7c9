"""The API: HTTP on the outside, the questions of `apps.service.queries` on the inside."""

import functools
import math
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as AnyHTTPException

from apps.service import queries, schemas
from apps.service.database import open_database, writing
from apps.service.envelope import NO_TOKEN, RETRY, WHO, Envelope, problem
from apps.service.limits import RateLimit
from apps.service.logs import log, set_up_log
from apps.service.schemas import Problem
from apps.service.server import end_with_supervisor
from apps.service.settings import Settings, read_settings
from apps.service.tokens import SCOPES, Clients, read_tokens

DESCRIPTION = """For the shop's pages and emails: recommendations and the next best action for each
user, computed by a nightly batch job; and events, which tell what came of them."""
UNAVAILABLE = {503: {"model": Problem, "description": "No database, or no release yet; try later"}}
PROTECTED = UNAVAILABLE | {
    401: {"model": Problem, "description": "No valid token"},
    403: {"model": Problem, "description": "The token lacks the scope"},
    422: {"model": Problem, "description": "A field is wrong; the answer names it"},
    429: {"model": Problem, "description": "Too many requests; try after Retry-After"},
}
WRITING = PROTECTED | {
    400: {"model": Problem, "description": "The body is no text"},
    409: {"model": Problem, "description": "Another event of this id is stored"},
    410: {"model": Problem, "description": "The user was erased"},
    411: {"model": Problem, "description": "The length of the body is not given"},
    413: {"model": Problem, "description": "The body is too long"},
}
UserId = Annotated[str, Path(pattern=schemas.ID, examples=["U00042"])]


def create_app(
    engine: Engine,
    clients: Clients,
    settings: Settings,
    *,
    chance: random.Random | None = None,
) -> FastAPI:
    """Return the API of a database.

    Parameters
    ----------
    engine : the database, from `open_database`.
    clients : who may ask, from `read_tokens`.
    settings : limits, and what to do with events of erased users.
    chance : source of the random orders; by default one that nobody can predict.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()  # the last connection to SQLite takes its two extra files away

    app = FastAPIOffline(
        redoc_url=None,
        title="The shop's API",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
    )
    app.add_middleware(Envelope, clients=clients, settings=settings)
    app.add_exception_handler(AnyHTTPException, refuse)
    app.add_exception_handler(RequestValidationError, name_fields)
    app.add_exception_handler(SQLAlchemyError, ask_later)
    app.add_exception_handler(queries.NothingReleasedError, ask_later)
    chance = chance or random.SystemRandom()
    limits = (
        RateLimit(settings.visitor_rate, settings.visitor_burst),
        RateLimit(settings.rate, settings.burst),
    )
    may_read, may_write = (Depends(Permission(each, clients, *limits)) for each in SCOPES)

    @app.get(
        "/users/{user_id}/recommendations",
        response_model=schemas.Recommendations,
        responses=PROTECTED,
        dependencies=[may_read],
    )
    @in_thread
    def recommendations(
        request: Request, user_id: UserId, where: Annotated[schemas.Where, Query()]
    ) -> Response:
        """Get the items to show to a user; popular ones to a user whom nobody knows yet.

        The list is logged with its propensities before it is sent.
        """
        with writing(engine, relaxed=True) as connection:
            answer = queries.recommend(
                connection, request.state.id, user_id, chance=chance, **where.model_dump()
            )
        return as_json(answer)

    @app.get(
        "/users/{user_id}/next-best-action",
        response_model=schemas.NextBestAction,
        responses=PROTECTED,
        dependencies=[may_read],
    )
    @in_thread
    def next_best_action(user_id: UserId) -> Response:
        """Get what to do about a user, with the reason in words."""
        with engine.connect() as connection:
            return as_json(queries.next_best_action(connection, user_id))

    @app.post("/events", response_model=schemas.Stored, responses=WRITING, dependencies=[may_write])
    @in_thread
    def store(request: Request, event: schemas.Event) -> Response:
        """Store what a user did. Sending the same event again is safe: it is stored once."""
        try:
            with writing(engine) as connection:
                client = request.state.client
                stored = queries.store(connection, event, client, erased=settings.erased)
        except queries.OtherEventError:
            raise HTTPException(409, "Another event of this event_id is stored.") from None
        except queries.ErasedError:
            raise HTTPException(410, "This user was erased, and nothing is stored.") from None
        return as_json(stored)

    @app.get("/live")
    async def live() -> dict[str, bool]:
        """Say that the process answers, whatever the database does. If not, restart it."""
        return {"live": True}

    @app.get("/ready", response_model=schemas.Health, responses=UNAVAILABLE)
    @in_thread
    def ready(request: Request) -> Response:
        """Do what a request does, and take it back: while this fails, send no requests."""
        with writing(engine, relaxed=True) as connection:
            return as_json(queries.ready(connection, request.state.id, chance))

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        registry = REGISTRY
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # of all workers, see `server.run`
            MultiProcessCollector(registry := CollectorRegistry())
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return app


def from_environment() -> FastAPI:
    """Return the API as the settings say."""
    set_up_log()
    end_with_supervisor()
    settings = read_settings()
    engine = open_database(settings.database, wait=settings.wait, pool=settings.pool)
    said = settings.model_dump() | {"database": str(engine.url)}  # it prints without a password
    log.info("start", extra={"fields": said})
    return create_app(engine, read_tokens(settings.tokens), settings)


def in_thread(question: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
    """Ask the database in a thread, which is left to itself when the time of the request is up."""

    @functools.wraps(question)
    async def ask(**arguments: object) -> Response:
        work = functools.partial(question, **arguments)
        return await to_thread.run_sync(work, abandon_on_cancel=True)

    return ask


class Permission(HTTPBearer):
    """The dependency "its token has this scope, and neither visitor nor client is too fast"."""

    def __init__(self, scope: str, clients: Clients, visitors: RateLimit, limit: RateLimit):
        super().__init__(
            auto_error=False, scheme_name=scope, description=f"A token with the scope {scope}."
        )
        self.scope, self.clients, self.visitors, self.limit = scope, clients, visitors, limit

    async def __call__(self, request: Request) -> None:
        """Let a request pass, or raise what is to be answered."""
        client = request.state.client  # as the envelope knows her
        if client is None:
            raise HTTPException(401, NO_TOKEN, WHO)
        if self.scope not in self.clients[client].scopes:
            raise HTTPException(403, f"This token lacks the scope {self.scope}.")
        # The visitor first: one who asks too often must not use up what the client may ask.
        visitor = request.headers.get("x-visitor") or request.path_params.get("user_id")
        wait = visitor and self.visitors.wait(f"{client} {visitor}")
        if wait := wait or self.limit.wait(client):
            raise HTTPException(429, "Too many requests.", {"Retry-After": str(math.ceil(wait))})


def as_json(answer: BaseModel) -> Response:
    """Return an answer as FastAPI would, but without another turn in the pool of threads."""
    return Response(answer.model_dump_json(), media_type="application/json")


async def refuse(_: Request, error: AnyHTTPException) -> JSONResponse:
    """Answer what HTTP itself forbids: unknown paths, other methods, missing tokens."""
    return problem(error.status_code, error.detail, headers=error.headers)


async def name_fields(_: Request, error: RequestValidationError) -> JSONResponse:
    """Answer a wrong request with what is wrong with which field, but not with its values."""
    fields = {".".join(map(str, each["loc"])): each["msg"] for each in error.errors()}
    return problem(422, f"Please check {', '.join(fields)}.", fields=fields)


async def ask_later(request: Request, error: Exception) -> JSONResponse:
    """Answer when the database is away, locked or empty; the log says which, without values."""
    fields = request.state.entry | {"error": type(error).__name__}
    log.warning("unavailable", extra={"fields": fields})
    nothing = isinstance(error, queries.NothingReleasedError)
    return problem(503, str(error) if nothing else "The database does not answer.", headers=RETRY)
