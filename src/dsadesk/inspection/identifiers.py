"""Recognises identifiers of people and places: by check digit or form for each value, and by share and heading for a column.

One value proves little: of random ten-digit numbers 9.1 % pass as NHS numbers and a tenth as tax references. So a column is
called by the share of its distinct values that fit, and a heading that says the same lowers the share that is asked for.
Nothing here keeps a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_DIGIT = re.compile(r"[0-9]")
_SEPARATORS = str.maketrans("", "", " -\u00a0.()/")

_TEN_DIGITS = re.compile(r"[0-9]{10}\Z")
_NINO = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"
_NINO_WHOLE = re.compile(rf"{_NINO}\Z", re.IGNORECASE)
_NINO_CUT = re.compile(rf"{_NINO}?\Z", re.IGNORECASE)
_UPN = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]\Z", re.IGNORECASE)
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPRN = re.compile(r"[1-9][0-9]{0,11}\Z")
_POSTCODE = r"(?:GIR ?0AA|(?:[A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRV-Y]?) ?[0-9][ABD-HJLNP-UW-Z]{2})"
_POSTCODE_WHOLE = re.compile(rf"{_POSTCODE}\Z", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+44|0044|0)0?[1-357-9][0-9]{8,9}\Z")
_PHONE_WITHOUT_ZERO = re.compile(r"(?:[1-3][0-9]{8,9}|7[0-9]{9})\Z")
_PHONE_MARKS = re.compile(r"[0-9+() .-]{9,22}\Z")
_EMAIL = r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}"
_EMAIL_WHOLE = re.compile(rf"{_EMAIL}\Z")
_STREET_WORDS = (
    "road|rd|street|st|lane|ln|avenue|ave|drive|dr|close|cl|crescent|cres|court|ct|gardens|gdns|terrace|way|walk|row|mews|rise|grove|"
    "place|pl|square|sq|hill|view|green|park|parade|wharf|quay|embankment|brae|wynd|loan|gait|vennel"
)
_STREET_KINDS = frozenset(_STREET_WORDS.split("|"))
_NUMBERED = r"(?:(?:flat|apartment|apt|unit|room|plot|fflat) ?[0-9]+[a-z]?,? ?)?[0-9]+[a-z]?(?: ?[-/] ?[0-9]+[a-z]?)?"
_NUMBER_AND_STREET = re.compile(
    rf"{_NUMBERED},? (?:(?:[^\W\d_][^\s\d,]* ){{1,4}}(?:{_STREET_WORDS})\b|(?:heol|ffordd|stryd|maes|bryn|clos) )",
    re.IGNORECASE,
)
_BEGINS_WITH_NUMBER = re.compile(r"[0-9]|(?:f|a|u|r|p)[a-z]{2,8} ?[0-9]", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019.,-]{1,2}[^\W\d_]+){0,5}\.?\Z")

_DATES = (
    re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<d>[0-9]{1,2})[-/. ](?P<m>[0-9]{1,2}|[A-Za-z]{3,9})[-/. ](?P<y>[0-9]{4})"),
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_BIRTH_YEAR, _LAST_BIRTH_YEAR = 1880, 2099


# ---------------------------------------------------------------- one value


def is_nhs_number(text: str) -> bool:
    """Ten digits, the last a check digit modulo 11. The numbers of one repeated digit pass the sum and belong to nobody.

    Source: NHS Data Dictionary, "NHS NUMBER". Scotland's CHI and Northern Ireland's H&C numbers share the check.
    """
    digits = text.translate(_SEPARATORS)
    if _TEN_DIGITS.match(digits) is None or digits == digits[0] * 10:
        return False
    remainder = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits[:9], strict=True)) % 11
    return (11 - remainder) % 11 == int(digits[9])


def is_national_insurance_number(text: str) -> bool:
    """Two letters from those in use, six digits and a last letter A to D.

    Source: HMRC National Insurance Manual, NIM39110.
    """
    return _NINO_WHOLE.match(text) is not None


def is_national_insurance_number_cut(text: str) -> bool:
    """The same, perhaps without its last letter. Company numbers look alike, so only a heading makes it one."""
    return _NINO_CUT.match(text) is not None


def is_upn(text: str) -> bool:
    """A unique pupil number: a check letter modulo 23, then twelve digits, of which the last is a letter while temporary.

    Source: Department for Education, "Unique pupil numbers: a guide for schools and local authorities".
    """
    upper = text.upper()
    if _UPN.match(upper) is None:
        return False
    last = int(upper[12]) if upper[12].isdigit() else _UPN_LETTERS.index(upper[12])
    values = [*map(int, upper[1:12]), last]
    return _UPN_LETTERS[sum(weight * value for weight, value in enumerate(values, start=2)) % 23] == upper[0]


def is_utr(text: str) -> bool:
    """A unique taxpayer reference: ten digits, the first a check digit modulo 11; a K may follow.

    Source: HMRC, specification of the UTR's modulus 11 check.
    """
    digits = text.translate(_SEPARATORS).removesuffix("K")
    if _TEN_DIGITS.match(digits) is None:
        return False
    weights = (6, 7, 8, 9, 10, 5, 4, 3, 2)
    return "21987654321"[sum(w * int(d) for w, d in zip(weights, digits[1:], strict=True)) % 11] == digits[0]


def is_uprn(text: str) -> bool:
    """A unique property reference number: up to twelve digits without a check, so only a heading makes it one.

    Source: GeoPlace, "UPRNs explained".
    """
    return _UPRN.match(text) is not None


def is_postcode(text: str) -> bool:
    """A whole UK postcode. Source: BS 7666-2, annex on postcode formats."""
    return _POSTCODE_WHOLE.match(text) is not None


def is_phone(text: str) -> bool:
    """A UK telephone number as it is dialled, with or without the country's prefix. Source: Ofcom National Telephone Numbering Plan."""
    return _PHONE_MARKS.match(text) is not None and _PHONE.match(text.translate(_SEPARATORS)) is not None


def is_phone_without_zero(text: str) -> bool:
    """A telephone number whose leading zero a spreadsheet has eaten. Only a heading makes it one."""
    return _PHONE_MARKS.match(text) is not None and _PHONE_WITHOUT_ZERO.match(text.translate(_SEPARATORS)) is not None


def is_email(text: str) -> bool:
    """An e-mail address."""
    return _EMAIL_WHOLE.match(text) is not None


def is_name(text: str) -> bool:
    """What could be a person's name: a few words of letters. Only a heading makes it one."""
    return len(text) <= 80 and _NAME.match(text) is not None


def is_full_name(text: str) -> bool:
    """A name of two words or more."""
    return is_name(text) and len(text.split()) > 1


def parse_date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date as people and systems in this country write it, day before month; else None."""
    for form in _DATES:
        match = form.match(text)
        if match is not None and match.end() == len(text):
            break
    else:
        return None
    year, month, day = match["y"], match["m"], match["d"]
    number = (
        int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else 0
    )
    return (int(year), number, int(day)) if 1 <= number <= 12 and 1 <= int(day) <= 31 else None


def is_birth_date(text: str) -> bool:
    """A date on which someone alive could be born, perhaps with a time of midnight behind it."""
    date = parse_date(text.split("T", 1)[0].removesuffix(" 00:00:00").removesuffix(" 00:00"))
    return date is not None and _FIRST_BIRTH_YEAR <= date[0] <= _LAST_BIRTH_YEAR


def is_number_and_street(text: str) -> bool:
    """Begins as a postal address does: a number, perhaps of a flat first, the name of a street, and what kind of street it is.

    Source for the order of the parts: BS 7666 and Royal Mail's Programmers' Guide to the Postcode Address File. The kinds are common ones.
    """
    return (
        _BEGINS_WITH_NUMBER.match(text) is not None and len(text) <= 200 and _NUMBER_AND_STREET.match(text) is not None
    )


def is_address_line(text: str) -> bool:
    """Could be a line of an address, under a heading that says so: a number and words, parts with commas, or some kind of street."""
    if len(text) > 200 or " " not in text:
        return False
    return text[0].isdigit() or "," in text or text.rpartition(" ")[2].lower() in _STREET_KINDS


# ---------------------------------------------------------------- a heading


def words_of(heading: str) -> str:
    """A heading's words in lower case: `patientNHSNumber` and `PATIENT_NHS_NUMBER` are both `patient nhs number`."""
    return " ".join(word.lower() for word in _WORDS.findall(heading))


_PERSON = (
    r"(?:person|patient|client|customer|claimant|applicant|pupil|student|child|parent|mother|father|guardian|carer|teacher|"
    r"employee|staff|officer|worker|tenant|resident|citizen|member|driver|defendant|victim|contact|next of kin|account holder)s?"
)
_NAME_WORDS = (
    r"\b(?:sur ?name|fore ?names?|first ?names?|last ?name|full ?name|given ?names?|family ?name|middle ?names?|maiden ?name|"
    r"known as|preferred name|alias)\b"
    rf"|\b{_PERSON} names?\b|\bname of (?:the )?{_PERSON}\b"
)
_FULL_NAME_WORDS = rf"\A(?:names?|{_PERSON})\Z"


# ---------------------------------------------------------------- a column


class Form(Enum):
    """What a value is made of, so that only rules are tried that it could fit."""

    ADDRESS = "an at sign"
    LETTERS = "no digit"
    DIGITS = "digits and separators"
    MIXED = "letters and digits"


def form_of(text: str) -> Form:
    """What a value is made of."""
    if "@" in text:
        return Form.ADDRESS
    if _DIGIT.search(text) is None:
        return Form.LETTERS
    return Form.DIGITS if text.translate(_SEPARATORS).removeprefix("+").isdigit() else Form.MIXED


class Rule(NamedTuple):
    """How a column of values of some forms is recognised as one identifier.

    Of its distinct values `alone` must fit when the heading says nothing, and there must be `least` of them; None means that
    values alone never do. With a heading that says so, `helped` must fit, if only `loosely`. `telling`: even one value among
    others matters.
    """

    name: str
    forms: frozenset[Form]
    fits: Callable[[str], bool]
    heading: re.Pattern[str]
    alone: float | None
    least: int
    helped: float
    personal: bool = True
    telling: bool = False
    loosely: Callable[[str], bool] | None = None


def _heading(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b")


_ADDRESS, _LETTERS, _DIGITS, _MIXED = (frozenset({form}) for form in Form)
_DIGITS_OR_MIXED = _DIGITS | _MIXED
_LETTERS_OR_MIXED = _LETTERS | _MIXED

RULES: tuple[Rule, ...] = (
    Rule("email", _ADDRESS, is_email, _heading("e ?mails?"), 0.5, 2, 0.2, telling=True),
    Rule(
        "national-insurance-number", _MIXED, is_national_insurance_number,
        _heading("nino|ni ?(?:no|num|number)|nat(?:ional)? ?ins(?:urance)?"), 0.8, 5, 0.3, telling=True,
        loosely=is_national_insurance_number_cut,
    ),
    Rule("nhs-number", _DIGITS, is_nhs_number, _heading("(?:nhs|chi|hcn|h c)(?: ?(?:no|num|number|id))?"), 0.95, 8, 0.5),
    Rule("upn", _MIXED, is_upn, _heading("upn|unique pupil"), 0.95, 5, 0.5),
    Rule("utr", _DIGITS_OR_MIXED, is_utr, _heading("utr|unique tax ?payer|tax ref(?:erence)?"), 0.95, 8, 0.5),
    Rule("date-of-birth", _DIGITS_OR_MIXED, is_birth_date, _heading("dob|d o b|date ?of ?birth|birth ?date|birth ?day|born"), None, 1, 0.8),
    Rule("postcode", _MIXED, is_postcode, _heading("post ?codes?|postal codes?|pcds?|pcd ?[278]"), 0.8, 5, 0.3, personal=False),
    Rule("uprn", _DIGITS, is_uprn, _heading("uprn|unique property"), None, 1, 0.9),
    Rule(
        "phone", _DIGITS, is_phone, _heading("tele?phones?|phones?|tel|mobile|landline|fax|contact (?:no|num|number)"), 0.9, 8, 0.5,
        loosely=is_phone_without_zero,
    ),
    Rule(
        "address", _LETTERS_OR_MIXED, is_number_and_street,
        _heading("addr(?:ess(?:es)?)?|street|house (?:name|no|num|number)|residence|lives at"), 0.8, 5, 0.5, loosely=is_address_line,
    ),
    Rule("name", _LETTERS, is_name, re.compile(_NAME_WORDS), None, 1, 0.8),
    Rule("full-name", _LETTERS, is_full_name, re.compile(_FULL_NAME_WORDS), None, 1, 0.7),
)  # fmt: skip
_RULES_OF: Mapping[Form, tuple[Rule, ...]] = {
    form: tuple(rule for rule in RULES if form in rule.forms) for form in Form
}

INSIDE_TEXT: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(_EMAIL),
    "national-insurance-number": re.compile(rf"\b{_NINO}\b", re.IGNORECASE),
    "nhs-number": re.compile(r"(?<!\w)[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}(?!\w)"),
    "phone": re.compile(r"(?<!\w)(?:\+44 ?|0)[1-37][0-9]{2,4}[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?!\w)"),
}
"""What is looked for inside longer texts. Each is enough by its form to be worth telling; the NHS number is checked too."""

_MANY = 20
_CHECKED = ("nhs-number", "upn")


class Evidence:
    """How many of a column's values fit each rule, and how many hold something inside a text. No value is kept."""

    def __init__(self) -> None:
        self.looked = 0
        self.fits = dict.fromkeys((rule.name for rule in RULES), 0)
        self.loosely = dict(self.fits)
        self.inside = dict.fromkeys(INSIDE_TEXT, 0)

    def look(self, value: str) -> None:
        """Takes in one value that is not blank."""
        self.looked += 1
        form = form_of(value)
        for rule in _RULES_OF[form]:
            if rule.fits(value):
                self.fits[rule.name] += 1
                self.loosely[rule.name] += 1
            elif rule.loosely is not None and rule.loosely(value):
                self.loosely[rule.name] += 1
        if form in (Form.ADDRESS, Form.MIXED) and len(value) > 8:
            self._look_inside(value)

    def _look_inside(self, text: str) -> None:
        for name, pattern in INSIDE_TEXT.items():
            match = pattern.search(text) if name != "email" or "@" in text else None
            if match is None or len(match[0]) == len(text):
                continue
            if name != "nhs-number" or is_nhs_number(match[0]):
                self.inside[name] += 1


class Finding(NamedTuple):
    """What a column was recognised as. An empty name with a `note` means that only some of its values are something."""

    name: str
    personal: bool
    note: str = ""


def recognise(heading: str, evidence: Evidence) -> Finding | None:
    """What identifier a column holds, by its heading and its values; None when there is no sign of any."""
    if evidence.looked == 0:
        return None
    words = words_of(heading)
    best = max(
        (rule for rule in RULES if _holds(rule, words, evidence)),
        key=lambda rule: _rank(rule, words, evidence),
        default=None,
    )
    if best is not None:
        return Finding(best.name, best.personal)
    some = [rule.name for rule in RULES if _some(rule, evidence)]
    some += [name for name, count in evidence.inside.items() if count and name not in some]
    return Finding("", personal=True, note=f"some:{','.join(some)}") if some else None


def _holds(rule: Rule, words: str, evidence: Evidence) -> bool:
    if rule.heading.search(words):
        return evidence.loosely[rule.name] >= rule.helped * evidence.looked
    if rule.alone is None or evidence.looked < rule.least:
        return False
    # Few values must all fit: of eight random numbers all pass the NHS check once in two hundred million times.
    asked = rule.alone if evidence.looked >= _MANY or rule.alone < 0.9 else 1.0
    return evidence.fits[rule.name] >= asked * evidence.looked


def _rank(rule: Rule, words: str, evidence: Evidence) -> tuple[bool, float]:
    return rule.heading.search(words) is not None, evidence.fits[rule.name] / evidence.looked


def _some(rule: Rule, evidence: Evidence) -> bool:
    """Whether some values are telling: one is enough where the form is, and a good share where chance passes a few."""
    count = evidence.fits[rule.name]
    return count > 0 if rule.telling else rule.name in _CHECKED and count >= max(_MANY // 2, 0.3 * evidence.looked)
