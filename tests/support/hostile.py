"""What people paste and attackers type: every form answers in words, or shows it as plain text; never a 500."""

HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE partner; --",
    "{{ 7 * 7 }}{% raw %}",
    "a\x00b\x1b[31m",
    "\u202eevil\u202c \u2066x\u2069",
    "😀🧿" * 40,
    "۳۵۲۰۲-۱۲۳۴۵۶۷-۱",
    "\ufffe\uffff",
    "../../etc/passwd",
    "x" * 1_000_000,
    "9" * 400,
    "\r\n\r\nSet-Cookie: a=b",
]
