"""What goes around every answer: a number, a limit to the body, and one line in the log.

No path, user id or value of a request is logged, because logs are read by more people than the
database, and kept longer.
"""

import logging
import time
import traceback
from uuid import uuid4

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.service.schemas import Problem

LONGEST = 10_000  # bytes of a body; an event has a few hundred
log = logging.getLogger("shop.api")


def problem(
    status: int, detail: str, *, fields: dict | None = None, headers: dict | None = None
) -> JSONResponse:
    """Return the answer that says why there is none."""
    said = Problem(detail=detail, fields=fields or {})
    return JSONResponse(said.model_dump(), status, headers)


class Envelope:
    """ASGI middleware around the application."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log what came of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        state = scope.setdefault("state", {})
        state["id"] = uuid4().hex

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = state["id"]
                headers["Cache-Control"] = (
                    "no-store"  # a list that is shown is a list that is logged
                )
            await send(message)

        try:
            answer = refusal(Headers(scope=scope)) or self.app
            await answer(scope, receive, send_numbered)
        except Exception as error:
            log.error("request=%s error=%s at %s", state["id"], type(error).__name__, place(error))
            if not status:  # else half an answer is on its way, and ends here
                answer = problem(500, "A mistake of ours; the log has it.")
                await answer(scope, receive, send_numbered)
        finally:
            log.info(
                "request=%s client=%s %s %s status=%s ms=%.1f",
                state["id"],
                state.get("client", "-"),
                scope["method"],
                getattr(scope.get("route"), "path", "-"),
                status,
                (time.perf_counter() - started) * 1000,
            )


def refusal(headers: Headers) -> JSONResponse | None:
    """Return the answer to a request whose body is too long, or of unknown length."""
    if "transfer-encoding" in headers:
        return problem(411, "Send the length of the body: Content-Length.")
    if int(headers.get("content-length", 0)) > LONGEST:
        return problem(413, f"The body may have {LONGEST} bytes at most.")
    return None


def place(error: Exception) -> str:
    """Return where an error happened: files and lines, without the message, which may hold data."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
