"""From what arrives to the bytes of each object: bundle, TAXII envelope, list or one object.

Objects are cut out, never rebuilt: each slice is what the sender wrote. Only the shell around them is judged here;
each object is judged by itself, so that one bad object does not stop the others.
"""

from __future__ import annotations

import re

import msgspec

from shieldwall.errors import BadInput, TooLarge
from shieldwall.stix.strict import MAX_BYTES, load, refuse_crowd, too_large

_BUNDLE_ID = re.compile(r"bundle--[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SPACE = b" \t\r\n"
MAX_OBJECTS = 100_000


def split(raw: bytes, *, cap: int = MAX_BYTES) -> list[bytes]:
    """Each object in `raw` as the bytes that were sent, in order. `cap` is in bytes.

    Takes a STIX bundle (STIX 2.1 §8), a TAXII envelope (TAXII 2.1 §3.7), a list of objects or a single object.
    Raises BadInput for anything else, and for a shell that is no strict JSON; TooLarge beyond 100,000 objects.
    """
    if len(raw) > cap:
        raise too_large(len(raw), cap)
    refuse_crowd(raw)
    first = raw.lstrip(_SPACE)[:1]
    if first == b"[":
        return _items(raw, raw, cap)
    if first != b"{":
        load(raw, cap=cap)
        raise BadInput("neither an object nor a list", rule="STIX 2.1 §8", where="$", remedy=_REMEDY)
    try:
        shell = _OBJECT.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as e:
        load(raw, cap=cap)
        raise BadInput(f"not JSON: {e}", rule="json", where="$") from e
    if not _holds_objects(shell):
        return [raw.strip(_SPACE)]
    return _unpack(raw, shell, cap)


_REMEDY = 'send a STIX bundle, a TAXII envelope {"objects": [...]}, a list of objects or one object'


def _holds_objects(shell: dict[str, msgspec.Raw]) -> bool:
    """Whether this is a bundle or an envelope and not an object itself."""
    kind = bytes(shell["type"]) if "type" in shell else b""
    if kind == b'"bundle"':
        return True
    if kind:
        return False
    if "objects" in shell:
        return True
    found = ", ".join(list(shell)[:5]) or "nothing"
    raise BadInput(f"an object without a type; it has {found}", rule="STIX 2.1 §3.2", where="$", remedy=_REMEDY)


def _unpack(raw: bytes, shell: dict[str, msgspec.Raw], cap: int) -> list[bytes]:
    objects = bytes(shell.get("objects", b""))
    # What is left without the objects is small: the strict loader finds a key written twice, "objects" included.
    start = raw.find(objects) if objects else len(raw)
    outer = load(raw[:start] + b"[]" + raw[start + len(objects) :] if objects else raw)
    if isinstance(outer, dict) and outer.get("type") == "bundle":
        _judge_bundle(outer)
    if not objects:
        return []
    if objects[:1] != b"[":
        raise BadInput("`objects` is no list", rule="STIX 2.1 §8.1", where="$.objects", remedy=_REMEDY)
    return _items(objects, raw, cap)


def _judge_bundle(bundle: dict[str, object]) -> None:
    """The bundle's own MUST (ST39): an id of its own. A `spec_version` of the 2.0 kind is harmless and passes."""
    name = bundle.get("id")
    if not isinstance(name, str) or not _BUNDLE_ID.fullmatch(name):
        remedy = "use bundle--<UUIDv4>"
        raise BadInput("the bundle has no valid id", rule="ST39: STIX 2.1 §8.1", where="$.id", remedy=remedy)


def _items(array: bytes, raw: bytes, cap: int) -> list[bytes]:
    try:
        items = _LIST.decode(array)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as e:
        load(raw, cap=cap)
        raise BadInput(f"not JSON: {e}", rule="json", where="$") from e
    if len(items) > MAX_OBJECTS:
        raise TooLarge(
            f"{len(items):,} objects, more than {MAX_OBJECTS:,}", rule="json-objects", where="$",
            remedy="split them, or use `shieldwall submit`, which does",
        )  # fmt: skip
    return [bytes(item) for item in items]
