"""Organisation cards in the vault's database. The key that was believed is pinned: triggers refuse to change it."""

from __future__ import annotations

from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import RuleError
from dsadesk.ports import CardCheck, PinnedCard
from dsadesk.storage.database import Database, Row
from dsadesk.storage.moments import from_stored, to_stored

_CURRENT = "SELECT * FROM card WHERE org = ? ORDER BY pin DESC LIMIT 1"
_ALL = "SELECT * FROM card AS c WHERE pin = (SELECT MAX(pin) FROM card WHERE org = c.org)"


class SqlcipherCards:
    """Implements `ports.Cards`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, card: PinnedCard) -> None:
        """Pins a card, or replaces it by a newer one of the same key; what was checked and flagged stays.

        Raises: RuleError("pinned-key") for another fingerprint, RuleError("older-card") for an earlier version.
        """
        with self._database.transaction():
            known = self._database.first(_CURRENT, (card.org,))
            if known is None:
                self._pin(card, 1)
                return
            if known["fingerprint"] != card.fingerprint:
                raise RuleError("pinned-key", org=card.org)
            if known["version"] > card.version:
                raise RuleError("older-card", org=card.org, version=card.version)
            sql = "UPDATE card SET name = ?, version = ?, envelope = ?, updated_at = ? WHERE org = ? AND pin = ?"
            fields = (card.name, card.version, card.envelope, to_stored(card.updated_at))
            self._database.execute(sql, (*fields, card.org, known["pin"]))

    def get(self, org: OrganisationId) -> PinnedCard | None:
        """An organisation's card."""
        row = self._database.first(_CURRENT, (org,))
        return None if row is None else self._card(row)

    def all(self) -> tuple[PinnedCard, ...]:
        """Every card by name."""
        cards = [self._card(row) for row in self._database.query(_ALL)]
        return tuple(sorted(cards, key=lambda card: (card.name.casefold(), card.org)))

    def former(self, org: OrganisationId) -> tuple[PinnedCard, ...]:
        """The cards of keys that were believed before, newest first."""
        rows = self._database.query("SELECT * FROM card WHERE org = ? ORDER BY pin DESC", (org,))
        return tuple(self._card(row) for row in rows[1:])

    def add_check(self, org: OrganisationId, check: CardCheck) -> None:
        """Records that someone compared the fingerprint. Raises: RuleError("no-such-card")."""
        with self._database.transaction():
            self._add_check(org, self._current(org)["pin"], check)

    def flag_change(self, org: OrganisationId, fingerprint: str) -> None:
        """Records that a card with another key came in; "" lifts it. Raises: RuleError("no-such-card")."""
        with self._database.transaction():
            pin = self._current(org)["pin"]
            self._database.execute("UPDATE card SET changed_to = ? WHERE org = ? AND pin = ?", (fingerprint, org, pin))

    def replace_key(self, card: PinnedCard) -> None:
        """Believes another key from now on; the old pin with its checks stays in the history.

        Raises: RuleError("no-such-card"), RuleError("same-key").
        """
        with self._database.transaction():
            known = self._current(card.org)
            if known["fingerprint"] == card.fingerprint:
                raise RuleError("same-key", org=card.org)
            self._pin(card, known["pin"] + 1)

    def _current(self, org: OrganisationId) -> Row:
        row = self._database.first(_CURRENT, (org,))
        if row is None:
            raise RuleError("no-such-card", org=org)
        return row

    def _pin(self, card: PinnedCard, pin: int) -> None:
        self._database.insert(
            "card",
            org=card.org,
            pin=pin,
            name=card.name,
            fingerprint=card.fingerprint,
            version=card.version,
            envelope=card.envelope,
            first_seen_at=to_stored(card.first_seen_at),
            updated_at=to_stored(card.updated_at),
            changed_to=card.changed_to,
        )
        for check in card.checks:
            self._add_check(card.org, pin, check)

    def _add_check(self, org: OrganisationId, pin: int, check: CardCheck) -> None:
        self._database.execute(
            "INSERT INTO card_check (org, pin, method, by, at, note) VALUES (?, ?, ?, ?, ?, ?)",
            (org, pin, check.method, check.by, to_stored(check.at), check.note),
        )

    def _card(self, row: Row) -> PinnedCard:
        sql = "SELECT method, by, at, note FROM card_check WHERE org = ? AND pin = ? ORDER BY n"
        checks = self._database.query(sql, (row["org"], row["pin"]))
        return PinnedCard(
            org=OrganisationId(row["org"]),
            name=row["name"],
            fingerprint=row["fingerprint"],
            version=row["version"],
            envelope=row["envelope"],
            first_seen_at=from_stored(row["first_seen_at"]),
            updated_at=from_stored(row["updated_at"]),
            checks=tuple(
                CardCheck(method=c["method"], by=c["by"], at=from_stored(c["at"]), note=c["note"]) for c in checks
            ),
            changed_to=row["changed_to"],
        )
