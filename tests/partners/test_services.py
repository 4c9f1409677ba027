"""The directory: seeded once, checked whole, never an address of a shelter, agreements with a visible state."""

from datetime import UTC, date, datetime

import pytest

from caseflow.core import catalogue, vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, StaleVersion, TooLate
from caseflow.core.trail.verify import verify
from caseflow.core.words import speaking
from caseflow.partners import queries, services
from caseflow.partners.models import Partner
from tests.partners.samples import NOW, partner_data

pytestmark = pytest.mark.both_databases


@pytest.fixture
def seeded(app):
    with writing():
        services.seed_directory(now=NOW)


def by_code(code):
    return next(view for view in queries.all_active() if view.code == code)


class TestSeed:
    def test_every_row_of_the_list_is_there_once(self, seeded):
        with writing():
            assert services.seed_directory(now=NOW) == []
        codes = [view.code for view in queries.all_active()]
        assert sorted(codes) == sorted(catalogue.load().list("organisation_pk").codes)

    def test_a_second_run_adds_what_is_missing_and_overwrites_nothing(self, seeded, people):
        edhi = by_code("edhi")
        with writing():
            services.update_partner(
                actor=people.actor("supervisor"), partner_id=edhi.id, rv=edhi.rv, now=NOW,
                data=partner_data(name_en="Corrected here", recipient_class="L4_shelter"),
            )  # fmt: skip
        with writing():
            assert services.seed_directory(now=NOW) == []
        assert by_code("edhi").doc["name_en"] == "Corrected here"

    def test_help_lines_stand_only_where_the_label_names_them(self, seeded):
        named = {view.code: view.doc["phone"] for view in queries.all_active() if view.doc["phone"]}
        assert named == {"mohr": "1099", "cpi_ict": "1121", "cpwb_punjab": "1121", "swd_punjab": "1737"}

    def test_who_can_be_referred_to_offers_something_and_can_be_reached(self, seeded):
        for view in queries.all_active():
            assert bool(view.doc["services"]) is bool(view.doc["channels"]) is not view.statistics_only, view.code

    @pytest.mark.parametrize(
        ("code", "service"),
        [("dar_ul_aman", "safe_shelter"), ("medico_legal", "forensic"), ("police_provincial", "police"),
         ("nadra", "documents"), ("iom_pk", "return"), ("unhcr_pk", "asylum"), ("dlaf", "legal"), ("sahil", "mhpss")],
    )  # fmt: skip
    def test_services_follow_class_and_role(self, seeded, code, service):
        assert service in by_code(code).doc["services"]

    def test_no_seeded_partner_has_an_address(self, seeded):
        assert not any(view.doc["address"] for view in queries.all_active())


class TestWrite:
    def test_a_supervisor_adds_a_partner_and_the_trail_says_so(self, app, people):
        partner_id = new_id()
        with writing():
            services.create_partner(
                actor=people.actor("supervisor"), partner_id=partner_id, data=partner_data(), now=NOW
            )
        assert queries.view_of(queries.get_partner(partner_id)).name == "Fictional Women's Clinic"
        assert verify().whole

    def test_the_same_id_again_gives_the_first_result(self, app, people):
        partner_id, actor = new_id(), people.actor("protection")
        for name in ("First", "Second"):
            with writing():
                services.create_partner(actor=actor, partner_id=partner_id, data=partner_data(name_en=name), now=NOW)
        assert [view.name for view in queries.all_active()] == ["First"]

    @pytest.mark.parametrize("key", ["worker", "auditor", "admin"])
    def test_who_does_not_keep_the_directory_is_refused(self, app, people, key):
        with pytest.raises((NotAllowed, NotFound)), writing():
            services.create_partner(actor=people.actor(key), data=partner_data(), now=NOW)

    @pytest.mark.parametrize(
        "shelter",
        [{"recipient_class": "L4_shelter"}, {"organisation_type": "shelter"}, {"services": ["safe_shelter", "legal"]}],
    )
    def test_the_address_of_a_shelter_is_refused_in_words(self, app, people, shelter):
        with pytest.raises(Invalid) as refused, writing():
            services.create_partner(
                actor=people.actor("supervisor"), data=partner_data(address="12 Some Road", **shelter), now=NOW
            )
        assert "written nowhere" in refused.value.problems["address"][0]
        assert session().query(Partner).count() == 0

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name_en": ""}, "name_en"), ({"recipient_class": "L9"}, "recipient_class"),
            ({"services": ["nothing"]}, "services"), ({"serves": ["cats"]}, "serves"), ({"level": "moon"}, "level"),
            ({"phone": "12ab"}, "phone"), ({"email": "nobody"}, "email"), ({"name_ur": "x" * 201}, "name_ur"),
            ({"role_note": "a\x00b"}, "role_note"), ({"hours": "\u202egnp"}, "hours"),
            ({"agreement_until": "2026-01-01"}, "agreement_since"),
            ({"agreement_since": "2026-02-01", "agreement_until": "2026-01-01"}, "agreement_until"),
            ({"verified_on": "2027-01-01"}, "verified_on"),
        ],
    )  # fmt: skip
    def test_ill_formed_answers_are_named(self, app, people, wrong, field):
        with pytest.raises(Invalid) as refused, writing():
            services.create_partner(actor=people.actor("supervisor"), data=partner_data(**wrong), now=NOW)
        assert set(refused.value.problems) == {field}

    def test_a_stale_edit_is_refused(self, app, people):
        actor = people.actor("supervisor")
        with writing():
            made = services.create_partner(actor=actor, data=partner_data(), now=NOW)
        partner_id = made.id
        with writing():
            services.update_partner(actor=actor, partner_id=partner_id, rv=1, data=partner_data(hours="9-5"), now=NOW)
        with pytest.raises(StaleVersion), writing():
            services.update_partner(actor=actor, partner_id=partner_id, rv=1, data=partner_data(), now=NOW)
        assert queries.view_of(queries.get_partner(partner_id)).doc["hours"] == "9-5"

    def test_a_retired_partner_is_kept_but_not_offered(self, app, people):
        actor = people.actor("supervisor")
        with writing():
            partner_id = services.create_partner(actor=actor, data=partner_data(), now=NOW).id
        with writing():
            services.retire_partner(actor=actor, partner_id=partner_id, now=NOW)
        assert queries.all_active() == []
        assert queries.names([partner_id]) == {partner_id: "Fictional Women's Clinic"}
        with pytest.raises(TooLate), writing():
            services.retire_partner(actor=actor, partner_id=partner_id, now=NOW)


class TestRead:
    def test_an_unknown_partner_is_not_found(self, app):
        with pytest.raises(NotFound):
            queries.get_partner(new_id())

    def test_filters_narrow_and_the_whole_country_is_found_in_every_province(self, seeded):
        found = queries.directory(recipient_class="L3_child", province="PK-PB")
        assert {view.code for view in found} == {"zarra", "cpwb_punjab"}
        assert {view.code for view in queries.directory(text="edhi")} == {"edhi"}
        assert {view.code for view in queries.directory(text="سندھ اتھارٹی")} == {"scpa_sindh"}
        assert all("legal" in view.doc["services"] for view in queries.directory(service="legal"))
        assert queries.directory(text="no such partner anywhere") == []

    def test_pages_join_up_to_the_whole_list(self, seeded):
        whole, seen, last = queries.directory(), [], None
        while rest := queries.page_after(whole, last)[:7]:
            seen += rest
            last = rest[-1].id
        assert [view.id for view in seen] == [view.id for view in whole]

    def test_names_follow_the_language_and_fall_back_to_english(self, seeded):
        with speaking("ur"):
            assert by_code("edhi").name == "ایدھی فاؤنڈیشن"
            assert queries.PartnerView(new_id(), None, "active", 1, {"name_en": "Only", "name_ur": ""}).name == "Only"

    def test_a_row_that_does_not_open_stays_in_the_list_and_kills_nothing(self, seeded):
        with writing():
            row = session().get(Partner, by_code("edhi").id)
            row.sealed = bytes(row.sealed[:-1]) + bytes([row.sealed[-1] ^ 1])
            row.rv += 0
        listed = queries.directory(text="no such partner anywhere")
        assert [bool(view.broken) for view in listed] == [True]
        assert len(queries.all_active()) == len(catalogue.load().list("organisation_pk").codes) - 1

    @pytest.mark.parametrize(
        ("since", "until", "state"),
        [("", "", "none"), ("2026-01-01", "", "in_force"), ("2026-01-01", "2026-11-17", "in_force"),
         ("2026-01-01", "2026-11-16", "ended"), ("2026-11-18", "", "to_come")],
    )  # fmt: skip
    def test_the_agreement_has_a_visible_state(self, since, until, state):
        view = queries.PartnerView(new_id(), None, "active", 1, {"agreement_since": since, "agreement_until": until})
        assert view.agreement_state(date(2026, 11, 17)) == state
        assert view.agreement_in_force(date(2026, 11, 17)) is (state == "in_force")


def test_a_partner_is_sealed_and_names_stand_nowhere_in_clear(app, people):
    with writing():
        made = services.create_partner(actor=people.actor("supervisor"), data=partner_data(), now=NOW)
    assert b"Clinic" not in bytes(made.sealed)
    assert vault.read(made)["name_en"] == "Fictional Women's Clinic"
    assert datetime(2026, 11, 17, 9, tzinfo=UTC) == NOW
