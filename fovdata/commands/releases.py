"""python -m fovdata releases: the releases that there are, in their protected figures."""

from collections.abc import Callable
from typing import Annotated

import typer

from fovdata import registry as registries
from fovdata import settings
from fovdata.commands.failing import fail

commands = typer.Typer(help="Utgåvorna i FOV_RELEASE, i röjandeskyddade siffror.")


@commands.command("list")
def list_releases() -> None:
    """Vilka utgåvor som finns, och vilken som serveras."""
    from fovdata.figures import printed

    _print(lambda: printed.listed(settings.releases()))


@commands.command()
def show(
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Annars den som serveras.")
    ] = None,
) -> None:
    """En utgåva: vad den är gjord av och hela landets siffror."""
    from fovdata.figures import printed

    _print(lambda: printed.described(settings.releases(), number))


@commands.command()
def diff(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="A B", help="Två utgåvor; annars de två nyaste."),
    ] = None,
) -> None:
    """Två utgåvor bredvid varandra."""
    from fovdata.figures import printed

    _print(lambda: printed.compared(settings.releases(), registries.load(), numbers or ()))


def _print(text: Callable[[], str]) -> None:
    from fovdata.figures.release import ReleaseUnreadable

    try:
        typer.echo(text())
    except (ReleaseUnreadable, registries.TableError) as error:
        raise fail(error) from None
