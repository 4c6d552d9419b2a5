"""Makes the sample files beside it: `python tests/data/samples/make.py`. Every value is invented, from hashes of a fixed seed.

NHS numbers are of the 999 range kept for tests, telephone numbers of the ranges kept for drama, addresses of example.org.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

SEED = "dsadesk samples 1"

SITES = (
    "Abergolau", "Blackthorn Sands", "Cove of Arrin", "Dunmore North", "Eastness", "Fairlight Steps", "Gull Point", "Harrow Bay",
    "Inch Strand", "Jetty Beach", "Kelder Water", "Llyn Gwyrdd", "Merrow Slip", "Northolm", "Otter Mouth", "Penmaen Bach",
    "Quarry Lake", "Redstone", "Saltmarsh End", "Traeth Hir",
)  # fmt: skip
FIRST_NAMES = (
    "Aled",
    "Bronwen",
    "Callum",
    "Deepa",
    "Eilidh",
    "Farah",
    "Gwen",
    "Hamza",
    "Isla",
    "Jomo",
    "Kasia",
    "Lowri",
)
LAST_NAMES = (
    "Ashdown",
    "Bevan-Lloyd",
    "Carrick",
    "Dhillon",
    "Eastgate",
    "Fforde",
    "Gill",
    "Hartwell",
    "Ibori",
    "Jankowska",
    "O'Dowd",
)
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def number(below: int, *about: object) -> int:
    """A number that depends on the seed and on what it is about, and on nothing else."""
    digest = hashlib.sha256("/".join([SEED, *map(str, about)]).encode()).digest()
    return int.from_bytes(digest[:8], "big") % below


def table(rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


# ---------------------------------------------------------------- bathing water: nothing about people


def bathing_water(rows: int = 400) -> list[list[object]]:
    made: list[list[object]] = [
        [
            "site_id",
            "site_name",
            "sampled_on",
            "ecoli_cfu",
            "enterococci_cfu",
            "rain_last_day_mm",
            "classification",
            "remark",
        ]
    ]
    for row in range(rows):
        site = row % len(SITES)
        day = date(2025, 5, 1) + timedelta(days=7 * (row // len(SITES)) + site % 5)
        ecoli = 10 + number(40, "usual", row) ** 2 // (1 + site % 4)
        enterococci = max(10, ecoli * (20 + number(30, "share", row)) // 100)
        rain = number(140, "rain", row // len(SITES)) / 10
        worst = max(ecoli / 500, enterococci / 200)
        grade = "Excellent" if worst <= 0.5 else "Good" if worst <= 1 else "Sufficient" if worst <= 2 else "Poor"
        remark = "After heavy rain" if rain > 12 and number(3, "remark", row) == 0 else ""
        made.append([f"{site + 1:05}", SITES[site], day.isoformat(), ecoli, enterococci, f"{rain:.1f}", grade, remark])
    return made


# ---------------------------------------------------------------- people who do not exist


def nhs_number(row: int) -> str:
    for attempt in range(100):
        digits = f"999{number(10**6, 'nhs', row, attempt):06}"
        check = (11 - sum(w * int(d) for w, d in zip(range(10, 1, -1), digits, strict=True)) % 11) % 11
        if check < 10:
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}{check}"
    raise ValueError("no number in a hundred passes, which is one in ten to the hundredth")


def national_insurance_number(row: int) -> str:
    return f"{'AEJLS'[number(5, 'n1', row)]}{'ABCEG'[number(5, 'n2', row)]}{number(10**6, 'n3', row):06}{'ABCD'[number(4, 'n4', row)]}"


def upn(row: int) -> str:
    digits = f"999{number(100, 'u1', row):02}{number(10**7, 'u2', row):07}"
    return UPN_LETTERS[sum(w * int(d) for w, d in zip(range(2, 14), digits, strict=True)) % 23] + digits


def utr(row: int) -> str:
    digits = f"{number(10**9, 'utr', row):09}"
    return (
        "21987654321"[sum(w * int(d) for w, d in zip((6, 7, 8, 9, 10, 5, 4, 3, 2), digits, strict=True)) % 11] + digits
    )


def postcode(row: int) -> str:
    return f"{('YO', 'LL', 'IV', 'BT')[number(4, 'p1', row)]}{98 + number(2, 'p2', row)} {number(10, 'p3', row)}{'ABDEF'[number(5, 'p4', row)]}Q"


def people(rows: int = 120) -> list[list[object]]:
    made: list[list[object]] = [
        ["ref", "NHSNumber", "ni_no", "upn", "UTR", "UPRN", "postcode", "Telephone", "e-mail", "first_name", "surname", "date of birth",
         "visits", "notes"]
    ]  # fmt: skip
    for row in range(rows):
        first, last = FIRST_NAMES[number(len(FIRST_NAMES), "f", row)], LAST_NAMES[number(len(LAST_NAMES), "l", row)]
        born = date(1940, 1, 1) + timedelta(days=number(30_000, "born", row))
        phone = f"07700 900{number(1000, 'tel', row):03}" if row % 3 else f"01632 960{number(1000, 'tel', row):03}"
        note = (
            f"rang from {phone} about a letter" if row % 40 == 7 else ("no answer", "seen", "")[number(3, "note", row)]
        )
        made.append(
            [f"R-{row + 1:04}", nhs_number(row), national_insurance_number(row), upn(row), utr(row), 10_000_000_000 + number(10**9, "uprn", row),
             postcode(row), phone, f"{first}.{row}@example.org".lower(), first, last, born.strftime("%d/%m/%Y"), number(9, "v", row), note]
        )  # fmt: skip
    return made


# ---------------------------------------------------------------- the three situations of tests/data/answers

STREETS = ("Mill Lane", "Church Street", "Station Road", "Orchard Close", "Bridge Row")


def pick(choices: str, *where: object) -> str:
    """One of the words of a line, the same each time."""
    words = choices.split()
    return words[number(len(words), *where)]


def homes(rows: int = 40) -> list[list[object]]:
    made: list[list[object]] = [["address", "band", "single_adult"]]
    for row in range(rows):
        street = STREETS[number(len(STREETS), "street", row)]
        made.append([f"{row + 1} {street}, Madeuptown", pick("A B C", "band", row), "yes"])
    return made


def pupils(children: int = 30) -> list[list[object]]:
    made: list[list[object]] = [
        ["pupil_code", "term", "birth_half_year", "sex", "sen_level", "sessions_missed", "moves", "suspended", "school_type", "points"]
    ]  # fmt: skip
    for child in range(children):
        born = f"{2010 + number(9, 'year', child)}-{pick('H1 H2', 'half', child)}"
        fixed = [pick("F M", "sex", child), pick("none none support plan", "sen", child)]
        kind = pick("primary secondary special", "school", child)
        for term in ("2023 autumn", "2024 spring", "2024 summer"):
            missed, moves = number(41, "missed", child, term), pick("0 0 1 2+", "moves", child, term)
            points = f"{number(60, 'points', child, term) + 30}.{number(10, 'tenth', child, term)}"
            suspended = pick("no no no yes", "suspended", child, term)
            made.append([f"MADEUP{child + 1:04}", term, born, *fixed, missed, moves, suspended, kind, points])
    return made


def vaccinations(children: int = 40) -> list[list[object]]:
    made: list[list[object]] = [
        ["nhs_number", "name", "date_of_birth", "address", "gp_practice", "vaccine", "dose", "given_on", "not_given_reason"]
    ]  # fmt: skip
    for child in range(children):
        born = date(2011, 1, 1) + timedelta(days=number(4_700, "child", child))
        street = STREETS[number(len(STREETS), "home", child)]
        who: list[object] = [
            f"MADEUP{child + 1:04}",
            f"Child {child + 1} Madeup",
            born.isoformat(),
            f"{child + 1} {street}, Madeuptown",
        ]
        practice = f"P8000{number(6, 'practice', child)}"
        for dose in range(1, number(3, "doses", child) + 1):
            given = born + timedelta(days=380 + 840 * (dose - 1) + number(60, "given", child, dose))
            made.append([*who, practice, pick("MMR MMRV", "vaccine", child, dose), dose, given.isoformat(), ""])
        if number(3, "doses", child) == 0:
            made.append([*who, practice, "", "", "", pick("medical declined other", "reason", child)])
    return made


# ---------------------------------------------------------------- files that are not what they seem


def zipped(**members: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, text in members.items():
            archive.writestr(
                zipfile.ZipInfo(name.replace("__", "/").replace("_dot_", "."), (2026, 1, 1, 0, 0, 0)), text
            )
    return held.getvalue()


def files() -> dict[str, bytes]:
    """Every file by its name."""
    water, few = bathing_water(), bathing_water(30)
    broken = table(few).splitlines(keepends=True)
    return {
        "bathing-water-samples.csv": table(water).encode(),
        "bathing-water-samples-cp1252.csv": table([few[0], *([*row[:7], "Môn, £5"] for row in few[1:])]).encode(
            "cp1252"
        ),
        "bathing-water-samples-utf16.tsv": table(few, "\t").encode("utf-16"),
        "planted-identifiers.csv": table(people()).encode("utf-8-sig"),
        "fuel-poverty-made-up.csv": table(homes()).encode(),
        "pupils-made-up.csv": table(pupils()).encode(),
        "vaccinations-made-up.csv": table(vaccinations()).encode(),
        "broken-renamed-pdf.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "broken-renamed-png.csv": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00",
        "broken-renamed-xlsx.csv": zipped(_Content_Types__dot_xml="<Types/>", xl__workbook_dot_xml="<workbook/>"),
        "broken-renamed-zip.csv": zipped(readme_dot_txt="hello"),
        "broken-nuls.csv": table(few).encode()[:700] + bytes(16) + table(few).encode()[700:],
        "broken-empty.csv": b"",
        "broken-one-line.csv": b"site_id,site_name,ecoli_cfu\r\n",
        "broken-no-heading.csv": table(people(20)[1:]).encode(),
        "broken-ragged.csv": "".join([*broken[:17], "00017,Quarry Lake,2025-05-02\r\n", *broken[18:]]).encode(),
        "broken-unterminated-quote.csv": "".join(
            [*broken[:9], broken[9].replace("Inch", '"Inch'), *broken[10:]]
        ).encode(),
    }


def main() -> None:
    for name, data in files().items():
        (Path(__file__).parent / name).write_bytes(data)


if __name__ == "__main__":
    main()
