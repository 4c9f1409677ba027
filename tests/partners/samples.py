"""Fictional partners."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)


def partner_data(**changed):
    """A well-formed entry, with some answers changed."""
    return {
        "name_en": "Fictional Women's Clinic",
        "name_ur": "فرضی کلینک",
        "organisation_type": "health",
        "recipient_class": "L4_health",
        "services": ["health"],
        "channels": ["sealed_paper"],
        "phone": "042 99200000",
        **changed,
    }
