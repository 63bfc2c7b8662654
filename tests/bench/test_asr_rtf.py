"""The measurement itself, in small: it runs, and both sides heard the same words."""

import importlib.util
import sys
from pathlib import Path

from asr.models.store import ensure_embedded


def test_rtf_is_measured_for_both_sides(tmp_path: Path) -> None:
    path = Path(__file__).with_name("asr_rtf.py")
    spec = importlib.util.spec_from_file_location("bench_asr_rtf", path)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bench
    spec.loader.exec_module(bench)
    rows = bench.measure(ensure_embedded(tmp_path), length_s=10, rounds=1)
    assert [(one.what, one.processes) for one in rows] == [
        (what, processes) for processes in (1, 2) for what in ("raw", "recorded", "live")
    ]
    assert all(0 < one.rtf_cpu < 1 for one in rows)
    assert bench.table(rows).count("\n") == 9
