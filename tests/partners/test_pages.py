"""The directory through the front door."""

import pytest

from caseflow.core.db import writing
from caseflow.core.words import set_language
from caseflow.partners import queries, services
from tests.partners.samples import NOW, partner_data
from tests.support.hostile import HOSTILE
from tests.support.http import post, token_of

FORM = {
    "name_en": "Fictional House", "organisation_type": "ngo", "recipient_class": "L4_service",
    "services": ["legal", "cash"], "channels": ["sealed_paper"], "agreement_since-day": "1",
    "agreement_since-month": "2", "agreement_since-year": "2026", "languages": ["ur", "ps"],
}  # fmt: skip


@pytest.fixture
def partner_id(bare_app, people):
    with bare_app.app_context(), writing():
        services.seed_directory(now=NOW)
        return services.create_partner(actor=people.actor("supervisor"), data=partner_data(), now=NOW).id


def test_the_list_needs_no_script_and_narrows_by_its_address(partner_id, browser_of):
    client = browser_of("worker")
    whole = client.get("/partners/").get_data(as_text=True)
    assert "45 partners" in whole
    assert 'rel="next"' in whole
    narrowed = client.get("/partners/?q=clinic&service=health&class=L4_health&province=").get_data(as_text=True)
    assert "1 partner<" in narrowed
    assert "Clinic" in narrowed
    assert "Edhi" not in narrowed


def test_the_next_page_goes_on_where_the_first_ended(partner_id, browser_of):
    client, url, pages = browser_of("worker"), "/partners/", []
    while url:
        page = client.get(url).get_data(as_text=True)
        pages += [line for line in page.split('href="/partners/')[1:] if line[8:9] == "-"]
        follow = page.split('rel="next" href="')
        url = follow[1].split('"')[0].replace("&amp;", "&") if len(follow) > 1 else None
    assert len({line[:36] for line in pages}) == 45


@pytest.mark.parametrize("query", ["after=xyz", "after=WyJub3QtYW4taWQiXQ", "after=" + "A" * 500])
def test_a_made_up_place_in_the_list_is_not_found(partner_id, browser_of, query):
    assert browser_of("worker").get(f"/partners/?{query}").status_code == 404


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("name", ["q", "service", "class", "province"])
def test_a_hostile_filter_gets_a_message_or_an_empty_list(partner_id, browser_of, name, hostile):
    answer = browser_of("worker").get("/partners/", query_string={name: hostile[:2000]})
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_a_statistics_partner_says_that_it_cannot_be_chosen(partner_id, browser_of, bare_app):
    with bare_app.app_context():
        ilo = next(view for view in queries.all_active() if view.code == "ilo_pk")
    page = browser_of("worker").get(f"/partners/{ilo.id}").get_data(as_text=True)
    assert "figures only" in page
    assert "cannot be chosen for a referral" in page
    assert "<title>Partner - CaseFlow</title>" in page


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_opens_in_both_languages(partner_id, browser_of, language):
    client = browser_of("supervisor")
    post(client, "/language", {"language": language, "next": "/partners/"}, page="/partners/")
    for url in ("/partners/", f"/partners/{partner_id}", f"/partners/{partner_id}/edit", "/partners/new"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.get_data(as_text=True)
    set_language("en")


def test_a_supervisor_adds_corrects_and_retires_a_partner(partner_id, browser_of):
    client = browser_of("supervisor")
    made = post(client, "/partners/new", FORM, page="/partners/new")
    assert made.status_code == 303
    shown = client.get(made.location).get_data(as_text=True)
    assert "Fictional House" in shown
    assert "Agreement in force" in shown
    edit = client.get(made.location + "/edit").get_data(as_text=True)
    assert 'value="Fictional House"' in edit
    changed = {**FORM, "rv": "1", "hours": "9 to 5"}
    assert post(client, made.location + "/edit", changed, page="/partners/new").status_code == 303
    assert "9 to 5" in client.get(made.location).get_data(as_text=True)
    assert post(client, made.location + "/retire", page=made.location).status_code == 303
    assert "no longer used" in client.get(made.location).get_data(as_text=True)
    assert post(client, made.location + "/retire", page="/partners/new").status_code == 409


def test_a_shelter_with_an_address_is_refused_beside_the_field_and_the_text_is_kept(partner_id, browser_of):
    wrong = {**FORM, "recipient_class": "L4_shelter", "address": "Fictional Road 12"}
    answer = post(browser_of("supervisor"), "/partners/new", wrong, page="/partners/new")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "written nowhere" in page
    assert "Fictional Road 12" in page


def test_a_slower_writer_loses_nothing_and_chooses(partner_id, browser_of):
    client, url = browser_of("supervisor"), f"/partners/{partner_id}/edit"
    faster = {**FORM, "name_en": "Theirs", "rv": "1"}
    assert post(client, url, faster, page="/partners/new").status_code == 303
    answer = post(client, url, {**FORM, "name_en": "Mine", "hours": "9 to 5", "rv": "1"}, page="/partners/new")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Mine" in page
    assert "Theirs" in page
    assert 'name="rv" value="2"' in page
    chosen = {**FORM, "name_en": "Mine", "hours": "9 to 5", "rv": "2", "keep-name_en": "theirs", "keep-hours": "mine"}
    assert post(client, url, chosen, page="/partners/new").status_code == 303
    shown = client.get(f"/partners/{partner_id}").get_data(as_text=True)
    assert "Theirs" in shown
    assert "9 to 5" in shown


@pytest.mark.parametrize(
    ("key", "reads", "edits"),
    [("worker", 200, 403), ("supervisor", 200, 200), ("protection", 200, 200), ("stranger", 200, 403),
     ("auditor", 403, 403), ("admin", 403, 403)],
)  # fmt: skip
def test_who_may_read_and_who_may_keep_the_directory(partner_id, browser_of, key, reads, edits):
    client = browser_of(key)
    assert client.get("/partners/").status_code == reads
    assert client.get("/partners/new").status_code == edits
    page = client.get(f"/partners/{partner_id}")
    assert page.status_code in (reads, 404)
    assert ("Take out of use" in page.get_data(as_text=True)) is (edits == 200)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_in_every_field_is_refused_or_shown_as_text(partner_id, browser_of, hostile):
    client = browser_of("supervisor")
    page = client.get("/partners/new").get_data(as_text=True)
    names = {part.split('"')[0] for part in page.split(' name="')[1:]} - {"csrf_token", "next", "language", "viewport"}
    for name in names:
        sent = {**FORM, "csrf_token": token_of(page), name: hostile}
        answer = client.post("/partners/new", data=sent)
        assert answer.status_code in (303, 422), name
        text = answer.get_data(as_text=True)
        assert "<script>alert" not in text
        if answer.status_code == 422 and name != "name_en":
            assert 'value="Fictional House"' in text, name


def test_an_unknown_partner_is_the_same_not_found(partner_id, browser_of):
    client = browser_of("supervisor")
    unknown = "/partners/00000000-0000-4000-8000-000000000000"
    assert client.get(unknown).status_code == 404
    assert client.get(unknown + "/edit").status_code == 404
