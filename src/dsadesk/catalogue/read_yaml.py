"""From YAML to plain values, built from parser events, so that no tag makes an object and no alias makes a small file large.

Every scalar stays the text that was written: a version `2023-02` is not a date and `1.10` is not a number. A module of its own, because
few catalogue files are YAML and its parser is large.
"""

from __future__ import annotations

from typing import Any

import yaml

from dsadesk.catalogue.read import MAX_DEPTH, MAX_VALUES, refuse_large
from dsadesk.errors import CatalogueError

MAX_YAML_BYTES = 4 * 1024 * 1024
_YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> list[tuple[int, Any]]:
    """Every YAML document with the number of the line that it begins on. Scalars are text; `null`, `~` and nothing are None.

    Raises: CatalogueError("catalogue-too-large" | "yaml-broken" | "yaml-alias" | "yaml-tag" | "too-deep" |
    "too-many-values" | "key-repeated" | "key-not-text").
    """
    refuse_large(text, MAX_YAML_BYTES)
    documents: list[tuple[int, Any]] = []
    builder = _YamlBuilder()
    try:
        for event in yaml.parse(text, Loader=_YAML_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                builder = _YamlBuilder()
                documents.append((_line_of(event), None))
            elif isinstance(event, yaml.DocumentEndEvent):
                documents[-1] = (documents[-1][0], builder.value)
            elif isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                builder.take(event)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        raise CatalogueError("yaml-broken", line=mark.line + 1 if mark else 0) from None
    return documents


def _line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _YamlBuilder:
    """Builds one document's value from parser events."""

    def __init__(self) -> None:
        self.value: Any = None
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str | None] = []
        self._taken = 0

    def take(self, event: Any) -> None:
        """Takes the next node or the end of a collection."""
        line = _line_of(event)
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
            return
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise CatalogueError("yaml-alias", line=line)
        if event.tag not in (None, "!"):
            raise CatalogueError("yaml-tag", line=line)
        self._taken += 1
        if self._taken > MAX_VALUES:
            raise CatalogueError("too-many-values", limit=MAX_VALUES)
        if isinstance(event, yaml.ScalarEvent):
            self._place(_scalar(event), line)
            return
        collection: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._place(collection, line)
        if len(self._open) >= MAX_DEPTH:
            raise CatalogueError("too-deep", limit=MAX_DEPTH, line=line)
        self._open.append(collection)
        self._keys.append(None)

    def _place(self, value: Any, line: int) -> None:
        if not self._open:
            self.value = value
            return
        parent = self._open[-1]
        if isinstance(parent, list):
            parent.append(value)
            return
        key = self._keys[-1]
        if key is not None:
            parent[key] = value
            self._keys[-1] = None
        elif not isinstance(value, str):
            raise CatalogueError("key-not-text", line=line)
        elif value in parent:
            raise CatalogueError("key-repeated", key=value[:60], line=line)
        else:
            self._keys[-1] = value


def _scalar(event: Any) -> str | None:
    unquoted = event.implicit[0]
    if unquoted and event.value in ("", "~", "null", "Null", "NULL"):
        return None
    return str(event.value)
