"""STIX 2.1: strict JSON, headers, validation, cuts, observable values and their normal forms."""

from shieldwall.stix.check import MAX_AHEAD_US, check
from shieldwall.stix.cut import Cut, cut
from shieldwall.stix.header import Checked, Granular
from shieldwall.stix.ids import NAMESPACE, observable_id
from shieldwall.stix.split import split
from shieldwall.stix.strict import MAX_BYTES, load, refuse_crowd
from shieldwall.stix.values import Value, find_value, values_of, words_in, words_of

__all__ = [
    "MAX_AHEAD_US",
    "MAX_BYTES",
    "NAMESPACE",
    "Checked",
    "Cut",
    "Granular",
    "Value",
    "check",
    "cut",
    "find_value",
    "load",
    "observable_id",
    "refuse_crowd",
    "split",
    "values_of",
    "words_in",
    "words_of",
]
