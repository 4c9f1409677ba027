"""A gallery of every piece of the look, in both languages: tests render it, and people look at it.

`python -m tests.web.gallery` serves it on http://127.0.0.1:8077 (pages: /pieces, /form, /door, /error/404).
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import segno
from flask import Flask, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader

from caseflow.core import catalogue, words
from caseflow.web import filters, headers
from caseflow.web.forms import CaseForm, CodeField, FileField, PasswordField, YesNoField, form_for
from caseflow.web.paging import Page

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 17, 9, 5, tzinfo=UTC)
# Fictional, as everything here.
WORDS = json.loads((Path(__file__).parent / "words.json").read_text("utf-8"))
NAV = {"en": ("Home", "Cases", "Referrals", "Partners", "Search"), "ur": ("سرِورق", "کیس", "ریفرل", "شراکت دار", "تلاش")}
ICONS = ("home", "folder", "send", "building", "search")


class DoorForm(CaseForm):
    """The kinds of question that no record has."""

    word = PasswordField("Password", hint="At least 12 characters", needed="Write your password")
    code = CodeField("Six-digit code")
    paper = FileField("A document")
    sure = YesNoField("Are you sure?")


def sections_of_form() -> list:
    """Sections of the real catalogue that show every kind of question."""
    wanted = (
        ("screening", "contact"),
        ("screening", "room"),
        ("screening", "consent"),
        ("screening", "danger"),
        ("screening", "person"),
    )
    books = catalogue.load()
    return [books.kind(kind).section(code) for kind, code in wanted] + list(books.kind("identity").sections)


def make_app() -> Flask:
    """An application with the look and nothing behind it."""
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "caseflow/web/static"))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), FileSystemLoader(Path(__file__).parent)])
    app.config.update(SECRET_KEY="gallery", MAX_FORM_MEMORY_SIZE=16 * 2**20)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    headers.init_app(app, https=False)
    filters.init_app(app)
    app.before_request(lambda: words.set_language(request.args.get("language")))
    app.context_processor(_known)
    app.add_url_rule("/pieces", "pieces", _pieces)
    app.add_url_rule("/form", "form", _form, methods=["GET", "POST"])
    app.add_url_rule("/door", "door", _door, methods=["GET", "POST"])
    app.add_url_rule(
        "/error/<page>", "error", lambda page: (render_template(f"errors/{page}.html", reference="a1b2c3d4"), 400)
    )
    return app


def _known() -> dict:
    nav = [
        {"label": label, "url": "#", "icon": icon, "current": icon == "folder"}
        for label, icon in zip(NAV[words.language()], ICONS, strict=True)
    ]
    account = {"label": "Sana Tariq", "url": "#"}
    return {
        "nav": nav,
        "account": account,
        "demo": True,
        "signed_in": True,
        "office": "Chenab Protection Office",
        "w": WORDS[words.language()],
    }


def _pieces() -> str:
    return render_template(
        "pieces.html",
        now=NOW,
        moment=NOW - timedelta(hours=4),
        soon=NOW + timedelta(minutes=35),
        page=Page(items=[], next_url="#", first_url="#"),
        hostile="<b>bold</b> \u202eesrever\u202c {{ 7 * 7 }}\nسطر",
        picture=segno.make("otpauth://totp/fictional?secret=ABCDEFGH").svg_data_uri(),
    )


def _door() -> str:
    form = DoorForm()
    if request.method == "POST":
        form.validate()
    return render_template("form.html", form=form)


def _form() -> tuple[str, int]:
    form_class = form_for(sections_of_form(), language=words.language(), data={})
    form = form_class(data={"gender": "feminine", "citizenship": ["PK"]}) if request.method == "GET" else form_class()
    wrong = request.method == "POST" and not form.validate()
    return render_template("form.html", form=form), 422 if wrong else 200
