"""Buckets of object stores that bundles are delivered to. What waits is never lost by their faults."""

from __future__ import annotations

from dsadesk.errors import StoreMissingError, StoreRefusedError, StoreUnreachableError
from dsadesk.services.wording.faults.saying import Saying, Sayings

_ADDRESS = "Check the address, or ask whoever looks after the store; whatever waits is kept."
_REGION = "Give the region that whoever looks after the store names, then send again; whatever waits is kept."
_CLOCK = "Set the right date and time on this laptop, then try again; whatever waits is kept."
_AGAIN = "Try again; tell whoever looks after the network if it stays so, and whatever waits is kept."

BUCKETS: Sayings = {
    StoreMissingError: {
        "bucket-missing": Saying(
            "There is no bucket at {address}, or these keys may not see it.",
            _ADDRESS,
            otherwise=Saying("There is no such bucket, or these keys may not see it.", _ADDRESS),
        ),
    },
    StoreRefusedError: {
        "clock-wrong": Saying(
            "This laptop's clock and that of the server at {address} are too far apart.",
            _CLOCK,
            otherwise=Saying("This laptop's clock and the server's are too far apart.", _CLOCK),
        ),
        "region-wrong": Saying(
            "The store at {address} lies in the region {region}, and this laptop signs for another.",
            _REGION,
            otherwise=Saying("This laptop signs for another region than the store lies in.", _REGION),
        ),
    },
    StoreUnreachableError: {
        "write-altered": Saying(
            "What was sent to {address} arrived there altered, so the server did not keep it.",
            _AGAIN,
            otherwise=Saying("What was sent arrived altered, so the server did not keep it.", _AGAIN),
        ),
    },
}
