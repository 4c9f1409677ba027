"""Referrals by queue, with their clocks; and the letter register of the organisation."""

from flask import render_template, request

from caseflow.core.errors import NotFound
from caseflow.core.policy import Action, permits
from caseflow.core.words import N_
from caseflow.referrals import queries
from caseflow.referrals.views import showing
from caseflow.referrals.views.base import Answer, blueprint, note_broken
from caseflow.web import paging
from caseflow.web.guards import current_actor, request_time, requires

QUEUES = {
    "waiting": N_("Waiting for approval"),
    "mine": N_("Mine, still open"),
    "sent": N_("Sent, no answer yet"),
    "answered": N_("Answered"),
    "done": N_("Done"),
}
EMPTY = {
    "waiting": N_("Nothing waits for approval."),
    "mine": N_("You have no open referral. A referral starts on the page of a case."),
    "sent": N_("No letter waits for an answer."),
    "answered": N_("No referral is under way at a partner."),
    "done": N_("No referral has ended yet."),
}
REGISTER_ROWS = 25


@blueprint.get("/referrals/")
@requires(Action.Referral.LIST)
def index() -> Answer:
    """One queue of referrals: what is due first where a clock runs, else what changed last."""
    queue = request.args.get("queue", "mine")
    if queue not in QUEUES:
        raise NotFound()
    rows = queries.list_referrals(current_actor(), queue=queue, after=paging.after_moment(), limit=paging.PAGE_SIZE + 1)
    page = paging.page_of(rows, key=lambda row: (row.key[0].isoformat(), str(row.key[1])))
    note_broken(page.items)
    looks = {
        row.id: (showing.state_look(row), showing.clock(row, request_time()), showing.outcome(row))
        for row in page.items
    }
    return render_template(
        "referrals/list.html", page=page, queue=queue, queues=QUEUES, nothing=EMPTY[queue], looks=looks
    )


@blueprint.get("/referrals/register")
@requires(Action.Referral.LIST)
def register() -> Answer:
    """The letter register: numbers without gaps; cancelled ones stay listed."""
    actor, key = current_actor(), paging.after(length=2)
    rows = queries.register_of(actor.organisation_id)
    if key:
        rows = [row for row in rows if (row.year, row.seq) < key]
    page = paging.page_of(rows[: REGISTER_ROWS + 1], key=lambda row: (row.year, row.seq), size=REGISTER_ROWS)
    readable = {row.number for row in page.items if permits(actor, Action.Referral.READ, row)}
    return render_template("referrals/register.html", page=page, readable=readable)
