"""Deterministic ids of observables, against python-stix2 and against the standard's own rules (§2.9, RFC 8785)."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import stix2.v21
from hypothesis import given
from hypothesis import strategies as st
from stix2.canonicalization.Canonicalize import canonicalize

from shieldwall.stix import NAMESPACE, observable_id
from shieldwall.stix.ids import CONTRIBUTING, canonical, uuid5
from tests.stix.samples import SAMPLES, identified, sample

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
HASHES = st.dictionaries(
    st.sampled_from(["MD5", "SHA-1", "SHA-256", "SHA-512"]), st.just(""), min_size=1, max_size=4
).map(lambda names: {name: "0" * {"MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128}[name] for name in names})
PORT = st.integers(0, 65535)
KINDS: dict[str, tuple[Any, st.SearchStrategy[dict[str, Any]]]] = {
    "file": (
        stix2.v21.File,
        st.fixed_dictionaries({"name": TEXT}, optional={"hashes": HASHES, "size": PORT}),
    ),
    "url": (stix2.v21.URL, st.fixed_dictionaries({"value": TEXT})),
    "domain-name": (stix2.v21.DomainName, st.fixed_dictionaries({"value": TEXT})),
    "mutex": (stix2.v21.Mutex, st.fixed_dictionaries({"name": TEXT})),
    "autonomous-system": (stix2.v21.AutonomousSystem, st.fixed_dictionaries({"number": PORT})),
    "software": (
        stix2.v21.Software,
        st.fixed_dictionaries({"name": TEXT}, optional={"vendor": TEXT, "version": TEXT, "languages": st.just(["en"])}),
    ),
    "user-account": (
        stix2.v21.UserAccount,
        st.fixed_dictionaries({"user_id": TEXT}, optional={"account_type": TEXT, "account_login": TEXT}),
    ),
    "network-traffic": (
        stix2.v21.NetworkTraffic,
        st.fixed_dictionaries(
            {"protocols": st.lists(TEXT, min_size=1, max_size=2), "src_ref": st.just(identified("ipv4-addr"))},
            optional={"dst_port": PORT, "src_port": PORT, "dst_ref": st.just(identified("ipv6-addr"))},
        ),
    ),
    "windows-registry-key": (
        stix2.v21.WindowsRegistryKey,
        st.fixed_dictionaries(
            {"key": TEXT.map(lambda t: "HKEY_USERS\\" + t)},
            optional={"values": st.lists(st.fixed_dictionaries({"name": TEXT, "data": TEXT}), min_size=1, max_size=2)},
        ),
    ),
    "x509-certificate": (
        stix2.v21.X509Certificate,
        st.fixed_dictionaries({"serial_number": TEXT}, optional={"hashes": HASHES}),
    ),
    "email-message": (
        stix2.v21.EmailMessage,
        st.fixed_dictionaries({"is_multipart": st.just(False), "subject": TEXT}, optional={"body": TEXT}),
    ),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_our_ids_are_those_of_python_stix2(kind: str, data: st.DataObject) -> None:
    cls, strategy = KINDS[kind]
    theirs = json.loads(cls(**data.draw(strategy)).serialize())
    assert observable_id(theirs) == theirs["id"]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=8,
    )
)
def test_canonical_json_is_that_of_another_implementation(tree: Any) -> None:
    assert canonical(tree) == canonicalize(tree)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (0.000000000000000000000000001, "1e-27"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
    ],
)
def test_numbers_are_written_as_rfc_8785_shows(number: float, text: str) -> None:
    assert canonical(number) == text.encode()


@given(st.uuids(), st.binary(max_size=40).map(lambda b: b.hex()))
def test_our_uuid5_is_pythons(namespace: uuid.UUID, name: str) -> None:
    assert uuid5(namespace.bytes, name.encode()) == str(uuid.uuid5(namespace, name))


def test_what_does_not_contribute_changes_nothing() -> None:
    plain = sample("file", name="a.exe")
    assert observable_id({**plain, "size": 3, "defanged": True, "object_marking_refs": []}) == observable_id(plain)


def test_one_hash_counts_by_the_standards_preference() -> None:
    both = sample("file", hashes={"SHA-256": "1" * 64, "MD5": "0" * 32})
    assert observable_id(both) == observable_id(sample("file", hashes={"MD5": "0" * 32}))


def test_a_process_and_an_object_that_is_no_observable_have_none() -> None:
    assert observable_id(SAMPLES["process"]) is None and observable_id(SAMPLES["tool"]) is None


def test_every_observable_but_the_process_has_contributing_properties() -> None:
    observables = {name for name, obj in SAMPLES.items() if "created" not in obj}
    assert observables - CONTRIBUTING.keys() == {"process"}
    assert str(NAMESPACE) == "00abedb4-aa42-466c-9c01-fed23315a9b7"
