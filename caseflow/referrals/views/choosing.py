"""The cards of step 1: the partners of the directory, and how each stands for this case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from caseflow.consent import queries as consent
from caseflow.consent.queries import ConsentView
from caseflow.consent.states import FREE_ONLY, ConsentStatus, scope_for
from caseflow.core import catalogue
from caseflow.core.errors import NotFound
from caseflow.core.words import N_, gettext, language
from caseflow.partners import queries as partners
from caseflow.partners.queries import PartnerView
from caseflow.partners.services.checking import SERVES
from caseflow.web.filters import show_date

Look = tuple[str, str, str]  # kind, icon and words of a state
_CONSENT: dict[ConsentStatus, tuple[str, str, str]] = {
    ConsentStatus.GIVEN: ("good", "done", N_("Consent given")),
    ConsentStatus.REFUSED: ("stop", "no", N_("The person said no")),
    ConsentStatus.WITHDRAWN: ("stop", "no", N_("Consent withdrawn")),
    ConsentStatus.EXPIRED: ("warn", "clock", N_("Consent ended")),
    ConsentStatus.NOT_SOUGHT: ("rest", "minus", N_("Consent not asked")),
}


@dataclass(frozen=True)
class Card:
    """One partner to choose; `open` is false where no referral can be made, and `states` then say why."""

    partner: PartnerView
    open: bool
    area: str
    services: str
    serves: str
    states: list[Look]


def cards(found: Sequence[PartnerView], *, case_id: UUID, today: date) -> list[Card]:
    """The cards of some partners, with the state of agreement and consent today."""
    register = consent.register_of(case_id, today=today)
    return [_card(partner, register, today) for partner in found]


def in_order(found: Sequence[PartnerView], *, case_id: UUID, today: date) -> list[PartnerView]:
    """Who may be told first comes first: consent given, then agreement in force; police and embassies come last."""
    register = consent.register_of(case_id, today=today)

    def place(view: PartnerView) -> tuple[bool, ...]:
        given = consent_look(register, view)[0] == "good"
        usable = not view.broken and not view.statistics_only
        return not usable, not given, view.recipient_class in FREE_ONLY, not view.agreement_in_force(today)

    return sorted(found, key=place)


def chosen(partner_id: UUID) -> PartnerView:
    """The partner to whom a referral is written. Raises NotFound for one that takes none, SealBroken."""
    view = partners.view_of(partners.get_partner(partner_id))
    if view.state != partners.ACTIVE or view.statistics_only:
        raise NotFound()
    return view


def consent_look(register: Sequence[ConsentView], partner: PartnerView) -> Look:
    """How the person's consent for sharing with this partner stands: the latest word counts."""
    about = (scope_for(partner.recipient_class), str(partner.id))
    latest = next((view.status for view in register if not view.broken and view.about == about), None)
    kind, sign, words = _CONSENT[latest or ConsentStatus.NOT_SOUGHT]
    return kind, sign, gettext(words)


def agreement_look(partner: PartnerView, today: date) -> Look:
    """How the data-sharing agreement stands."""
    until = str(partner.doc.get("agreement_until") or "")
    match partner.agreement_state(today):
        case "in_force" if until:
            return "good", "sealed", gettext("Agreement to %(day)s", day=show_date(until))
        case "in_force":
            return "good", "sealed", gettext("Agreement in force")
        case "ended":
            return "warn", "triangle", gettext("Agreement ended on %(day)s", day=show_date(until))
    return "warn", "triangle", gettext("No agreement recorded")


def _card(partner: PartnerView, register: Sequence[ConsentView], today: date) -> Card:
    lists, lang, doc = catalogue.load(), language(), partner.doc
    comma = "، " if lang == "ur" else ", "
    if partner.broken:
        looks = [("stop", "octagon", gettext("Cannot be chosen until it opens"))]
    elif partner.statistics_only:
        looks = [("rest", "no", gettext("Cannot be chosen: it gets counts only, never a letter about one person"))]
    else:
        looks = [agreement_look(partner, today), consent_look(register, partner)]
    province = doc.get("province") or ""
    return Card(
        partner=partner,
        open=not partner.broken and not partner.statistics_only,
        area=lists.label("province", province, lang) if province else gettext("Whole country"),
        services=comma.join(lists.label("service_type", code, lang) for code in doc.get("services") or ()),
        serves=comma.join(gettext(SERVES[code]) for code in doc.get("serves") or () if code in SERVES),
        states=looks,
    )
