"""Two levels: the city's line gives a ticket to a district's office, which picks its own unit.

Each level has its own clock of dispatch. The handling limit runs from the first receipt, or, where
a city says so (`clock_node`), from that by the unit at the end.
"""

import re

from domain.cities.rules import ENGINE_DEFAULT
from domain.tickets.lifecycle.act import Act
from domain.tickets.lifecycle.clocks import received
from domain.tickets.lifecycle.states import State
from domain.tickets.lifecycle.ticket import Obligation, Ticket

# 金平区, 南澳县人民政府, 龙湖区热线管理责任单位: a district itself, no bureau of it.
_OFFICE = re.compile(r".*[区县](人民)?(政府)?(热线)?(管理)?(责任单位)?")


def meant(act: Act, unit: str) -> bool:
    """True if a dispatch goes to a district's office: said so, or by its name in such a city."""
    level = act.text("level")
    if level:
        return level == "district"
    return act.rules.district_hop.value and _OFFICE.fullmatch(unit) is not None


def below(ticket: Ticket) -> bool:
    """True while a district's own unit has the ticket."""
    return bool(ticket.district) and ticket.unit != ticket.district


def arrive(act: Act, office: str) -> None:
    """The district's office has the ticket: its clock of dispatch starts."""
    ticket, stated = act.ticket, act.rules.district_hop
    ticket.district = office
    _pick(act)
    article = stated.article if stated.value else ENGINE_DEFAULT
    act.note("district", f"转交 {office}，由其确定承办单位", article)


def _pick(act: Act) -> None:
    ticket, stated = act.ticket, act.rules.district_hop
    act.start_stated("dispatch", act.rules.dispatch_limit)
    article = stated.article if stated.value else ENGINE_DEFAULT
    duty = Obligation(ticket.district, "确定本区（县）承办单位", act.due("dispatch"), article)
    act.owe("dispatch", duty)


def hand_on(act: Act, unit: str) -> None:
    """The office picks its unit, which confirms and may object like any other."""
    ticket, stated = act.ticket, act.rules.district_hop
    if not ticket.district or below(ticket):
        article = act.rules.multi_unit.article
        act.refuse(f"{ticket.state} 状态下不能 dispatch，须先退回或者指定", article)
    if unit == ticket.district:
        act.refuse(f"工单已在 {unit}", stated.article)
    ticket.unit, ticket.assist = unit, act.words("assist")
    ticket.signed = ticket.by_silence = False
    if ticket.state is not State.DISPATCHED:
        act.move(State.DISPATCHED)
    act.stop("dispatch")
    received(act, fresh=act.rules.clock_node.value == "leaf")


def take_back(act: Act) -> None:
    """The district's unit was not the right one: the office picks another."""
    act.ticket.unit, act.ticket.signed = act.ticket.district, True
    act.move(State.ACCEPTED)
    _pick(act)
