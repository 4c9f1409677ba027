"""Make the application: the one place that knows every feature, and wires the ports between them."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from caseflow.accounts import views as accounts
from caseflow.accounts.store import SessionStore
from caseflow.audit import jobs as audit_jobs
from caseflow.audit import views as audit
from caseflow.cases import jobs as case_jobs
from caseflow.cases import views as cases
from caseflow.consent import views as consent
from caseflow.consent import wiring as consent_wiring
from caseflow.core import vault
from caseflow.core.db import db, engine_options, prepare_engine, session
from caseflow.core.outbox import Outbox
from caseflow.core.vault import keyring, root
from caseflow.core.vault.keystore import KeyStore
from caseflow.core.vault.vault import Vault
from caseflow.desk import views as desk
from caseflow.operations import jobs as operation_jobs
from caseflow.operations.install import keyring_path, root_path
from caseflow.partners import views as partners
from caseflow.referrals import jobs as referral_jobs
from caseflow.referrals import views as referrals
from caseflow.referrals import wiring as referral_wiring
from caseflow.support import views as support
from caseflow.web import compress, context, filters, guards, headers, origin, refusals, sessions, static
from config import Config

TOP = Path(__file__).resolve().parent.parent
FORM_BYTES = 16 * 1024 * 1024  # a million Urdu letters are 6 MB as a form: they come back as 422, text kept


@dataclass
class House:
    """What an application carries besides Flask: settings, outbox, key store."""

    config: Config
    store: KeyStore
    outbox: Outbox = field(default_factory=Outbox)


def create_app(config: Config, *, unlock: bool = True) -> Flask:
    """The application for `config`.

    With `unlock` and the `auto` mode the vault is opened from its files; otherwise `open_vault` is called later with
    the ROOT key. Raises SetupError when keys or key store do not fit.
    """
    app = Flask("caseflow", root_path=str(TOP), template_folder="templates", static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        SECRET_KEY=b"set when the vault opens",
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=4000,
        WTF_CSRF_TIME_LIMIT=None,  # a weak network must not cost what was typed
        WTF_CSRF_SSL_STRICT=False,  # we send no referrer; Sec-Fetch-Site is checked instead
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    house = House(config, KeyStore(config.keys_url))
    app.extensions["caseflow"] = house
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    _web(app, house)
    _features(app, house)
    if unlock and config.unlock == "auto":
        open_vault(app, root.read_file(root_path(config)))
    return app


def open_vault(app: Flask, root_key: bytes) -> None:
    """Open the vault of this process with ROOT. Raises SetupError."""
    house: House = app.extensions["caseflow"]
    ring_file = keyring.RingFile(root_key, keyring_path(house.config))
    ring = ring_file.load()
    vault.install(Vault(ring, house.store, house.config.home / "files", ring_file=ring_file))
    app.config["SECRET_KEY"] = keyring.Hidden(ring.cookie)


def _web(app: Flask, house: House) -> None:
    config = house.config
    headers.init_app(app, https=config.https)
    compress.init_app(app)
    static.init_app(app, https=config.https)
    filters.init_app(app)
    origin.init_app(app)
    guards.init_app(app)
    refusals.init_app(app)
    store = SessionStore(second_factor=config.second_factor, lock_after=timedelta(minutes=config.lock_minutes))
    sessions.init_app(app, store, https=config.https)
    context.init_app(app, demo=config.demo, second_factor=config.second_factor)
    CSRFProtect(app)
    if config.https:
        # Behind a proxy all addresses would look alike, and limits by address would hit everybody together.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    manager = LoginManager(app)
    manager.session_protection = None  # it ties a session to an address, and phones change networks
    manager.request_loader(lambda _request: context.login_user())
    app.before_request(_fresh_keys)
    app.after_request(_wake_worker)


def _features(app: Flask, house: House) -> None:
    for feature in (accounts, partners, cases, consent, support, referrals, audit, desk):
        app.register_blueprint(feature.blueprint)
    for jobs in (case_jobs, referral_jobs, audit_jobs, operation_jobs):
        jobs.register(house.outbox)
    for wiring in (consent_wiring, referral_wiring):
        wiring.wire()


def _fresh_keys() -> None:
    """Drop opened keys when another process changed the key store."""
    if request.endpoint != "static":
        vault.current().refresh()


def _wake_worker(response: Response) -> Response:
    """After a post that left a job, wake the worker; the job itself was committed with the change."""
    if session().info.pop("jobs", False):
        current_app.extensions["caseflow"].outbox.wake()
    return response
