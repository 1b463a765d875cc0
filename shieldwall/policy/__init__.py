"""Policy: who may read what, who may send what where, and why. Pure functions over frozen values.

A viewer is a set of tokens; an audience is a conjunction of them; a marking is a ceiling on the audience.
"""

from shieldwall.policy.append import breadth, derivation_of_append, may_append, may_pass_on, within_ceiling
from shieldwall.policy.audience import Audience, home_audience, scope_terms
from shieldwall.policy.grammar import parse_audience
from shieldwall.policy.implication import implies
from shieldwall.policy.markings import PAP, TLP, UNMARKED, Marking, check_marking_definition, marking_of, parse_label
from shieldwall.policy.release import derivation, may_read, since
from shieldwall.policy.spillage import Spill, might_spill, spillage
from shieldwall.policy.tokens import BREADTHS, COMMUNITY, PUBLIC
from shieldwall.policy.use import Use, may_use
from shieldwall.policy.verdict import Verdict
from shieldwall.policy.viewer import ANONYMOUS, MisgrantedViewer, Viewer

__all__ = [
    "ANONYMOUS",
    "BREADTHS",
    "COMMUNITY",
    "PAP",
    "PUBLIC",
    "TLP",
    "UNMARKED",
    "Audience",
    "Marking",
    "MisgrantedViewer",
    "Spill",
    "Use",
    "Verdict",
    "Viewer",
    "breadth",
    "check_marking_definition",
    "derivation",
    "derivation_of_append",
    "home_audience",
    "implies",
    "marking_of",
    "may_append",
    "may_pass_on",
    "may_read",
    "may_use",
    "might_spill",
    "parse_audience",
    "parse_label",
    "scope_terms",
    "since",
    "spillage",
    "within_ceiling",
]
