"""What the words of an extract mean here: areas, categories and administrations by any of their names, steps, languages (pitfall P4)."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Bad, folded
from experts.enums import LanguageLevel, Stage
from experts.models import AccreditationWorkshop, Area, AreaCategory, Category
from members.models import Administration

# Other words by which administrations go; the names of the register, and their parts, are known by themselves.
ADMINISTRATION_WORDS = {
    "AU": ("Australian Customs", "Australian Customs and Border Protection Service", "ABF"),
    "BD": ("Bangladesh NBR",),
    "BN": ("Brunei",),
    "CN": ("China Customs", "People's Republic of China", "PR China", "GACC"),
    "HK": ("Hong Kong", "Hong Kong SAR", "Hong Kong Customs", "Hong Kong Customs and Excise Department"),
    "ID": ("Indonesian Customs", "DGCE"),
    "IN": ("Indian Customs", "CBIC", "CBEC", "Central Board of Excise and Customs"),
    "IR": ("Iran", "Islamic Republic of Iran", "IRICA"),
    "KR": ("Korea", "Republic of Korea", "South Korea", "KCS"),
    "LA": ("Laos", "Lao PDR", "Lao Customs"),
    "MM": ("Burma",),
    "MO": ("Macau", "Macao", "Macau, China", "Macao SAR"),
    "MY": ("RMCD", "Royal Malaysian Customs"),
    "NZ": ("NZCS",),
    "PG": ("PNG", "PNG Customs"),
    "PH": ("The Philippines", "Philippine Customs"),
    "TH": ("Thai Customs", "Royal Thai Customs"),
    "TL": ("East Timor",),
    "VN": ("Vietnam", "Vietnam Customs", "Viet Nam Customs"),
}
STEPS = {
    Stage.FIRST_STEP: (
        "first step", "1st step", "step 1", "first", "pre accredited", "preaccredited", "pre accreditation", "pre accredited expert",
        "first step accreditation", "1st", "field mission owed", "selected",
    ),
    Stage.FULL: (
        "accredited", "fully accredited", "full", "fully", "full accreditation", "accredited expert", "wco accredited", "active",
        "wco accredited expert", "entered in ace", "in ace", "second step", "2nd step", "accredited ace entry pending", "entry pending",
    ),
}  # fmt: skip
LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French", "hi": "Hindi",
    "id": "Indonesian", "ja": "Japanese", "km": "Khmer", "ko": "Korean", "lo": "Lao", "mn": "Mongolian", "ms": "Malay",
    "my": "Burmese", "ne": "Nepali", "pt": "Portuguese", "ru": "Russian", "si": "Sinhala", "ta": "Tamil", "th": "Thai", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
LEVELS = {
    LanguageLevel.NATIVE: ("native", "first language", "mother tongue", "mother", "first", "native speaker"),
    LanguageLevel.FLUENT: ("fluent", "good", "excellent", "advanced", "professional", "very good"),
    LanguageLevel.WORKING: ("working", "working knowledge", "intermediate", "basic", "fair", "elementary"),
}
LEVEL_OF = {word: level for level, words in LEVELS.items() for word in words}
STEP_OF = {word: step for step, words in STEPS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Workshop:
    id: uuid.UUID
    title: str
    words: str


class Words:
    """The lookups of one reading, made once."""

    def __init__(self) -> None:
        self.categories = list(Category.objects.all())
        self.areas = list(Area.objects.all())
        self.administrations = list(Administration.objects.all())
        self._category = _index((c, (c.code, c.name, c.plural, *c.synonyms)) for c in self.categories)
        self._area = _index((a, (a.code, a.name, *a.synonyms)) for a in self.areas)
        self._administration = _index((a, _administration_words(a)) for a in self.administrations)
        self._only_category: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for area, category in AreaCategory.objects.values_list("area", "category"):
            self._only_category[area].append(category)
        self.workshops: dict[uuid.UUID | None, str] = {}
        self._workshop: dict[str, list[Workshop]] = defaultdict(list)
        for row in AccreditationWorkshop.objects.all():
            known = Workshop(row.pk, row.title, str(row))
            self.workshops[row.pk] = known.words
            for word in (row.title, str(row), f"{row.title} {row.month:%Y-%m}", f"{row.title} {row.month:%b %Y}"):
                if known not in self._workshop[folded(word)]:
                    self._workshop[folded(word)].append(known)

    def category(self, text: str, area: Area | None) -> Category | Bad:
        if text:
            return _one(self._category, text, _("“%(text)s” is no category that is known here."))
        found = self._only_category.get(area.pk, []) if area else []
        if len(found) == 1:
            return next(c for c in self.categories if c.pk == found[0])
        return Bad(_("The category is missing."))

    def area(self, text: str) -> Area | Bad | None:
        return _one(self._area, text, _("“%(text)s” is no area that is known here.")) if text else None

    def administration(self, text: str) -> Administration | Bad:
        return _one(self._administration, text, _("“%(text)s” is no administration of the region."))

    def workshop(self, text: str) -> Workshop | None:
        """The one workshop that is called so; of several or none nothing is said."""
        found = self._workshop.get(folded(text), [])
        return found[0] if len(found) == 1 else None


def step(text: str) -> Stage | Bad | None:
    if not text:
        return None
    found = STEP_OF.get(folded(text))
    return found or Bad(_("“%(text)s” is no step that is known here: first step, or accredited.") % {"text": text[:40]})


def languages(text: str) -> list[tuple[str, str]] | Bad:
    """Languages with their level, as in “English (fluent); French”; fluent where nothing is said."""
    found: dict[str, str] = {}
    for part in re.split(r"[;,/|]| and ", text):
        match = re.fullmatch(r"\s*([^()]*?)\s*(?:\(([^()]*)\))?\s*", part)
        name = match[1].strip() if match else part.strip()
        if not name:
            continue
        if len(name) > 40:
            return Bad(_("“%(text)s” is no language.") % {"text": name[:40]})
        spoken = LANGUAGES.get(name.casefold(), name if name != name.lower() and name != name.upper() else name.title())
        found.setdefault(
            spoken, LEVEL_OF.get(folded(match[2] or ""), LanguageLevel.FLUENT) if match else LanguageLevel.FLUENT
        )
    return list(found.items())


def _administration_words(row: Administration) -> Iterable[str]:
    yield from (row.code, row.name, row.organisation, f"{row.name} Customs")
    yield from re.split(r"\s*[(),]\s*", row.organisation)
    head, _open, tail = row.name.partition(" (")
    if tail:
        yield f"{tail.rstrip(')')} {head}"
    yield from ADMINISTRATION_WORDS.get(row.code, ())


def _index(rows: Iterable[tuple[Any, Iterable[str]]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row, words in rows:
        for word in words:
            key = folded(word)
            if key and row not in found[key]:
                found[key].append(row)
    return found


def _one(index: dict[str, list[Any]], text: str, unknown: str) -> Any:
    """The row that a word means; also “Name (code)” and “code – Name”, if both mean the same."""
    found = index.get(folded(text))
    if not found:
        parts = [part for part in re.split(r"\s*[()]\s*|\s+[–—:-]\s+", text) if part]
        meant = [index.get(folded(part), []) for part in parts]
        both = [row for row in meant[0] if all(row in other for other in meant[1:])] if meant else []
        found = both if len(parts) > 1 else []
    if not found:
        return Bad(unknown % {"text": text[:60]})
    if len(found) > 1:
        names = ", ".join(str(row) for row in found)
        return Bad(_("“%(text)s” can mean more than one: %(names)s.") % {"text": text[:60], "names": names})
    return found[0]


def name_key(family: str, given: str, home: Administration) -> tuple[str, ...]:
    """By which namesakes at home are found: the two names in whichever order."""
    return (*sorted((folded(family), folded(given))), home.code)
