"""What an emergency letter tells: a minimum fixed here, which nobody can widen at two in the morning.

Need to know and minimum data (IOM Data Protection Manual, principles 2 and 5): no name, no number of a document, no
story. What a class is told only after the person's own agreement stays out.
"""

from collections.abc import Mapping

from caseflow.core.catalogue.disclosure import DEFAULT

MINIMUM = (
    "age_or_age_band", "sex_gender", "language_and_interpreter_need", "safe_contact_method", "immediate_safety_alert",
    "disability_and_access_needs", "children_accompanying", "do_not_inform_persons", "preferred_staff_gender",
)  # fmt: skip


def minimum_for(cells: Mapping[str, str]) -> list[str]:
    """The groups an emergency letter tells to a class, `cells` being its column of the matrix for this person."""
    return [group for group in MINIMUM if cells.get(group) == DEFAULT]
