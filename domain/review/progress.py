"""The life of a review: which step may follow which, and who may take it."""

from enum import StrEnum


class ReviewState(StrEnum):
    DRAFT = "draft"  # the reviewer is at it
    SUBMITTED = "submitted"  # complete; not yet shown to the agent
    RELEASED = "released"  # the agent sees it
    ACKNOWLEDGED = "acknowledged"  # the agent has taken note
    APPEALED = "appealed"  # the agent objects; a second instance decides
    DECIDED = "decided"  # upheld or changed, for good


class ReviewStep(StrEnum):
    SUBMIT = "submit"
    RELEASE = "release"
    ACKNOWLEDGE = "acknowledge"
    APPEAL = "appeal"
    DECIDE = "decide"


AFTER: dict[tuple[ReviewState, ReviewStep], ReviewState] = {
    (ReviewState.DRAFT, ReviewStep.SUBMIT): ReviewState.SUBMITTED,
    (ReviewState.SUBMITTED, ReviewStep.RELEASE): ReviewState.RELEASED,
    (ReviewState.RELEASED, ReviewStep.ACKNOWLEDGE): ReviewState.ACKNOWLEDGED,
    (ReviewState.RELEASED, ReviewStep.APPEAL): ReviewState.APPEALED,
    (ReviewState.APPEALED, ReviewStep.DECIDE): ReviewState.DECIDED,
}


class StepNotPossible(Exception):
    """The review is not at the point where this step is taken."""

    def __init__(self, state: ReviewState, step: ReviewStep) -> None:
        self.allowed = sorted(step.value for at, step in AFTER if at is state)
        super().__init__(f"a {state} review cannot be {step}: {self.allowed} would be possible")


def after(state: ReviewState, step: ReviewStep) -> ReviewState:
    """Raises `StepNotPossible`."""
    following = AFTER.get((state, step))
    if following is None:
        raise StepNotPossible(state, step)
    return following
