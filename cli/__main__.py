"""``python -m cli``: the same as the ``hotline`` command, without its absolute path."""

from cli.main import app

app()
