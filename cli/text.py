"""``hotline text``: numbers in figures, private words masked; one line in, one line out."""

import sys
from collections.abc import Callable

import typer

from domain.text.itn.normalise import normalise
from domain.text.redaction import redact as redacted

app = typer.Typer(help="Text: numbers in figures, private words masked.", no_args_is_help=True)


@app.command()
def itn() -> None:
    """数字规整 Spoken numbers as figures; reads stdin, writes a line for each line."""
    _each_line(normalise)


@app.command()
def redact() -> None:
    """隐私遮盖 Mask ID cards, telephone and bank card numbers, plates and names."""
    _each_line(redacted)


def _each_line(rewrite: Callable[[str], str]) -> None:
    # Bytes: only \n ends a line (a form feed does not), whatever the locale, \r stays.
    for line in sys.stdin.buffer:
        body = line.removesuffix(b"\n")
        written = rewrite(body.decode("utf-8", errors="replace")).encode()
        typer.echo(written + line[len(body) :], nl=False)
