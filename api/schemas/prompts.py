"""Prompts as they are sent."""

from typing import Any

from pydantic import Field

from api.schemas.shapes import Output, example

PROMPT: dict[str, Any] = {
    "key": "goodbye",
    "language": "zh-CN",
    "text": "感谢您的来电，再见。",
    "length_s": 2.8,
    "recorded": False,
}


class PromptAnswer(Output):
    """`text` is empty for recordings that no catalogue knows."""

    model_config = example(**PROMPT)

    key: str
    language: str
    text: str
    length_s: float = Field(description="Estimated from the text while there is no sound")
    recorded: bool = Field(description="A recording of the city's own, not the synthetic voice")


class PromptList(Output):
    model_config = example(prompts=[PROMPT])

    prompts: list[PromptAnswer]
