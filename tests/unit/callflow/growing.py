"""Flows and callers made up at random, over every type of node there is."""

from typing import Any

from hypothesis import strategies as st

from callflow.commands import AskDigits, AskKey, Command, EnterQueue, Say, TakeMessage, Transfer
from callflow.duration import Prompts
from callflow.flow import Flow, read
from callflow.nodes import NODE_TYPES
from callflow.nodes.base import NodeBase, exits_of
from callflow.simulate import World

SPOKEN = dict.fromkeys(
    ("ask", "hello", "key-hint", "leave-message", "call-back-offer", "satisfaction", "greeting",
     "choose-language", "ask-ticket-number", "ask-last-four", "leader-nobody",
     "emergency-offer-110", "emergency-offer-119", "emergency-offer-120", "emergency-offer-122"),
    2.0,
)  # fmt: skip
PROMPTS = Prompts({"zh-CN": SPOKEN, "en": SPOKEN})
# A sub-flow is put in its place before a flow is proved (`callflow.linking`), with its returns.
TYPES = {
    kind.example["type"]: kind
    for kind in NODE_TYPES
    if kind.example["type"] not in ("sub_flow", "return")
}
# What a type can be besides its example: the settings that change its ways.
VARIED: dict[str, list[dict[str, Any]]] = {
    "say": [
        {"say": ["hello"]},
        {"say": ["hello", "{ticket_number}", "{fact.id}"]},
        {"say": ["hello"], "offers_emergency": True},
    ],
    "leader": [{}, {"announce": False}],
    "menu": [{"tries": 1}, {"tries": 3, "again": ["ask"]}, {"words": {}}],
    "collect": [{"tries": 1}, {"most": 4}, {"tries": 3, "again": ["ask"]}],
    "branch": [
        {"cases": [{"when": {"fact": "time.hour", "is": "<", "value": 12}, "to": ""}]},
        {"cases": [{"when": {"fact": "fact.id", "is": "=", "value": "4"}, "to": ""}]},
        {"cases": [{"when": {"fact": "queue.free", "is": ">", "value": 0}, "to": ""}]},
        {"cases": [{"when": {"fact": "switch.bad-weather", "is": "=", "value": True}, "to": ""}]},
    ],
    "schedule": [{"switches": [], "failed": ""}, {}],
    "queue": [{}, {"keys": {"7": ""}}, {"announce": ["hello"], "every_s": 10, "wait_s": 45}],
    "message": [{}, {"end_keys": "#*", "shortest_s": 3, "offers_emergency": True}],
    "ticket_progress": [{"by": "caller"}, {"by": "number", "tries": 1}],
    "count": [{"most": 1}, {"most": 3}],
    "share": [{}, {"salt": "b"}],
}


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Some nodes of any type, most ways leading on, some back; they need not be sound."""
    kinds = draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=2, max_size=12))
    names = [f"n{place}" for place in range(len(kinds))]
    nodes = {}
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        # Where a caller is heard comes up most: else next to nothing is accepted.
        heard = st.sampled_from(["people", "record", "people"])
        ahead = st.sampled_from(names[place + 1 :] or ["people"])
        back = st.sampled_from([*names, "end"])
        nodes[name] = draw(_node(kind, st.one_of(heard, ahead, ahead, back)))
    flow = {
        "name": "grown", "version": 0, "title": "", "start": names[0],
        "keys": draw(st.dictionaries(st.sampled_from("0*"), st.just("people"), max_size=1)),
        "languages": ["zh-CN", "en"], "visits": draw(st.integers(4, 6)),
        "exhausted": draw(st.sampled_from(["record", "record", "end"])),
        "nodes": {
            **nodes,
            "people": {"type": "queue", "answered": "end", "otherwise": "record"},
            "record": {"type": "message", "taken": "end", "empty": "end"},
            "end": {"type": "hang_up"},
        },
    }  # fmt: skip
    return _pruned(read(flow))


def _pruned(flow: Flow) -> Flow:
    """Without the nodes that no way leads to: each of them is a fault by itself."""
    kept, ahead = set(), [flow.start, flow.exhausted, *flow.keys.values()]
    while ahead:
        name = ahead.pop()
        if name not in kept:
            kept.add(name)
            ahead += flow.nodes[name].exits()
    nodes = {name: node for name, node in flow.nodes.items() if name in kept}
    return flow.model_copy(update={"nodes": nodes})


def _node(name: str, somewhere: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    kind = TYPES[name]
    fields = st.sampled_from(VARIED.get(name, [{}])).map(lambda more: {**kind.example, **more})

    @st.composite
    def led(draw: st.DrawFn) -> dict[str, Any]:
        return _led(kind, draw(fields), lambda: draw(somewhere))

    return led()


def _led(kind: type[NodeBase], fields: dict[str, Any], to: Any) -> dict[str, Any]:
    """The node with every way of it led somewhere."""
    ways = {name: fields[name] for name in exits_of(kind) if fields.get(name)}
    for name, value in ways.items():
        if isinstance(value, str):
            ways[name] = to()
        elif isinstance(value, dict):
            ways[name] = {key: to() for key in value}
        else:
            ways[name] = [{**option, "to": to()} for option in value]
    return {**fields, **ways}


WORLDS = st.builds(
    World,
    seats=st.sampled_from(["free", "busy", "none"]),
    fails=st.lists(
        st.sampled_from(["caller", "queue", "ticket", "switches", "sms", "http", "set_switch",
                         "call_back"]), unique=True, max_size=3,
    ).map(tuple),
    switches=st.sampled_from([(), ("bad-weather",)]),
    suspended=st.booleans(),
    ticket_proof=st.sampled_from(["", "0000"]),
    values=st.sampled_from([{}, {"queue.waiting": 9}, {"ticket.status_prompt": "hello"}]),
)  # fmt: skip
KEYS = st.sampled_from([*"0123456789*#", "110"]).map(lambda key: {"key": key})


def turns_for(command: Command) -> st.SearchStrategy[dict[str, Any]]:
    """What a caller, and the world, may do while this command waits."""
    own: list[dict[str, Any]] = [{}]
    match command:
        case EnterQueue():
            own += [{"answered": "1001", "talked_s": 9}, {"nobody": True}]
        case TakeMessage():
            own += [{"said_s": 5, "said": "路灯坏了"}, {"said_s": 0.2}]
        case AskDigits():
            own += [{"digits": figures} for figures in ("4", "0000", "123456789012", "120")]
        case Transfer():
            own += [{"connected": True}, {"fails": True}]
        case AskKey(phrases=phrases) if phrases:
            own += [{"says": phrases[0]}, {"says": "嗯"}, {"fails": True}]
        case Say() | AskKey():
            pass
        case _:
            raise AssertionError(f"{command} waits for nobody")
    return st.one_of(st.sampled_from(own), KEYS)
