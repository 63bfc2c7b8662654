"""The `share` node: an A/B split by shares; the same call always goes the same way."""

import hashlib
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from callflow.nodes.base import (
    About,
    Exit,
    Label,
    Leaving,
    NodeBase,
    Scene,
)

WHOLE = 100


class Share(BaseModel):
    """So many of a hundred calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    percent: int = Field(ge=1, le=99)
    to: str


class ShareNode(NodeBase):
    about: ClassVar = About(
        "按比例分流",
        "A/B share",
        "按百分比分到不同去处，用于比较两种做法；同一通电话的去向固定。",
        "So many of a hundred calls each way, to compare two ways; decided by the ticket number.",
        "logic",
    )
    example: ClassVar = {
        "type": "share",
        "shares": [{"percent": 50, "to": "a"}, {"percent": 50, "to": "b"}],
    }

    type: Literal["share"] = "share"
    shares: Annotated[tuple[Share, ...], Exit("份额", "Shares"), Field(min_length=2, max_length=10)]
    salt: Annotated[str, Label("试验名称", "Name of the trial"), Field(max_length=40)] = ""

    @model_validator(mode="after")
    def _make_a_whole(self) -> Self:
        total = sum(share.percent for share in self.shares)
        if total != WHOLE:
            raise ValueError(f"the shares make {total} percent, not {WHOLE}")
        return self

    def decide(self, scene: Scene) -> Leaving:
        seed = f"{self.salt}|{scene.facts.ticket_number}".encode()
        point = int.from_bytes(hashlib.sha256(seed).digest()[:4]) % WHOLE
        for place, share in enumerate(self.shares):
            if point < share.percent:
                return Leaving(share.to, {f"share.{self.salt or 'trial'}": str(place + 1)})
            point -= share.percent
        raise AssertionError("the shares make a whole")
