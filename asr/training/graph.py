"""Lexicon and language model -> the decoding graph HCLG and its symbol tables (kaldifst, kaldilm).

Every phone has one emitting state with one pdf, so H o LG is a relabelling of phones with their
forward transition-ids plus self-loops, which Kaldi's order (reorder=true) puts after the arc.

Only this module may be imported together with kaldifst and kaldilm: see `pipeline` on why.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as counting
from pathlib import Path

from asr.training.lexicon import Lexicon
from asr.training.phone_table import PhoneTable, forward_transition, word_phone_ids

SILENCE_ID = 1
SILENCE_PROBABILITY = 0.5
BACKOFF = "#0"
EPSILON = 0


@dataclass(frozen=True)
class Arc:
    """``cost`` is -ln probability; labels are ids, `EPSILON` for none."""

    source: int
    target: int
    input: int
    output: int
    cost: float = 0.0

    def line(self) -> str:
        return f"{self.source}\t{self.target}\t{self.input}\t{self.output}\t{self.cost:.4f}"


@dataclass(frozen=True)
class LexiconFst:
    """``arcs`` from state 0, ``final`` the word loop, ``backoff_label`` what lets G's #0 pass."""

    arcs: list[Arc]
    final: int
    backoff_label: int


def word_symbols(lexicon: Lexicon) -> list[str]:
    """words.txt in order of id."""
    return ["<eps>", *sorted(lexicon), BACKOFF, "<s>", "</s>"]


@dataclass(frozen=True)
class _Entry:
    word: int
    phones: tuple[int, ...]
    cost: float
    disambiguation: int


def _entries(lexicon: Lexicon, words: Mapping[str, int], phones: PhoneTable) -> list[_Entry]:
    """Pronunciations, numbered apart where one is the same as, or the beginning of, another."""
    ids = phones.ids()
    spoken = [
        (words[word], tuple(word_phone_ids(ids, reading)), cost)
        for word, readings in lexicon.items()
        for reading, cost in readings
    ]
    same = Counter(sequence for _, sequence, _ in spoken)
    beginnings = {sequence[:k] for _, sequence, _ in spoken for k in range(1, len(sequence))}
    used: Counter[tuple[int, ...]] = Counter()
    entries = []
    for word, sequence, cost in spoken:
        if same[sequence] > 1 or sequence in beginnings:
            used[sequence] += 1
        entries.append(_Entry(word, sequence, cost, used[sequence]))
    return entries


def lexicon_fst(lexicon: Lexicon, phones: PhoneTable) -> LexiconFst:
    """L with optional silence before the first and after every word.

    State 0 starts, 1 is the word loop, 2 the silence after a word. The silence branch carries a
    disambiguation symbol of its own, or LG could not be determinised.
    """
    words = {word: number for number, word in enumerate(word_symbols(lexicon))}
    entries = _entries(lexicon, words, phones)
    backoff = phones.count + 1
    silence_mark = backoff + 1 + max((entry.disambiguation for entry in entries), default=0)
    pause, no_pause = -math.log(SILENCE_PROBABILITY), -math.log(1 - SILENCE_PROBABILITY)
    arcs = [
        Arc(0, 1, EPSILON, EPSILON, no_pause),
        Arc(0, 1, SILENCE_ID, EPSILON, pause),
        Arc(2, 3, SILENCE_ID, EPSILON),
        Arc(3, 1, silence_mark, EPSILON),
    ]
    states = counting(4)
    for entry in entries:
        mark = (backoff + entry.disambiguation,) if entry.disambiguation else ()
        *front, last = (*entry.phones, *mark)
        at, output, cost = 1, entry.word, entry.cost
        for phone in front:
            target = next(states)
            arcs.append(Arc(at, target, phone, output, cost))
            at, output, cost = target, EPSILON, 0.0
        arcs.append(Arc(at, 1, last, output, cost + no_pause))
        arcs.append(Arc(at, 2, last, output, cost + pause))
    return LexiconFst(arcs, 1, backoff)


def read_fst_text(text: str) -> tuple[list[Arc], dict[int, float]]:
    """OpenFst's text form -> arcs (the first one leaves the start state) and final costs."""
    arcs, finals = [], {}
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 4:
            cost = float(fields[4]) if len(fields) > 4 else 0.0
            arcs.append(Arc(*map(int, fields[:4]), cost))
        elif fields:
            finals[int(fields[0])] = float(fields[1]) if len(fields) > 1 else 0.0
    return arcs, finals


def _bypass_epsilons(arcs: Iterable[Arc], finals: Mapping[int, float], start: int) -> list[Arc]:
    """Skip states whose only exit is a label-free arc; keep what is reachable."""
    leaving: defaultdict[int, list[Arc]] = defaultdict(list)
    for arc in arcs:
        leaving[arc.source].append(arc)
    skipped = {
        state: out[0]
        for state, out in leaving.items()
        if len(out) == 1
        and state not in finals
        and state not in (start, out[0].target)
        and out[0].input == out[0].output == EPSILON
    }
    kept, reached, todo = [], {start}, [start]
    while todo:
        for arc in leaving[todo.pop()]:
            target, cost, hops = arc.target, arc.cost, 0
            while target in skipped and hops < len(skipped):
                target, cost, hops = skipped[target].target, cost + skipped[target].cost, hops + 1
            kept.append(Arc(arc.source, target, arc.input, arc.output, cost))
            if target not in reached:
                reached.add(target)
                todo.append(target)
    return kept


def expand_states(
    arcs: Sequence[Arc], finals: Mapping[int, float], start: int, phone_count: int
) -> tuple[list[Arc], dict[int, float]]:
    """LG over phones -> HCLG over transition-ids, states renumbered from 0.

    A state entered by one phone only gets that phone's self-loop; a state entered by several gets
    a state in between per phone. Labels above ``phone_count`` (disambiguation) become epsilon.
    """
    relabelled = [
        Arc(
            arc.source,
            arc.target,
            forward_transition(arc.input) if 1 <= arc.input <= phone_count else EPSILON,
            arc.output,
            arc.cost,
        )
        for arc in arcs
    ]
    kept = _bypass_epsilons(relabelled, finals, start)
    entering: defaultdict[int, set[int]] = defaultdict(set, {start: {EPSILON}})
    for arc in kept:
        entering[arc.target].add(arc.input)
    numbers = {state: number for number, state in enumerate(entering)}
    between: dict[tuple[int, int], int] = {}
    loops, exits, moved = [], [], []
    for state, labels in entering.items():
        if len(labels) == 1 and EPSILON not in labels:
            number, label = numbers[state], next(iter(labels))
            loops.append(Arc(number, number, label - 1, EPSILON))
    for arc in kept:
        target = numbers[arc.target]
        if arc.input and len(entering[arc.target]) > 1:
            key = (arc.target, arc.input)
            if key not in between:
                between[key] = middle = len(numbers) + len(between)
                loops.append(Arc(middle, middle, arc.input - 1, EPSILON))
                exits.append(Arc(middle, target, EPSILON, EPSILON))
            target = between[key]
        moved.append(Arc(numbers[arc.source], target, arc.input, arc.output, arc.cost))
    last = {numbers[state]: cost for state, cost in finals.items() if state in numbers}
    ordered = sorted([*loops, *moved, *exits], key=lambda arc: arc.source)
    return ordered, last


def _compile(arcs: Iterable[Arc], finals: Mapping[int, float]) -> str:
    lines = [arc.line() for arc in arcs]
    lines += [f"{state}\t{cost:.4f}" for state, cost in finals.items()]
    return "\n".join(lines) + "\n"


def build_graph(
    lexicon: Lexicon, arpa: Path, phones: PhoneTable, out: Path, say: Callable[[str], None]
) -> None:
    """Write graph/ of a vosk model: HCLG.fst, words.txt, phones.txt, phones/word_boundary.int.

    kaldilm 1.15 aborts the process on an ARPA file it dislikes (a back-off column in the highest
    order, seen), so this runs in a process of its own; 15 s for 37 000 words and 125 000 n-grams.
    """
    import kaldifst
    import kaldilm

    (out / "phones").mkdir(parents=True)
    symbols = word_symbols(lexicon)
    _number(out / "words.txt", symbols)
    _number(out / "phones.txt", phones.symbols)
    boundaries = "\n".join(phones.boundary_lines()) + "\n"
    (out / "phones/word_boundary.int").write_text(boundaries, encoding="utf8")
    grammar_text = kaldilm.arpa2fst(
        input_arpa=str(arpa),
        disambig_symbol=BACKOFF,
        read_symbol_table=str(out / "words.txt"),
        max_order=3,
    )
    grammar = kaldifst.compile(grammar_text, acceptor=False)
    kaldifst.arcsort(grammar, "ilabel")
    say(f"G: {grammar.num_states} states")
    spoken = lexicon_fst(lexicon, phones)
    words = kaldifst.compile(_compile(spoken.arcs, {spoken.final: 0.0}))
    kaldifst.add_self_loops(words, [spoken.backoff_label], [symbols.index(BACKOFF)])
    kaldifst.arcsort(words, "olabel")
    composed = kaldifst.StdVectorFst(kaldifst.compose(words, grammar))
    kaldifst.determinize_star(composed, use_log=True)
    kaldifst.minimize_encoded(composed)
    say(f"LG: {composed.num_states} states")
    arcs, finals = read_fst_text(composed.to_str())
    arcs, finals = expand_states(arcs, finals, arcs[0].source, phones.count)
    hclg = kaldifst.compile(_compile(arcs, finals), fst_type="const", keep_state_numbering=True)
    hclg.write(str(out / "HCLG.fst"))
    say(f"HCLG: {arcs[-1].source + 1} states, {len(arcs)} arcs")


def _number(path: Path, symbols: Sequence[str]) -> None:
    lines = (f"{symbol} {number}\n" for number, symbol in enumerate(symbols))
    path.write_text("".join(lines), encoding="utf8")
