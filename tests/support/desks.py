"""Desks for tests: the whole program over adapters in memory, or over a real vault in a folder. Nothing here is patched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dsadesk.directory.cards import CardDirectory
from dsadesk.domain.ids import OrganisationId, RequestId
from dsadesk.domain.organisation import Organisation
from dsadesk.host.memory import FixedClock, MemorySecretStore, SeededEntropy
from dsadesk.inspection.inspector import LocalInspector
from dsadesk.ports import OpenTransport, Transport, VaultPlace
from dsadesk.resources import ShippedLibrary
from dsadesk.services import admitting, attaching, drafting, exchanging, keeping_cards, sealing
from dsadesk.services.desk import Desk
from dsadesk.services.exchanging import Exchange
from dsadesk.services.session import Session, World
from dsadesk.settings import Settings
from dsadesk.storage.memory import MemoryPlace
from dsadesk.storage.vault import SqlcipherPlace
from dsadesk.transports.exported_file import export_file
from dsadesk.transports.memory import MemoryTransport

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = ROOT / "tests/data/answers/bathing-water.json"
SAMPLE = ROOT / "tests/data/samples/bathing-water-samples.csv"
PASSPHRASE = "correct horse battery staple"
REQUESTER = Organisation(OrganisationId("public-health-wales"), "Public Health Wales")
SUPPLIER = Organisation(OrganisationId("environment-agency"), "Environment Agency")
WORK_FACTOR = 8


class Stores:
    """Stores in memory, by address."""

    def __init__(self) -> None:
        self.by_address: dict[str, Transport] = {}

    def open(self, address: str, expected_id: object = "", *_: object) -> Transport:
        del expected_id
        return self.by_address.setdefault(address, MemoryTransport(address))


def memory_world(
    *,
    stores: Stores | None = None,
    clock: FixedClock | None = None,
    seed: str = "desk",
    place: VaultPlace | None = None,
    open_transport: OpenTransport | None = None,
) -> World:
    """A world in which nothing is real but the program."""
    stores = stores or Stores()
    clock = clock or FixedClock()
    return World(
        settings=Settings(vault=Path("memory"), logs=Path("memory"), work_factor=WORK_FACTOR),
        clock=clock,
        entropy=SeededEntropy(seed),
        secrets=MemorySecretStore(),
        place=place or MemoryPlace(),
        library=ShippedLibrary(),
        inspector=LocalInspector(),
        directory_of=lambda vault, own: CardDirectory(vault.cards, own),
        open_transport=open_transport or stores.open,
        prepare_store=stores.open,
        mark_as_foreign=lambda path: path.exists(),
        export_file=export_file,
        removable_drives=lambda: (),
    )


def folder_world(folder: Path, *, stores: Stores, clock: FixedClock, seed: str) -> World:
    """The same with a real vault in a folder, its reserve kept small."""
    entropy = SeededEntropy(seed)
    return memory_world(
        stores=stores, clock=clock, seed=seed, place=SqlcipherPlace(folder, clock, entropy, reserve_bytes=65536)
    )


@dataclass
class Pair:
    """A requester and a supplier who hold each other's cards, with an inbox each."""

    requester: Desk
    supplier: Desk
    clock: FixedClock
    stores: Stores

    @property
    def asks(self) -> Session:
        """The requester's session."""
        return self.requester.session

    @property
    def holds(self) -> Session:
        """The supplier's session."""
        return self.supplier.session

    def carry(self) -> tuple[Exchange, Exchange]:
        """Lets time pass and both sides exchange until nothing is under way."""
        self.clock.advance(60)
        first = exchanging.exchange(self.asks)
        second = exchanging.exchange(self.holds)
        exchanging.exchange(self.asks)
        exchanging.exchange(self.holds)
        return first, second


def two_desks(world_of: Callable[[str, Stores, FixedClock], World] | None = None) -> Pair:
    """A requester and a supplier, set up as far as their first request."""
    stores, clock = Stores(), FixedClock()
    make = world_of or (lambda name, s, c: memory_world(stores=s, clock=c, seed=name))
    requester, supplier = Desk(make("requester", stores, clock)), Desk(make("supplier", stores, clock))
    requester.first_run(REQUESTER, "Priya Shah", "Regional analyst", passphrase=PASSPHRASE)
    supplier.first_run(SUPPLIER, "Gwen Ellis", "Information asset owner", passphrase=PASSPHRASE)
    keeping_cards.set_inbox_address(requester.session, "inbox-of-requester")
    keeping_cards.set_inbox_address(supplier.session, "inbox-of-supplier")
    keeping_cards.import_card(requester.session, supplier.session.card_bytes)
    keeping_cards.import_card(supplier.session, requester.session.card_bytes)
    keeping_cards.check_card(requester.session, SUPPLIER.id, "phone", "Spoke to Gwen Ellis")
    keeping_cards.check_card(supplier.session, REQUESTER.id, "phone", "Spoke to Priya Shah")
    return Pair(requester, supplier, clock, stores)


def second_laptop(
    pair: Pair,
    of: Desk,
    name: str,
    world: World | None = None,
    roles: tuple[str, ...] = ("drafter", "decider", "signatory"),
) -> Desk:
    """Another official's laptop in the organisation of `of`, let in by them with roles to say everything."""
    profile = of.session.profile
    laptop = Desk(world or memory_world(stores=pair.stores, clock=pair.clock, seed=name))
    laptop.first_run(profile.organisation, name, "Analyst", passphrase=PASSPHRASE, joining=True)
    given = admitting.admit(of.session, admitting.apply(laptop.session), roles=roles)
    laptop.take(admitting.accept(laptop.session, given))
    return laptop


def sealed_request(pair: Pair, *, sample: bool = True) -> RequestId:
    """A request with real answers, and perhaps a sample, sealed and not yet sent."""
    draft = drafting.start(pair.asks, title="Bathing water results")
    drafting.address_to(pair.asks, draft.request, SUPPLIER.id)
    drafting.load_answers(pair.asks, draft.request, ANSWERS.read_bytes())
    if sample:
        with SAMPLE.open("rb") as source:
            attaching.attach(pair.asks, draft.request, source, SAMPLE.name)
    sealing.seal_request(pair.asks, draft.request)
    return draft.request


def received_request(pair: Pair, *, sample: bool = True) -> RequestId:
    """A request that the supplier has taken in, and whose receipt the requester has seen."""
    request = sealed_request(pair, sample=sample)
    pair.carry()
    return request
