"""When each second of a leg's sound was spoken, also where some of it never came over the line.

Asterisk sends no frame for a packet that was lost on its way, for a telephone that is silent while
it holds, or for what its own buffers threw away (measured: 0.5 s of 28 on a busy machine). Words
counted by samples alone would come too early by all that was missing before them.
"""

from bisect import bisect_left

# More than this missing within a second, and a word may be missing.
STRETCH_S = 1.0
BEARABLE_S = 0.2


class LegClock:
    """Told of each piece of sound as it comes, it tells how late a second of the sound is.

    A piece may come late because somebody was busy: then a later one is on time again. Sound that
    is missing makes all that follows late. So a second is late by the least lateness of any piece
    from there on.
    """

    def __init__(self) -> None:
        self._begun: float | None = None
        # Ends of pieces in seconds of sound, and the least lateness from there on: both ascend.
        self._ends: list[float] = []
        self._late: list[float] = []

    def came(self, sound_s: float, at: float) -> None:
        """A piece that ends at ``sound_s`` of the leg's sound came at ``at`` of a steady clock."""
        if self._begun is None:
            self._begun = at - sound_s
        late_s = max(0.0, at - self._begun - sound_s)
        while self._late and self._late[-1] >= late_s:
            self._late.pop()
            self._ends.pop()
        self._ends.append(sound_s)
        self._late.append(late_s)

    def late_s(self, sound_s: float) -> float:
        """Seconds missing before ``sound_s``, as far as is known by now."""
        if not self._ends:
            return 0.0
        return self._late[min(bisect_left(self._ends, sound_s), len(self._late) - 1)]

    def call_s(self, sound_s: float) -> float:
        """Seconds from the leg's first sound to this one."""
        return sound_s + self.late_s(sound_s)

    @property
    def whole(self) -> bool:
        """Whether nowhere within a second as much was missing as a short word lasts."""
        return all(
            late_s - self.late_s(before_s - STRETCH_S) <= BEARABLE_S
            for before_s, late_s in zip(self._ends, self._late[1:], strict=False)
        )
