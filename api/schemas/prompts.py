"""Prompts as they are sent."""

from typing import Annotated, Any

from pydantic import Field

from api.schemas.shapes import Input, Output, example, input_example

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


class PromptWordsInput(Input):
    model_config = input_example(words="今日因台风，部分服务暂停。")

    words: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]


class PromptList(Output):
    model_config = example(prompts=[PROMPT])

    prompts: list[PromptAnswer]
