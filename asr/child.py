"""How to start a Python module of ours as a process of its own.

libvosk aborts the whole process on misuse and segfaults on a mismatched model, so whatever
touches it for the first time runs in a child.
"""

import os
import sys
from pathlib import Path

import asr


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs ``module`` with the interpreter we run in."""
    return [sys.executable, "-m", module, *arguments]


def module_environment() -> dict[str, str]:
    """Our environment, with the folder our packages were imported from first on the path."""
    root = str(Path(asr.__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{others}" if others else root}
