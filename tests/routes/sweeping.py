"""Send every kind of bad input to a form, and judge the answers."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from tests.support.browser import NS, _option, _values
from tests.support.hostile import HOSTILE

RAW = {"surrogate": "%ED%A0%80x%ED%BF%BF", "half_utf8": "%C3(%E2%82", "overlong": "%C0%AF"}
VALUES = HOSTILE | {"template": "{{ 1234567 * 3 }}{% raw %}", **{name: f"raw:{name}" for name in RAW}}
SHORT = {name: value for name, value in VALUES.items() if name != "megabyte"}
WRONG_CODES = ("no_such_code", "<script>alert(1)</script>", "9" * 400, "\x00", "raw:surrogate")
NEVER_SHOWN = ("<script>alert(1)", "3703701", "Traceback (most recent", "sqlalchemy", "jinja2", "werkzeug")
# What a person would write, by the name of the field; everything else gets a number that is a word as well.
SENSIBLE = {
    "email": "post@office.example", "phone": "+923001112223", "happened_at": "10:30",
    "password": "vier bunte Steine am Ufer", "again": "vier bunte Steine am Ufer", "ends_on-month": "12",
    "valid_until-month": "12", "agreement_until-year": "2027", "cnic": "35202-1234567-1", "contact_time": "10:30",
    "hours": "9 to 5", "passport_number": "QX7654321", "languages": "en", "address": "", "sign_in": "somebody.new",
    "organisation_type": "ngo",
    "recipient_class": "L4_legal", "basis": "informed",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One control of a form, or all that share a name."""

    name: str
    kind: str  # text | password | hidden | choice | button
    options: tuple[str, ...] = ()


@dataclass
class Form:
    """A form of a page as somebody met it."""

    who: str
    page: str
    action: str
    method: str
    fields: dict[str, Field]
    values: dict[str, list[str]]

    @property
    def key(self):
        """What makes two forms the same for us: where they go and what they ask."""
        return self.method, self.action.split("?")[0], frozenset(self.fields)

    def names(self, *kinds):
        return [field.name for field in self.fields.values() if field.kind in kinds]


def forms_of(page, who):
    """The forms of a parsed page, each as it stands and then filled in as sensibly as a machine can."""
    for node in page.forms():
        fields = _fields(node)
        values = {name: list(given) for name, given in _values(node).items() if name in fields}
        if _all_buttons_named(node):
            values |= {name: [field.options[0]] for name, field in fields.items() if field.kind == "button"}
        action = node.get("action") or page.url
        yield Form(who, page.url, action, (node.get("method") or "get").upper(), fields, values)


def filled(form, known):
    """The form with something in every empty field; `known` are answers that only the scene can give."""
    empty = [field for field in form.fields.values() if field.kind in ("text", "password", "choice")]
    blank = [field for field in empty if not any(form.values.get(field.name, ()))]
    values = form.values | {one.name: [known.get(one.name) or _plausible(one)] for one in blank}
    return replace(form, values=values)


def _all_buttons_named(form):
    buttons = [one for one in form.iter(f"{NS}button") if one.get("type", "submit") == "submit"]
    return bool(buttons) and all(one.get("name") for one in buttons)


def _fields(form):
    found = {}
    for node in form.iter():
        if isinstance(node.tag, str) and node.get("name") and "disabled" not in node.attrib:
            field = _field(node)
            known = found.get(field.name)
            options = (*(known.options if known else ()), *field.options)
            found[field.name] = Field(field.name, field.kind, options)
    found.pop("csrf_token", None)
    return found


def _field(node):
    tag, kind = node.tag.removeprefix(NS), node.get("type", "text")
    if tag == "select":
        return Field(node.get("name"), "choice", tuple(_option(one) for one in node.iter(f"{NS}option")))
    if tag == "button" or kind == "submit":
        return Field(node.get("name"), "button", (node.get("value", ""),))
    if kind in ("radio", "checkbox"):
        return Field(node.get("name"), "choice", (node.get("value", "on"),))
    if kind == "hidden":
        return Field(node.get("name"), "hidden")
    return Field(node.get("name"), "password" if kind == "password" else "text")


def _plausible(field):
    if field.name in SENSIBLE and (not field.options or SENSIBLE[field.name] in field.options):
        return SENSIBLE[field.name]
    if field.kind == "choice":
        return next((one for one in field.options if one), "")
    parts = {"-day": "12", "-month": "10", "-year": "2026"}
    return next((value for end, value in parts.items() if field.name.endswith(end)), "12")


def body(values, token):
    """A form as bytes; values marked `raw:` stand for bytes that are no text."""
    pairs = [("csrf_token", token), *((name, one) for name, given in values.items() for one in given)]
    sent = urlencode(pairs)
    for name, piece in RAW.items():
        sent = sent.replace(quote(f"raw:{name}"), piece)
    return sent


def of_the_whole(form):
    """(what is wrong, values): the whole form at once."""
    texts = form.names("text", "password")
    yield "as it stands", form.values
    for name, value in SHORT.items() if texts else ():
        yield f"all {name}", form.values | {key: [value] for key in texts}
    for field in form.names("button"):
        for code in (*form.fields[field].options, "no_such_code"):
            yield f"button {code}", form.values | {key: [SHORT["script"]] for key in texts} | {field: [code]}
    yield "nothing", {}
    yield "all empty", {key: [""] for key in form.fields}
    yield "all missing but texts", {name: form.values.get(name, [""]) for name in texts}
    yield "all twice", {name: [*given, *given, "no_such_code"] for name, given in form.values.items()}
    yield "wrong first, then right", {name: [SHORT["script"], *given] for name, given in form.values.items()}
    yield "strangers", form.values | {"id": ["1"], "role": ["administrator"], "<b>": ["x"], "raw:surrogate": ["x"]}


def one_by_one(form):
    """(what is wrong, values): one field after the other, the rest as it was."""
    texts, turning = form.names("text", "password"), list(SHORT)
    for place, field in enumerate(texts):
        name = turning[place % len(turning)]
        yield f"{field} {name}", form.values | {field: [SHORT[name]]}
    for field in dict.fromkeys(texts[:2] + texts[-1:]):
        yield f"{field} megabyte", form.values | {field: [VALUES["megabyte"]]}
    for place, field in enumerate(form.names("choice")):
        yield f"{field} wrong", form.values | {field: [WRONG_CODES[place % len(WRONG_CODES)]]}
    for field in form.names("hidden"):
        for code in WRONG_CODES:
            yield f"{field} wrong {code[:8]!r}", form.values | {field: [code]}
        yield f"{field} missing", {name: value for name, value in form.values.items() if name != field}


def faults(answer):
    """What is wrong with an answer, whatever was asked."""
    text = answer.get_data(as_text=True) if "html" in (answer.content_type or "") else ""
    found = [f"{answer.status_code}"] if answer.status_code >= 500 else []
    found += [f"shows {one!r}" for one in NEVER_SHOWN if one in text]
    found += ["sets a cookie" for one in answer.headers.getlist("Set-Cookie") if one.startswith("a=b")]
    place = urlsplit(answer.headers.get("Location", ""))
    found += ["leads away"] if place.netloc not in ("", "localhost") else []
    return found
