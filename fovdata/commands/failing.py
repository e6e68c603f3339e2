"""How a command ends that could not do what it was asked."""

import typer

FAULTY = 1
"""What was given cannot be used as it is."""
WRONG = 2
"""The command itself is wrong."""
UNUSABLE = 3
"""Where answers, key or registry should be, something is wrong."""


def fail(message: object, code: int = FAULTY) -> typer.Exit:
    """Say on the error stream why, and return what ends the command."""
    typer.echo(message, err=True)
    return typer.Exit(code)
