from domain.tickets.assessment.definitions import DEFINITIONS
from domain.tickets.assessment.figures import CONNECTION, LABELS, WITHIN_15_S


def test_every_figure_is_defined() -> None:
    assert set(DEFINITIONS) == {*LABELS, CONNECTION, WITHIN_15_S}
    assert all(DEFINITIONS.values())
