"""The page when two people saved: what was written beside what is stored, and nothing lost."""

from typing import Any

from flask import render_template
from werkzeug.datastructures import MultiDict

from caseflow.accounts.queries import staff_names
from caseflow.core import vault
from caseflow.core.words import language
from caseflow.partners.queries import PartnerView
from caseflow.referrals import queries
from caseflow.referrals.models import Referral
from caseflow.referrals.views import drawing

KEEP = "keep-"


def settled(sent: MultiDict[str, str], stored: dict[str, Any]) -> MultiDict[str, str]:
    """What was posted, with the stored answers wherever the page asked and `theirs` was chosen."""
    answers = MultiDict(sent)
    for name in [name for name in sent if name.startswith(KEEP)]:
        code = name.removeprefix(KEEP)
        if answers.pop(name) == "theirs":
            value = stored.get(code)
            answers.setlist(code, list(value) if isinstance(value, list) else [value or ""])
    return answers


def page(referral: Referral, form: Any, partner: PartnerView) -> str:
    """Both versions, answer by answer; the form on it saves over the version that is stored now."""
    stored = drawing.stored_choice(vault.read(referral))
    mine = form.values()
    rows = [
        {"code": field.name, "label": field.label.text, "mine": _words(field, mine.get(field.name)), "theirs": theirs}
        for field in form
        if field.kind != "hidden"
        and (theirs := _words(field, stored.get(field.name))) != _words(field, mine.get(field.name))
    ]
    last = next((one for one in reversed(queries.events_of(referral.id)) if one.verb in ("edit", "draft")), None)
    return render_template(
        "referrals/conflict.html", referral=referral, rows=rows, kept=_kept(form, referral), last=last,
        who=staff_names([last.actor_id]).get(last.actor_id, "") if last and last.actor_id else "", partner=partner,
    )  # fmt: skip


def _kept(form: Any, referral: Referral) -> list[tuple[str, str]]:
    """Everything typed, as hidden fields, on the version stored now."""
    pairs = [("rv", str(referral.rv)), ("referral_id", str(referral.id))]
    for name, value in form.values().items():
        if name not in ("rv", "referral_id"):
            pairs += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return pairs


def _words(field: Any, value: Any) -> str:
    """An answer as a reader sees it."""
    options = {option[0]: str(option[1]) for option in getattr(field, "options", ())}
    comma = "، " if language() == "ur" else ", "
    if isinstance(value, list):
        return comma.join(options.get(str(one), str(one)) for one in value)
    text = str(value or "")
    return options.get(text, text)
