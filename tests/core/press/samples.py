"""Fictional letters and files; no person, office or number in them exists."""

from dataclasses import replace
from datetime import UTC, datetime

from caseflow.core.press.letter import Ask, Issue, Letter, Letterhead, Line, Urgency

ISSUED = datetime(2026, 11, 17, 5, 20, tzinfo=UTC)

LETTER = Letter(
    language="en",
    letterhead=Letterhead(
        name="Chenab Protection Office (fictional)",
        address="Post Box 40, Gujrat",
        phone="+92 00 0000 0000",
        email="office@chenab.example",
    ),
    urgency=Urgency(level="emergency", text="Emergency: shelter is needed within 24 hours"),
    to_organisation="Sukh Chain Shelter, Lahore",
    to_post="The Manager on duty",
    officer_post="Caseworker, protection team",
    officer_name="Sana Fictional",
    ask=Ask(
        service="Safe shelter",
        reason="No safe place to sleep from tonight.",
        request="A safe room for one woman and one small child, from tonight, for up to 30 days.",
        support_given="A first talk, and food for today.",
        hopes="A quiet room, and time to decide what comes next.",
        escort="Our caseworker brings them; please tell us where to meet.",
    ),
    lines=(
        Line(label="Code name and case", value="Blue Cedar, CF-7K4M-2QX9"),
        Line(label="Age", value="21 to 23"),
        Line(label="Gender", value="Woman"),
        Line(label="Language", value="Pashto; an interpreter is needed"),
        Line(label="Children who come along", value="One small child"),
        Line(label="Access needs", value="None"),
    ),
    consent=(
        "Consent for this sharing was given on 17 November 2026, spoken, through an interpreter, for: code name, age,"
        " gender, language, children, access needs; for shelter only, until 15 February 2027. It may be withdrawn at"
        " any time, and no service depends on it."
    ),
    refusal_reasons=(
        "No capacity / waiting list",
        "Not eligible",
        "Does not serve this person (sex, age, need)",
        "Person declined",
        "Not the right service",
        "Not enough information",
        "Safety reason",
        "Service closed",
        "Other",
    ),
    safety=(
        "Someone may look for her. Tell no caller or visitor that she is with you.",
        "Call only, between 10:00 and 12:00, and ask for the code word. Leave no message.",
    ),
)

LETTER_UR = replace(
    LETTER,
    language="ur",
    letterhead=replace(LETTER.letterhead, name="چناب دفتر تحفظ (فرضی)", address="پوسٹ بکس 40، گجرات"),
    urgency=Urgency(level="emergency", text="ہنگامی: 24 گھنٹے میں پناہ درکار ہے"),
    to_organisation="سکھ چین پناہ گاہ، لاہور",
    to_post="ڈیوٹی پر موجود منتظم",
    officer_post="کیس ورکر، تحفظ ٹیم",
    ask=Ask(
        service="محفوظ پناہ",
        reason="آج رات سونے کی کوئی محفوظ جگہ نہیں۔",
        request="ایک خاتون اور ایک چھوٹے بچے کے لیے محفوظ کمرہ، آج رات سے، زیادہ سے زیادہ 30 دن۔",
        support_given="پہلی گفتگو، اور آج کا کھانا۔",
        hopes="ایک پرسکون کمرہ اور سوچنے کا وقت۔",
        escort="ہمارا کیس ورکر ساتھ آئے گا؛ ملنے کی جگہ بتائیں۔",
    ),
    lines=(
        Line(label="کوڈ نام اور کیس", value="نیلا دیودار، CF-7K4M-2QX9"),
        Line(label="عمر", value="21 تا 23 سال"),
        Line(label="صنف", value="خاتون"),
        Line(label="زبان", value="پشتو؛ ترجمان درکار ہے"),
        Line(label="ساتھ آنے والے بچے", value="ایک چھوٹا بچہ"),
    ),
    consent=(
        "اس اشتراک کی رضامندی 17 نومبر 2026 کو ترجمان کے ذریعے زبانی دی گئی، صرف پناہ کے لیے، 15 فروری 2027 تک۔"
        " رضامندی کسی بھی وقت واپس لی جا سکتی ہے اور کوئی خدمت اس پر منحصر نہیں۔"
    ),
    refusal_reasons=("گنجائش نہیں", "اہل نہیں", "متعلقہ فرد نے انکار کیا", "معلومات ناکافی", "دیگر"),
    safety=(
        "کوئی انہیں تلاش کر سکتا ہے۔ کسی کو نہ بتائیں کہ وہ آپ کے پاس ہیں۔",
        "صرف فون کریں، 10:00 سے 12:00 کے درمیان۔ پیغام نہ چھوڑیں۔",
    ),
)

ISSUE = Issue(
    number="R-5T2N-8W",
    check_code="H7QD",
    issued_at=ISSUED,
    answer_by=datetime(2026, 11, 17, 7, 20, tzinfo=UTC),
    snapshot_hash="4be790a2c15d83f6" + "0" * 48,
    approver_post="Supervisor, protection team",
    approved_at=datetime(2026, 11, 17, 5, 15, tzinfo=UTC),
)
