"""What the API takes and gives. FastAPI makes the OpenAPI document from it."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from apps.service.tables import ACTIONS, LIST_LENGTH
from helpers.data.schema import EVENTS

# Ids in ASCII without spaces: none of them can break a line of a log or a path of the API.
ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
EARLIEST, AHEAD = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)


def believable(moment: datetime) -> datetime:
    """Refuse a moment before 2000, or more than a day ahead.

    A server whose clock is behind must not refuse what just happened: a client would not send it
    again.
    """
    if moment < EARLIEST:
        raise ValueError("lies before 2000-01-01")
    if moment > datetime.now(UTC) + AHEAD:
        raise ValueError("lies more than a day ahead")
    return moment


def id_of(what: str, example: str) -> Field:
    """Return what is known of a field that holds an id."""
    return Field(pattern=ID, description=what, examples=[example])


class Strict(BaseModel):
    """A message without fields that nobody knows."""

    model_config = ConfigDict(extra="forbid")


class Where(Strict):
    """Where a list is to be shown."""

    slot: str = Field("home", pattern="^[a-z][a-z0-9_-]{0,31}$", description="Place on the page.")
    count: int = Field(LIST_LENGTH, ge=1, le=LIST_LENGTH, description="Items to show.")


class Recommendation(BaseModel):
    """An item of a list."""

    position: int = Field(description="Place in the list; 1 is the first.", examples=[1])
    item_id: str = Field(description="The item's id in the catalog.", examples=["I0042"])
    name: str = Field(description="Its name, to be shown.", examples=["Walnut Tea Box"])


class Recommendations(BaseModel):
    """A list to show to a user, as it is logged."""

    request_id: str = Field(description="Send it with the events that this list brings about.")
    user_id: str = Field(description="Whom it is for.")
    slot: str = Field(description="Where it is to be shown.")
    version: int = Field(description="The batch run that computed the list.")
    policy: str = Field(description="The release, and whether these are the popular items.")
    items: list[Recommendation] = Field(description="What to show, in this order.")


class NextBestAction(BaseModel):
    """What to do about a user, and why."""

    user_id: str = Field(description="Whom it is about.")
    version: int = Field(description="The batch run that chose the action.")
    action: str = Field(description=" or ".join(ACTIONS), examples=["coupon"])
    reason: str = Field(description="Why, for the one who acts; not for the user.")


class Event(Strict):
    """Something a user did. The id is the client's, so that it may send an event again."""

    event_id: Annotated[str, id_of("An id of this event, chosen by the client.", "E9000001")]
    occurred_at: Annotated[AwareDatetime, AfterValidator(believable)] = Field(
        description="When it happened, with its time zone: from 2000 on, at most a day ahead.",
        examples=["2026-01-01T09:30:00Z"],
    )
    user_id: Annotated[str, id_of("Who did it.", "U00042")]
    event: Literal[EVENTS] = Field(description="What she did.")
    item_id: Annotated[str, id_of("With which item.", "I0042")]
    request_id: Annotated[str | None, id_of("The list it came from, if any.", "c0ffee")] = None


class Stored(BaseModel):
    """Whether an event is new."""

    event_id: str = Field(description="The event's id.")
    stored: bool = Field(description="false: this very event was stored before.")


class Health(BaseModel):
    """What is served now."""

    version: int = Field(description="The released version.")
    as_of: date = Field(description="The evening that its data end with.")
    age_days: int = Field(description="Days since then. Above 2, look at the nightly job.")
    released_at: datetime = Field(description="Since when it has been served.")


class Problem(BaseModel):
    """Why there is no answer, and what to do."""

    detail: str = Field(description="Why, in words.")
    fields: dict[str, str] = Field({}, description="What is wrong with which field of the request.")
