"""When a From address counts as proven: by one field, read to the letter."""

import time

import pytest

from mail.reading.authentication import EXCHANGE_ONLINE, MAX_FIELD_LENGTH, MAX_FIELDS, Proof, proof

MX = "mx.vendor.example"
PASSES = f"{MX}; dmarc=pass header.from=plant.example"


def proven(*fields: str, by: str = MX, address: str = "wang@plant.example") -> Proof:
    return proof(address, fields, by)


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("dmarc=pass header.from=plant.example", Proof.DMARC),
        ("DMARC=Pass(p=REJECT) header.from=Plant.example;", Proof.DMARC),
        ("dmarc=pass header.from=wang@plant.example", Proof.DMARC),
        ("dmarc/1=pass policy.dmarc=none action=none header.from=plant.example", Proof.DMARC),
        (
            "dkim=none (not signed) header.d=none; spf=pass (mx: domain of wang@plant.example designates "
            "192.0.2.7 as permitted sender (really)) smtp.mailfrom=wang@plant.example; "
            "dmarc=pass (p=NONE sp=NONE) header.from=plant.example",
            Proof.DMARC,
        ),
        (
            "dkim=pass (2048-bit key) header.d=plant.example header.i=@plant.example header.b=aB/+c=",
            Proof.DKIM,
        ),
        ("dkim=pass header.i=@plant.example header.s=s1 header.b=a", Proof.DKIM),
        ("dkim=fail header.d=plant.example; dkim=pass header.d=plant.example", Proof.DKIM),
        ("dmarc=none header.from=plant.example; dkim=pass header.d=plant.example", Proof.DKIM),
        ("dmarc=temperror header.from=plant.example; dkim=pass header.d=plant.example", Proof.DKIM),
        ('spf=pass smtp.mailfrom="a;dmarc=fail"@x.example; dkim=pass header.d=plant.example', Proof.DKIM),
        ("none", Proof.FAILED),
        ("", Proof.FAILED),
        ("spf=pass smtp.mailfrom=wang@plant.example", Proof.FAILED),
        ("arc=pass; compauth=pass reason=100", Proof.FAILED),
        ("dmarc=pass", Proof.FAILED),
        ("dmarc=pass header.from=other.example", Proof.FAILED),
        ("dmarc=pass header.from=li@plant.example", Proof.FAILED),
        ("dmarc=fail header.from=plant.example; dkim=pass header.d=plant.example", Proof.FAILED),
        ("dmarc=fail header.from=plant.example; dmarc=pass header.from=plant.example", Proof.FAILED),
        ("dmarc=pass header.from=plant.example; dmarc=fail header.from=plant.example", Proof.FAILED),
        ('spf=pass smtp.mailfrom="a; dmarc=pass header.from=plant.example"@x.example', Proof.FAILED),
        ("spf=pass (dmarc=pass header.from=plant.example)", Proof.FAILED),
        ('dmarc=pass header.from="plant.example"', Proof.FAILED),
        ("dkim=pass header.d=mail.plant.example", Proof.FAILED),
        ("dkim=pass header.d=lant.example", Proof.FAILED),
        ("dkim=pass header.d=example", Proof.FAILED),
        ("dkim=pass header.d=other.example header.i=@plant.example", Proof.FAILED),
    ],
)
def test_what_the_own_server_wrote_decides(results: str, outcome: Proof) -> None:
    assert proven(f"{MX}; {results}") == outcome
    assert outcome.holds == (outcome in {Proof.DMARC, Proof.DKIM})


@pytest.mark.parametrize(
    "field",
    [
        f"{MX}; spf=pass (open smtp.mailfrom=x; dmarc=pass header.from=plant.example",
        f'{MX}; spf=pass smtp.mailfrom="x@y.example; dmarc=pass header.from=plant.example',
        f"{MX}; spf=pass smtp.mailfrom=a b@y.example; dmarc=pass header.from=plant.example",
        f"{MX}; spf=pass) ; dmarc=pass header.from=plant.example",
        f"{MX}; dmarc=pass header.from=plant.example header.from=other.example",
        f"{MX}; dmarc=pass; header.from=plant.example",
        f"{MX} 2; dmarc=pass header.from=plant.example",
        f"{MX}\\; dmarc=pass header.from=plant.example",
        f'"{MX}"; dmarc=pass header.from=plant.example',
        "dmarc=pass header.from=plant.example",
        "; dmarc=pass header.from=plant.example",
        "",
        f"{PASSES} (" + ")" * MAX_FIELD_LENGTH,
    ],
)
def test_a_field_that_cannot_be_read_proves_nothing_and_hides_what_is_below(field: str) -> None:
    assert proven(field) == Proof.UNREADABLE
    assert proven(field, PASSES) == Proof.UNREADABLE


def test_only_the_topmost_field_of_the_own_server_counts() -> None:
    failing = f"{MX}; dmarc=fail header.from=plant.example"
    assert proven("relay.example; dkim=none", PASSES, failing) == Proof.DMARC
    assert proven(failing, PASSES) == Proof.FAILED
    assert proven("relay.example; dmarc=pass header.from=plant.example") == Proof.MISSING
    assert proven(f"x.{MX}; dmarc=pass header.from=plant.example") == Proof.MISSING
    assert proven() == Proof.MISSING
    assert proven(*["relay.example; none"] * MAX_FIELDS, PASSES) == Proof.MISSING


def test_nothing_is_proven_where_no_server_is_trusted() -> None:
    for field in (PASSES, "; dmarc=pass header.from=plant.example", "dmarc=pass header.from=plant.example"):
        assert proven(field, by="") == Proof.MISSING


def test_a_domain_above_the_address_may_sign_for_it() -> None:
    signed = f"{MX} 1; dkim=pass header.d=plant.example"
    assert proven(signed, address="wang@mail.plant.example") == Proof.DKIM
    assert proven(signed, address="wang@badplant.example") == Proof.FAILED


@pytest.mark.parametrize("signer", ["com.cn", "gd.cn", "co.uk", "cn"])
def test_a_domain_below_which_strangers_have_theirs_signs_for_nobody(signer: str) -> None:
    signed = f"{MX} 1; dkim=pass header.d={signer}"
    assert proven(signed, address=f"wang@plant.{signer}") == Proof.FAILED


def test_exchange_online_writes_no_name_and_only_its_topmost_field_counts() -> None:
    field = (
        "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=plant.example; dkim=pass (signature was verified) "
        "header.d=plant.example;dmarc=pass action=none header.from=plant.example;compauth=pass reason=100"
    )
    assert proven(field, by=EXCHANGE_ONLINE) == Proof.DMARC
    assert proven(field, by=MX) == Proof.UNREADABLE
    assert (
        proven(f"{EXCHANGE_ONLINE}; dmarc=pass header.from=plant.example", by=EXCHANGE_ONLINE)
        == Proof.MISSING
    )
    assert proven(PASSES, field, by=EXCHANGE_ONLINE) == Proof.MISSING
    assert proven("spf=none; compauth=pass", field, by=EXCHANGE_ONLINE) == Proof.FAILED


@pytest.mark.parametrize("piece", ["(", "(a) ", '"\\a', "; a=b", " c.d=e", "\\", ";"])
def test_a_field_made_for_it_takes_no_longer_than_it_is_long(piece: str) -> None:
    fields = [f"{MX}; spf=pass {piece * 50_000}"[:MAX_FIELD_LENGTH]] * 1000
    started = time.process_time()
    proven(*fields, by="another.example")
    assert time.process_time() - started < 15
