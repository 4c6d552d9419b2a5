"""The one object that the window and the command line hold: a vault's place, and the session while it is open."""

from __future__ import annotations

from dsadesk.domain.organisation import Organisation
from dsadesk.errors import RuleError
from dsadesk.services import keeping_keys
from dsadesk.services.keeping_keys import FirstRun
from dsadesk.services.session import Session, World


class Desk:
    """Opens and locks the vault. Use cases take `desk.session`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._session: Session | None = None

    @property
    def has_vault(self) -> bool:
        """Whether there is a vault to open; if not, first run makes one."""
        return self.world.place.exists()

    @property
    def is_open(self) -> bool:
        """Whether the vault is unlocked."""
        return self._session is not None

    @property
    def session(self) -> Session:
        """The open session. Raises: RuleError("locked")."""
        if self._session is None:
            raise RuleError("locked")
        return self._session

    def first_run(
        self,
        organisation: Organisation,
        official_name: str,
        post: str,
        *,
        passphrase: str | None,
        joining: bool = False,
    ) -> FirstRun:
        """Makes a vault and opens it. Raises: as `keeping_keys.first_run`."""
        made = keeping_keys.first_run(
            self.world, organisation, official_name, post, passphrase=passphrase, joining=joining
        )
        self._session = made.session
        return made

    def unlock_with_key_store(self) -> Session:
        """Opens by the operating system's key store. Raises: as `keeping_keys.unlock_with_key_store`."""
        return self.take(keeping_keys.unlock_with_key_store(self.world))

    def unlock_with_passphrase(self, passphrase: str) -> Session:
        """Opens by the passphrase. Raises: as `keeping_keys.unlock_with_passphrase`."""
        return self.take(keeping_keys.unlock_with_passphrase(self.world, passphrase))

    def unlock_with_words(self, words: str) -> Session:
        """Opens by the 24 recovery words. Raises: as `keeping_keys.unlock_with_words`."""
        return self.take(keeping_keys.unlock_with_words(self.world, words))

    def take(self, session: Session) -> Session:
        """Puts a session in place of the one before, of the same vault."""
        if self._session is not None and self._session is not session:
            self._session.let_go()
        self._session = session
        return session

    def lock(self) -> None:
        """Closes the vault and lets go of its keys. Locking twice is fine."""
        if self._session is not None:
            self._session.let_go()
            self._session.vault.close()
            self._session = None
