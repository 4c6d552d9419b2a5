"""The tables as the engine knows them after every step, as docs/formats/vault.md shows them.

Run as a program (`python -m tests.unit.storage.schema_dump`) it writes them into that document.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from dsadesk.storage.database import Database
from dsadesk.storage.engine import CASES, CATALOGUE, Tuning, pragmas
from dsadesk.storage.migrations import STEPS, read_sql
from dsadesk.storage.reserve import Reserve
from tests.unit.storage.examples import KEY

DOCUMENT = Path(__file__).parents[3] / "docs" / "formats" / "vault.md"
_ENTRIES = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '%\\_words\\_%' ESCAPE '\\'"
_ENTRIES += " AND name NOT LIKE 'dataset\\_names\\_%' ESCAPE '\\' AND name NOT LIKE 'dataset\\_text\\_%' ESCAPE '\\' ORDER BY rowid"


def tables_of(scripts: list[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "a.db", KEY, CASES, Reserve(Path(folder), 0))
        with database.transaction():
            for script in scripts:
                database.script(script)
        entries = database.column(_ENTRIES)
        database.close()
    return ";\n".join(str(entry) for entry in entries) + ";\n"


def pragmas_of(tuning: Tuning) -> str:
    return "\n".join(pragmas(tuning)) + "\n"


def parts() -> dict[str, str]:
    """What stands between the markers of the document, by marker."""
    return {
        "cases": f"```sql\n{tables_of([step.sql for step in STEPS])}```\n",
        "catalogue": f"```sql\n{tables_of([read_sql('catalogue')])}```\n",
        "pragmas cases": f"```sql\n{pragmas_of(CASES)}```\n",
        "pragmas catalogue": f"```sql\n{pragmas_of(CATALOGUE)}```\n",
    }


def shown(document: str, marker: str) -> str:
    """What the document shows for a marker."""
    found = re.search(f"<!-- {marker} -->\n(.*?)<!-- end -->", document, re.DOTALL)
    return found.group(1) if found else ""


def main() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    for marker, text in parts().items():
        document = document.replace(
            f"<!-- {marker} -->\n{shown(document, marker)}<!-- end -->", f"<!-- {marker} -->\n{text}<!-- end -->"
        )
    DOCUMENT.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
