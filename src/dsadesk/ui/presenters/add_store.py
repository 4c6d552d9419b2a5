"""Adding a place that bundles are delivered to: what each kind of place asks for, trying it, and keeping what lets us in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from dsadesk.domain.ids import OrganisationId
from dsadesk.errors import DsadeskError, StoreMissingError, StoreUnreachableError
from dsadesk.ports import NO_ACCESS, StoreAccess
from dsadesk.services import keeping_cards, store_checks, store_doctor, store_keys, stores
from dsadesk.services.inbox_store import prepare_inbox
from dsadesk.services.store_doctor import Stopper
from dsadesk.services.store_findings import Diagnosis, Finding, Level
from dsadesk.services.store_keys import ClientKey, HostKey
from dsadesk.services.stores import BegunStore
from dsadesk.services.wording import Explanation
from dsadesk.services.wording.stores import finding_sentences, verdict_of
from dsadesk.ui.presenters.files import read_file
from dsadesk.ui.presenters.frame import Frame
from dsadesk.ui.vocabulary import Tone

_TONES: Mapping[Level, Tone] = {Level.FINE: Tone.GOOD, Level.BEARABLE: Tone.WARN, Level.UNUSABLE: Tone.BAD}


class StoreKind(StrEnum):
    """The kinds of places."""

    FOLDER = "folder"
    WEB = "webdav"
    BUCKET = "s3"
    FILES = "sftp"


FIELDS: Mapping[StoreKind, tuple[str, ...]] = {
    StoreKind.FOLDER: ("folder",),
    StoreKind.WEB: ("server", "user", "secret"),
    StoreKind.BUCKET: ("server", "bucket", "path", "user", "secret", "region"),
    StoreKind.FILES: ("server", "path", "user", "secret"),
}
"""What each kind asks for, in order. `authority`, `proxy`, `proxy-user` and `proxy-secret` may be given for every kind but a folder."""

SECRETS = frozenset({"secret", "proxy-secret"})
"""The fields that are forgotten unless the place is kept."""

_NEEDED: Mapping[StoreKind, Mapping[str, str]] = {
    StoreKind.FOLDER: {"folder": "Choose a folder"},
    StoreKind.WEB: {"server": "Enter the address of the server"},
    StoreKind.BUCKET: {
        "server": "Enter the address of the server",
        "bucket": "Enter the name of the bucket",
        "user": "Enter the id of the access key",
        "secret": "Enter the secret access key",
    },
    StoreKind.FILES: {
        "server": "Enter the name of the server",
        "path": "Enter the folder on the server",
        "user": "Enter your name on the server",
    },
}


@dataclass(frozen=True)
class Purpose:
    """Whose inbox the place is: ours, or a partner's, which already lies there."""

    org: OrganisationId
    name: str
    is_own: bool
    address: str = ""


@dataclass(frozen=True)
class StoreForm:
    """What somebody filled in, by field."""

    kind: StoreKind
    typed: Mapping[str, str] = field(repr=False, default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "").strip()


@dataclass(frozen=True)
class FindingShown:
    """One thing that was tried, in words."""

    sentence: str
    details: str
    tone: Tone


class AddStorePage(Protocol):
    """What the presenter asks of the dialog."""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say by field what is missing."""

    def show_error(self, explanation: Explanation | None) -> None:
        """Say what went wrong, or take it back."""

    def show_trying(self, trying: bool) -> None:  # noqa: FBT001 - a state, not an option
        """Say that it is being tried, and offer to stop."""

    def show_finding(self, finding: FindingShown) -> None:
        """Add one thing that was tried."""

    def show_verdict(self, sentence: str, tone: Tone, *, usable: bool) -> None:
        """Say how the trial came out, and offer to keep the place."""

    def offer_untried(self) -> None:
        """Offer to keep the place although it could not be tried now."""

    def resume(self, form: StoreForm) -> None:
        """Fill in what was begun and left, unless something else was filled in by now."""

    def show_own_key(self, line: str) -> None:
        """Show the public line of this laptop's key, for the keeper of an SFTP server."""

    def ask_host_key(self, fingerprint: str, kind: str) -> None:
        """Have the key that the server shows compared with the one that its keeper told."""

    def show_kept(self, sentence: str) -> None:
        """Say that it is kept. The dialog is done."""


class AddStorePresenter:
    """Tries a place, and keeps it when it can be used. Nothing is kept before that."""

    def __init__(self, view: AddStorePage, frame: Frame, purpose: Purpose) -> None:
        self._view = view
        self._frame = frame
        self._post = frame.deliverer().post
        self._purpose = purpose
        self._session = frame.desk.session
        self._form = StoreForm(StoreKind.FOLDER)
        self._pins: tuple[str, ...] = ()
        self._pinned_for = ""
        self._asked: HostKey | None = None
        self._stopper: Stopper | None = None
        self._tried: tuple[StoreAccess, Diagnosis] | None = None
        self._untried: tuple[str, StoreAccess] | None = None
        self._key: ClientKey | None = None

    def resume(self) -> None:
        """Have what was begun here and left filled in again. The keys that were compared need not be compared again."""
        session, purpose = self._session, self._purpose

        def done(begun: BegunStore | None) -> None:
            # A later version may know other kinds.
            if begun is not None and begun.beside == purpose.address and begun.kind in set(StoreKind):
                form = StoreForm(StoreKind(begun.kind), begun.typed)
                self._pins, self._pinned_for = begun.host_keys, address_of(form)
                self._view.resume(form)

        self._frame.work(lambda: stores.begun_store(session, purpose.org), done, self._view.show_error)

    def remember(self, form: StoreForm) -> None:
        """Have what is filled in there again the next time, secrets apart. Where a way in is kept already, leaving changes nothing."""
        session, purpose = self._session, self._purpose
        typed = {name: text for name, text in form.typed.items() if text.strip() and name not in SECRETS}
        pins = self._pins if self._pinned_for == address_of(form) else ()
        begun = BegunStore(kind=form.kind, typed=typed, host_keys=pins, beside=purpose.address) if typed else None

        def work() -> None:
            if not stores.is_kept(session, purpose.address):
                stores.keep_begun(session, purpose.org, begun)

        self._frame.work(work, lambda _: None, self._view.show_error)

    def want_key(self, form: StoreForm) -> None:
        """Have the line of this laptop's key shown: the one that lets it in at this place already, else its own."""
        address = address_of(form) if not problems_of(form) else ""

        def done(key: ClientKey) -> None:
            self._key = key
            self._view.show_own_key(key.line)

        if self._key is None:
            session = self._session
            self._frame.work(lambda: store_keys.key_for(session, address), done, self._view.show_error)

    def try_it(self, form: StoreForm) -> None:
        """Try the place as it is filled in."""
        problems = problems_of(form)
        self._view.show_problems(problems)
        self._view.show_error(None)
        self._tried = self._untried = None
        if problems:
            return
        self.remember(form)
        self._form = form
        address = address_of(form)
        if self._pinned_for != address:
            self._pins, self._pinned_for = (), address
        self._stopper = Stopper()
        self._view.show_trying(True)
        self._aside(lambda: self._begin(form, address, self._pins), self._on_begun)

    def believe(self) -> None:
        """The key that the server shows is the one that its keeper told: go on."""
        if self._asked is not None:
            self._pins = (self._asked.fingerprint,)
            self._asked = None
            self.try_it(self._form)

    def stop(self) -> None:
        """Stop trying. What the form says stays."""
        if self._stopper is not None:
            self._stopper.stop()
            self._stopper = None
            self._view.show_trying(False)

    def keep(self) -> None:
        """Keep the place that was tried, for what it is for; or a partner's that cannot be reached now, to be tried when it is needed."""
        found: Diagnosis | None = None
        if self._tried is not None:
            access, found = self._tried
            address, store_id = found.address, found.store_id
        elif self._untried is not None:
            (address, access), store_id = self._untried, ""
        else:
            return
        session, purpose = self._session, self._purpose

        def work() -> bool:
            version = session.card.version if purpose.is_own else 0
            with session.vault.transaction():
                if purpose.is_own:
                    keeping_cards.set_inbox_address(session, address)
                elif address != purpose.address:
                    keeping_cards.set_partner_address(session, purpose.org, address)
                stores.keep_store(session, address, access, store_id)
                stores.keep_begun(session, purpose.org, None)
                if found is not None:
                    store_checks.keep_check(session, found)
            session.changes.flag("cards")
            return purpose.is_own and session.card.version != version

        def done(is_new: bool) -> None:  # noqa: FBT001  # what the work returned
            self._frame.deliverer().look_now()
            if is_new:
                self._view.show_kept(f"Your inbox is {address}. Your card says so now: send it to your partners.")
            elif purpose.is_own:
                self._view.show_kept(f"This laptop reaches your inbox at {address}.")
            else:
                self._view.show_kept(f"This laptop reaches the inbox of {purpose.name} at {address}.")

        self._frame.work(work, done, self._view.show_error)

    # ------------------------------------------------------------ beside the vault

    def _begin(self, form: StoreForm, address: str, pins: tuple[str, ...]) -> HostKey | tuple[StoreAccess, Diagnosis]:
        """The server's key when nobody compared it yet, else what came of the trial. Runs beside the vault."""
        world, stopper = self._session.world, self._stopper
        if form.kind is StoreKind.FILES and self._key is None:  # its line is not shown yet
            self._key = self._post(lambda: store_keys.key_for(self._session, address))
        access = access_of(form, self._private(), pins)
        if form.kind is StoreKind.FILES and not pins:
            return store_keys.host_key(world.open_transport, address, access)
        if self._purpose.is_own:
            prepare_inbox(self._session, address, access)
        found = store_doctor.try_out(self._session, address, access, post=self._post, told=self._tell, stopper=stopper)
        return access, found

    def _on_begun(self, result: HostKey | tuple[StoreAccess, Diagnosis]) -> None:
        self._stopper = None
        self._view.show_trying(False)
        if isinstance(result, HostKey):
            self._asked = result
            self._view.ask_host_key(result.fingerprint, result.kind)
            return
        access, found = result
        is_usable = found.level is not Level.UNUSABLE
        self._tried = (access, found) if is_usable else None
        self._view.show_verdict(verdict_of(found), _TONES[found.level], usable=is_usable)
        if not is_usable and (error := found.findings[-1].error) is not None:
            self._offer_untried(error)

    def _aside(
        self,
        work: Callable[[], HostKey | tuple[StoreAccess, Diagnosis]],
        then: Callable[[HostKey | tuple[StoreAccess, Diagnosis]], None],
    ) -> None:
        mine = self._stopper

        def done(result: HostKey | tuple[StoreAccess, Diagnosis]) -> None:
            if mine is self._stopper:
                then(result)

        def failed(error: Exception) -> None:
            if not isinstance(error, DsadeskError):
                raise error
            if mine is self._stopper:
                self._stopper = None
                self._view.show_trying(False)
                self._view.show_error(self._frame.explain(error))
                self._offer_untried(error)

        self._frame.submit_aside(work, done, failed)

    def _offer_untried(self, error: DsadeskError) -> None:
        """A partner's place may be kept for the day when there is a link, or the stick is in."""
        is_away = isinstance(error, StoreUnreachableError | StoreMissingError)
        if self._purpose.is_own or not is_away or (self._form.kind is StoreKind.FILES and not self._pins):
            return
        self._untried = address_of(self._form), access_of(self._form, self._private(), self._pins)
        self._view.offer_untried()

    def _private(self) -> str:
        return self._key.private if self._key is not None else ""

    def _tell(self, finding: Finding) -> None:
        """Called beside the vault; the page takes it to its own thread."""
        said = finding_sentences(finding)
        self._view.show_finding(FindingShown(said[0], " ".join(said[1:]), _TONES[finding.level]))


# ---------------------------------------------------------------- what was filled in


def own_purpose(frame: Frame) -> Purpose:
    """The inbox of our own organisation."""
    organisation = frame.desk.session.profile.organisation
    return Purpose(organisation.id, organisation.name, is_own=True)


def problems_of(form: StoreForm) -> dict[str, str]:
    """What is missing, by field."""
    problems = {name: words for name, words in _NEEDED[form.kind].items() if not form[name]}
    if form.kind is StoreKind.WEB and form["server"] and "://" not in form["server"]:
        problems["server"] = "Enter the whole address, beginning with https://"
    if form["proxy-user"] and not form["proxy"]:
        problems["proxy"] = "Enter the proxy that the name is for"
    return problems


def address_of(form: StoreForm) -> str:
    """The address that the fields make together, as it stands on cards and in lists. No secret is in it."""
    if form.kind is StoreKind.FOLDER:
        return form["folder"]
    server = form["server"].rstrip("/")
    path = form["path"].strip("/")
    if form.kind is StoreKind.WEB:
        return server
    if form.kind is StoreKind.BUCKET:
        scheme, _, host = server.rpartition("://")
        return "/".join(part for part in (f"s3+{scheme or 'https'}://{host}", form["bucket"], path) if part)
    host = server.removeprefix("sftp://").rpartition("@")[2]
    return f"sftp://{form['user']}@{host}/{path}"


def access_of(form: StoreForm, key: str, pins: tuple[str, ...]) -> StoreAccess:
    """What lets us in. A file server takes our key unless a password was typed. Raises: RuleError for a certificate that cannot be read."""
    if form.kind is StoreKind.FOLDER:
        return StoreAccess()
    authority, proxy = form["authority"], form["proxy"]
    return StoreAccess(
        user=form["user"],
        secret=form.typed.get("secret", ""),
        key=key if form.kind is StoreKind.FILES and not form.typed.get("secret") else "",
        host_keys=pins,
        authority=read_file(Path(authority)).decode("ascii", "replace") if authority else "",
        proxy=_proxy(proxy, form["proxy-user"], form.typed.get("proxy-secret", "")) if proxy else "",
        region=form["region"],
    )


def form_for(address: str, access: StoreAccess = NO_ACCESS) -> StoreForm:
    """The form as it would have been filled in for an address that is known; secrets have to be typed again."""
    parts = urlsplit(address)
    if "://" not in address:
        return StoreForm(StoreKind.FOLDER, {"folder": address})
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme.startswith("s3+"):
        bucket, _, path = parts.path.strip("/").partition("/")
        scheme = parts.scheme.removeprefix("s3+")
        typed = {"server": f"{scheme}://{host}", "bucket": bucket, "path": path, "region": access.region}
        return StoreForm(StoreKind.BUCKET, {**typed, "user": access.user})
    if parts.scheme == "sftp":
        user = access.user or parts.netloc.rpartition("@")[0]
        return StoreForm(StoreKind.FILES, {"server": host, "path": parts.path, "user": user})
    return StoreForm(StoreKind.WEB, {"server": address, "user": access.user})


def _proxy(address: str, user: str, password: str) -> str:
    return stores.proxy_with_login(address, user, password) if user else address
