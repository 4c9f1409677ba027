"""Bootstrap without the rules that no page of ours can use: from 31 KB compressed to a fraction of it.

A rule goes only when every selector in it names a class that stands nowhere in our templates, Python or own
scripts. A word ending in a hyphen counts as the beginning of any class (`"btn-" ~ kind`).
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import tinycss2

TOP = Path(__file__).resolve().parents[2]
SOURCES = (("templates", "*.html"), ("caseflow", "*.py"), ("caseflow/web/static", "*.js"))
GROUPS = {"media", "supports", "layer"}
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
COMMA = re.compile(r",(?![^(]*\))")
CLASS = re.compile(r"\.((?:[A-Za-z_-]|\\.)(?:[\w-]|\\.)*)")


@cache
def words() -> frozenset[str]:
    """Every word of our templates, Python and scripts: a class used anywhere is among them."""
    found: set[str] = set()
    for folder, pattern in SOURCES:
        for path in (TOP / folder).rglob(pattern):
            if "vendor" not in path.parts:
                found.update(WORD.findall(path.read_text(encoding="utf-8")))
    return frozenset(found)


def trim(css: str, used: frozenset[str]) -> str:
    """The style sheet without rules whose every selector needs a class outside `used`."""
    beginnings = tuple(word for word in used if word.endswith("-") and len(word) > 2)
    rules = tinycss2.parse_stylesheet(css, skip_comments=False, skip_whitespace=True)
    return "".join(_rules(rules, used, beginnings))


def _rules(rules: list[Any], used: frozenset[str], beginnings: tuple[str, ...]) -> list[str]:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = _kept_selectors(tinycss2.serialize(rule.prelude), used, beginnings)
            if selectors:
                kept.append(f"{selectors}{{{tinycss2.serialize(rule.content)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS and rule.content:
            inner = _rules(tinycss2.parse_rule_list(rule.content, skip_whitespace=True), used, beginnings)
            if inner:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{''.join(inner)}}}")
        else:
            # Licence comments, @keyframes and @font-face stay as they are.
            kept.append(tinycss2.serialize([rule]))
    return kept


def _kept_selectors(prelude: str, used: frozenset[str], beginnings: tuple[str, ...]) -> str:
    # A comma inside :is() or :not() separates nothing of ours.
    selectors = COMMA.split(prelude)
    return ",".join(selector for selector in selectors if _possible(selector, used, beginnings))


def _possible(selector: str, used: frozenset[str], beginnings: tuple[str, ...]) -> bool:
    # What stands in :not() or :is() does not have to exist for the rule to apply.
    needed = CLASS.findall(re.sub(r":(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)", "", selector))
    return all(name in used or name.startswith(beginnings or ("\0",)) for name in needed)
