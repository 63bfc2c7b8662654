"""The graph's own algebra; the toolkit that determinises it is not needed here."""

from asr.training.graph import Arc, expand_states, lexicon_fst, read_fst_text, word_symbols
from asr.training.phone_table import PhoneTable

TABLE = PhoneTable(("SIL", "th", "iN2"))
TING = (("th", "iN2"),)
LEXICON = {"停": [(TING, 0.0)], "亭": [(TING, 0.7)], "停停": [(TING * 2, 0.0)]}


def paths(arcs, start, final):
    """Every loop-free path: (input labels, output labels)."""
    found, todo = [], [(start, (), (), frozenset())]
    while todo:
        at, inputs, outputs, passed = todo.pop()
        if at == final:
            found.append((inputs, outputs))
            continue
        for arc in arcs:
            if arc.source == at and arc not in passed:
                step = (
                    inputs + (arc.input,) * bool(arc.input),
                    outputs + (arc.output,) * bool(arc.output),
                )
                todo.append((arc.target, *step, passed | {arc}))
    return found


def word_paths(fst):
    """Words of L, read from the word loop back to it."""
    arcs = [Arc(-1 if a.source == 1 else a.source, a.target, a.input, a.output) for a in fst.arcs]
    return paths([a for a in arcs if a.source], -1, 1)


def test_homophones_get_different_marks_and_so_does_a_word_that_begins_another():
    fst = lexicon_fst(LEXICON, TABLE)
    words = word_symbols(LEXICON)
    without_pause = [path for path in word_paths(fst) if 1 not in path[0]]
    spoken = {words[outputs[0]]: inputs for inputs, outputs in without_pause}
    assert len(set(spoken.values())) == 3
    assert spoken["停停"][-1] <= TABLE.count
    assert {spoken["停"][-1], spoken["亭"][-1]} == {fst.backoff_label + 1, fst.backoff_label + 2}


def test_every_word_may_be_followed_by_a_marked_silence():
    fst = lexicon_fst(LEXICON, TABLE)
    pauses = [inputs for inputs, _ in word_paths(fst) if 1 in inputs]
    assert len(pauses) == 3
    mark = fst.backoff_label + 3  # two homophones use 1 and 2
    assert all(inputs[-2:] == (1, mark) for inputs in pauses)


def test_text_form_is_read_with_and_without_costs():
    arcs, finals = read_fst_text("0 1 5 7 0.5\n1 2 6 0\n2\n1 1.5\n")
    assert arcs == [Arc(0, 1, 5, 7, 0.5), Arc(1, 2, 6, 0, 0.0)]
    assert finals == {2: 0.0, 1: 1.5}


def test_a_state_entered_by_one_phone_loops_on_it():
    arcs, finals = expand_states([Arc(0, 1, 3, 9, 0.1)], {1: 0.2}, 0, phone_count=9)
    assert arcs == [Arc(0, 1, 6, 9, 0.1), Arc(1, 1, 5, 0)]
    assert finals == {1: 0.2}


def test_a_state_entered_by_two_phones_gets_a_loop_for_each_in_between():
    arcs, _ = expand_states([Arc(0, 1, 3, 0), Arc(0, 1, 4, 0)], {1: 0.0}, 0, phone_count=9)
    loops = [arc for arc in arcs if arc.source == arc.target]
    assert sorted(arc.input for arc in loops) == [5, 7]
    assert all(arc.source not in (0, 1) for arc in loops)
    assert [arc for arc in arcs if arc.target == 1 and arc.input] == []
    assert len([arc for arc in arcs if arc.target == 1]) == 2


def test_marks_become_epsilon_and_pure_epsilon_states_vanish():
    arcs, finals = expand_states(
        [Arc(0, 1, 3, 9, 0.1), Arc(1, 2, 12, 0, 0.4), Arc(2, 3, 4, 0, 0.0)],
        {3: 0.0},
        0,
        phone_count=9,
    )
    forward = [arc for arc in arcs if arc.source != arc.target]
    assert [(arc.input, arc.cost) for arc in forward] == [(6, 0.5), (8, 0.0)]
    assert list(finals) == [2]


def test_states_are_numbered_from_the_start():
    arcs, _ = expand_states([Arc(7, 4, 3, 0), Arc(4, 9, 5, 0)], {9: 0.0}, 7, phone_count=9)
    assert arcs[0].source == 0
    assert {arc.source for arc in arcs} | {arc.target for arc in arcs} == {0, 1, 2}
