"""Servers that bundles are delivered to, and the way there: names, certificates, proxies, answers. What waits is never lost by their faults."""

from __future__ import annotations

from dsadesk.errors import StoreRefusedError, StoreUnreachableError
from dsadesk.services.wording.faults.saying import Saying, Sayings

_LATER = "Try again when the connection is back; whatever waits is kept."
_LATER_ITSELF = "Wait a while and try again; whatever waits is kept."
_LATER_KEEPER = "Try again later, and tell whoever looks after it if it stays so; whatever waits is kept."

SERVERS: Sayings = {
    StoreRefusedError: {
        "access-refused": Saying(
            "The server at {address} does not accept the name and password that this laptop has for it.",
            "Give the right ones for that address, then send again; whatever waits is kept.",
            otherwise=Saying(
                "The server does not accept the name and password that this laptop has for it.",
                "Give the right ones for its address, then send again; whatever waits is kept.",
            ),
        ),
        "act-not-offered": Saying(
            "The server at {address} does not do what a store must, so it cannot be used as one.",
            "Ask whoever looks after it to allow reading, writing, listing and deleting there.",
            otherwise=Saying(
                "The server does not do what a store must, so it cannot be used as one.",
                "Ask whoever looks after it to allow reading, writing, listing and deleting there.",
            ),
        ),
        "address-invalid": Saying(
            "The address {address} cannot be used.",
            "Write it as https://server/folder, without a name or password in it.",
            otherwise=Saying(
                "The address cannot be used.", "Write it as https://server/folder, without a name or password in it."
            ),
        ),
        "address-not-encrypted": Saying(
            "The address {address} would send your password for anyone to read on the way.",
            "Use an address that begins with https://.",
            otherwise=Saying(
                "That address would send your password for anyone to read on the way.",
                "Use an address that begins with https://.",
            ),
        ),
        "authority-unreadable": Saying(
            "The file of a certificate authority that was given for {address} cannot be read.",
            "Give a file in PEM form, which begins with BEGIN CERTIFICATE.",
            otherwise=Saying(
                "The file of a certificate authority cannot be read.",
                "Give a file in PEM form, which begins with BEGIN CERTIFICATE.",
            ),
        ),
        "certificate-expired": Saying(
            "The certificate of the server at {address} has run out, or this laptop's clock is wrong.",
            "Check the date of this laptop first, then tell whoever looks after the server.",
            otherwise=Saying(
                "The server's certificate has run out, or this laptop's clock is wrong.",
                "Check the date of this laptop first, then tell whoever looks after the server.",
            ),
        ),
        "certificate-name": Saying(
            "Whoever answers at {address} shows the certificate of another server, so nothing was sent.",
            "Check the address, and that you are not behind the sign-in page of a network.",
            otherwise=Saying(
                "Whoever answers shows the certificate of another server, so nothing was sent.",
                "Check the address, and that you are not behind the sign-in page of a network.",
            ),
        ),
        "certificate-not-yet": Saying(
            "The certificate of the server at {address} is not valid yet, as it is when this laptop's clock is wrong.",
            "Set the right date on this laptop, then try again; whatever waits is kept.",
            otherwise=Saying(
                "The server's certificate is not valid yet, as it is when this laptop's clock is wrong.",
                "Set the right date on this laptop, then try again; whatever waits is kept.",
            ),
        ),
        "certificate-untrusted": Saying(
            "This laptop does not trust the certificate of the server at {address}, so nothing was sent.",
            "Ask your IT service for your office's certificate authority, and give its file with the address.",
            otherwise=Saying(
                "This laptop does not trust the server's certificate, so nothing was sent.",
                "Ask your IT service for your office's certificate authority, and give its file with the address.",
            ),
        ),
        "part-too-large": Saying(
            "The server at {address} refuses files of this size.",
            "Ask whoever looks after it to allow files of 64 megabytes; whatever waits is kept.",
            otherwise=Saying(
                "The server refuses files of this size.",
                "Ask whoever looks after it to allow files of 64 megabytes; whatever waits is kept.",
            ),
        ),
        "proxy-access-refused": Saying(
            "Your office's proxy {proxy} does not accept the name and password that this laptop has for it.",
            "Give the right ones in the settings of the store; whatever waits is kept.",
            otherwise=Saying(
                "Your office's proxy does not accept the name and password that this laptop has for it.",
                "Give the right ones in the settings of the store; whatever waits is kept.",
            ),
        ),
        "proxy-invalid": Saying(
            "The address of the proxy cannot be used.", "Write it as http://server:port, as your IT service gives it."
        ),
        "proxy-refused": Saying(
            "Your office's proxy {proxy} does not let you reach {address}.",
            "Ask your IT service to allow that address; whatever waits is kept.",
            otherwise=Saying(
                "Your office's proxy does not let you reach the store.",
                "Ask your IT service to allow its address; whatever waits is kept.",
            ),
        ),
        "redirected": Saying(
            "The server at {address} points to another address, which dsadesk never follows.",
            "Ask whoever looks after the store for the address as it is now; whatever waits is kept.",
            otherwise=Saying(
                "The server points to another address, which dsadesk never follows.",
                "Ask whoever looks after the store for the address as it is now; whatever waits is kept.",
            ),
        ),
        "store-answer": Saying(
            "What answers at {address} does not answer as a store does, so nothing that it said was believed.",
            "Check the address, then tell whoever looks after the server; whatever waits is kept.",
            otherwise=Saying(
                "What answers there does not answer as a store does, so nothing that it said was believed.",
                "Check the address, then tell whoever looks after the server; whatever waits is kept.",
            ),
        ),
    },
    StoreUnreachableError: {
        "answer-foreign": Saying(
            "Something other than the store answers at {address}, as the sign-in page of a network does.",
            "Open a web browser, sign in to the network and try again; whatever waits is kept.",
            otherwise=Saying(
                "Something other than the store answers there, as the sign-in page of a network does.",
                "Open a web browser, sign in to the network and try again; whatever waits is kept.",
            ),
        ),
        "answer-short": Saying(
            "The connection broke in the middle of an answer from {address}.",
            _LATER,
            otherwise=Saying("The connection broke in the middle of an answer.", _LATER),
        ),
        "connection-closed": Saying(
            "The connection to {address} was closed here.",
            _LATER,
            otherwise=Saying("The connection to the store was closed here.", _LATER),
        ),
        "connection-lost": Saying(
            "The connection to {address} broke.", _LATER, otherwise=Saying("The connection to the store broke.", _LATER)
        ),
        "connection-refused": Saying(
            "The computer at {address} is there, but no store answers on it.",
            "Check the address, and try again later; whatever waits is kept.",
            otherwise=Saying(
                "The computer is there, but no store answers on it.",
                "Check the address, and try again later; whatever waits is kept.",
            ),
        ),
        "encryption-failed": Saying(
            "No encrypted connection to {address} could be made, so nothing was sent.",
            "Check the address, and that you are not behind the sign-in page of a network.",
            otherwise=Saying(
                "No encrypted connection could be made, so nothing was sent.",
                "Check the address, and that you are not behind the sign-in page of a network.",
            ),
        ),
        "host-unknown": Saying(
            "There is no way to {host} from here: there is no connection, or its name is not known.",
            "Check the connection and the address, then try again; whatever waits is kept.",
            otherwise=Saying(
                "There is no way to the store from here: there is no connection, or its name is not known.",
                "Check the connection and the address, then try again; whatever waits is kept.",
            ),
        ),
        "network-missing": Saying(
            "There is no way to {address} from this network.",
            _LATER,
            otherwise=Saying("There is no way to the store from this network.", _LATER),
        ),
        "proxy-cannot-reach": Saying(
            "Your office's proxy {proxy} cannot reach {address} now.",
            _LATER,
            otherwise=Saying("Your office's proxy cannot reach the store now.", _LATER),
        ),
        "server-busy": Saying(
            "The server at {address} is too busy now and asks you to wait.",
            _LATER_ITSELF,
            otherwise=Saying("The server is too busy now and asks you to wait.", _LATER_ITSELF),
        ),
        "server-fault": Saying(
            "The server at {address} says that something went wrong with it.",
            _LATER_KEEPER,
            otherwise=Saying("The server says that something went wrong with it.", _LATER_KEEPER),
        ),
        "store-silent": Saying(
            "The server at {address} stopped answering.",
            _LATER,
            otherwise=Saying("The server stopped answering.", _LATER),
        ),
        "store-too-slow": Saying(
            "The server at {address} answers so slowly that it would never end.",
            _LATER,
            otherwise=Saying("The server answers so slowly that it would never end.", _LATER),
        ),
    },
}
