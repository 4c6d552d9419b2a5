"""SFTP servers: whose key answers, and whether ours lets us in. What waits is never lost by their faults."""

from __future__ import annotations

from dsadesk.errors import StoreError, StoreRefusedError
from dsadesk.services.wording.faults.saying import Saying, Sayings

_FORM = "under Settings, Places for deliveries, Change access"
_COMPARE = f"Compare it with the one that the server's keeper tells you, and say that it is the same: {_FORM}."
_HOST_KEY = "dsadesk store host-key ADDRESS"
_SETTLE_CHANGE = "Ask the server's keeper, by phone, whether the key was changed, and give no password until you know."
_GIVE_LINE = f"Give the server's keeper this laptop's line; the form of this place shows it, {_FORM}."
_CLIENT_KEY = "dsadesk store client-key ADDRESS"

SFTP: Sayings = {
    StoreError: {
        "host-key-none": Saying(
            "The server at {address} showed no key that could be compared.",
            "Check that the address begins with sftp://, and that it is the right one.",
            otherwise=Saying(
                "The server showed no key that could be compared.",
                "Check that the address begins with sftp://, and that it is the right one.",
            ),
        ),
    },
    StoreRefusedError: {
        "client-key-refused": Saying(
            "The server at {host} does not know this laptop's key.",
            _GIVE_LINE,
            otherwise=Saying("The server does not know this laptop's key.", _GIVE_LINE, command=_CLIENT_KEY),
            command=_CLIENT_KEY,
        ),
        "client-key-unreadable": Saying(
            "This laptop's key for {address} cannot be read.",
            _GIVE_LINE,
            otherwise=Saying("This laptop's key for the server cannot be read.", _GIVE_LINE, command=_CLIENT_KEY),
            command=_CLIENT_KEY,
        ),
        "host-key-changed": Saying(
            "The server at {host} shows another key than the one pinned here, {fingerprint}, so nothing was sent.",
            _SETTLE_CHANGE,
            otherwise=Saying(
                "The server shows another key than the one that is pinned here, so nothing was sent.", _SETTLE_CHANGE
            ),
        ),
        "host-key-unknown": Saying(
            "Nobody here has compared the key of the server at {host} yet, which is {fingerprint}.",
            _COMPARE,
            otherwise=Saying("Nobody here has compared the server's key yet.", _COMPARE, command=_HOST_KEY),
            command=_HOST_KEY,
        ),
        "login-missing": Saying(
            "This laptop has no account name, or neither key nor password, for {address}.",
            f"Enter the name that the server's keeper gave you, {_FORM}.",
            otherwise=Saying(
                "This laptop has no account name, or neither key nor password, for the server.",
                f"Enter the name that the server's keeper gave you, {_FORM}.",
                command=_CLIENT_KEY,
            ),
            command=_CLIENT_KEY,
        ),
        "sftp-address-invalid": Saying(
            "The address {address} cannot be used.",
            "Write it as sftp://name@server/folder, without a password in it.",
            otherwise=Saying(
                "The address cannot be used.", "Write it as sftp://name@server/folder, without a password in it."
            ),
        ),
        "sftp-not-offered": Saying(
            "The server at {address} lets you in and offers no files there.",
            "Ask its keeper to allow SFTP for your account; whatever waits is kept.",
            otherwise=Saying(
                "The server lets you in and offers no files there.",
                "Ask its keeper to allow SFTP for your account; whatever waits is kept.",
            ),
        ),
        "ssh-too-old": Saying(
            "The server at {address} knows only encryption that is no longer safe, so nothing was sent.",
            "Ask its keeper to bring the server up to date; whatever waits is kept.",
            otherwise=Saying(
                "The server knows only encryption that is no longer safe, so nothing was sent.",
                "Ask its keeper to bring the server up to date; whatever waits is kept.",
            ),
        ),
    },
}
