"""What a watcher of /live may say."""

from typing import Self

from pydantic import Field, model_validator

from api.schemas.seats import SeatId
from api.schemas.shapes import CallId, Input

MOST = 100


class WatchInput(Input):
    """``{"calls": […], "seats": […]}`` or ``{"all": true}``; takes the place of the last."""

    calls: list[CallId] = Field(default=[], max_length=MOST)
    seats: list[SeatId] = Field(default=[], max_length=MOST)
    all: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.all and (self.calls or self.seats):
            raise ValueError("either all: true or names of calls and seats")
        return self

    def names(self) -> frozenset[str] | None:
        """None: everything."""
        return None if self.all else frozenset([*self.calls, *self.seats])
