"""Serves the gallery, for people who look at it."""

from tests.web.gallery import make_app

make_app().run(port=8077)
