"""The command that tells how each method works, from the words beside its code."""

from __future__ import annotations

import click

from verify.cli import console
from verify.errors import UsageError


@click.command(short_help="Tell what each method does, its limits and error rates.")
@click.argument("name", required=False)
def methods(name: str | None) -> int:
    """Tell of each method what it does, its limits, its error rates and its source.

    Without NAME, the methods are listed; with it, or a part of it, the whole text is printed.
    """
    from verify.report.methods import methods as described

    known = described()
    if name is None:
        width = max(len(method.name) for method in known)
        for method in known:
            console.say(f"{method.name:<{width}}  {method.title}")
        return 0
    found = [method for method in known if method.name == name] or [
        method for method in known if name.lower() in method.name.lower()
    ]
    if not found:
        names = ", ".join(method.name for method in known)
        raise UsageError(f"there is no method named {name}", f"there are: {names}")
    for method in found:
        console.say(f"{method.name}: {method.title}\n\n{method.text}\n")
    return 0
