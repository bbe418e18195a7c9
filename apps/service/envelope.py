"""What goes around every answer: who asks, limits to body and time, a line in the log, a metric.

No path, user id or value of a request is logged, because logs are read by more people than the
database, and kept longer.
"""

import asyncio
import re
import time
import traceback
from uuid import uuid4

from fastapi.responses import JSONResponse
from fastapi.security.utils import get_authorization_scheme_param
from prometheus_client import Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.service.logs import log
from apps.service.schemas import Problem
from apps.service.settings import Settings
from apps.service.tokens import Clients, find_client

NO_TOKEN = "Send a valid token: Authorization: Bearer …"
WHO = {"WWW-Authenticate": "Bearer"}
RETRY = {"Retry-After": "5"}  # seconds after which to ask again what could not be answered
TRACEPARENT = re.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context
SECONDS = Histogram("shop_request_seconds", "Time until the answer.", ["route", "status"])


def problem(
    status: int, detail: str, *, fields: dict | None = None, headers: dict | None = None
) -> JSONResponse:
    """Return the answer that says why there is none."""
    said = Problem(detail=detail, fields=fields or {})
    return JSONResponse(said.model_dump(), status, headers)


class Envelope:
    """ASGI middleware around the application."""

    def __init__(self, app: ASGIApp, clients: Clients, settings: Settings):
        self.app, self.clients, self.settings = app, clients, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log what came of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, headers = time.perf_counter(), 0, Headers(scope=scope)
        state = scope.setdefault("state", {})
        state |= {"id": uuid4().hex, "client": self.client(headers)}
        traced = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
        state["entry"] = {"request": state["id"], "trace": traced[1] if traced else state["id"]}

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = state["id"]
                # A list that is shown is a list that is logged.
                headers["Cache-Control"] = "no-store"
            await send(message)

        try:
            answer = self.refusal(headers, state["client"]) or self.app
            async with asyncio.timeout(self.settings.answer):
                await answer(scope, receive, send_numbered)
        except Exception as error:
            kind = {"error": type(error).__name__, "at": place(error)}
            log.error("failed", extra={"fields": state["entry"] | kind})
            answer = problem(500, "A mistake of ours; the log has it.")
            if isinstance(error, TimeoutError):
                answer = problem(503, "It takes too long.", headers=RETRY)
            if not status:  # else half an answer is on its way, and ends here
                await answer(scope, receive, send_numbered)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "-")
            SECONDS.labels(route, status).observe(seconds)
            entry = state["entry"] | {"client": state["client"] or "-"}
            entry |= {"method": scope["method"], "route": route, "status": status}
            log.info("request", extra={"fields": entry | {"ms": round(seconds * 1000, 1)}})

    def client(self, headers: Headers) -> str | None:
        """Return the name of the client whose token was sent."""
        scheme, token = get_authorization_scheme_param(headers.get("authorization"))
        return find_client(self.clients, token) if scheme.lower() == "bearer" else None

    def refusal(self, headers: Headers, client: str | None) -> JSONResponse | None:
        """Return the answer to a request whose body is not to be read."""
        if "transfer-encoding" in headers:
            return problem(411, "Send the length of the body: Content-Length.")
        length = int(headers.get("content-length", 0))
        if length > self.settings.body:
            return problem(413, f"The body may have {self.settings.body} bytes at most.")
        if length and not client:
            return problem(401, NO_TOKEN, headers=WHO)
        return None


def place(error: Exception) -> str:
    """Return where an error happened: files and lines, without the message, which may hold data."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
