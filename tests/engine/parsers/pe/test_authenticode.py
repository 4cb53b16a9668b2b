"""Signatures told apart without a network: valid, broken, unsigned, damaged, padded."""

import struct
from functools import lru_cache, partial
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from engine.parsers.pe.authenticode import Signature, der_size, read_signature
from tests.engine import signed_pe
from tests.engine.signed_pe import CHECKSUM_AT, DIRECTORY_AT


@lru_cache(maxsize=1)
def signed() -> bytes:
    return signed_pe.sign(signed_pe.program())


def judged(image: bytes) -> Signature:
    return read_signature(image, CHECKSUM_AT, DIRECTORY_AT)


def flipped(image: bytes, at: int) -> bytes:
    return image[:at] + bytes([image[at] ^ 1]) + image[at + 1 :]


def test_a_signed_program_is_valid_and_names_signer_chain_and_time() -> None:
    signature = judged(signed())

    assert (signature.state, signature.faults, signature.padding) == ("valid", (), 0)
    assert signature.signer == "Example Software Ltd"
    assert signature.message is not None and signature.message.root_embedded
    assert [certificate.subject for certificate in signature.message.chain] == [
        "Example Software Ltd",
        "Test Root",
    ]
    assert all(certificate.issued_by_next for certificate in signature.message.chain)
    assert signature.timestamp is not None
    assert (signature.timestamp.time, signature.timestamp.holds) == ("2021-03-04T05:06:07Z", True)
    assert signature.timestamp.authority == "Test Time Stamping"


def test_what_it_says_is_json_and_claims_no_trust() -> None:
    entry = msgspec.to_builtins(judged(signed()).as_entry())

    assert entry["trust"] == "not established"
    assert entry["digest_stated"] == entry["digest_computed"] and len(entry["digest_stated"]) == 64


def test_an_unsigned_program_is_unsigned() -> None:
    assert judged(signed_pe.program()).state == "unsigned"


def test_a_program_whose_signature_was_stripped_is_unsigned() -> None:
    image = bytearray(signed())
    at, _size = struct.unpack_from("<2I", image, DIRECTORY_AT)
    struct.pack_into("<2I", image, DIRECTORY_AT, 0, 0)

    assert judged(bytes(image[:at])).state == "unsigned"


@pytest.mark.parametrize("at", [2, 0x60, 0x200, 0x400, 0x9FF])
def test_one_byte_flipped_breaks_it(at: int) -> None:
    signature = judged(flipped(signed(), at))

    assert (signature.state, signature.faults) == ("broken", ("digest",))
    assert signature.message is not None and signature.digest_computed != signature.message.digest


def test_the_checksum_is_not_covered() -> None:
    assert judged(flipped(signed(), CHECKSUM_AT)).state == "valid"


def test_bytes_behind_the_table_break_it() -> None:
    assert judged(signed() + b"x" * 16).faults == ("digest", "bytes_behind")


def test_a_truncated_program_is_damaged() -> None:
    for missing in (1, 100, 2000):
        signature = judged(signed()[:-missing])
        assert (signature.state, signature.faults) == ("damaged", ("beyond_end",))


def test_foreign_bytes_in_the_table_are_padding() -> None:
    padded = signed_pe.with_table(
        signed_pe.program(), signed_pe.message_of(signed()), b"hidden" + b"\0" * 100
    )
    signature = judged(padded)

    assert (signature.state, signature.faults, signature.padding) == ("padded", ("padding",), 6)
    assert signature.slack >= 106


def test_zeros_in_the_table_are_told_and_harmless() -> None:
    signature = judged(signed_pe.with_table(signed_pe.program(), signed_pe.message_of(signed()), b"\0" * 64))

    assert signature.state == "valid" and signature.slack >= 64


def test_a_table_without_a_message_is_damaged() -> None:
    assert judged(signed_pe.with_table(signed_pe.program(), b"no signature at all")).state == "damaged"
    assert judged(signed_pe.with_table(signed_pe.program(), b"\x30\x82\x00\x10" + b"\x05" * 16)).state == (
        "damaged"
    )


def test_a_signature_taken_from_another_program_is_broken() -> None:
    other = signed_pe.with_table(signed_pe.program(b"\xcc"), signed_pe.message_of(signed()))

    assert judged(other).faults == ("digest",)


def test_a_certificate_of_a_false_issuer_breaks_the_chain() -> None:
    root = signed_pe.authorities()[0]
    false_root = signed_pe.issue("Test Root", None, ca=True)
    own = signed_pe.issue("Impostor", false_root, purpose=ExtendedKeyUsageOID.CODE_SIGNING)

    signature = judged(signed_pe.sign(signed_pe.program(), own, chain=(own, root)))

    assert (signature.state, signature.faults) == ("broken", ("chain",))


def test_a_publisher_without_the_purpose_is_refused() -> None:
    root = signed_pe.authorities()[0]
    mailer = signed_pe.issue("Mail Person", root, purpose=ExtendedKeyUsageOID.EMAIL_PROTECTION)

    assert judged(signed_pe.sign(signed_pe.program(), mailer)).faults == ("purpose",)


def test_a_certificate_that_had_expired_when_it_signed_is_refused() -> None:
    root = signed_pe.authorities()[0]
    expired = signed_pe.issue(
        "Late Ltd", root, purpose=ExtendedKeyUsageOID.CODE_SIGNING, until=signed_pe.later(-1)
    )

    assert judged(signed_pe.sign(signed_pe.program(), expired)).faults == ("expired_when_signed",)


def test_elliptic_curves_and_missing_roots_and_time_stamps_are_understood() -> None:
    root = signed_pe.authorities()[0]
    own = signed_pe.issue(
        "Curve Ltd",
        root,
        purpose=ExtendedKeyUsageOID.CODE_SIGNING,
        key=ec.generate_private_key(ec.SECP256R1()),
    )
    signature = judged(signed_pe.sign(signed_pe.program(), own, chain=(own,), stamp=False))

    assert signature.state == "valid" and signature.timestamp is None
    assert signature.message is not None and not signature.message.root_embedded
    assert signature.message.chain[0].issued_by_next is None


def test_no_flipped_byte_of_the_message_raises() -> None:
    image = signed()
    at = struct.unpack_from("<I", image, DIRECTORY_AT)[0]
    states = {judged(flipped(image, position)).state for position in range(at, len(image), 13)}

    assert states <= {"valid", "broken", "damaged", "padded", "unverified"} and "broken" in states


@pytest.mark.parametrize(
    ("der", "size"),
    [
        (b"\x30\x03abc", 5),
        (b"\x30\x81\x80", 131),
        (b"\x30\x85", None),
        (b"", None),
        (b"\x31\x00", None),
        (b"\x30\x80", None),
    ],
)
def test_it_knows_where_a_message_ends(der: bytes, size: int | None) -> None:
    assert der_size(der) == size


# -- A vendor's own files ----------------------------------------------------------------


def fields_of(image: bytes) -> tuple[int, int]:
    pe = struct.unpack_from("<I", image, 0x3C)[0]
    wide = struct.unpack_from("<H", image, pe + 24)[0] == 0x20B
    return pe + 24 + 64, pe + 24 + (112 if wide else 96) + 32


@pytest.fixture(scope="module")
def vendors_library(signed_windows_files: Path) -> bytes:
    return next(signed_windows_files.rglob("vcruntime140_threads.dll")).read_bytes()


def test_a_vendors_library_is_valid_with_both_its_signatures(vendors_library: bytes) -> None:
    signature = read_signature(vendors_library, *fields_of(vendors_library))

    assert (signature.state, signature.nested) == ("valid", ("valid",))
    assert signature.signer == "Microsoft Windows Software Compatibility Publisher"
    assert signature.timestamp is not None and signature.timestamp.holds
    assert signature.timestamp.time.startswith("2025-06-10T22:29:18")


def test_a_vendors_library_spoiled_in_each_way_is_told_apart(vendors_library: bytes) -> None:
    fields = fields_of(vendors_library)
    at, size = struct.unpack_from("<2I", vendors_library, fields[1])

    def state(image: bytes) -> str:
        return read_signature(image, *fields).state

    assert state(flipped(vendors_library, 0x1000)) == "broken"
    assert state(vendors_library[:-1000]) == "damaged"
    stripped = bytearray(vendors_library[:at])
    struct.pack_into("<2I", stripped, fields[1], 0, 0)
    assert state(bytes(stripped)) == "unsigned"
    padded = bytearray(vendors_library + b"payload!")
    struct.pack_into("<I", padded, fields[1] + 4, size + 8)
    struct.pack_into("<I", padded, at, size + 8)
    assert state(bytes(padded)) == "padded"


def test_every_library_of_the_vendor_is_valid(signed_windows_files: Path) -> None:
    files = signed_windows_files.rglob("*.dll")
    images = {file.name: file.read_bytes() for file in sorted(files)}
    states = {name: read_signature(image, *fields_of(image)).state for name, image in images.items()}

    assert len(states) > 8 and set(states.values()) == {"valid"}, states


def test_a_file_that_ends_before_its_directories_is_damaged() -> None:
    assert judged(signed()[: DIRECTORY_AT + 3]).faults == ("beyond_end",)


# -- Old signatures ----------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["md5", "sha1"])
@pytest.mark.parametrize("bare", [True, False], ids=["bare digest", "DigestInfo"])
def test_an_old_countersignature_holds_with_and_without_a_digestinfo(algorithm: str, bare: bool) -> None:
    counter = partial(signed_pe.countersignature, algorithm=algorithm, bare=bare)
    signature = judged(signed_pe.sign(signed_pe.program(), counter=counter))

    assert (signature.state, signature.faults) == ("valid", ())
    assert signature.timestamp is not None and signature.timestamp.holds
    assert signature.timestamp.time == "2021-03-04T05:06:07Z"


@pytest.mark.parametrize("bare", [True, False], ids=["bare digest", "DigestInfo"])
def test_a_countersignature_over_something_else_does_not_hold(bare: bool) -> None:
    counter = partial(signed_pe.countersignature, bare=bare, of=b"something else")

    assert judged(signed_pe.sign(signed_pe.program(), counter=counter)).faults == ("timestamp",)


def test_a_countersignature_that_names_no_time_is_no_time_stamp_and_no_fault() -> None:
    counter = partial(signed_pe.countersignature, time=None)
    signature = judged(signed_pe.sign(signed_pe.program(), counter=counter))

    assert (signature.state, signature.timestamp) == ("valid", None)


def test_a_time_stamp_given_outside_of_its_own_certificates_validity_does_not_hold() -> None:
    counter = partial(signed_pe.countersignature, time=signed_pe.later(-900))

    assert "timestamp" in judged(signed_pe.sign(signed_pe.program(), counter=counter)).faults


def test_probabilistic_padding_holds() -> None:
    assert judged(signed_pe.sign(signed_pe.program(), pss=True)).state == "valid"


def short_lived() -> signed_pe.Identity:
    root = signed_pe.authorities()[0]
    purpose = ExtendedKeyUsageOID.CODE_SIGNING
    return signed_pe.issue("Late Ltd", root, purpose=purpose, until=signed_pe.later(30))


def test_a_certificate_that_has_expired_counts_only_without_a_time_stamp() -> None:
    stamped = judged(signed_pe.sign(signed_pe.program(), short_lived()))
    bare = judged(signed_pe.sign(signed_pe.program(), short_lived(), stamp=False))

    assert (stamped.state, stamped.faults) == ("valid", ())
    assert (bare.state, bare.faults) == ("valid", ("expired",))


def test_an_algorithm_that_is_not_known_is_no_sign_of_a_change() -> None:
    image = signed()
    spoiled = image.replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040204"))
    message = signed_pe.message_of(spoiled)  # SHA-224 everywhere: nothing of it can be checked
    signature = judged(signed_pe.with_table(signed_pe.program(), message))

    assert signature.state == "unverified" and "unsupported" in signature.faults
