"""The WSGI entry for a web server of one's own: `gunicorn wsgi:app`. `caseflow serve` does not need it."""

import os

from caseflow import create_app
from config import Config

app = create_app(Config.from_environ(os.environ))
