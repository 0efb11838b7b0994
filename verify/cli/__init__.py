"""The command line: parse, call the pipeline, show. The only room, beside the web, that prints or exits."""

from verify.cli.root import main

__all__ = ["main"]
