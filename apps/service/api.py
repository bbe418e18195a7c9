"""The API: HTTP on the outside, the questions of `apps.service.queries` on the inside."""

import logging
import math
import os
import random
from pathlib import Path as File
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as AnyHTTPException

from apps.service import queries
from apps.service.database import open_database, writing
from apps.service.docs import HEADERS, page
from apps.service.envelope import Envelope, log, problem
from apps.service.limits import RateLimit
from apps.service.schemas import (
    ID,
    Event,
    Health,
    NextBestAction,
    Problem,
    Recommendations,
    Stored,
    Where,
)
from apps.service.tokens import SCOPES, Client, find_client, read_tokens

RETRY = 5  # seconds after which to ask again when the database is away
WAIT = 2  # seconds that a request waits for another writer: a page can't wait longer
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
    411: {"model": Problem, "description": "The length of the body is not given"},
    413: {"model": Problem, "description": "The body is too long"},
}
UserId = Annotated[str, Path(pattern=ID, examples=["U00042"])]


def create_app(
    engine: Engine,
    clients: list[Client],
    *,
    rate: float = 100,
    burst: int = 200,
    chance: random.Random | None = None,
) -> FastAPI:
    """Return the API of a database.

    Parameters
    ----------
    engine : the database, from `open_database`.
    clients : who may ask, from `read_tokens`.
    rate, burst : requests per second and at once that each client may send, see `RateLimit`.
    chance : source of the random orders; by default one that nobody can predict.
    """
    app = FastAPI(
        title="The shop's API", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None
    )
    app.add_middleware(Envelope)
    app.add_exception_handler(AnyHTTPException, refuse)
    app.add_exception_handler(RequestValidationError, name_fields)
    app.add_exception_handler(SQLAlchemyError, ask_later)
    app.add_exception_handler(queries.NothingReleasedError, ask_later)
    chance = chance or random.SystemRandom()
    limit = RateLimit(rate, burst)
    may_read, may_write = (Depends(Permission(each, clients, limit)) for each in SCOPES)

    @app.get(
        "/users/{user_id}/recommendations",
        response_model=Recommendations,
        responses=PROTECTED,
        dependencies=[may_read],
    )
    def recommendations(
        request: Request, user_id: UserId, where: Annotated[Where, Query()]
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
        response_model=NextBestAction,
        responses=PROTECTED,
        dependencies=[may_read],
    )
    def next_best_action(user_id: UserId) -> Response:
        """Get what to do about a user, with the reason in words."""
        with engine.connect() as connection:
            return as_json(queries.next_best_action(connection, user_id))

    @app.post("/events", response_model=Stored, responses=WRITING, dependencies=[may_write])
    def store(event: Event) -> Response:
        """Store what a user did. Sending the same event again is safe: it is stored once."""
        try:
            with writing(engine) as connection:
                stored = queries.store(connection, event)
        except queries.OtherEventError:
            raise HTTPException(409, "Another event of this event_id is stored.") from None
        return as_json(stored)

    @app.get("/health", response_model=Health, responses=UNAVAILABLE)
    def health() -> Response:
        """Get the state of the service, without a token: for anyone who watches over it."""
        with engine.connect() as connection:
            return as_json(queries.health(connection))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers=HEADERS)

    return app


def from_environment() -> FastAPI:
    """Return the API of the database and the tokens that the environment names."""
    set_up_log()
    engine = open_database(os.environ["SHOP_DATABASE"], wait=WAIT)
    return create_app(engine, read_tokens(File(os.environ["SHOP_TOKENS"])))


def set_up_log() -> None:
    """Write a line for each request to the standard error; of other loggers, warnings only."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    log.setLevel(logging.INFO)


class Permission(HTTPBearer):
    """The dependency "its token has this scope, and its client is not too fast"."""

    def __init__(self, scope: str, clients: list[Client], limit: RateLimit):
        super().__init__(
            auto_error=False, scheme_name=scope, description=f"A token with the scope {scope}."
        )
        self.scope, self.clients, self.limit = scope, clients, limit

    async def __call__(self, request: Request) -> None:
        """Let a request pass, or raise what is to be answered."""
        sent = await super().__call__(request)
        client = find_client(self.clients, sent.credentials) if sent else None
        if client is None:
            asks = {"WWW-Authenticate": "Bearer"}
            raise HTTPException(401, "Send a valid token: Authorization: Bearer …", asks)
        request.state.client = client.name
        if self.scope not in client.scopes:
            raise HTTPException(403, f"This token lacks the scope {self.scope}.")
        if wait := self.limit.wait(client.name):
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
    log.warning("request=%s error=%s", request.state.id, type(error).__name__)
    nothing = isinstance(error, queries.NothingReleasedError)
    detail = str(error) if nothing else "The database does not answer."
    return problem(503, detail, headers={"Retry-After": str(RETRY)})
