"""Whose mail it is, by From in every shape that mailers write, and who else it went to."""

import time

import pytest

from mail.reading.addresses import MAX_FROM_LENGTH, MAX_RECIPIENTS, Mailbox, recipients, sender_of


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Wang@Plant.example", ""),
        (" <wang@plant.example> ", ""),
        ("Wang Li <wang@plant.example>", "Wang Li"),
        ('"Wang, Li (IT)" <wang@plant.example>', "Wang, Li (IT)"),
        ("Wang, Li <wang@plant.example>", "Wang, Li"),
        ("Wang, Li, IT; Plant 2 <wang@plant.example>", "Wang, Li, IT, Plant 2"),
        ("王莉（信息部） <wang@plant.example>", "王莉（信息部）"),
        ("王莉，信息部 <wang@plant.example>;", "王莉，信息部"),
        ("Wang Li (IT <wang@plant.example>", "Wang Li (IT"),
        ('6" disks <wang@plant.example>', '6" disks'),
        ('Wang "Lily" Li <wang@plant.example>', "Wang Lily Li"),
        ("wang@plant.example (Wang (IT) Li)", "Wang (IT) Li"),
        ("Wang <wang@plant.example> (on leave, back \\) Monday)", "Wang"),
        ("wang@plant.example <wang@plant.example>", "wang@plant.example"),
        ("'wang@plant.example' <wang@plant.example>", "wang@plant.example"),
        ('"old@plant.example" <wang@plant.example>', "old@plant.example"),
        ("old@plant.example <wang@plant.example>", "old@plant.example"),
        ('"Wang <wang@plant.example>" <wang@plant.example>', "Wang <wang@plant.example>"),
        ("CRM: Wang <wang@plant.example>", "CRM: Wang"),
        ("=?gb2312?B?zfXA8g==?= <wang@plant.example>", "王莉"),
        ('"=?utf-8?B?546L6I6J?=" <wang@plant.example>', "王莉"),
        ("=?utf-8?Q?=E7=8E=8B=E8=8E=89=2C_IT?= <wang@plant.example>", "王莉, IT"),
        ("=?utf-8?Q?Wang,_Li?= <wang@plant.example>", "Wang, Li"),
    ],
)
def test_one_mailbox_is_found_however_its_name_is_written(field: str, name: str) -> None:
    assert sender_of([field]) == Mailbox("wang@plant.example", name)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("=?utf-8?B?546L6I6JIDx3YW5nQHBsYW50LmV4YW1wbGU+?=", "王莉"),
        ("=?utf-8?Q?Wang,_Li_=3Cwang=40plant=2Eexample=3E?=", "Wang, Li"),
        ("=?utf-8?Q?wang=40plant.example?=", ""),
        ("Wang =?utf-8?Q?=3Cwang=40plant.example=3E?=", "Wang"),
        ("Wang <mailto:wang@plant.example>", "Wang"),
        ("Wang < MailTo: Wang@Plant.example >", "Wang"),
        ("Wang <<wang@plant.example>>", "Wang"),
        ("<‹wang@plant.example›>", ""),
        ("Wang <<mailto:wang@plant.example>>", "Wang"),
        ("Wang <@relay.example:wang@plant.example>", "Wang"),
        ("Wang <@relay.example, @b.example: wang@plant.example>", "Wang"),
    ],
)
def test_one_mailbox_is_found_in_shapes_that_others_may_not_read(field: str, name: str) -> None:
    assert sender_of([field]) == Mailbox("wang@plant.example", name, is_mended=True)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "Wang Li",
        "a@plant.example, b@other.example",
        "a@plant.example, Li <b@other.example>",
        "Wang <a@plant.example>, Li <b@other.example>",
        "<a@plant.example> <b@other.example>",
        "<a@plant.example> b@other.example",
        "a@plant.example b@other.example",
        "a@plant.example, Li",
        "<<a@plant.example>> <b@other.example>",
        "<<a@plant.example> <b@other.example>>",
        "<a@plant.example <b@other.example>>",
        "<<<a@plant.example>>>",
        "<@relay.example:a@plant.example> b@other.example",
        "<@relay.example:@a@plant.example>",
        "<b@other.example:a@plant.example>",
        "<@b@other.example:a@plant.example>",
        "<mailto:a@plant.example?cc=b@other.example>",
        '"<mailto:b@other.example>" <a@plant.example>',
        "=?utf-8?Q?=3Ca=40plant.example=3E_=3Cb=40other.example=3E?=",
        "=?utf-8?Q?a=40plant.example,_b=40other.example?=",
        "=?utf-8?Q?Wang?=",
        "Wang <a@plant.example",
        "Wang <>",
        "team: a@plant.example;",
        "team: Wang <a@plant.example>;",
        '"a b"@plant.example',
        '"a@plant.example"',
        "a@plant.example (Li <b@other.example>)",
        '"Li <b@other.example>" <a@plant.example>',
        "a@plant",
        "王@plant.example",
        "ａ@plant.example",
    ],
)
def test_what_two_programs_may_read_differently_is_nobodys(field: str) -> None:
    assert sender_of([field]) is None


def test_of_two_from_fields_neither_is_the_sender() -> None:
    assert sender_of(["a@plant.example", "a@plant.example"]) is None
    assert sender_of([]) is None
    assert sender_of([f"{'x' * MAX_FROM_LENGTH} <a@plant.example>"]) is None


def test_all_fields_of_a_name_are_one_list() -> None:
    fields = [
        'Zhang, Ms <a@x.example>; "Li, Si" <B@x.example>, undisclosed-recipients:;',
        "Team 2: c@x.example, D <d@x.example>;, 王莉＜e@x.example＞，'f@x.example'、 a@x.example (again)",
        "<mailto:i@x.example>, J <<j@x.example>>; <@relay.example:k@x.example>",
        "=?utf-8?Q?=22Ma,_L=22_=3Cl=40x.example=3E,_m=40x.example?=",
        "G <g@x.example",
        "nobody, <>, @, x@, @x.example,,",
    ]
    assert recipients(fields) == [
        Mailbox("a@x.example", "Zhang, Ms"),
        Mailbox("b@x.example", "Li, Si"),
        Mailbox("c@x.example", ""),
        Mailbox("d@x.example", "D"),
        Mailbox("e@x.example", "王莉"),
        Mailbox("f@x.example", ""),
        Mailbox("i@x.example", ""),
        Mailbox("j@x.example", "J"),
        Mailbox("k@x.example", ""),
        Mailbox("l@x.example", "Ma, L"),
        Mailbox("m@x.example", ""),
        Mailbox("g@x.example", ""),
    ]


def test_thousands_of_recipients_are_read_up_to_a_limit() -> None:
    field = ", ".join(f"Person {count} <p{count}@x.example>" for count in range(MAX_RECIPIENTS + 5))
    found = recipients([field])
    assert len(found) == MAX_RECIPIENTS
    assert found[4000] == Mailbox("p4000@x.example", "Person 4000")


@pytest.mark.parametrize(
    "piece",
    [
        "<mailto:",
        "<@a.b,",
        "<<",
        "<‹",
        "=?utf-8?q?=3C?= ",
        '"\\"',
        "(",
        "((())",
        "<",
        "<a@",
        '"(',
        '(")',
        "a,",
        ",",
        ";:",
        "\\",
        " (a)",
        "=?utf-8?q?a",
        "a@b.c ",
    ],
)
def test_a_field_made_for_it_takes_no_longer_than_it_is_long(piece: str) -> None:
    started = time.process_time()
    recipients([piece * (2**18 // len(piece))])
    sender_of([(piece * MAX_FROM_LENGTH)[:MAX_FROM_LENGTH]])
    assert time.process_time() - started < 15
