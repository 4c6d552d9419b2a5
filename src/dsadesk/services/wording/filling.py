"""Fills a whole sentence with fields. What a field looks like is said in the sentence, so that a translation can say it otherwise.

{name}                             text, made plain; a number with its commas
{size:size}  {until:date}          a size, a day
{columns}                     a list
{org:org}  {stage:stage}  {action:action}   an organisation, a stage and an act by their names
{count:# question|# questions}     the form for a number
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dsadesk.domain.lifecycle import Stage
from dsadesk.services.wording.amounts import count_words, size_words
from dsadesk.services.wording.dates import day_of
from dsadesk.services.wording.plain import NAME_LIMIT, listed, plain
from dsadesk.services.wording.stages import action_name, stage_name

NameOf = Callable[[str], str]
_FIELD_LIMIT = 300


def fill(sentence: str, fields: Mapping[str, Any], name_of: NameOf = str) -> str:
    """The sentence with its fields. `name_of` gives the name of an organisation by its identifier."""
    return _Filler(name_of).vformat(sentence, (), fields)


def needs(sentence: str) -> frozenset[str]:
    """The names of the fields that a sentence cannot do without."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


class _Filler(string.Formatter):
    def __init__(self, name_of: NameOf) -> None:
        self._name_of = name_of

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002 - the base's form
        """Total: a field that was not told leaves a gap that can be seen."""
        return kwargs.get(str(key), "…")

    def format_field(self, value: Any, format_spec: str) -> str:
        """Total: a field of another kind than the sentence expects is shown as plain text."""
        match format_spec, value:
            case "size", int():
                return size_words(value)
            case "date", str():
                return day_of(value) or plain(value, NAME_LIMIT)
            case "org", str():
                return plain(self._name_of(value), NAME_LIMIT) or plain(value, NAME_LIMIT)
            case "stage", str():
                return stage_name(Stage(value)) if value in set(Stage) else plain(value, NAME_LIMIT)
            case "action", str():
                return action_name(value)
            case forms, int() if "|" in forms:
                one, many = forms.split("|", 1)
                return count_words(value, one, many)
            case _, tuple() | list():
                return listed(tuple(str(item) for item in value))
            case _, int() if not isinstance(value, bool):
                return f"{value:,}"
            case _:
                return plain(str(value), _FIELD_LIMIT)
