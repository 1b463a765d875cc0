"""One sound object of every STIX type, to be bent by the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from shieldwall.stix import Checked, check

NOW = 1_760_000_000_000_000  # 9 October 2025
WHEN = "2024-05-01T10:00:00.000Z"
LATER = "2024-05-02T10:00:00.000Z"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
EXTENSION = "extension-definition--a932fcc6-e032-476c-826f-cb970a5a1ade"

Object = dict[str, Any]


def uuid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012d}"


def identified(kind: str, n: int = 1) -> str:
    return f"{kind}--{uuid(n)}"


def _versioned(kind: str, **properties: Any) -> Object:
    header = {"type": kind, "spec_version": "2.1", "id": identified(kind), "created": WHEN, "modified": WHEN}
    return {**header, **properties}


def _observable(kind: str, **properties: Any) -> Object:
    return {"type": kind, "spec_version": "2.1", "id": identified(kind), **properties}


_REFS = {"object_refs": [identified("malware")]}
SAMPLES: dict[str, Object] = {
    sample["type"]: sample
    for sample in (
        _versioned("attack-pattern", name="Spear phishing"),
        _versioned("campaign", name="Green Group", first_seen=WHEN, last_seen=LATER),
        _versioned("course-of-action", name="Patch"),
        _versioned("grouping", context="suspicious-activity", **_REFS),
        _versioned("identity", name="National CERT", identity_class="organization"),
        _versioned("incident", name="Outage"),
        _versioned("indicator", pattern="[ipv4-addr:value = '192.0.2.1']", pattern_type="stix", valid_from=WHEN),
        _versioned("infrastructure", name="Relay"),
        _versioned("intrusion-set", name="Bear"),
        _versioned("location", region="northern-europe"),
        _versioned("malware", is_family=True, name="Wiper"),
        _versioned("malware-analysis", product="scanner", result="malicious"),
        _versioned("note", content="Seen twice.", **_REFS),
        _versioned(
            "observed-data",
            first_observed=WHEN,
            last_observed=LATER,
            number_observed=2,
            object_refs=[identified("ipv4-addr")],
        ),
        _versioned("opinion", opinion="agree", **_REFS),
        _versioned("report", name="Week 18", published=WHEN, **_REFS),
        _versioned("threat-actor", name="Nobody"),
        _versioned("tool", name="Scanner"),
        _versioned("vulnerability", name="CVE-2024-3400"),
        _versioned(
            "relationship",
            relationship_type="indicates",
            source_ref=identified("indicator"),
            target_ref=identified("malware"),
        ),
        _versioned("sighting", sighting_of_ref=identified("indicator"), count=3),
        _versioned("language-content", object_ref=identified("malware"), contents={"de": {"name": "Wischer"}}),
        _versioned(
            "extension-definition",
            name="Ratings",
            schema="https://example.org/ratings.json",
            version="1.0.0",
            extension_types=["property-extension"],
            created_by_ref=identified("identity"),
        ),
        {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": identified("marking-definition"),
            "created": WHEN,
            "definition_type": "statement",
            "definition": {"statement": "Copyright 2024"},
        },
        _observable("artifact", payload_bin="iVBORw0KGgo="),
        _observable("autonomous-system", number=64500),
        _observable("directory", path="/etc"),
        _observable("domain-name", value="evil.example"),
        _observable("email-addr", value="bob@evil.example"),
        _observable("email-message", is_multipart=False, subject="Invoice"),
        _observable("file", name="a.exe", hashes={"MD5": "0" * 32}),
        _observable("ipv4-addr", value="192.0.2.1"),
        _observable("ipv6-addr", value="2001:db8::1"),
        _observable("mac-addr", value="aa:bb:cc:dd:ee:ff"),
        _observable("mutex", name="gate"),
        _observable("network-traffic", protocols=["tcp"], src_ref=identified("ipv4-addr")),
        _observable("process", pid=7),
        _observable("software", name="Word"),
        _observable("url", value="https://evil.example/a"),
        _observable("user-account", user_id="bob"),
        _observable("windows-registry-key", key="HKEY_LOCAL_MACHINE\\Software\\HKLM"),
        _observable("x509-certificate", serial_number="36f7d432f4ab70"),
    )
}


def sample(kind: str, /, **changes: Any) -> Object:
    """The sound object of this type with some properties changed; `...` leaves a property out."""
    bent = {**SAMPLES[kind], **changes}
    return {name: value for name, value in bent.items() if value is not ...}


def checked(obj: Mapping[str, Any]) -> Checked:
    return check(orjson.dumps(obj), now=NOW)
