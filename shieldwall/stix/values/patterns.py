"""The values a STIX pattern looks for: what an observation must equal, never what it must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from shieldwall.stix.values.hashes import hash_kind
from shieldwall.stix.values.kinds import READERS, Reader, endpoint
from shieldwall.stix.values.value import Value

if TYPE_CHECKING:
    from shieldwall.pattern import Comparison, Constant
    from shieldwall.pattern import Value as Operand


_OWN: dict[tuple[str, str], Reader] = {
    ("ipv4-addr", "value"): READERS["ipv4"],
    ("ipv6-addr", "value"): READERS["ipv6"],
    ("domain-name", "value"): READERS["domain"],
    ("url", "value"): READERS["url"],
    ("artifact", "url"): READERS["url"],
    ("email-addr", "value"): READERS["email"],
    ("mac-addr", "value"): READERS["mac"],
    ("autonomous-system", "number"): READERS["asn"],
    ("software", "cpe"): READERS["cpe"],
    ("x509-certificate", "serial_number"): READERS["certificate-serial"],
    ("mutex", "name"): READERS["mutex"],
    ("email-message", "message_id"): READERS["message-id"],
}
_REFERENCED: dict[tuple[str, str], Reader] = {
    **{(ref, "value"): endpoint for ref in ("src_ref", "dst_ref", "resolves_to_refs")},
    **{(ref, "value"): READERS["email"] for ref in ("from_ref", "sender_ref", "to_refs", "cc_refs", "bcc_refs")},
    ("belongs_to_refs", "number"): READERS["asn"],
}
_SAME = frozenset(("=", "ISSUBSET", "ISSUPERSET"))


def values_of_comparisons(comparisons: Iterable[Comparison]) -> Iterator[Value]:
    """The values of equality, membership and subnet comparisons that are not negated."""
    for comparison in comparisons:
        reader = None if comparison.negated else _reader(comparison.object_type, comparison.path)
        if reader is None:
            continue
        for text in _texts(comparison.operator, comparison.value):
            if found := reader(text):
                yield found


def _reader(object_type: str, path: tuple[str | int, ...]) -> Reader | None:
    steps = [step for step in path if isinstance(step, str)]  # list indexes are integers
    if len(steps) == 1:
        return _OWN.get((object_type, steps[0]))
    if len(steps) < 2:
        return None
    owner, last = steps[-2:]
    return READERS.get(hash_kind(last)) if owner == "hashes" else _REFERENCED.get((owner, last))


def _texts(operator: str, operand: Operand) -> Iterator[str]:
    constants: tuple[Constant, ...] = ()
    if operator == "IN" and isinstance(operand, tuple):
        constants = operand
    elif isinstance(operand, str | int) and (operator in _SAME or (operator == "LIKE" and not _is_wild(str(operand)))):
        constants = (operand,)
    for constant in constants:
        if isinstance(constant, str | int) and not isinstance(constant, bool):
            yield str(constant)


def _is_wild(template: str) -> bool:
    return "%" in template or "_" in template
