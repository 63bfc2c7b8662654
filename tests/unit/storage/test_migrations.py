"""The chain of migrations, before any database is asked."""

from pathlib import Path

from alembic.script import ScriptDirectory

import storage.migrations


def test_the_chain_has_one_end() -> None:
    """Two migrations that follow the same one leave `upgrade head` without a direction."""
    script = ScriptDirectory(str(Path(next(iter(storage.migrations.__path__)))))
    assert len(script.get_heads()) == 1, f"chain these one after another: {script.get_heads()}"
