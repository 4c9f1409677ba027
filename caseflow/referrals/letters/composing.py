"""The letter, made of what is disclosed and of nothing else."""

from caseflow.core import catalogue
from caseflow.core.press.letter import Ask, Letter, Letterhead, Line, Urgency
from caseflow.core.words import gettext as _
from caseflow.core.words import speaking
from caseflow.referrals.letters.disclosing import (
    CASE_LINE,
    CONSENT_LINE,
    SERVICE_LINE,
    DisclosedLine,
    Disclosure,
    services_in_words,
)
from caseflow.referrals.letters.values import Sources, answers, contact_in_one_line, lines_of

SUPPORT = "support_already_given"
# Printed in the notice that keeps the person safe, in this order.
SAFETY = ("immediate_safety_alert", "safe_contact_method", "do_not_inform_persons")
# The head of the page and the post of the officer would betray what the person went through, to a clerk at a counter.
NEUTRAL = frozenset({"L4_docs"})
# Staff who write to these could be found by who must not find them: they sign by their post alone.
BY_POST = NEUTRAL | {"L1_law", "L2_gov", "L5_consular"}
_ELSEWHERE = frozenset({SERVICE_LINE, CONSENT_LINE, SUPPORT, *SAFETY})


def compose(sources: Sources, disclosure: Disclosure) -> Letter:
    """The printed part of the snapshot. Every value comes from a line that `disclosure` tells."""
    told = {line.group: line for line in disclosure.told}
    with speaking(sources.language):
        return Letter(
            language=sources.language,
            letterhead=_letterhead(sources),
            urgency=Urgency(
                level=sources.doc["urgency"], text=_label("referral_urgency", sources.doc["urgency"], sources)
            ),
            to_organisation=_local(sources.partner, "name", sources.language),
            to_post=_local(sources.partner, "post", sources.language) or _("The person in charge"),
            officer_name="" if sources.doc["recipient_class"] in BY_POST else sources.officer_name,
            officer_post=_("Officer") if _neutral(sources) else sources.officer_post,
            ask=_ask(sources, SUPPORT in told),
            lines=tuple(_line(line, sources) for line in disclosure.told if _is_line(line.group)),
            safety=tuple(text for group in SAFETY if group in told for text in _notice(group, sources)),
            consent=told[CONSENT_LINE].value if CONSENT_LINE in told else "",
            refusal_reasons=tuple(
                row.label[sources.language] for row in catalogue.load().list("referral_refusal_reason").rows
            ),
        )


def _is_line(group: str) -> bool:
    return group not in _ELSEWHERE


def _line(line: DisclosedLine, sources: Sources) -> Line:
    if line.group != CASE_LINE:
        return Line(label=line.label, value=line.value)
    nameless = bool(sources.doc.get("rescue"))
    return Line(label=_("Number of this request") if nameless else _("Code name and case number"), value=line.value)


def _label(name: str, code: str, sources: Sources) -> str:
    return catalogue.load().label(name, code, sources.language)


def _neutral(sources: Sources) -> bool:
    return sources.doc["recipient_class"] in NEUTRAL


def _local(doc: object, what: str, language: str) -> str:
    """A bilingual text of a document, English where the other is missing."""
    texts = doc if isinstance(doc, dict) else {}
    return str(texts.get(f"{what}_{language}") or texts.get(f"{what}_en") or "")


def _letterhead(sources: Sources) -> Letterhead:
    office = dict(sources.organisation)
    name = str(office.get("code", "")) if _neutral(sources) else _local(office, "name", sources.language)
    return Letterhead(
        name=name,
        address=_local(office, "address", sources.language),
        phone=str(office.get("phone", "")),
        email="" if _neutral(sources) else str(office.get("email", "")),
        zone=str(office.get("zone") or "Asia/Karachi"),
    )


def _ask(sources: Sources, support_told: bool) -> Ask:
    support = {field.code: text for field, text in answers(SUPPORT, sources)} if support_told else {}
    return Ask(
        service=services_in_words(sources),
        reason=_label("referral_reason", sources.doc["reason"], sources) if sources.doc["reason"] else "",
        request=sources.doc["request"],
        support_given=support.get("support_already_given", ""),
        hopes=support.get("hopes", ""),
        appointment=sources.doc["appointment"],
        escort=sources.doc["escort"],
    )


def _notice(group: str, sources: Sources) -> tuple[str, ...]:
    if group == "safe_contact_method":
        return (contact_in_one_line(sources),)
    lines = lines_of(group, sources)
    if group == "do_not_inform_persons":
        return tuple(_("Do not tell: %(persons)s", persons=text) for text in lines)
    return lines
