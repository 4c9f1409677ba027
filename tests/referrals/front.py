"""The front door for tests of referral pages: people in their browsers, on a clock that the test sets."""

from contextlib import contextmanager

from caseflow.core import vault
from caseflow.referrals import queries
from tests.referrals.factories import START, Referrals
from tests.support.browser import Browser


class Office:
    """Staff with a browser each, and the services to bring a referral somewhere before the pages are asked."""

    def __init__(self, app, people, monkeypatch):
        self.app, self.people, self.now = app, people, START
        self.browsers = {}
        monkeypatch.setattr("caseflow.core.clock.now", lambda: self.now)

    @contextmanager
    def inside(self):
        """A context of its own, closed before the next request."""
        with self.app.app_context():
            yield

    def as_(self, key):
        """The browser of a person, signed in with the second factor shown just now."""
        if key not in self.browsers:
            client = self.app.test_client()
            with self.inside():
                client.set_cookie("cf", self.people.token(key, now=self.now))
            self.browsers[key] = Browser(client)
        return self.browsers[key]

    def made(self, recipient_class="L4_legal", **options):
        """A case with a partner and, by default, the consent."""
        with self.inside():
            return Referrals(self.people, recipient_class, **options)

    def at(self, made, state, **changed):
        """A referral in a state, by id."""
        with self.inside():
            return made.drafted(**changed) if changed else made.at(state)

    def state(self, referral_id):
        """The stored state."""
        with self.inside():
            return queries.get_referral(referral_id).state

    def doc(self, referral_id):
        """The opened document."""
        with self.inside():
            return vault.read(queries.get_referral(referral_id))

    def work(self):
        """What the worker does now."""
        with self.inside():
            return self.app.extensions["caseflow"].outbox.run_due(clock=lambda: self.now)
