"""Every measurement, run in small: it runs, and both sides did the same work."""

from pathlib import Path

from asr.models.store import ensure_embedded
from cli.bench import agi_verbs, asr_legs, asr_rtf, post_ticket
from cli.bench.agi_servers import SERVERS


def test_verbs_are_counted_for_every_server() -> None:
    effort = agi_verbs.Effort(calls=3, seconds=0.2, alone_s=0.2, rounds=1)
    found = agi_verbs.run(None, effort)
    assert set(found) == set(SERVERS)
    for figures in found.values():
        assert figures.verbs_per_s > 100
        assert 0 < figures.p50_us <= figures.p99_us
        assert figures.cpu_us > 0


async def test_legs_at_the_pace_of_speech_are_measured(tmp_path: Path) -> None:
    kept = await asr_legs.measure(ensure_embedded(tmp_path), legs=2, length_s=4.0)
    assert 0 < kept.behind_s < 4
    assert 0 < kept.cpu < 1


def test_the_real_time_factor_is_measured_for_both_sides(tmp_path: Path) -> None:
    found = asr_rtf.measure(ensure_embedded(tmp_path), asr_rtf.Effort(sound_s=10, rounds=1))
    assert set(found) == {
        (kind, processes)
        for processes in (1, 2)
        for kind in ("raw", "raw with partials", "recorded", "live")
    }
    assert all(0 < one.cpu < 1 for one in found.values())
    assert all(one.carried > 1 for one in found.values())
    assert found["raw", 1].cpu_ratio == 1.0


def test_tickets_are_posted_to_both_services() -> None:
    found = post_ticket.run(post_ticket.Effort(requests=20, clients=2, rounds=1))
    assert set(found) == {"ours", "bare"}
    assert all(pace.per_s > 1 and 0 < pace.p50_ms <= pace.p95_ms for pace in found.values())
