"""Why one consent does not count today, for one use of it."""

from datetime import date
from typing import Any

from babel.dates import format_date

from caseflow.consent import states
from caseflow.consent.queries.register import ConsentView
from caseflow.consent.states import ConsentStatus
from caseflow.core.words import N_, language

Reason = tuple[str, dict[str, Any]]


def faults_of(view: ConsentView, *, child: bool, recipient_class: str = "") -> list[Reason]:
    """The reasons why this consent opens nothing; none when it counts. `recipient_class` is "" inside the house."""
    if view.broken:
        return [(N_("This record cannot be opened."), {})]
    stands = _standing(view)
    if stands:
        return [stands]
    faults = [*_guardian(view), *(_childs(view) if child else ())]
    if recipient_class in states.FREE_ONLY and not view.free:
        faults.append(
            (
                N_(
                    "The person was not free when this was given. It opens neither police nor embassy until it is "
                    "confirmed in private. Health and a lawyer stay open."
                ),
                {},
            )
        )
    return faults


def _standing(view: ConsentView) -> Reason | None:
    match view.status:
        case ConsentStatus.REFUSED:
            return N_("The person refused this."), {}
        case ConsentStatus.REPLACED:
            return N_("A later answer of the person took its place."), {}
        case ConsentStatus.WITHDRAWN:
            return N_("The person withdrew this consent on %(day)s."), {"day": day_in_words(view.doc["withdrawn_on"])}
        case ConsentStatus.EXPIRED:
            return N_("This consent ended on %(day)s."), {"day": day_in_words(view.doc["valid_until"])}
        case ConsentStatus.NOT_SOUGHT:
            return N_("The person was not asked."), {}
    return None


def _guardian(view: ConsentView) -> list[Reason]:
    """A suspect's word opens nothing. A best-interests decision by two members of staff does not rest on it."""
    guardian = view.doc.get("guardian") or {}
    if guardian.get("suspect") and view.doc.get("basis") != states.ASSENT_BIA:
        return [(N_("The guardian is a suspect and can consent to nothing."), {})]
    return []


def _childs(view: ConsentView) -> list[Reason]:
    """CPMS 2019: a child's assent, with a guardian who is no suspect, or with a best-interests decision."""
    basis, guardian = view.doc.get("basis"), view.doc.get("guardian") or {}
    if basis not in states.CHILD_BASES:
        return [(N_("A child, or a person whose age is in doubt, needs a guardian or a best-interests decision."), {})]
    if basis == states.ASSENT_GUARDIAN and not guardian.get("name"):
        return [(N_("The child agreed. The guardian's consent is still missing."), {})]
    if not view.doc.get("assent"):
        return [(N_("The child has not agreed."), {})]
    return []


def day_in_words(iso: str) -> str:
    """A stored day as people read it, in the language of the moment."""
    return format_date(date.fromisoformat(iso), "d MMMM y", locale=language())
