"""Proofs about a flow before anybody calls it. Pure; exact on node × counters (`callflow.reach`).

What is proved of every state that a caller can come to, whatever the world does:

- the call ends; no loop is endless;
- a person or a recorded intake can be reached, also when nobody answers and look-ups fail;
- 110, 119, 120 and 122 can be keyed, and take effect within ``emergency_within_s``;
- every prompt exists in every language; nothing personal is spoken before verification;
- every moment of a week has a way on.

Times are worst cases: every prompt is heard to its end, every time-out runs out.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from callflow import danger
from callflow.commands import Command
from callflow.duration import Prompts, deaf_s, hears
from callflow.figures import EXAMPLE, Figures, figures_of, seconds_of
from callflow.flow import EMERGENCY_NUMBERS, Flow
from callflow.nodes.base import By, NodeBase, Parts, Words
from callflow.nodes.count import CountNode
from callflow.nodes.emergency import EmergencyNode
from callflow.nodes.expert import NOBODY_BOOKED, LeaderNode
from callflow.nodes.hang_up import HangUpNode
from callflow.nodes.language import LanguageNode
from callflow.nodes.schedule import ScheduleNode
from callflow.reach import Move, Place, Reach, TooManyStates, explore

# From a keyed emergency number to the transfer: an announcement must not be waited for.
EMERGENCY_WITHIN_S = 10.0
# GB/T 33358-2016 prefers no voice menu and asks for an answer within 15 s.
PERSON_WITHIN_S = 15.0
PERSONAL = ("ticket.", "call.caller", "heard.")
# Before a text has been rendered: characters a second of the synthetic voice.
CHARACTERS_PER_S = 3.6


@dataclass(frozen=True)
class Step:
    """One stretch of an example: the node, and the key that led on (``""``: by waiting)."""

    node: str
    key: str = ""


@dataclass(frozen=True)
class Fault:
    """``code`` names the kind; ``example``: a shortest way there; ``after_s``: its duration.

    A fault that is a ``warning`` does not stop a publication.
    """

    code: str
    node: str
    reason: str
    example: tuple[Step, ...] = ()
    after_s: float = 0.0
    warning: bool = False


@dataclass(frozen=True)
class Report:
    faults: tuple[Fault, ...]
    figures: Figures

    @property
    def publishable(self) -> bool:
        return all(fault.warning for fault in self.faults)


@dataclass(frozen=True)
class _Case:
    """A flow with all that is known of it before the single proofs."""

    flow: Flow
    prompts: Prompts
    commands: Mapping[str, tuple[Command, ...]]
    seconds: Mapping[str, float]
    reach: Reach

    def fault(self, code: str, place: Place, reason: str, *, warning: bool = False) -> Fault:
        way = self.reach.way_to(place)
        # A key is pressed at once: only what was waited out costs time.
        after_s = sum(self.seconds[node] for node, key in way[:-1] if not key)
        steps = tuple(Step(node, key) for node, key in way)
        return Fault(code, place.node, reason, steps, round(after_s, 1), warning)

    def first(self, node: str) -> Place | None:
        return next(self.reach.places_of(node), None)


def check(
    flow: Flow, prompts: Prompts, *, emergency_within_s: float = EMERGENCY_WITHIN_S
) -> Report:
    """Every fault, those that stop a publication first. Sub-flows must have been linked."""
    known = _with_texts(flow, prompts)
    commands = {
        name: (*node.enter(EXAMPLE), *node.later(EXAMPLE)) if node.decide(EXAMPLE) is None else ()
        for name, node in flow.nodes.items()
    }
    seconds = seconds_of(commands, known)
    hearing = {name: any(map(hears, todo)) for name, todo in commands.items()}
    try:
        reach = explore(flow, hearing)
    except TooManyStates as failure:
        figures = Figures(None, None, None, None, 0, 0, len(flow.nodes), 0)
        return Report((Fault("too-large", "", str(failure)),), figures)
    case = _Case(flow, known, commands, seconds, reach)
    figures = figures_of(flow, reach, seconds, commands)
    faults = [
        *_unreachable(case),
        *_dead_ends(case),
        *_endless(case),
        *_nobody_to_speak_to(case),
        *_prompts_missing(case),
        *_languages(case),
        *_emergency_too_late(case, emergency_within_s),
        *_personal(case),
        *_schedules(case),
        *_shadowed(case),
        *_counts(case),
        *_warnings(case, figures),
    ]
    faults.sort(key=lambda fault: (fault.warning, fault.node, fault.code))
    return Report(tuple(faults), figures)


def parts_of(node: NodeBase) -> Iterator[str | Words]:
    """Everything that the node may speak."""
    for name, info in type(node).model_fields.items():
        if any(getattr(mark, "kind", "") == "prompts" for mark in info.metadata):
            parts: Parts = getattr(node, name)
            yield from parts
    if isinstance(node, LeaderNode) and node.announce:
        yield NOBODY_BOOKED
    if danger.offered_by(node, ()):
        yield from map(danger.prompt_of, EMERGENCY_NUMBERS)


def _with_texts(flow: Flow, prompts: Prompts) -> Prompts:
    """Texts that are not rendered yet count by their length, in the languages they have."""
    seconds = {language: dict(prompts.seconds.get(language, {})) for language in flow.languages}
    for node in flow.nodes.values():
        for part in parts_of(node):
            if isinstance(part, Words):
                for language in set(part.text) & set(seconds):
                    spoken_s = len(part.text[language]) / CHARACTERS_PER_S
                    seconds[language].setdefault(part.prompt, spoken_s)
    return Prompts(seconds)


def _unreachable(case: _Case) -> Iterator[Fault]:
    reached = {place.node for place in case.reach.came}
    for node in case.flow.nodes:
        if node not in reached:
            yield Fault("unreachable", node, "没有路径能到达这个节点 no caller can come here")


def _dead_ends(case: _Case) -> Iterator[Fault]:
    for name, node in case.flow.nodes.items():
        place = case.first(name)
        if place and not node.ways() and not isinstance(node, HangUpNode | EmergencyNode):
            reason = f"{node.about.zh}之后没有去处 a dead end: {node.type} leads nowhere"
            yield case.fault("dead-end", place, reason)


def _endless(case: _Case) -> Iterator[Fault]:
    ends = {place for place, moves in case.reach.moves.items() if not moves}
    moves = {
        place: [move.to for move in moves if move.label != "exhausted" and not _anywhere(move)]
        for place, moves in case.reach.moves.items()
    }
    ending = _leading_to(moves, ends)
    reason = "循环没有出口，通话无法结束 a loop without an exit: the call cannot end"
    for node in case.flow.nodes:
        for place in case.reach.places_of(node):
            if place not in ending:
                yield case.fault("endless", place, reason)
                break


def _anywhere(move: Move) -> bool:
    return move.label.startswith("key ")


def _nobody_to_speak_to(case: _Case) -> Iterator[Fault]:
    """Behind a person or an intake nothing more is owed, and nothing to those suspended."""
    safe = _heard_whatever_happens(case)
    reason = "无人接听或查询失败时，到达不了人工或录音受理 neither a person nor a recorded intake"
    told = set()
    for place in case.reach.came:
        owed = not (place.heard or place.suspended or place in safe)
        if owed and place.node not in told and not _is_emergency(case.flow, place.node):
            told.add(place.node)
            yield case.fault("no-intake", place, reason)


def _is_emergency(flow: Flow, node: str) -> bool:
    return isinstance(flow.nodes[node], EmergencyNode)


def _heard_whatever_happens(case: _Case) -> set[Place]:
    """A game: the caller chooses his exits, the world chooses all others; the caller must win.

    The least fixed point: states from which he comes to be heard in finitely many steps.
    """
    moves = case.reach.moves
    before: dict[Place, set[Place]] = {}
    for place, ahead in moves.items():
        for move in ahead:
            before.setdefault(move.to, set()).add(place)
    safe = {
        place
        for place in moves
        if place.heard or place.suspended or _is_emergency(case.flow, place.node)
    }
    queue = deque(safe)
    while queue:
        for place in before.get(queue.popleft(), ()):
            if place not in safe and _won(moves[place], safe):
                safe.add(place)
                queue.append(place)
    return safe


def _won(moves: Iterable[Move], safe: set[Place]) -> bool:
    own = [move for move in moves if move.exit.by is By.CALLER]
    world = [move for move in moves if move.exit.by is By.WORLD and move.label != "exhausted"]
    errors = [move for move in moves if move.exit.by is By.ERROR]
    can_choose = any(move.to in safe for move in own)
    is_led = bool(world) and all(move.to in safe for move in world)
    no_choice = not own and not world
    return all(move.to in safe for move in errors) and (can_choose or is_led or no_choice)


def _prompts_missing(case: _Case) -> Iterator[Fault]:
    for name, node in case.flow.nodes.items():
        place = case.first(name)
        for part in parts_of(node) if place else ():
            key = part.prompt if isinstance(part, Words) else part
            if key.startswith("{"):
                continue
            for language in case.prompts.missing(key):
                said = "text" if isinstance(part, Words) else repr(key)
                reason = f"缺少语音 no sound for {said} in {language}"
                yield case.fault("prompt-missing", place or Place(name), reason)


def _languages(case: _Case) -> Iterator[Fault]:
    for name, node in case.flow.nodes.items():
        place = case.first(name)
        if place and isinstance(node, LanguageNode):
            for language in sorted(set(node.languages.values()) - set(case.flow.languages)):
                reason = f"流程没有这种语言 the flow does not speak {language}"
                yield case.fault("language-unknown", place, reason)


def _emergency_too_late(case: _Case, within_s: float) -> Iterator[Fault]:
    """Stretches in which no key is heard, joined over nodes that follow each other unheard."""
    runs = _deaf_runs(case)
    for node, deaf in runs.items():
        place = case.first(node)
        if place and deaf > within_s:
            length = "一直" if deaf == float("inf") else f"{deaf:.0f} 秒内"
            reason = f"按 110/119/120/122 {length}无效 keys are not heard in time"
            yield case.fault("emergency-late", place, reason)


def _deaf_runs(case: _Case) -> dict[str, float]:
    """Node → the longest time from entering it during which no key takes effect."""
    own = {node: max_deaf(todo) for node, todo in case.commands.items()}
    deaf = {
        node
        for node, todo in case.commands.items()
        if not any(map(hears, todo)) and case.flow.nodes[node].ways()
    }
    runs: dict[str, float] = {}
    for node in case.flow.nodes:
        stack = [node]
        while stack:
            here = stack[-1]
            ahead = case.flow.nodes[here].exits() if here in deaf else ()
            waiting = [to for to in ahead if to not in runs]
            if any(to in stack for to in waiting):
                # A circle without hearing: without end if it takes time at all.
                runs[here] = float("inf") if own[here] else 0.0
                stack.pop()
            elif waiting:
                stack.append(waiting[0])
            else:
                runs[here] = own[here] + max((runs[to] for to in ahead), default=0.0)
                stack.pop()
    return runs


def max_deaf(commands: Iterable[Command]) -> float:
    """The longest stretch of these commands in a row that hears no key."""
    longest = current = 0.0
    for command in commands:
        current = deaf_s(command) if hears(command) else current + deaf_s(command)
        longest = max(longest, current)
    return longest


def _personal(case: _Case) -> Iterator[Fault]:
    for name, node in case.flow.nodes.items():
        parts = [part for part in parts_of(node) if isinstance(part, str)]
        told = [part for part in parts if part.strip("{}").startswith(PERSONAL)]
        place = next((one for one in case.reach.places_of(name) if not one.verified), None)
        if told and place and "{" in told[0]:
            reason = f"验证之前播报个人信息 {told[0]} is spoken before the caller is verified"
            yield case.fault("personal-unverified", place, reason)


def _schedules(case: _Case) -> Iterator[Fault]:
    for name, node in case.flow.nodes.items():
        place = case.first(name)
        if place and isinstance(node, ScheduleNode) and (gaps := node.gaps()):
            reason = f"时间空缺 {len(gaps)} gaps, nothing is planned for {gaps[0]}"
            yield case.fault("schedule-gap", place, reason)


def _shadowed(case: _Case) -> Iterator[Fault]:
    for name, node in case.flow.nodes.items():
        place = case.first(name)
        taken = sorted({way.key for way in node.ways() if way.key} & set(case.flow.keys))
        if place and taken:
            reason = f"按键 {', '.join(taken)} 已有全局用途 works everywhere, so never here"
            yield case.fault("key-shadowed", place, reason)


def _counts(case: _Case) -> Iterator[Fault]:
    for name, node in case.flow.nodes.items():
        place = case.first(name)
        if place and isinstance(node, CountNode) and node.most >= case.flow.visits:
            reason = (
                f"计次 {node.most} 不小于全局上限 {case.flow.visits}，永远走不到“够了” "
                "must be less than the visits of the flow"
            )
            yield case.fault("count-too-high", place, reason)


def _warnings(case: _Case, figures: Figures) -> Iterator[Fault]:
    start = case.flow.start
    if figures.to_person_s is None:
        reason = "不按键到达不了人工 without a key nobody is rung"
        yield Fault("far-from-person", start, reason, warning=True)
    elif figures.to_person_s > PERSON_WITHIN_S:
        reason = f"{figures.to_person_s:.1f} 秒后才接人工 s to a person (GB/T 33358: 15)"
        yield Fault("far-from-person", start, reason, warning=True)
    if figures.menu_depth:
        reason = (
            f"语音菜单 {figures.menu_depth} 层，最多 {figures.menu_options} 项 levels, options "
            "(GB/T 33358: 不宜设置语音菜单 prefers none)"
        )
        yield Fault("menu", start, reason, warning=True)


def _leading_to(moves: Mapping[Place, list[Place]], goals: set[Place]) -> set[Place]:
    before: dict[Place, list[Place]] = {}
    for place, ahead in moves.items():
        for to in ahead:
            before.setdefault(to, []).append(place)
    found, queue = set(goals), deque(goals)
    while queue:
        for place in before.get(queue.popleft(), ()):
            if place not in found:
                found.add(place)
                queue.append(place)
    return found
