from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.inspection.identifiers import (
    Evidence,
    Finding,
    Form,
    form_of,
    is_address_line,
    is_birth_date,
    is_email,
    is_full_name,
    is_name,
    is_national_insurance_number,
    is_national_insurance_number_cut,
    is_nhs_number,
    is_number_and_street,
    is_phone,
    is_phone_without_zero,
    is_postcode,
    is_upn,
    is_uprn,
    is_utr,
    parse_date,
    recognise,
    words_of,
)

# Valid numbers were taken from another implementation (python-stdnum), which agrees on 300,000 random ones.
NHS = ("943 476 5919", "9999278876", "999-700-8855", "9993453951", "9990304726")
UPNS = (
    "H800842126619",
    "M330333432512",
    "Z330868561649",
    "E301459878034",
    "X30188662305A",
    "f30117050801a",
    "H30137167180A",
)
UTRS = ("2199716799", "2092769114", "4378645845", "77379 35886", "1955839661K")


def column(heading: str, values: Iterable[str]) -> Finding | None:
    evidence = Evidence()
    for value in values:
        evidence.look(value)
    return recognise(heading, evidence)


def numbers(count: int, digits: int, about: str) -> list[str]:
    return [
        f"{int(hashlib.sha256(f'{about}{n}'.encode()).hexdigest(), 16) % 10**digits:0{digits}}" for n in range(count)
    ]


def passing(check: Callable[[str], bool], count: int) -> list[str]:
    return [number for number in numbers(count * 15, 10, "passing") if check(number)][:count]


# ---------------------------------------------------------------- one value


@pytest.mark.parametrize("text", NHS)
def test_an_nhs_number_passes_in_any_grouping(text: str):
    assert is_nhs_number(text)


@pytest.mark.parametrize(
    "text", ["9434765918", "943476591", "94347659190", "0000000000", "9999999999", "943476591X", "", "४०१०२३२१३७"]
)
def test_what_is_no_nhs_number_does_not_pass(text: str):
    assert not is_nhs_number(text)


@pytest.mark.parametrize("text", UPNS)
def test_a_pupil_number_passes_even_while_temporary(text: str):
    assert is_upn(text)


@pytest.mark.parametrize(
    "text", ["A800842126619", "H800842126618", "H80084212661", "I800842126619", "X30188662305I", "8008421266190"]
)
def test_what_is_no_pupil_number_does_not_pass(text: str):
    assert not is_upn(text)


@pytest.mark.parametrize("text", UTRS)
def test_a_tax_reference_passes(text: str):
    assert is_utr(text)


@pytest.mark.parametrize("text", ["3199716799", "219971679", "2199716798", "K2199716799"])
def test_what_is_no_tax_reference_does_not_pass(text: str):
    assert not is_utr(text)


@pytest.mark.parametrize("check", [is_nhs_number, is_utr])
@given(number=st.integers(0, 10**10 - 1), place=st.integers(0, 9), shift=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(check: Callable[[str], bool], number: int, place: int, shift: int):
    text = f"{number:010}"
    wrong = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
    # Two of the eleven remainders of a tax reference share a digit, so its check may miss some changes.
    assert not (check(text) and check(wrong)) or check is is_utr


@pytest.mark.parametrize("text", ["AB123456C", "ab 12 34 56 c", "JG585988C"])
def test_a_national_insurance_number_passes(text: str):
    assert is_national_insurance_number(text)


@pytest.mark.parametrize(
    "text", ["AB123456", "QQ123456C", "BG123456A", "TN123456A", "AO123456A", "DA123456A", "AB123456E", "AB12345C"]
)
def test_what_is_no_national_insurance_number_does_not_pass(text: str):
    assert not is_national_insurance_number(text)


def test_a_number_without_its_last_letter_is_only_loosely_one():
    assert is_national_insurance_number_cut("AB123456")
    assert is_national_insurance_number_cut("AB123456C")
    assert not is_national_insurance_number_cut("QQ123456")


@pytest.mark.parametrize(
    "text", ["SW1A 1AA", "sw1a1aa", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "EC1A 1BB", "GIR 0AA", "W1A 0AX"]
)
def test_a_postcode_passes(text: str):
    assert is_postcode(text)


@pytest.mark.parametrize("text", ["SW1A", "SW1A  1AA", "QQ1 1AA", "SW1A 1CA", "12345", "SW1A 1AA London", "AZ1 1AA"])
def test_what_is_no_postcode_does_not_pass(text: str):
    assert not is_postcode(text)


@pytest.mark.parametrize(
    "text", ["07700 900123", "+44 7700 900123", "(01632) 960 001", "0044 1632 960001", "020 7946 0000", "01632960001"]
)
def test_a_telephone_number_passes(text: str):
    assert is_phone(text)


@pytest.mark.parametrize(
    "text", ["7700900123", "01/02/2020", "12345", "0123", "00000000000", "+33 1 23 45 67 89", "rang 07700 900123"]
)
def test_what_is_no_telephone_number_does_not_pass(text: str):
    assert not is_phone(text)


def test_a_telephone_number_may_have_lost_its_zero():
    assert is_phone_without_zero("7700900123")
    assert not is_phone_without_zero("9700900123")


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("a.b@example.org", True),
        ("O'Dowd@x-y.gov.uk", True),
        ("a@b", False),
        ("a b@c.org", False),
        ("mail a@b.org", False),
        ("a@b.c", False),
    ],
)
def test_an_address_is_known_by_its_form(text: str, could_be: bool):
    assert is_email(text) is could_be


@pytest.mark.parametrize(
    "text",
    [
        "1 Church Street", "12A High St, Madeuptown", "Flat 3, 14 Gull Road", "Flat 3 14 Gull Road", "22-24 St Mary's Close", "7 Heol y Bont",
        "101/2 Leith Walk", "4, Orchard Avenue, Tidewater TW1 1AA",
    ],
)  # fmt: skip
def test_a_number_and_a_street_begin_an_address(text: str):
    assert is_number_and_street(text)


@pytest.mark.parametrize(
    "text",
    [
        "Church Street", "12 samples taken", "3 streets away", "2 March 2026", "12 kg", "1,200", "12 Street", "A40 Western Avenue",
        "16 to 24 years", "1 in 4 adults lives in the park", "40 mg twice a day", "5" * 300 + " High Street",
    ],
)  # fmt: skip
def test_what_is_no_number_and_street_does_not_pass(text: str):
    assert not is_number_and_street(text)


@pytest.mark.parametrize(
    "text", ["Eilidh", "O'Dowd", "Bevan-Lloyd", "Gwen Fforde", "J. R. Hartwell", "Siân", "van der Berg", "SMITH, John"]
)
def test_names_are_words_of_letters(text: str):
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "R2D2", "x@y", "Smith (deceased)", "a" * 81, "one two three four five six seven"])
def test_what_is_no_name_does_not_pass(text: str):
    assert not is_name(text)


def test_a_full_name_has_two_words():
    assert is_full_name("Gwen Fforde")
    assert not is_full_name("Gwen")


def test_a_property_number_has_up_to_twelve_digits():
    assert is_uprn("100023336956")
    assert not is_uprn("0100023336956")
    assert not is_uprn("1000233369561")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-03-02", (2026, 3, 2)), ("02/03/2026", (2026, 3, 2)), ("2.3.2026", (2026, 3, 2)), ("2 March 2026", (2026, 3, 2)),
        ("02-Mar-2026", (2026, 3, 2)), ("20260302", (2026, 3, 2)), ("2026-13-01", None), ("32/01/2026", None), ("12345678", None),
        ("2 Maerz 2026", None), ("1.2", None), ("", None), ("02/03/26", None),
    ],
)  # fmt: skip
def test_dates_are_read_day_first(text: str, date: tuple[int, int, int] | None):
    assert parse_date(text) == date


def test_a_birth_date_lies_in_living_memory():
    assert is_birth_date("02/03/1926")
    assert is_birth_date("1926-03-02 00:00:00")
    assert is_birth_date("1926-03-02T00:00:00")
    assert not is_birth_date("02/03/1826")
    assert not is_birth_date("tomorrow")


@given(st.text(max_size=40))
def test_no_text_breaks_a_check(text: str):
    for check in (
        is_nhs_number,
        is_upn,
        is_utr,
        is_national_insurance_number,
        is_postcode,
        is_phone,
        is_email,
        is_name,
        is_birth_date,
        is_number_and_street,
        is_address_line,
    ):
        assert check(text) in (True, False)
    assert form_of(text) in Form


# ---------------------------------------------------------------- a column


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("patientNHSNumber", "patient nhs number"),
        ("PATIENT_NHS_NO", "patient nhs no"),
        ("e-mail (work)", "e mail work"),
        ("dob2", "dob 2"),
    ],
)
def test_a_heading_is_cut_into_words(heading: str, words: str):
    assert words_of(heading) == words


def test_numbers_that_all_pass_are_recognised_without_a_heading():
    assert column("reference", passing(is_nhs_number, 30)) == Finding("nhs-number", personal=True)
    assert column("reference", passing(is_utr, 30)) == Finding("utr", personal=True)


def test_random_numbers_of_ten_digits_are_not_called_nhs_numbers():
    assert column("reference", numbers(2000, 10, "random")) is None


def test_a_few_numbers_that_all_pass_are_enough_and_a_few_less_are_not():
    valid = passing(is_nhs_number, 20)
    assert column("reference", valid[:8]) == Finding("nhs-number", personal=True)
    assert column("reference", valid[:7]) is None
    assert column("reference", [*valid[:11], "1234567890"]) == Finding("", personal=True, note="some:nhs-number")


def test_a_heading_lowers_the_share_that_is_asked_for():
    half = [*passing(is_nhs_number, 10), *(number for number in numbers(40, 10, "x") if not is_nhs_number(number))][:20]
    assert column("NHS number", half) == Finding("nhs-number", personal=True)
    assert column("NHS number", ["1", "2", "3"]) is None


def test_a_heading_decides_between_two_that_fit():
    both = [number for number in passing(is_nhs_number, 400) if is_utr(number)]
    assert len(both) > 8
    assert column("utr", both) == Finding("utr", personal=True)
    assert column("nhs_no", both) == Finding("nhs-number", personal=True)


@pytest.mark.parametrize(
    ("heading", "values", "name"),
    [
        ("contact", ["a@example.org", "b@example.org", "none"], "email"),
        ("code", ["AB123456C", "CE123456A", "JG585988C", "AA000001B", "LA123456D"], "national-insurance-number"),
        ("ni_no", ["AB123456", "CE123456"], "national-insurance-number"),
        ("code", UPNS, "upn"),
        ("where", ["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT"], "postcode"),
        ("UPRN", ["100023336956", "10001"], "uprn"),
        ("mobile", ["7700900123", "7700900124"], "phone"),
        ("column 4", [f"01632 9600{n:02}" for n in range(8)], "phone"),
        ("DateOfBirth", ["02/03/1980", "12/11/1975"], "date-of-birth"),
        ("surname", ["O'Dowd", "Gill"], "name"),
        ("Pupil name", ["Gwen Fforde", "Hamza"], "name"),
        ("name", ["Gwen Fforde", "Hamza Gill"], "full-name"),
        ("address", ["Rose Cottage, Church Lane", "2 The Moorings", "12 High Street"], "address"),
        ("HomeAddressLine1", ["Rose Cottage", "2 The Moorings", "12 High Street"], "address"),
        ("where", [f"{n} Church Street, Tidewater" for n in range(1, 7)], "address"),
        ("where", [f"{n} Church Street, Tidewater TW{n} 1AA" for n in range(1, 7)], "address"),
    ],
)
def test_a_column_is_recognised(heading: str, values: Iterable[str], name: str):
    finding = column(heading, values)
    assert finding is not None
    assert finding.name == name


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("company", ["SC123456", "NI123456", "OC301234", "SC654321", "NL123456"]),
        ("site_name", ["Gull Point", "Traeth Hir"]),
        ("name", ["Leeds", "York", "Hull"]),
        ("dataset name", ["River levels", "Dog licences"]),
        ("sampled_on", ["2025-05-01", "2025-05-02"]),
        ("amount", [str(n * 1000) for n in range(40)]),
        ("upn", ["yes", "no"]),
        ("born", ["Leeds", "York"]),
        ("web address", ["www.example.org", "www.example.net"]),
        ("ip_address", ["192.0.2.1", "192.0.2.7"]),
        ("address", ["yes", "no"]),
        ("road", ["Church Street", "High Street", "Station Road", "Mill Lane", "The Green"]),
        ("dose", ["40 mg twice a day", "20 mg once a day", "5 ml a day", "1 tablet a day", "2 tablets a day"]),
        ("part", [f"A{number}" for number in numbers(200, 12, "part")]),
    ],
)
def test_a_column_about_no_one_is_not_called_personal(heading: str, values: Iterable[str]):
    assert column(heading, values) is None


def test_a_place_alone_is_not_personal():
    finding = column("postcode", ["SW1A 1AA", "M1 1AE"])
    assert finding == Finding("postcode", personal=False)


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (["fine", "ask gwen@example.org first", "fine"], "some:email"),
        (["seen", "NI number is AB 12 34 56 C as given"], "some:national-insurance-number"),
        (["seen 943 476 5919 at the clinic"], "some:nhs-number"),
        (["rang 07700 900123 twice"], "some:phone"),
        (["gwen@example.org", "x", "y", "z"], "some:email"),
        (["call 07700 900123, mail gwen@example.org"], "some:email,phone"),
    ],
)
def test_identifiers_inside_texts_are_told(texts: list[str], note: str):
    assert column("notes", texts) == Finding("", personal=True, note=note)


@pytest.mark.parametrize(
    "text",
    ["part 943 476 5918 of the series", "SE 02345 67890", "ref 0000-00-0000", "about 1.5 million", "2025-03-02 07:00"],
)
def test_figures_inside_texts_are_not_identifiers(text: str):
    assert column("notes", [text]) is None


def test_an_empty_column_is_nothing():
    assert column("surname", []) is None
