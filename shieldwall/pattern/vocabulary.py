"""Names the standard knows (STIX 2.1 §6, §10.7). Others are allowed and warned about: nobody may have such objects."""

from __future__ import annotations

import re

from shieldwall.pattern.model import Comparison, Step, Value

_COMMON = "type id spec_version object_marking_refs granular_markings defanged extensions"

_PROPERTIES = {
    object_type: frozenset(f"{_COMMON} {names}".split())
    for object_type, names in {
        "artifact": "mime_type payload_bin url hashes encryption_algorithm decryption_key",
        "autonomous-system": "number name rir",
        "directory": "path path_enc ctime mtime atime contains_refs",
        "domain-name": "value resolves_to_refs",
        "email-addr": "value display_name belongs_to_ref",
        "email-message": "is_multipart date content_type from_ref sender_ref to_refs cc_refs bcc_refs message_id "
        "subject received_lines additional_header_fields body body_multipart raw_email_ref",
        "file": "hashes size name name_enc magic_number_hex mime_type ctime mtime atime parent_directory_ref "
        "contains_refs content_ref",
        "ipv4-addr": "value resolves_to_refs belongs_to_refs",
        "ipv6-addr": "value resolves_to_refs belongs_to_refs",
        "mac-addr": "value",
        "mutex": "name",
        "network-traffic": "start end is_active src_ref dst_ref src_port dst_port protocols src_byte_count "
        "dst_byte_count src_packets dst_packets ipfix src_payload_ref dst_payload_ref encapsulates_refs "
        "encapsulated_by_ref",
        "process": "is_hidden pid created_time cwd command_line environment_variables opened_connection_refs "
        "creator_user_ref image_ref parent_ref child_refs",
        "software": "name cpe swid languages vendor version",
        "url": "value",
        "user-account": "user_id credential account_login account_type display_name is_service_account is_privileged "
        "can_escalate_privs is_disabled account_created account_expires credential_last_changed "
        "account_first_login account_last_login",
        "windows-registry-key": "key values modified_time creator_user_ref number_of_subkeys",
        "x509-certificate": "is_self_signed hashes version serial_number signature_algorithm issuer "
        "validity_not_before validity_not_after subject subject_public_key_algorithm "
        "subject_public_key_modulus subject_public_key_exponent x509_v3_extensions",
    }.items()
}

_HASH_LENGTHS = {"MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128, "SHA3-256": 64, "SHA3-512": 128}
_HASHES = frozenset((*_HASH_LENGTHS, "SSDEEP", "TLSH"))
_HEX = re.compile(r"[0-9a-fA-F]*+").fullmatch


def path_warnings(object_type: str, path: tuple[Step, ...]) -> tuple[str, ...]:
    """What is unusual about where a comparison looks."""
    properties = _PROPERTIES.get(object_type)
    if properties is None:
        return (f"{object_type} is not an object type of STIX 2.1 §6",)
    warnings = []
    name = path[0]
    if name not in properties:
        warnings.append(f"{object_type} has no property {name!r} in STIX 2.1 §6")
    algorithm = _algorithm(path)
    if algorithm and algorithm not in _HASHES:
        warnings.append(f"{algorithm!r} is not in the hash-algorithm-ov of STIX 2.1 §10.7{_meant(algorithm)}")
    return tuple(warnings)


def hash_length(path: tuple[Step, ...]) -> int:
    """How many hex digits a value at `path` has, 0 where that is not known."""
    return _HASH_LENGTHS.get(_algorithm(path), 0)


def value_warnings(comparison: Comparison, length: int) -> tuple[str, ...]:
    """What is wrong with the values of a comparison with a hash of `length` hex digits: such a hash matches nothing."""
    if comparison.operator not in ("=", "IN"):
        return ()
    value = comparison.value
    if isinstance(value, str) and len(value) == length and _HEX(value):
        return ()
    wrong = [value for value in (value if isinstance(value, tuple) else (value,)) if not _is_hash(value, length)]
    return tuple(f"{str(value)[:140]!r} is no {comparison.path[-1]} hash of {length} hex digits" for value in wrong)


def _is_hash(value: Value, length: int) -> bool:
    if isinstance(value, bytes):
        return len(value) * 2 == length
    return isinstance(value, str) and len(value) == length and _HEX(value) is not None


def _algorithm(path: tuple[Step, ...]) -> str:
    """The key under a `hashes` that ends `path`, or ''."""
    if len(path) > 1 and path[-2] == "hashes" and isinstance(path[-1], str):
        return path[-1]
    return ""


def _meant(algorithm: str) -> str:
    bare = algorithm.upper().replace("-", "").replace("_", "")
    known = [name for name in sorted(_HASHES) if name.replace("-", "") == bare]
    return f"; {known[0]!r} is" if known else ""
