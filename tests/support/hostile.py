"""What people paste and attackers type: every form answers in words, or shows it as plain text; never a 500."""

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "sql": "'; DROP TABLE partner; --",
    "template": "{{ 7 * 7 }}{% raw %}",
    "controls": "a\x00b\x1b[31m",
    "direction": "\u202eevil\u202c \u2066x\u2069",
    "emoji": "😀🧿" * 40,
    "urdu_digits": "۳۵۲۰۲-۱۲۳۴۵۶۷-۱",
    "noncharacter": "\ufffe\uffff",
    "path": "../../etc/passwd",
    "megabyte": "x" * 1_000_000,
    "long_number": "9" * 400,
    "header": "\r\n\r\nSet-Cookie: a=b",
}
