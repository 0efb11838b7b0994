"""What a derived value was made by: name, version and parameters, as one text.

Two values may be compared, and a cached value may be used, only where this text is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from verify.errors import IncomparableError

_NAME_MARKS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to derive a value. Whatever changes the value changes the version or a parameter."""

    name: str
    version: int
    parameters: tuple[tuple[str, str], ...] = ()  # sorted by name

    def __post_init__(self) -> None:
        """Refuse a name that could be read as something else, and parameters in no fixed order."""
        names = [name for name, _ in self.parameters]
        if not all(text and set(text) <= _NAME_MARKS for text in (self.name, *names)):
            raise ValueError(
                f"a recipe's names are lower case letters, digits, - and _: {self.name}, {names}"
            )
        if self.version < 1:
            raise ValueError(f"a recipe's version starts at 1: {self.version}")
        if names != sorted(set(names)):
            raise ValueError(f"a recipe's parameters are sorted, each named once: {names}")
        if any(set(value) & set(";= \n") for _, value in self.parameters):
            raise ValueError(f"a recipe's values hold no ; or = and no space: {self.parameters}")

    @classmethod
    def of(cls, name: str, version: int, **parameters: object) -> Recipe:
        """A recipe from keyword parameters; their text is what `str` gives."""
        return cls(name, version, tuple(sorted((key, str(value)) for key, value in parameters.items())))

    def __str__(self) -> str:
        """`name/version`, and `;key=value` for each parameter: the text that caches and reports carry."""
        return "".join(
            (f"{self.name}/{self.version}", *(f";{key}={value}" for key, value in self.parameters))
        )

    def must_equal(self, other: Recipe) -> None:
        """Let values of one recipe meet.

        Raises:
            IncomparableError: the other value was made by another recipe.
        """
        if self != other:
            raise IncomparableError(
                f"cannot compare a value made by {self} with one made by {other}", "Derive both again."
            )
