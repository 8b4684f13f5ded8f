"""Signed notes: the specification's example, and what a note must not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.failure import NoteInvalid
from gaoyuan.trust.keys import ed25519_cosigner, ed25519_signer, read_vkey
from gaoyuan.trust.notes import Note, NoteSignature, open_note, read_note, sign_note

KEY = read_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAl"
    "TgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# The other example of the specification: its key is not published, its form is; its text has an empty line.
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaq"
    "P3ZekRwNtIc=\n"
)
ALICE, BOB = ed25519_signer("alice", b"a" * 32), ed25519_signer("bob", b"b" * 32)
SIGNED = bytes(sign_note("一\n\n二\n", ALICE, BOB))


def test_the_example_of_the_specification_opens() -> None:
    opened = open_note(EXAMPLE.encode(), [KEY])
    assert opened.note.text == "This is an example message.\n"
    assert [key for key, _ in opened.by] == [KEY]


def test_the_text_ends_at_the_last_empty_line() -> None:
    note = read_note(POEM.encode())
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert note.signatures[0].key_id.hex() == "367ba04b"
    assert bytes(note) == POEM.encode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), max_size=40))
def test_any_text_that_can_be_signed_opens_again(text: str) -> None:
    content = bytes(sign_note(f"{text}\n", ALICE, BOB))
    opened = open_note(content, [BOB.key])
    assert opened.note.text == f"{text}\n"
    assert bytes(opened.note) == content


def test_signatures_of_others_are_passed_over_but_not_enough() -> None:
    assert [key.name for key, _ in open_note(SIGNED, [ALICE.key]).by] == ["alice"]
    assert [key.name for key, _ in open_note(SIGNED, [BOB.key, ALICE.key]).by] == ["alice", "bob"]
    for keys in ([], [KEY], [ed25519_signer("alice", b"x" * 32).key], [ed25519_cosigner("alice", b"a" * 32).key]):
        with pytest.raises(NoteInvalid, match="none of the trusted keys"):
            open_note(SIGNED, keys)


def test_a_false_signature_in_a_trusted_name_spoils_the_note() -> None:
    note = read_note(SIGNED)
    false = NoteSignature("bob", BOB.key.key_id, ALICE.sign(note.text.encode()))
    spoilt = bytes(Note(note.text, (note.signatures[0], false)))
    open_note(spoilt, [ALICE.key])
    with pytest.raises(NoteInvalid, match="does not hold"):
        open_note(spoilt, [ALICE.key, BOB.key])


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_a_changed_byte_never_passes_where_all_signatures_are_demanded(at: int, bits: int) -> None:
    changed = SIGNED[:at] + bytes([SIGNED[at] ^ bits]) + SIGNED[at + 1 :]
    try:
        by = open_note(changed, [ALICE.key, BOB.key]).by
    except NoteInvalid:
        return
    assert len(by) == 1


@given(st.binary(max_size=80) | st.text("— a\nA=", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        note = read_note(content)
    except NoteInvalid:
        return
    assert bytes(note) == content


LINE = EXAMPLE.split("\n")[2]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "text\n",
        "text\n\n",
        f"text\n\n{LINE}",
        f"text\r\n\n{LINE}\n",
        f"te\x00xt\n\n{LINE}\n",
        f"text\n\n{LINE.replace('—', '-')}\n",
        f"text\n\n{LINE} \n",
        f"text\n\n{LINE}\nmore\n",
        f"text\n\n{LINE.replace('example.com/foo', 'a+b')}\n",
        f"text\n\n{LINE.replace('example.com/foo', '')}\n",
        f"text\n\n{LINE.replace('M=', 'N=')}\n",
        "text\n\n— a AAAA\n",
        "text\n\n" + f"{LINE}\n" * 101,
        "x" * 1_000_000 + f"\n\n{LINE}\n",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_malformed_notes_are_refused(content: str) -> None:
    with pytest.raises(NoteInvalid, match="malformed"):
        read_note(content.encode())


def test_sixteen_signatures_and_more_are_read() -> None:
    signers = [ed25519_signer(f"signer-{number}", bytes([number]) * 32) for number in range(40)]
    opened = open_note(bytes(sign_note("text\n", *signers)), [one.key for one in signers])
    assert len(opened.by) == 40


def test_a_signature_is_added_once() -> None:
    note = read_note(SIGNED)
    assert note.signed(*note.signatures) == note


def test_text_that_is_none_of_a_note_is_not_signed() -> None:
    for text in ("", "no newline", "tab\t\n"):
        with pytest.raises(NoteInvalid):
            sign_note(text, ALICE)
