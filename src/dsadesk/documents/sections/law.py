"""The section on powers and data protection."""

from __future__ import annotations

from dsadesk.documents.agreement_writer import Writer, columns, stopped
from dsadesk.documents.building import table


def law(w: Writer) -> None:
    """The powers to receive and to give, and data protection."""
    w.head("The law")
    w.head("Power to receive and to give", 2)
    power = w.joined("legal.power", "legal.power_ref")
    if w.reading.value("legal.power") == "statute":
        power = w.reading.words("legal.power_ref") or power
    if power:
        w.say(f"The requester relies on this power to receive and use the data: {stopped(power)}")
    else:
        w.said("legal.power", needed=True)
    gateway = w.joined("legal.gateway", "legal.gateway_other")
    if gateway:
        w.say(f"The supplier may give the data under this power: {stopped(gateway)}")
    else:
        w.said("legal.gateway", needed=True)
    specified = w.reading.value("legal.dea_specified")
    if specified:
        w.say("The requester confirms that both organisations are named for this purpose under the Act, and that it keeps to the limits that the Act sets.")  # fmt: skip
    w.topics(
        (
            ("That power", "legal.force"),
            ("Its limits", "legal.restrictions"),
            ("Objective under the Act", "legal.dea_objective"),
            ("Public register", "legal.dea_register"),
            ("Duty of confidence", "legal.confidence"),
            ("How it is met", "legal.confidence_ref"),
            ("Private life", "legal.rights"),
            ("Legal advice", "legal.advice"),
        )
    )
    if not specified and w.reading.is_open("legal.dea_specified"):
        w.said("legal.dea_specified")
    w.head("Data protection", 2)
    if "personal" in w.traits:
        _data_protection(w)
    else:
        w.say(
            "The request says that the data holds no personal data. If that is right, data protection law does not apply to it."
        )
    w.close("legal")


def _data_protection(w: Writer) -> None:
    basis = w.said("protection.basis", needed=True)
    if basis:
        w.say(f"The requester's lawful basis is: {stopped(basis)}")
        w.say(w.said("protection.basis_why"))
    theirs = w.said("protection.supplier_basis")
    if theirs:
        w.say(f"The requester understands the supplier's lawful basis to be: {stopped(theirs)}")
    w.topics(
        (
            ("Special category data", "protection.special_condition"),
            ("Public interest", "protection.schedule_1"),
            ("Policy document", "protection.policy"),
            ("Criminal offence data", "protection.criminal"),
            ("Law enforcement", "protection.law_enforcement"),
            ("Its purpose", "protection.law_enforcement_purpose"),
            ("Its condition", "protection.law_enforcement_condition"),
            ("Joint controllers", "protection.joint"),
            ("Impact assessment", "protection.dpia_status"),
            ("Its reference", "protection.dpia_ref"),
            ("Why it is not needed", "protection.dpia_not_needed"),
            ("What calls for one", "protection.dpia_triggers"),
            ("Risk that is left", "protection.residual"),
            ("The regulator said", "protection.regulator"),
            ("Done by computer", "protection.automated"),
            ("How, and who checks", "protection.automated_detail"),
            ("Outside the UK", "protection.outside_uk"),
        )
    )
    countries = w.reading.rows("protection.countries")
    if countries:
        cells = columns(countries, "country", "who", "ground")
        w.blocks += table("Countries", ("Country", "Who, and for what", "Legal ground"), cells)
