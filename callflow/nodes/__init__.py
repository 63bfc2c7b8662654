"""All node types. A new one is a file here and a line in `Node`."""

from typing import Annotated, Any, get_args

from pydantic import Field

from callflow.nodes.answer import AnswerNode
from callflow.nodes.base import NodeBase, exits_of
from callflow.nodes.block import BlockCheckNode
from callflow.nodes.branch import BranchNode
from callflow.nodes.call_back import CallBackNode
from callflow.nodes.collect import CollectNode
from callflow.nodes.count import CountNode
from callflow.nodes.emergency import EmergencyNode
from callflow.nodes.expert import ExpertNode, LeaderNode
from callflow.nodes.hang_up import HangUpNode
from callflow.nodes.http import HttpNode
from callflow.nodes.intent import IntentNode
from callflow.nodes.language import LanguageNode
from callflow.nodes.menu import MenuNode
from callflow.nodes.message import MessageNode
from callflow.nodes.privacy_pause import PrivacyPauseNode
from callflow.nodes.queue import QueueNode
from callflow.nodes.say import SayNode
from callflow.nodes.schedule import ScheduleNode
from callflow.nodes.set_fact import SetFactNode
from callflow.nodes.set_switch import SetSwitchNode
from callflow.nodes.share import ShareNode
from callflow.nodes.sms import SendSmsNode
from callflow.nodes.speak import SpeakNode
from callflow.nodes.sub_flow import ReturnNode, SubFlowNode
from callflow.nodes.survey import SurveyNode
from callflow.nodes.three_way import ThreeWayNode
from callflow.nodes.ticket_progress import TicketProgressNode
from callflow.nodes.transfer import TransferNode

Node = Annotated[
    AnswerNode
    | SayNode
    | MenuNode
    | CollectNode
    | SpeakNode
    | IntentNode
    | BranchNode
    | ScheduleNode
    | LanguageNode
    | BlockCheckNode
    | QueueNode
    | CallBackNode
    | ExpertNode
    | LeaderNode
    | EmergencyNode
    | TransferNode
    | ThreeWayNode
    | TicketProgressNode
    | SurveyNode
    | MessageNode
    | SendSmsNode
    | HttpNode
    | PrivacyPauseNode
    | SetFactNode
    | CountNode
    | ShareNode
    | SetSwitchNode
    | SubFlowNode
    | ReturnNode
    | HangUpNode,
    Field(discriminator="type"),
]

NODE_TYPES: tuple[type[NodeBase], ...] = tuple(get_args(get_args(Node)[0]))


def describe(node: type[NodeBase]) -> dict[str, Any]:
    """One node type for editors and documents: schema, label, help, example, exits."""
    about = node.about
    return {
        "type": node.model_fields["type"].default,
        "label": about.en,
        "label_zh": about.zh,
        "help": about.help_en,
        "help_zh": about.help_zh,
        "group": about.group,
        "example": node.example,
        "exits": [
            {
                "field": name,
                "label": exit_.en,
                "label_zh": exit_.zh,
                "by": exit_.by.value,
                "many": node.model_fields[name].annotation is not str,
            }
            for name, exit_ in exits_of(node).items()
        ],
        "schema": node.model_json_schema(),
    }
