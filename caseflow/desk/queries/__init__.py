"""Reads that combine features: the case page, search, and the home of each role."""

from caseflow.desk.queries.administrator import administrator_home
from caseflow.desk.queries.auditor import auditor_home
from caseflow.desk.queries.case import Told, line_of_case
from caseflow.desk.queries.caseworker import caseworker_home
from caseflow.desk.queries.protection import protection_home
from caseflow.desk.queries.search import keys_of, search
from caseflow.desk.queries.supervisor import supervisor_home

__all__ = [
    "Told",
    "administrator_home",
    "auditor_home",
    "caseworker_home",
    "keys_of",
    "line_of_case",
    "protection_home",
    "search",
    "supervisor_home",
]
