"""Words in the reader's language: translation, counting words, dates.

Qt's own plural rules for Welsh have five forms where the language has six, so counts are kept here: one source string
holds its forms parted by `|`, two in English (one, other) and six in Welsh (zero, one, two, few, many, other), chosen by the
rules of Unicode CLDR.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTranslator


class Language(StrEnum):
    """The languages of the desktop."""

    ENGLISH = "en"
    WELSH = "cy"


_LOCALES = {
    Language.ENGLISH: QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom),
    Language.WELSH: QLocale(QLocale.Language.Welsh, QLocale.Country.UnitedKingdom),
}
_WELSH_FORMS = {0: 0, 1: 1, 2: 2, 3: 3, 6: 4}
_WELSH_OTHER = 5


class _Chosen:
    language = Language.ENGLISH
    translators: tuple[QTranslator, ...] = ()


def install(app: QCoreApplication, language: Language, files: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """Speak this language from now on, with these compiled translations; return the files that could not be read."""
    for translator in _Chosen.translators:
        app.removeTranslator(translator)
    loaded: list[QTranslator] = []
    unread: list[Path] = []
    for file in files:
        translator = QTranslator(app)
        if translator.load(str(file)) and app.installTranslator(translator):
            loaded.append(translator)
        else:
            unread.append(file)
    _Chosen.translators = tuple(loaded)
    _Chosen.language = language
    QLocale.setDefault(_LOCALES[language])
    return tuple(unread)


def language() -> Language:
    """Return the language spoken now."""
    return _Chosen.language


def translate(context: str, text: str, **fields: str | int) -> str:
    """Return the text in the reader's language with its `{fields}` filled in."""
    said = QCoreApplication.translate(context, text)
    return said.format(**fields) if fields else said


def counted(forms: str, n: int) -> str:
    """Choose the form for n from translated `one|other` or the six Welsh forms, and put n in.

    Raises:
        ValueError: the string has neither one, two nor six forms.
    """
    parts = forms.split("|")
    if len(parts) not in {1, 2, 6}:
        raise ValueError(forms)
    if len(parts) == 2:
        chosen = parts[0 if n == 1 else 1]
    elif len(parts) == 1:
        chosen = parts[0]
    else:
        chosen = parts[_WELSH_FORMS.get(n, _WELSH_OTHER)]
    return chosen.format(n=n)


def long_date(iso_date: str) -> str:
    """Write 2026-03-02 as 2 March 2026; give back what is not a date as it came."""
    date = QDate.fromString(iso_date, "yyyy-MM-dd")
    return _LOCALES[_Chosen.language].toString(date, "d MMMM yyyy") if date.isValid() else iso_date
