"""The frozen content of one submission, and the digest under which it is approved and printed."""

import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from caseflow.core import catalogue
from caseflow.core.press.letter import TEMPLATE_VERSION, Letter

SALT_BYTES = 32


def freeze(
    *,
    letter: Letter,
    referral: Mapping[str, Any],
    groups: Sequence[str],
    consent_ids: Sequence[str],
    checks: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """The document of a snapshot: what is disclosed, to whom, by which versions and consents, under a fresh salt.

    The salt keeps a digest, which is printed, from confirming a guess of what the letter says.
    """
    return {
        "salt": secrets.token_hex(SALT_BYTES),
        "letter": letter.to_document(),
        "partner_id": referral["partner_id"],
        "recipient_class": referral["recipient_class"],
        "matrix": catalogue.matrix().version,
        "catalogue": catalogue.RELEASE,
        "template": TEMPLATE_VERSION,
        "language": letter.language,
        "consent_ids": sorted(consent_ids),
        "groups": list(groups),
        "checks": [dict(check) for check in checks],
    }


def digest(document: Mapping[str, Any]) -> bytes:
    """SHA-256 over the canonical JSON (UTF-8, sorted keys, no spaces) of the whole document."""
    return sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).digest()
