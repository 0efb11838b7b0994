"""The command that prints a shell's completion script."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from verify.cli import console


@click.command(short_help="Print the script that completes commands and options.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    r"""Print the script that lets a shell complete verify's commands and options.

    \b
    bash: add  eval "$(verify completion bash)"  to ~/.bashrc
    zsh:  add  eval "$(verify completion zsh)"   to ~/.zshrc
    fish: verify completion fish > ~/.config/fish/completions/verify.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"there is no completion for {shell}")
    program = "verify-media" if context.find_root().info_name == "verify-media" else "verify"
    name = program.replace("-", "_").upper()
    console.write(kind(context.find_root().command, {}, program, f"_{name}_COMPLETE").source() + "\n")
    return 0
