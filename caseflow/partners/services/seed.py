"""The directory of a new installation: the rows of the list `organisation_pk`, with what their class and role say."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import select

from caseflow.core import catalogue, trail, vault
from caseflow.core.catalogue import Row
from caseflow.core.db import new_id, session
from caseflow.core.trail import Tag
from caseflow.partners import queries
from caseflow.partners.models import Partner

CLASS_SERVICES = {
    "L1_law": ("police",),
    "L3_child": ("child_protection", "social_care"),
    "L4_shelter": ("safe_shelter",),
    "L4_health": ("health",),
    "L4_forensic": ("forensic",),
    "L4_mhpss": ("mhpss",),
    "L4_legal": ("legal",),
    "L4_docs": ("documents",),
    "L4_iom": ("return", "reintegration", "basic_needs", "transport"),
    "L4_asylum": ("asylum",),
    "L5_consular": ("consular",),
}
# A word in the role of an organisation, and the service it stands for.
ROLE_SERVICES = {
    r"shelter|Dar-ul-Aman": "safe_shelter",
    r"legal": "legal",
    r"medical": "health",
    r"psychosocial|counselling": "mhpss",
    r"\bwelfare,|Dar-ul-Aman|victim assistance": "social_care",
    r"complaint|advocacy|information": "other",
    r"training|advocacy": "rights_training",
    r"(?<!body )repatriation": "return",
    r"travel document": "documents",
    r"wage": "compensation",
    r"complaint against promoters": "compensation",
    r"bonded": "labour_rehab",
    r"reunification|missing": "family_tracing",
}
CLASS_CHANNELS = {
    "L1_law": ("in_person", "sealed_paper"),
    "L3_child": ("in_person", "sealed_paper", "encrypted_file", "phone"),
    "L4_shelter": ("in_person", "sealed_paper", "encrypted_file", "phone"),
    "L4_health": ("in_person", "sealed_paper", "phone"),
    "L4_forensic": ("in_person", "sealed_paper"),
    "L4_docs": ("in_person", "sealed_paper"),
    queries.STATISTICS_ONLY: (),
}
USUAL_CHANNELS = ("sealed_paper", "encrypted_file")
# The police give one service, whatever else their role mentions.
LAW = "L1_law"
POST_EN, POST_UR = "Focal person for referrals", "ریفرل کے ذمہ دار"
_HELP_LINE = re.compile(r"helpline ([0-9]{3,5})\b")


def seed_directory(*, now: datetime) -> list[Partner]:
    """Add each organisation of the list that the directory does not have yet; returns the new rows.

    Their codes keep them apart, so a second run adds nothing and overwrites nothing that was corrected here.
    """
    known = set(session().scalars(select(Partner.code).where(Partner.code.is_not(None))))
    rows = catalogue.load().list("organisation_pk").rows
    return [_add(row, now) for row in rows if row.code not in known]


def _add(row: Row, now: datetime) -> Partner:
    made = Partner(id=new_id(), code=row.code, state=queries.ACTIVE, created_at=now, updated_at=now)
    vault.write(made, document_of(row), rv=0)
    session().add(made)
    trail.record(Tag.PARTNER_CREATED, actor=None, now=now, obj=("partner", made.id), writes=[made])
    return made


def document_of(row: Row) -> dict[str, Any]:
    """The partner document of a row of the list: what it says, and nothing that would have to be guessed."""
    recipient_class = row.extra["recipient_class"]
    help_line = _HELP_LINE.search(row.label["en"])
    return {
        "name_en": row.label["en"],
        "name_ur": row.label["ur"],
        "organisation_type": row.extra["organisation_type"],
        "recipient_class": recipient_class,
        "level": "provincial" if row.extra["level"] == "ICT" else row.extra["level"],
        "province": row.extra["province"],
        "districts": [],
        "services": services_of(recipient_class, row.extra["role"]),
        "serves": [],
        "channels": list(CLASS_CHANNELS.get(recipient_class, USUAL_CHANNELS)),
        "post_en": "" if recipient_class == queries.STATISTICS_ONLY else POST_EN,
        "post_ur": "" if recipient_class == queries.STATISTICS_ONLY else POST_UR,
        "phone": help_line.group(1) if help_line else "",
        "email": "",
        "address": "",
        "hours": "",
        "open_24h": False,
        "languages": [],
        "agreement_since": "",
        "agreement_until": "",
        "verified_on": "",
        "role_note": row.extra["role"],
    }


def services_of(recipient_class: str, role: str) -> list[str]:
    """Service codes from the class and the words of the role, in the order of the list; `other` when nothing fits."""
    if recipient_class == queries.STATISTICS_ONLY:
        return []
    found = {*CLASS_SERVICES.get(recipient_class, ())}
    if recipient_class != LAW:
        found |= {service for words, service in ROLE_SERVICES.items() if re.search(words, role)}
    codes = catalogue.load().list("service_type").codes
    return [code for code in codes if code in found] or ["other"]
