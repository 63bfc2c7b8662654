"""Query parameters of every list."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from storage.repositories.page import MAX_PAGE, Cursor


@dataclass(frozen=True)
class Paging:
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    after: Annotated[
        str | None, Query(max_length=400, description="`after` of the page before")
    ] = None

    def cursor(self) -> Cursor | None:
        """Raises `CursorBroken`."""
        return None if self.after is None else Cursor.parse(self.after)
