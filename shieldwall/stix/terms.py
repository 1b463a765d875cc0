"""What STIX 2.1 says of each type beyond its schema, as tables: the clause, which times follow which, which types a
reference may name, which words a vocabulary knows.
"""

from __future__ import annotations

from typing import Literal

Family = Literal["domain", "relationship", "observable", "meta"]

# type -> (family, clause of the standard that defines it, our rule number where STANDARDS.md has one)
CLAUSES: dict[str, tuple[Family, str, str]] = {
    "attack-pattern": ("domain", "4.1", ""),
    "campaign": ("domain", "4.2", ""),
    "course-of-action": ("domain", "4.3", ""),
    "grouping": ("domain", "4.4", "ST23"),
    "identity": ("domain", "4.5", ""),
    "incident": ("domain", "4.6", "ST20"),
    "indicator": ("domain", "4.7", "ST21"),
    "infrastructure": ("domain", "4.8", "ST25"),
    "intrusion-set": ("domain", "4.9", ""),
    "location": ("domain", "4.10", ""),
    "malware": ("domain", "4.11", "ST25"),
    "malware-analysis": ("domain", "4.12", "ST25"),
    "note": ("domain", "4.13", "ST23"),
    "observed-data": ("domain", "4.14", "ST24"),
    "opinion": ("domain", "4.15", "ST23"),
    "report": ("domain", "4.16", "ST23"),
    "threat-actor": ("domain", "4.17", ""),
    "tool": ("domain", "4.18", ""),
    "vulnerability": ("domain", "4.19", ""),
    "relationship": ("relationship", "5.1", "ST26"),
    "sighting": ("relationship", "5.2", "ST27"),
    "artifact": ("observable", "6.1", "ST28"),
    "autonomous-system": ("observable", "6.2", "ST28"),
    "directory": ("observable", "6.3", "ST28"),
    "domain-name": ("observable", "6.4", "ST28"),
    "email-addr": ("observable", "6.5", "ST28"),
    "email-message": ("observable", "6.6", "ST28"),
    "file": ("observable", "6.7", "ST28"),
    "ipv4-addr": ("observable", "6.8", "ST28"),
    "ipv6-addr": ("observable", "6.9", "ST28"),
    "mac-addr": ("observable", "6.10", "ST28"),
    "mutex": ("observable", "6.11", "ST28"),
    "network-traffic": ("observable", "6.12", "ST28"),
    "process": ("observable", "6.13", "ST28"),
    "software": ("observable", "6.14", "ST28"),
    "url": ("observable", "6.15", "ST28"),
    "user-account": ("observable", "6.16", "ST28"),
    "windows-registry-key": ("observable", "6.17", "ST28"),
    "x509-certificate": ("observable", "6.18", "ST28"),
    "language-content": ("meta", "7.1", "ST30"),
    "marking-definition": ("meta", "7.2.1", "ST31"),
    "extension-definition": ("meta", "7.3", "ST35"),
}

RELATIONSHIPS = frozenset(name for name, (family, _, _) in CLAUSES.items() if family == "relationship")
OBSERVABLES = frozenset(name for name, (family, _, _) in CLAUSES.items() if family == "observable")
META = frozenset(name for name, (family, _, _) in CLAUSES.items() if family == "meta")
DOMAIN = frozenset(name for name, (family, _, _) in CLAUSES.items() if family == "domain")

# §3.8, in both spellings that the standard and its errata have had.
RESERVED = frozenset({"severity", "username", "phone_number", "phone_numbers", "action"})

# (earlier, later, may they be equal)
Order = tuple[str, str, bool]
_SEEN: tuple[Order, ...] = (("first_seen", "last_seen", True),)
ORDERS: dict[str, tuple[Order, ...]] = {
    "campaign": _SEEN,
    "infrastructure": _SEEN,
    "intrusion-set": _SEEN,
    "malware": _SEEN,
    "threat-actor": _SEEN,
    "sighting": _SEEN,
    "indicator": (("valid_from", "valid_until", False),),
    "observed-data": (("first_observed", "last_observed", True),),
    "relationship": (("start_time", "stop_time", False),),
    "network-traffic": (("start", "end", True),),
}

# Where a reference may point, by property. Types the standard does not know are let through: an extension defines them.
_ADDRESSES = frozenset({"ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"})
_NOTHING_OF_EDGES = DOMAIN | OBSERVABLES
TARGETS: dict[str, dict[str, frozenset[str]]] = {
    "": {"created_by_ref": frozenset({"identity"}), "object_marking_refs": frozenset({"marking-definition"})},
    "relationship": {"source_ref": _NOTHING_OF_EDGES, "target_ref": _NOTHING_OF_EDGES},
    "sighting": {
        "sighting_of_ref": DOMAIN,
        "observed_data_refs": frozenset({"observed-data"}),
        "where_sighted_refs": frozenset({"identity", "location"}),
    },
    "observed-data": {"object_refs": OBSERVABLES | RELATIONSHIPS},
    "malware": {
        "operating_system_refs": frozenset({"software"}),
        "sample_refs": frozenset({"artifact", "file"}),
    },
    "malware-analysis": {
        "host_vm_ref": frozenset({"software"}),
        "operating_system_ref": frozenset({"software"}),
        "installed_software_refs": frozenset({"software"}),
        "sample_ref": frozenset({"artifact", "file", "network-traffic"}),
        "analysis_sco_refs": OBSERVABLES,
    },
    "directory": {"contains_refs": frozenset({"file", "directory"})},
    "domain-name": {"resolves_to_refs": frozenset({"ipv4-addr", "ipv6-addr", "domain-name"})},
    "email-addr": {"belongs_to_ref": frozenset({"user-account"})},
    "email-message": {
        **dict.fromkeys(("from_ref", "sender_ref", "to_refs", "cc_refs", "bcc_refs"), frozenset({"email-addr"})),
        "raw_email_ref": frozenset({"artifact"}),
    },
    "file": {
        "parent_directory_ref": frozenset({"directory"}),
        "content_ref": frozenset({"artifact"}),
        "contains_refs": OBSERVABLES,
    },
    "ipv4-addr": {
        "resolves_to_refs": frozenset({"mac-addr"}),
        "belongs_to_refs": frozenset({"autonomous-system"}),
    },
    "ipv6-addr": {
        "resolves_to_refs": frozenset({"mac-addr"}),
        "belongs_to_refs": frozenset({"autonomous-system"}),
    },
    "network-traffic": {
        "src_ref": _ADDRESSES,
        "dst_ref": _ADDRESSES,
        "src_payload_ref": frozenset({"artifact"}),
        "dst_payload_ref": frozenset({"artifact"}),
        "encapsulates_refs": frozenset({"network-traffic"}),
        "encapsulated_by_ref": frozenset({"network-traffic"}),
    },
    "process": {
        "opened_connection_refs": frozenset({"network-traffic"}),
        "creator_user_ref": frozenset({"user-account"}),
        "image_ref": frozenset({"file"}),
        "parent_ref": frozenset({"process"}),
        "child_refs": frozenset({"process"}),
    },
    "windows-registry-key": {"creator_user_ref": frozenset({"user-account"})},
}

# Which property takes its words from which open vocabulary; the words are in the schema of the type.
VOCABULARIES: dict[str, dict[str, str]] = {
    "grouping": {"context": "grouping-context-ov"},
    "identity": {"identity_class": "identity-class-ov", "sectors": "industry-sector-ov"},
    "indicator": {"indicator_types": "indicator-type-ov", "pattern_type": "pattern-type-ov"},
    "infrastructure": {"infrastructure_types": "infrastructure-type-ov"},
    "intrusion-set": {
        "resource_level": "attack-resource-level-ov",
        "primary_motivation": "attack-motivation-ov",
        "secondary_motivations": "attack-motivation-ov",
    },
    "location": {"region": "region-ov"},
    "malware": {
        "malware_types": "malware-type-ov",
        "implementation_languages": "implementation-language-ov",
        "capabilities": "malware-capabilities-ov",
        "architecture_execution_envs": "processor-architecture-ov",
    },
    "malware-analysis": {"result": "malware-av-result-ov"},
    "report": {"report_types": "report-type-ov"},
    "threat-actor": {
        "threat_actor_types": "threat-actor-type-ov",
        "roles": "threat-actor-role-ov",
        "sophistication": "threat-actor-sophistication-ov",
        "resource_level": "attack-resource-level-ov",
        "primary_motivation": "attack-motivation-ov",
        "secondary_motivations": "attack-motivation-ov",
        "personal_motivations": "attack-motivation-ov",
    },
    "tool": {"tool_types": "tool-type-ov"},
}

# Words of the standard that the shipped vocabularies lack or run together.
MORE_WORDS: dict[str, frozenset[str]] = {
    "malware-av-result-ov": frozenset({"malicious", "suspicious", "benign", "unknown"}),
}

# What is needed where the standard leaves a choice; the schemas say only that no form fits.
CHOICES: dict[str, str] = {
    "location": "give region, country, or latitude with longitude; precision only with both",
    "malware": "say is_family; a family needs a name",
    "malware-analysis": "give result or analysis_sco_refs",
    "observed-data": "give object_refs or the deprecated objects, not both",
    "artifact": "give payload_bin, or url with hashes; decryption_key only with encryption_algorithm",
    "email-message": "say is_multipart; then body if it is false, body_multipart if it is true",
    "file": "give hashes or name",
    "network-traffic": "give src_ref or dst_ref; no end while is_active",
    "process": "give at least one property of its own",
    "user-account": "give at least one property of its own",
    "windows-registry-key": "give at least one property of its own",
    "x509-certificate": "give at least one property of its own",
    "external_references": "give description, url or external_id",
    "granular_markings": "give lang or marking_ref, not both",
}
