"""The life of a suspension: proposed by one, decided by another, in force until its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SuspensionStatus(StrEnum):
    """Follows from what happened and the time: it ends by itself, no job has to run."""

    PROPOSED = "proposed"  # 待决定
    REJECTED = "rejected"  # 不予暂停
    IN_FORCE = "in_force"  # 暂停中
    LIFTED = "lifted"  # 已解除
    ENDED = "ended"  # 到期


@dataclass(frozen=True, slots=True)
class Suspension:
    """`ends_at` is set by the decision to suspend, `lifted_at` by lifting it or by an appeal."""

    proposed_by: str
    decided_by: str | None = None
    ends_at: datetime | None = None
    lifted_at: datetime | None = None

    def status(self, now: datetime) -> SuspensionStatus:
        if self.decided_by is None:
            return SuspensionStatus.PROPOSED
        if self.ends_at is None:
            return SuspensionStatus.REJECTED
        if self.lifted_at is not None and self.lifted_at <= now:
            return SuspensionStatus.LIFTED
        return SuspensionStatus.ENDED if now > self.ends_at else SuspensionStatus.IN_FORCE


class SuspensionNotAllowed(Exception):
    """This step does not fit where the suspension stands; `reason` says what would be right."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_decision(suspension: Suspension, by: str, now: datetime) -> None:
    """Another person decides than proposed, and only once."""
    if suspension.status(now) is not SuspensionStatus.PROPOSED:
        raise SuspensionNotAllowed("已经决定，不能再次决定")
    if by == suspension.proposed_by:
        raise SuspensionNotAllowed("提出人不能自行决定，须由另一人决定")


def check_in_force(suspension: Suspension, now: datetime) -> None:
    """Only what is in force can be lifted or appealed against."""
    if suspension.status(now) is not SuspensionStatus.IN_FORCE:
        raise SuspensionNotAllowed("该号码当前不在暂停期内")


def check_appeal_decision(suspension: Suspension, by: str, now: datetime) -> None:
    """An appeal is not judged by whoever suspended."""
    check_in_force(suspension, now)
    if by in {suspension.decided_by, suspension.proposed_by}:
        raise SuspensionNotAllowed("申诉须由提出人、决定人以外的人处理")
