"""Signed checkpoints: what was signed is read back, and nothing that differs in one byte."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.errors import BadInput
from shieldwall.merkle import Checkpoint, Verifier, open_note, parse_public_key, public_key_text, sign

ORIGIN = "7d1e5c0a-9c7e-4a55-8f0e-0d3b3c1f9a10"
NAME = "shieldwall.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TRUSTED = Verifier(NAME, KEY.public_key().public_bytes_raw())
CHECKPOINT = Checkpoint(ORIGIN, 3, 1024, bytes(range(32)))
NOTE = sign(CHECKPOINT, KEY, NAME)


def signed_text(text: str) -> bytes:
    """Any text, truly signed by the trusted key."""
    value = b64encode(TRUSTED.key_id + KEY.sign(text.encode())).decode()
    return f"{text}\n— {NAME} {value}\n".encode()


def test_the_note_has_the_form_that_log_tools_read() -> None:
    assert CHECKPOINT.note() == (
        b"7d1e5c0a-9c7e-4a55-8f0e-0d3b3c1f9a10\n1024\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nepoch 3\n"
    )
    text, _, signature = NOTE.partition(b"\n\n")
    assert text + b"\n" == CHECKPOINT.note()
    assert signature.startswith("— shieldwall.example ".encode())


@given(st.uuids(), st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_what_was_signed_is_read_back(origin: object, epoch: int, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(str(origin), epoch, size, root)
    assert open_note(sign(checkpoint, KEY, NAME), TRUSTED) == checkpoint


@pytest.mark.parametrize("bit", range(8))
def test_a_note_with_any_bit_flipped_is_refused(bit: int) -> None:
    for at in range(len(NOTE)):
        with pytest.raises(BadInput):
            open_note(NOTE[:at] + bytes([NOTE[at] ^ (1 << bit)]) + NOTE[at + 1 :], TRUSTED)


def test_a_note_cut_anywhere_or_lengthened_is_refused() -> None:
    for wrong in (*(NOTE[:at] for at in range(len(NOTE))), NOTE + b"x", NOTE + b"\n", b"\n" + NOTE):
        with pytest.raises(BadInput):
            open_note(wrong, TRUSTED)


def test_a_note_signed_with_another_key_is_refused() -> None:
    with pytest.raises(BadInput, match="not signed by"):
        open_note(sign(CHECKPOINT, OTHER, NAME), TRUSTED)


def test_a_signature_of_another_checkpoint_is_refused() -> None:
    signature = sign(Checkpoint(ORIGIN, 3, 1023, bytes(32)), KEY, NAME).partition(b"\n\n")[2]
    with pytest.raises(BadInput, match="does not hold"):
        open_note(CHECKPOINT.note() + b"\n" + signature, TRUSTED)


def test_a_forger_who_copies_the_key_id_is_refused() -> None:
    forged = b64encode(TRUSTED.key_id + OTHER.sign(CHECKPOINT.note())).decode()
    with pytest.raises(BadInput, match="does not hold"):
        open_note(CHECKPOINT.note() + f"\n— {NAME} {forged}\n".encode(), TRUSTED)


def test_signatures_of_witnesses_are_skipped_in_any_order() -> None:
    text, _, ours = NOTE.partition(b"\n\n")
    witness = sign(CHECKPOINT, OTHER, "witness.example").partition(b"\n\n")[2]
    assert open_note(text + b"\n\n" + ours + witness, TRUSTED) == CHECKPOINT
    assert open_note(text + b"\n\n" + witness + ours, TRUSTED) == CHECKPOINT


def test_a_bad_signature_of_ours_beside_a_good_one_spoils_the_note() -> None:
    forged = b64encode(TRUSTED.key_id + bytes(64)).decode()
    with pytest.raises(BadInput, match="does not hold"):
        open_note(NOTE + f"— {NAME} {forged}\n".encode(), TRUSTED)


ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n01024\n{ROOT}\nepoch 3\n",
        f"{ORIGIN}\n+1024\n{ROOT}\nepoch 3\n",
        f"{ORIGIN}\n1_024\n{ROOT}\nepoch 3\n",
        f"{ORIGIN}\n-1\n{ROOT}\nepoch 3\n",
        f"{ORIGIN}\n9223372036854775808\n{ROOT}\nepoch 3\n",
        f"{ORIGIN}\n１\n{ROOT}\nepoch 3\n",
        f"{ORIGIN}\n1024\n{ROOT[:-2]}9=\nepoch 3\n",
        f"{ORIGIN}\n1024\n{ROOT[:40]}\nepoch 3\n",
        f"{ORIGIN}\n1024\n{ROOT} \nepoch 3\n",
        f"{ORIGIN}\n1024\n{ROOT}\n",
        f"{ORIGIN}\n1024\n{ROOT}\nepoch\n",
        f"{ORIGIN}\n1024\n{ROOT}\nepoch 3\nmore\n",
        f"{ORIGIN}\n1024\n{ROOT}\nera 3\n",
        f"{ORIGIN.upper()}\n1024\n{ROOT}\nepoch 3\n",
        f"somewhere\n1024\n{ROOT}\nepoch 3\n",
    ],
)
def test_a_malformed_checkpoint_is_refused_although_truly_signed(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        open_note(signed_text(text), TRUSTED)
    assert refused.value.rule == "C2SP tlog-checkpoint"


def test_a_note_of_any_length_is_not_read() -> None:
    with pytest.raises(BadInput, match="longer than"):
        open_note(NOTE + b"x" * 20_000, TRUSTED)


@given(st.binary(max_size=300))
def test_noise_is_refused_as_bad_input(noise: bytes) -> None:
    for wrong in (noise, CHECKPOINT.note() + b"\n" + noise):
        with pytest.raises(BadInput):
            open_note(wrong, TRUSTED)


def test_a_public_key_is_one_line_that_reads_back() -> None:
    line = public_key_text(KEY.public_key(), NAME)
    assert line.isprintable()
    assert line.count("+") >= 2
    assert parse_public_key(line + "\n") == TRUSTED


def test_the_public_key_line_is_the_one_that_go_prints() -> None:
    """The example key of Go's sumdb, whose line is published, read with its own hash."""
    line = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert parse_public_key(line).text == line


def test_a_public_key_line_with_any_character_changed_is_refused() -> None:
    line = public_key_text(KEY.public_key(), NAME)
    for at, letter in enumerate(line):
        with pytest.raises(BadInput):
            parse_public_key(line[:at] + ("A" if letter != "A" else "B") + line[at + 1 :])


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "x" * 256])
def test_a_name_that_would_break_the_form_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        sign(CHECKPOINT, KEY, name)


@pytest.mark.parametrize(
    ("origin", "epoch", "size", "root"),
    [
        ("a\nb", 1, 1, bytes(32)),
        (ORIGIN + "\n", 1, 1, bytes(32)),
        (ORIGIN, -1, 1, bytes(32)),
        (ORIGIN, 1, -1, bytes(32)),
        (ORIGIN, 1, 2**63, bytes(32)),
        (ORIGIN, 1, 1, bytes(31)),
    ],
)
def test_an_impossible_checkpoint_cannot_be_made(origin: str, epoch: int, size: int, root: bytes) -> None:
    with pytest.raises(BadInput):
        Checkpoint(origin, epoch, size, root)
