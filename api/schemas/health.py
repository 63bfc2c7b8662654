"""How the service says how it is."""

from pydantic import Field

from api.schemas.shapes import Output, example


class Alive(Output):
    model_config = example(status="ok")

    status: str


class Ready(Output):
    """`failing`: name of the part → what is wrong with it."""

    model_config = example(status="ok", failing={})

    status: str = Field(description="ok or failing")
    failing: dict[str, str]
