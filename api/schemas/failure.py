"""How every failure is told."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """One field at fault."""

    field: str = Field(description="Path of the field, e.g. `fields.address.value`")
    reason: str
    reason_zh: str


class Failure(BaseModel):
    """What happened, and what would be right."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": "BadInput",
                    "message": "the request has faults: category",
                    "message_zh": "请求内容有误",
                    "details": [
                        {
                            "field": "category",
                            "reason": "Input should be '咨询', '求助', '投诉' …",
                            "reason_zh": "应为以下之一：'咨询', '求助', '投诉' …",
                        }
                    ],
                    "allowed": [],
                }
            ]
        }
    )

    error: str = Field(description="Name of the failure; stable, meant for programs")
    message: str
    message_zh: str
    details: list[Fault] = []
    allowed: list[str] = Field(default=[], description="What would be possible instead")
    article: str = Field(default="", description="The article that says no, if a city's rules do")


WHAT_HAPPENED = {
    401: "Not signed in",
    403: "Signed in, but not allowed",
    404: "No such thing",
    409: "In conflict with the present state",
    413: "The request is larger than allowed",
    416: "The range lies outside the file",
    422: "The request has faults; each is named with field and reason",
    429: "Too many attempts; `Retry-After` says how long to wait",
    503: "Temporarily not possible",
}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses=` of a route."""
    return {status: {"model": Failure, "description": WHAT_HAPPENED[status]} for status in statuses}
