"""What a recipient is told and what is withheld, group by group, and why: the matrix, the choice, the consent.

Need to know and minimum data follow the IOM Data Protection Manual, principles 2 and 5; a group of cell C needs its own
tick of the person beside the choice of the worker, a group of cell N or A never stands in a letter.
"""

from dataclasses import dataclass

from caseflow.core import catalogue
from caseflow.core.catalogue.disclosure import AGGREGATE, DEFAULT, NEVER, WITH_OWN_CONSENT
from caseflow.core.words import N_, gettext, speaking
from caseflow.referrals.letters.statements import consent_statement
from caseflow.referrals.letters.values import Sources, value_of

CASE_LINE = "case_reference_and_referral_no"
SERVICE_LINE = "service_asked_and_reason_in_one_line"
CONSENT_LINE = "consent_statement_no_signature_image"
# Who a person is: a letter goes without these unless the service cannot be given under a code name.
IDENTIFIERS = frozenset({"name", "alias_or_first_name_only", "date_of_birth", "cnic_or_passport_number"})
_NEEDS_IDENTITY = frozenset({"L4_docs"})

WHY_TOLD: dict[str, str] = {
    "always": N_("Needed to answer"),
    "consent": N_("Consent"),
    "own_tick": N_("Consent, agreed one by one"),
    "other_basis": N_("Another basis than consent"),
}
WHY_WITHHELD: dict[str, str] = {
    "never": N_("Never to this kind of recipient"),
    "aggregate": N_("Only in counts, never about one person"),
    "not_agreed": N_("The person did not agree"),
    "not_chosen": N_("Not chosen: not needed"),
    "no_data": N_("Nothing is recorded"),
    "own_tick": N_("Needs its own tick"),
}


@dataclass(frozen=True, repr=False)
class DisclosedLine:
    """One group that the letter discloses: its label, its words in the letter, and the code of why it may."""

    group: str
    label: str
    value: str
    why: str

    @property
    def text(self) -> str:
        """Why it may, in the language of the moment."""
        return gettext(WHY_TOLD[self.why])


@dataclass(frozen=True)
class WithheldLine:
    """One group that stays inside, and the code of why."""

    group: str
    label: str
    why: str

    @property
    def text(self) -> str:
        """Why not, in the language of the moment."""
        return gettext(WHY_WITHHELD[self.why])


@dataclass(frozen=True, repr=False)
class Disclosure:
    """All 34 groups of the matrix, each told or withheld."""

    told: tuple[DisclosedLine, ...]
    withheld: tuple[WithheldLine, ...]

    @property
    def groups(self) -> list[str]:
        """The codes of what is told."""
        return [line.group for line in self.told]


def choices_for(recipient_class: str) -> list[tuple[str, str, bool]]:
    """What a worker may choose for a class: (group, cell Y or C, ticked at first), in the order of the matrix.

    Groups that CaseFlow fills itself are no choice. Identifiers are not ticked at first: a code name is enough.
    """
    matrix, own = catalogue.matrix(), catalogue.system_groups()
    cells = [(group, matrix.cell(group, recipient_class)) for group in matrix.groups if group not in own]
    return [
        (group, found, found == DEFAULT and (group not in IDENTIFIERS or recipient_class in _NEEDS_IDENTITY))
        for group, found in cells
        if found in (DEFAULT, WITH_OWN_CONSENT)
    ]


def disclose(sources: Sources) -> Disclosure:
    """Told and withheld, in the order of the matrix; labels and values in the letter's language."""
    told: list[DisclosedLine] = []
    withheld: list[WithheldLine] = []
    groups = catalogue.load().list("disclosure_group")
    for group in catalogue.matrix().groups:
        label = groups.label(group, sources.language)
        against = _against(group, sources)
        value = "" if against else _value(group, sources)
        if against or not value:
            withheld.append(WithheldLine(group, label, against or "no_data"))
        else:
            told.append(DisclosedLine(group, label, value, _why(group, sources)))
    return _with_statement(
        Disclosure(tuple(told), tuple(withheld)), sources, groups.label(CONSENT_LINE, sources.language)
    )


def _against(group: str, sources: Sources) -> str:
    """The code of why a group may not be told; "" when it may."""
    found = sources.cells.get(group, NEVER)
    if found in (NEVER, AGGREGATE):
        return "never" if found == NEVER else "aggregate"
    if group in catalogue.system_groups() or (sources.doc.get("rescue") and group in sources.covered):
        return ""
    if group not in sources.doc["groups"]:
        return "own_tick" if found == WITH_OWN_CONSENT else "not_chosen"
    if found == WITH_OWN_CONSENT and not (group in sources.doc["own_ticks"] and group in sources.ticked):
        return "own_tick"
    return "" if group in sources.covered else "not_agreed"


def _value(group: str, sources: Sources) -> str:
    if group == CASE_LINE and sources.doc.get("rescue"):
        return sources.referral_number  # a rescue request says nothing about who
    if group == CASE_LINE:
        return f"{sources.code_name}, {sources.case_number}, {sources.referral_number}"
    if group == SERVICE_LINE:
        return "\n".join(part for part in (services_in_words(sources), sources.doc["request"]) if part)
    # The statement names the groups told, so it is written when they are known.
    return "…" if group == CONSENT_LINE else value_of(group, sources)


def services_in_words(sources: Sources) -> str:
    """The services asked for, in the letter's language."""
    options = catalogue.load().list("service_type")
    comma = "، " if sources.language == "ur" else ", "
    return comma.join(options.label(code, sources.language) for code in sources.doc["services"])


def _why(group: str, sources: Sources) -> str:
    if group in catalogue.system_groups():
        return "always"
    if sources.doc["basis"] != "consent":
        return "other_basis"
    return "own_tick" if sources.cells[group] == WITH_OWN_CONSENT else "consent"


def _with_statement(found: Disclosure, sources: Sources, label: str) -> Disclosure:
    """Write the statement of consent, for exactly the groups that are told."""
    labels = [line.label for line in found.told if line.group not in catalogue.system_groups()]
    with speaking(sources.language):
        statement = consent_statement(sources, labels)
    told = tuple(
        DisclosedLine(CONSENT_LINE, label, statement, line.why) if line.group == CONSENT_LINE else line
        for line in found.told
    )
    return Disclosure(told, found.withheld)
