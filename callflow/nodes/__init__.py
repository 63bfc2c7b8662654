"""All node types. A new one is a file here and a line in `Node`."""

from typing import Annotated

from pydantic import Field

from callflow.nodes.answer import AnswerNode
from callflow.nodes.hang_up import HangUpNode
from callflow.nodes.message import MessageNode
from callflow.nodes.queue import QueueNode
from callflow.nodes.say import SayNode
from callflow.nodes.survey import SurveyNode

Node = Annotated[
    AnswerNode | SayNode | QueueNode | MessageNode | SurveyNode | HangUpNode,
    Field(discriminator="type"),
]
