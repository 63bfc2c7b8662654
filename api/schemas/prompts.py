"""Prompts as they are listed."""

from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example

GREETING: dict[str, Any] = {
    "key": "greeting",
    "text": "您好，这里是一二三四五政务服务热线，本次通话将会录音。",
    "seconds": 6.4,
    "recorded": False,
}


class PromptAnswer(Output):
    """`text` is empty for recordings that no catalogue knows."""

    model_config = example(**GREETING)

    key: str
    text: str
    seconds: float
    recorded: bool = Field(description="A recording of the city's own, not the synthetic voice")


class PromptList(Output):
    """By key."""

    model_config = example(language="zh-CN", prompts=[GREETING])

    language: str
    prompts: list[PromptAnswer]
