"""Lists of groups as people paste them. Everybody is fictional."""

import re
from uuid import uuid4

from tests.cases import pages
from tests.support.http import post

COMMON = {
    "contact_date": "2026-11-02", "contact_time": "04:30", "contact_channel": "in_person",
    "contact_place": "border_airport", "contact_district": "PK-PB-LAHORE", "persons_present": ["officer"],
    "private": "no", "free_to_leave": "police", "group_size": "12", "primary_language": "ps", "case_type": "som",
}  # fmt: skip
HEAD = "Mark\tSex\tAge\tCitizenship\tLanguage\tChild with\tConsent talk\tConsent record\tUrgent need"
HEAD_UR = "نشان\tجنس\tعمر\tشہریت\tزبان\tکس کے ساتھ\tبات\tریکارڈ\tفوری ضرورت"
GOOD = "A{n}\tfemale\t{age}\tPakistan\tUrdu\t\tyes\tyes\t"
GOOD_UR = "A{n}\tعورت\t{age}\tپاکستان\tاردو\t\tہاں\tہاں\t"
WRONG = "B{n}\tfemmale\t{age}\tPakistan\tUrdu\t\tyes\tyes\t"
NAMES = ("Age", "Gender", "Citizenship")


def table(good, wrong=0, declined=0, *, head=HEAD, line=GOOD):
    """A pasted table: its good lines, lines with a wrong cell, and lines that want no record."""
    rows = [line.format(n=n, age=18 + n) for n in range(good)]
    rows += [WRONG.format(n=n, age=30 + n) for n in range(wrong)]
    rows += [f"C{n}\tm\t{40 + n}\tAF\tps\t\tyes\tno\t" for n in range(declined)]
    return "\n".join([head, *rows])


def started(client, **changed):
    """A list whose common answers are kept; its address."""
    address = f"/groups/{uuid4()}"
    answer = post(client, address, pages.typed({**COMMON, **changed}), page="/search")
    assert answer.status_code == 303, answer.text
    return address


def paste(client, address, text, **more):
    """Paste lines; the answer."""
    page = client.get(f"{address}/lines").text
    sent = {name: pages.hidden(page, name) for name in ("csrf_token", "paste_id")}
    return client.post(f"{address}/lines", data={**sent, "paste": text, **more})


def check(client, address, then, **cells):
    """Post the page of lines as it stands, with changed cells; the answer."""
    page = client.get(f"{address}/check").text
    return client.post(f"{address}/check", data={**controls(page), **cells, "then": then})


def controls(page):
    """What a browser would post from the page of lines."""
    found = {"csrf_token": pages.hidden(page, "csrf_token")}
    for name, value in re.findall(r'<input class="form-control"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page):
        found[name] = value
    for name, inside in re.findall(r'<select class="form-select"[^>]*name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen.group(1) if chosen else ""
    return found


def wrong_cells(page):
    """The names of the cells with a message."""
    return re.findall(r'id="([0-9a-f]{10}-[a-z_]+)"[^>]*aria-invalid="true"', page)
