"""Media types: what we send, what we take, and whether a client that says what it accepts can be served (§3.1)."""

from __future__ import annotations

from shieldwall.http import NotAcceptable, UnsupportedMedia

TAXII = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
_TAXII_BARE = "application/taxii+json"
_TAXII_OLD = frozenset({"application/vnd.oasis.taxii+json", "application/vnd.oasis.stix+json"})


def check_accept(header: str | None) -> None:
    """Raises NotAcceptable (406) for a client that wants another version of TAXII, or nothing; all others are served.

    What is no TAXII range at all is answered with TAXII: clients in the field send `application/json` or `*/*`.
    """
    if header is None or not header.strip():
        return
    ranges = [_parsed(part) for part in header.split(",") if part.strip()]
    if not any(_can_be_served(kind, parameters) for kind, parameters in ranges):
        raise NotAcceptable(
            "only TAXII 2.1 is served here", rule="TAXII 2.1 §3.1", where="Accept", remedy=f"accept {TAXII}"
        )


def check_content_type(header: str | None) -> None:
    """Raises UnsupportedMedia (415) for a body that is not declared as TAXII 2.1."""
    kind, parameters = _parsed(header or "")
    if kind != _TAXII_BARE or parameters.get("version", "2.1") != "2.1":
        raise UnsupportedMedia(
            "the body is not declared as TAXII 2.1", rule="TAXII 2.1 §3.1", where="Content-Type",
            remedy=f"send Content-Type: {TAXII}",
        )  # fmt: skip


def _can_be_served(kind: str, parameters: dict[str, str]) -> bool:
    if kind in _TAXII_OLD or _is_nothing(parameters.get("q", "1")):
        return False
    return kind != _TAXII_BARE or parameters.get("version", "2.1") == "2.1"


def _is_nothing(quality: str) -> bool:
    return quality.strip("0") in {"", "."}


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    """A media type, lower-cased, and its parameters, unquoted; linear in whatever a client sends."""
    kind, *rest = text.split(";")
    pairs = (part.partition("=") for part in rest)
    return kind.strip().lower(), {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
