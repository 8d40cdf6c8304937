"""The command line as a reference page: each command with its purpose, arguments and options."""

from collections.abc import Iterator
from typing import Any

import typer
from rich.markup import render
from typer.main import get_command

from prosa.commands import app


def page() -> str:
    """Return the page of all commands."""
    root: Any = get_command(app)
    parts = ["# Commands", f"{root.help}\n\n{_parameters(root)}", *_commands(root, "prosa")]
    return "\n\n".join(parts)


def _commands(group: Any, path: str) -> Iterator[str]:
    context = typer.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        called = f"{path} {name}"
        text = " ".join(render(command.help or "").plain.split())
        parts = [f"## {called}", text, _parameters(command), _examples(command)]
        yield "\n\n".join(part for part in parts if part)
        if hasattr(command, "list_commands"):
            yield from _commands(command, called)


def _parameters(command: Any) -> str:
    rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
    return "\n".join(["| argument or option | what it is for |", "|---|---|", *rows]) if rows else ""


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = f"`{parameter.metavar or parameter.name.upper()}`"
    else:
        name = ", ".join(f"`{option}`" for option in [*parameter.opts, *parameter.secondary_opts])
    about = " ".join(render(getattr(parameter, "help", "") or "").plain.split())
    return f"| {name} | {about}{' Required.' if parameter.required else ''} |"


def _examples(command: Any) -> str:
    """Return the examples of the epilog, which begins with a heading."""
    lines = [line.strip() for line in render(command.epilog or "").plain.splitlines()]
    written = [line for line in lines[1:] if line]
    return "\n".join(["```", *written, "```"]) if written else ""
