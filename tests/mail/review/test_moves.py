"""A mail in the wrong case: one click on its entry moves it, one takes that back."""

import re

from django.urls import reverse

from accounts.models import User
from cases.models import Case, Queue
from cases.relations.kinds import RelationKind
from cases.relations.services import relate
from mail.review import services
from mail.store.models import MailMessage, MatchedBy
from tests.mail.mails import attach, bodies, deliver, letter, read_all
from tests.people import reading_english, report
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.signals import bundle_deleted


def offers(page: str) -> list[str]:
    """The numbers of the cases that the first mail's entry offers, in their order."""
    menu = page.partition("Wrong case?")[2].partition("</details>")[0]
    return re.findall(r'name="number" value="([^"]+)"', menu)


def test_the_entry_offers_the_likeliest_cases_and_moves_by_one_click(
    case: Case, alice: User, bob: User, jia: User
) -> None:
    of_bob = report(bob, title="Bob's", engineer=jia)
    of_alice = report(alice, title="Hers", engineer=jia)
    related = report(bob, title="Related", engineer=jia)
    named = report(bob, title="Named", engineer=jia)
    relate(case, related, kind=RelationKind.RELATED, by=jia)
    message = letter(case)
    message.set_content(f"This is about {named.number}.\n")
    mail = deliver(message)
    assert mail.case == case
    client = reading_english(jia)
    page = client.get(case.get_absolute_url()).content.decode()
    assert offers(page) == [named.number, related.number, of_alice.number, of_bob.number]
    moved = client.post(
        reverse("mail-into-case", args=[mail.pk]), {"number": of_alice.number, "back": "entry"}
    )
    mail.refresh_from_db()
    assert moved["Location"] == f"{of_alice.get_absolute_url()}#entry-{mail.entry_id}"
    assert (mail.case, mail.matched_by) == (of_alice, MatchedBy.BY_HAND)
    there = client.get(of_alice.get_absolute_url()).content.decode()
    assert "Moved here by Jia from" in there and case.number in there
    undo = re.search(r'class="small entry-moved" method="post" action="([^"]+)"', there)
    assert undo is not None
    back = client.post(undo[1], {"back": "entry"})
    mail.refresh_from_db()
    assert mail.case == case
    assert back["Location"] == f"{case.get_absolute_url()}#entry-{mail.entry_id}"
    assert "Moved here by" not in client.get(case.get_absolute_url()).content.decode()


def test_a_wrong_number_moves_nothing_and_says_so_beside_the_entry(
    case: Case, alice: User, jia: User
) -> None:
    mail = deliver(letter(case))
    data = {"number": "CAS-99999-ZZZZZZ", "back": "entry"}
    client = reading_english(jia)
    answer = client.post(reverse("mail-into-case", args=[mail.pk]), data, follow=True)
    assert "There is no case CAS-99999-ZZZZZZ that you can see" in answer.content.decode()
    assert answer.redirect_chain[0][0].startswith(case.get_absolute_url())


def test_nobody_is_offered_a_case_that_she_does_not_see(
    case: Case, alice: User, charlie: User, jia: User, ding: User
) -> None:
    hidden = report(charlie, title="Of others", engineer=ding)
    Case.objects.filter(pk=hidden.pk).update(queue=None)
    message = letter(case)
    message.set_content(f"As in {hidden.number}.\n")
    deliver(message)
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert hidden.number not in offers(page) and "Of others" not in page
    hers = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert "Wrong case?" not in hers and "entry-move" not in hers
    assert bodies(case) and MailMessage.objects.get().case == case


def test_a_mail_taken_into_another_organisations_case_is_offered_its_senders(
    case: Case, charlie: User, jia: User, queue: Queue
) -> None:
    hers = report(charlie, title="Charlie's", engineer=jia, queue=queue)
    mail = deliver(letter(case, results=None, From=f"Charlie <{charlie.email}>"))
    services.take_into(mail, case, by=jia)
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert offers(page)[0] == hers.number


def test_a_mail_of_which_a_file_was_deleted_stays_and_says_why(case: Case, alice: User, jia: User) -> None:
    agree(alice, case)
    other = report(alice, title="Hers", engineer=jia)
    mail = deliver(attach(letter(case)))
    bundle_deleted.send(sender=Bundle, bundle=Bundle.objects.get())
    client = reading_english(jia)
    page = client.get(case.get_absolute_url()).content.decode()
    assert offers(page) == []
    assert "it cannot be moved or read again. Write in the right case what matters" in page
    data = {"number": other.number, "back": "entry"}
    said = client.post(reverse("mail-into-case", args=[mail.pk]), data, follow=True).content.decode()
    assert said.count("it cannot be moved or read again") == 2, "above, and on the entry"
    mail.refresh_from_db()
    assert (mail.case, mail.source) == (case, "")
    assert (
        "Its bytes were deleted, with a file of it"
        in client.get(reverse("mail", args=[mail.pk])).content.decode()
    )


def test_a_move_is_taken_back_also_when_a_file_was_deleted_since(case: Case, alice: User, jia: User) -> None:
    agree(alice, case)
    other = report(alice, title="Hers", engineer=jia)
    agree(alice, other)
    mail = deliver(attach(letter(case)))
    decision = services.take_into(mail, other, by=jia)
    read_all()
    bundle_deleted.send(sender=Bundle, bundle=Bundle.objects.get(case=other))
    page = reading_english(jia).get(other.get_absolute_url()).content.decode()
    assert reverse("mail-undo", args=[decision.pk]) in page
    services.undo(decision, by=jia)
    mail.refresh_from_db()
    assert mail.case == case
