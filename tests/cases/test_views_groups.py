"""A group list through the front door: common answers, a pasted table with errors, the check page, the cases."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from caseflow.cases.models import Case, ContactCount
from caseflow.cases.queries import data_of, record_of
from caseflow.core.db import session
from tests.cases import groups, pages
from tests.support.http import TOKEN, post


@pytest.fixture
def worker(browser_of):
    return browser_of("worker")


def in_urdu(client):
    post(client, "/language", {"language": "ur", "next": "/"})


def rows_in(app, model):
    with app.app_context():
        return session().scalar(select(func.count()).select_from(model))


def line_count(page):
    return len(re.findall(r'name="[0-9a-f]{10}-off"', page))


JOURNEY = {
    "en": (groups.HEAD, groups.GOOD, ("2 lines need another look", "10 lines are right"), "12 cases were made"),
    "ur": (groups.HEAD_UR, groups.GOOD_UR, ("2 لائنیں", "10 لائنیں"), "12 کیس"),
}


@pytest.mark.parametrize("language", JOURNEY)
def test_a_group_of_12_from_a_pasted_list_with_errors(bare_app, worker, language):
    head, line, said, made = JOURNEY[language]
    if language == "ur":
        in_urdu(worker)
    assert "/groups/" in worker.get("/cases/new").text
    address = groups.started(worker)
    answer = groups.paste(worker, address, groups.table(10, wrong=2, head=head, line=line))
    assert answer.headers["Location"] == f"{address}/check"
    page = worker.get(f"{address}/check").text
    assert all(words in page for words in said)
    wrong = groups.wrong_cells(page)
    assert [name.split("-")[1] for name in wrong] == ["gender", "gender"]
    assert 'value="femmale" selected' in page
    # Those that are right are not kept waiting; the others are mended and follow.
    assert groups.check(worker, address, "make").headers["Location"] == f"{address}/done"
    assert rows_in(bare_app, Case) == 10
    mended = dict.fromkeys(wrong, "feminine")
    groups.check(worker, address, "check", **mended)
    groups.check(worker, address, "make")
    page = worker.get(f"{address}/done").text
    assert made in page
    cases = re.findall(r'href="(/cases/[0-9a-f-]{36})"', page)
    assert len(set(cases)) == 12
    case = worker.get(cases[-1]).text
    assert ("a group of 12" if language == "en" else "12 افراد") in case
    assert "A0" not in case


def test_53_good_lines_of_60_are_not_lost(bare_app, worker):
    address = groups.started(worker, group_size=None)
    groups.paste(worker, address, groups.table(53, wrong=7))
    page = worker.get(f"{address}/check").text
    assert "7 lines need another look" in page and "Make 53 cases" in page
    groups.check(worker, address, "make")
    assert rows_in(bare_app, Case) == 53
    page = worker.get(f"{address}/check").text
    assert line_count(page) == 7
    assert (
        "a group of 60"
        in worker.get(re.findall(r'href="(/cases/[0-9a-f-]{36})"', worker.get(f"{address}/done").text)[0]).text
    )


class TestColumns:
    """Lines without a head row: nobody guesses alone which column is which."""

    NAMES = "\n".join(f"A{n}\tFictional Canary {n}\tfemale\t{20 + n}\tPakistan\tUrdu\tyes\tyes" for n in range(3))

    def test_they_are_asked_about_before_anything_is_kept(self, worker):
        address = groups.started(worker)
        answer = groups.paste(worker, address, self.NAMES)
        assert answer.status_code == 200 and "Which column is which?" in answer.text
        chosen = groups.controls(answer.text)
        assert [chosen[f"column-{n}"] for n in range(8)] == [
            "line_label", "", "gender", "age_at_contact", "citizenship", "primary_language", "agreed_talk",
            "agreed_record",
        ]  # fmt: skip
        assert line_count(worker.get(f"{address}/check").text) == 0

    def test_what_was_confirmed_is_read_and_the_rest_is_left_out(self, bare_app, worker):
        address = groups.started(worker)
        chosen = groups.controls(groups.paste(worker, address, self.NAMES).text)
        assert groups.paste(worker, address, self.NAMES, **chosen).headers["Location"] == f"{address}/check"
        page = worker.get(f"{address}/check").text
        assert line_count(page) == 3 and "Canary" not in page and "Make 3 cases" in page

    def test_one_question_for_two_columns_comes_back(self, worker):
        address = groups.started(worker)
        chosen = groups.controls(groups.paste(worker, address, self.NAMES).text) | {"column-1": "gender"}
        answer = groups.paste(worker, address, self.NAMES, **chosen)
        assert answer.status_code == 422 and "Chosen for two columns." in answer.text
        assert "Fictional Canary 1" in answer.text
        assert line_count(worker.get(f"{address}/check").text) == 0

    def test_53_good_lines_of_60_are_not_lost_without_a_head(self, worker):
        address, text = groups.started(worker), groups.table(53, wrong=7).partition("\n")[2]
        chosen = groups.controls(groups.paste(worker, address, text).text)
        groups.paste(worker, address, text, **chosen)
        page = worker.get(f"{address}/check").text
        assert "7 lines need another look" in page and "Make 53 cases" in page

    def test_a_column_that_is_none_is_left_out(self, worker):
        address = groups.started(worker)
        chosen = groups.controls(groups.paste(worker, address, self.NAMES).text) | {"column-2": "no_such_code"}
        assert groups.paste(worker, address, self.NAMES, **chosen).status_code == 303


class TestRoute:
    """What all came by is written once, and stands in the record of each who agreed to one."""

    ROUTE = "iran_turkiye_greece"

    def made(self, worker, **common):
        address = groups.started(worker, route=[self.ROUTE], **common)
        groups.paste(worker, address, groups.table(2, declined=1))
        groups.check(worker, address, "make")
        return re.findall(r'href="/cases/([0-9a-f-]{36})"', worker.get(f"{address}/done").text)

    def test_it_is_asked_with_the_type_of_case_alone(self, worker):
        page = worker.get(f"/groups/{uuid4()}").text
        assert 'name="route"' in page and "Pakistan - Iran" in page

    def test_it_stands_in_the_record_of_each(self, bare_app, worker):
        cases = set(self.made(worker))
        assert len(cases) == 2
        with bare_app.app_context():
            kept = [data_of(UUID(one), "smuggling") for one in cases]
        assert kept == [{"route": [self.ROUTE]}] * 2

    def test_of_another_type_of_case_nothing_is_kept(self, bare_app, worker):
        cases = set(self.made(worker, case_type="tip"))
        with bare_app.app_context():
            assert [record_of(UUID(one), "smuggling") for one in cases] == [None, None]

    def test_a_route_that_is_none_is_refused(self, worker):
        answer = post(worker, f"/groups/{uuid4()}", pages.typed({**groups.COMMON, "route": ["moon"]}), page="/search")
        assert answer.status_code == 422


class TestCommon:
    def test_what_is_wrong_stays_with_its_message(self, worker):
        address = f"/groups/{uuid4()}"
        answer = post(worker, address, pages.typed({**groups.COMMON, "contact_date": "2999-01-01"}), page="/search")
        assert answer.status_code == 422
        assert "The year must lie between" in answer.text
        assert 'PK-PB-LAHORE" selected' in answer.text
        assert worker.get(f"{address}/lines").status_code == 404

    def test_it_can_be_left_and_found_again(self, worker):
        address = f"/groups/{uuid4()}"
        left = {**groups.COMMON, "group_size": "many", "then": "leave"}
        assert post(worker, address, pages.typed(left), page="/search").status_code == 303
        assert f'href="{address}"' in worker.get("/drafts").text
        assert 'value="many"' in worker.get(address).text
        assert worker.get(f"{address}/check").headers["Location"] == address

    def test_a_change_leaves_the_lines_alone(self, worker):
        address = groups.started(worker)
        groups.paste(worker, address, groups.table(2))
        answer = post(worker, address, pages.typed({**groups.COMMON, "group_size": "30"}), page=address)
        assert answer.headers["Location"] == f"{address}/check"
        assert line_count(worker.get(f"{address}/check").text) == 2


class TestLines:
    @pytest.mark.parametrize("text", [groups.table(500), "x" * 1_000_000, "  "])
    def test_too_much_or_nothing_is_said_and_stays_in_the_box(self, worker, text):
        address = groups.started(worker)
        answer = groups.paste(worker, address, text)
        assert answer.status_code == 422
        assert text.strip()[-200:] in answer.text
        assert line_count(worker.get(f"{address}/check").text) == 0

    def test_names_and_numbers_are_left_out_and_it_is_said(self, bare_app, worker):
        address = groups.started(worker)
        groups.paste(
            worker, address, "Name\tSex\tAge\tCNIC\tNeed\nZarmeena Fictional\tf\t24\t35202-1234567-8\tcall 03001234567"
        )
        page = worker.get(f"{address}/check").text
        assert "2 columns were left out and not kept" in page
        assert "1 long number was left out and not kept" in page
        assert not any(word in page for word in ("Zarmeena", "35202", "0300123"))

    def test_empty_ones_are_filled_in_by_hand(self, bare_app, worker):
        address = groups.started(worker)
        groups.paste(worker, address, "", empty="2")
        page = worker.get(f"{address}/check").text
        first = groups.wrong_cells(page)[0].split("-")[0]
        filled = {f"{first}-agreed_talk": "yes", f"{first}-agreed_record": "yes", f"{first}-gender": "masculine"}
        groups.check(worker, address, "add", **filled)
        assert line_count(worker.get(f"{address}/check").text) == 3
        groups.check(worker, address, "make")
        assert rows_in(bare_app, Case) == 1

    def test_hostile_cells_are_shown_as_text(self, worker):
        address = groups.started(worker)
        cells = [
            "A1",
            "<script>alert(1)</script>",
            "24",
            '"><img src=x>',
            "{{ 7*7 }}",
            "",
            "yes",
            "yes",
            "=cmd|' /C calc'!A0",
        ]
        groups.paste(worker, address, groups.HEAD + "\n" + "\t".join(cells).replace('"', ""))
        page = worker.get(f"{address}/check").text
        assert "<script>alert" not in page and "<img" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "This looks like a formula." in page

    def test_the_guide_says_what_may_stand_where(self, worker):
        page = worker.get("/groups/guide").text
        assert "Agreed to a record?" in page and "Khawaja sira" in page


class TestMaking:
    def test_a_line_without_a_yes_is_only_counted(self, bare_app, worker):
        address = groups.started(worker)
        groups.paste(worker, address, groups.table(1, declined=2))
        assert "Wants no record: only counted" in worker.get(f"{address}/check").text
        groups.check(worker, address, "make")
        assert (rows_in(bare_app, Case), rows_in(bare_app, ContactCount)) == (1, 2)
        assert "2 people wanted no record and are only counted." in worker.get(f"{address}/done").text

    def test_a_repeated_post_makes_nothing_twice(self, bare_app, worker):
        address = groups.started(worker)
        groups.paste(worker, address, groups.table(3))
        page = worker.get(f"{address}/check").text
        sent = {**groups.controls(page), "then": "make"}
        for _again in range(2):
            assert worker.post(f"{address}/check", data=sent).status_code == 303
        assert rows_in(bare_app, Case) == 3

    def test_lines_that_look_like_one_person_are_told(self, worker):
        address = groups.started(worker)
        groups.paste(worker, address, groups.HEAD + "\n" + "\n".join([groups.GOOD.format(n=1, age=24)] * 2))
        assert "the same as line 2?" in worker.get(f"{address}/check").text

    def test_a_list_is_nobody_elses(self, browser_of, worker):
        address = groups.started(worker)
        groups.paste(worker, address, groups.table(1))
        for key in ("colleague", "supervisor", "stranger"):
            other = browser_of(key)
            assert "A0" not in TOKEN.sub("", other.get(address).text)
            for step in ("lines", "check", "done"):
                assert other.get(f"{address}/{step}").status_code == 404
            assert post(other, f"{address}/check", {"then": "make"}).status_code == 404

    def test_the_list_is_put_away_and_the_cases_stay(self, bare_app, worker):
        address = groups.started(worker)
        groups.paste(worker, address, groups.table(1))
        groups.check(worker, address, "make")
        page = worker.get(f"{address}/done").text
        post(worker, re.search(r'action="(/drafts/[^"]+/discard)"', page).group(1), {}, page=f"{address}/done")
        assert worker.get(f"{address}/done").status_code == 404
        assert rows_in(bare_app, Case) == 1
