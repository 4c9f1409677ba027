"""Reads of consent: the register of a case, and the gate before anything leaves."""

from caseflow.consent.queries.gating import GateResult, cells, cells_for, gate
from caseflow.consent.queries.register import ConsentView, get_consent, register_of, valid_of
from caseflow.consent.queries.statement import Statement, statement, statement_in_words

__all__ = [
    "ConsentView",
    "GateResult",
    "Statement",
    "cells",
    "cells_for",
    "gate",
    "get_consent",
    "register_of",
    "statement",
    "statement_in_words",
    "valid_of",
]
