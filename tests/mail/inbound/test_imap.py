"""Mail out of a mailbox: each mail once, from real servers, whatever happens in between."""

import imaplib
import os
import ssl
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from imap_tools import BaseMailBox, MailBoxUnencrypted, MailMessageFlags

from accounts.models import User
from cases.models import Case
from launcher import parts
from launcher.ports import LOOPBACK
from mail.errors import MailServerDown
from mail.inbound import imap
from mail.inbound.imap import Account
from mail.inbound.models import ImapFolder
from mail.inbound.storing import store_raw
from mail.inbound.unreached import note_failure
from mail.outbound.outbox import enqueue
from mail.store.models import MailMessage
from mail.store.reasons import Reason
from tests.mail.certificates import certificate_of
from tests.mail.inbound.imap_servers import PASSWORD, USER, as_netease, dovecot, has_dovecot, pymap
from tests.mail.mails import HERE, as_sent, attach, bodies, letter, outgoing, read_all
from tests.people import reading_english, report, signed_in
from tests.processes import PYTHON, Running, wait_until
from uploads.links.models import UploadLink


@dataclass(frozen=True)
class Server:
    """One running IMAP server."""

    port: int

    def folder(self, name: str = "") -> Account:
        """A new, empty folder of its one mailbox."""
        account = Account(LOOPBACK, self.port, "none", USER, PASSWORD, name or f"案例 {uuid.uuid4().hex[:8]}")
        with self.client() as mailbox:
            mailbox.folder.create(account.folder)
        return account

    def client(self) -> BaseMailBox:
        """Another mail program."""
        return MailBoxUnencrypted(LOOPBACK, self.port).login(USER, PASSWORD)

    def put(self, account: Account, *contents: bytes, seen: bool = False, at: datetime | None = None) -> None:
        with self.client() as mailbox:
            for content in contents:
                flags = [MailMessageFlags.SEEN] if seen else None
                mailbox.append(content, account.folder, dt=at, flag_set=flags)

    def flags(self, account: Account) -> list[bool]:
        """Of each mail in the folder whether it is seen."""
        with self.client() as mailbox:
            mailbox.folder.set(account.folder)
            return [MailMessageFlags.SEEN in message.flags for message in mailbox.fetch(mark_seen=False)]


@pytest.fixture(
    scope="module",
    params=[
        "pymap",
        pytest.param("dovecot", marks=pytest.mark.skipif(not has_dovecot(), reason="no Dovecot here")),
    ],
)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    # Dovecot's helpers are other users, who may not enter the folders that pytest makes.
    with tempfile.TemporaryDirectory(prefix="imap-") as top:
        os.chmod(top, 0o755)
        with pymap("--no-tls") if request.param == "pymap" else dovecot(Path(top) / "dovecot") as port:
            yield Server(port)


def mail_of(subject: object, text: str = "日志已上传。") -> bytes:
    return f"From: a@plant.example\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()


def fetch(account: Account) -> int:
    with imap.opened(account) as mailbox:
        return imap.fetch(mailbox, account)


def stored() -> list[str]:
    return sorted(MailMessage.objects.values_list("way", flat=True))


def test_what_is_new_is_stored_once_and_marked_as_seen(server: Server, db: None) -> None:
    account = server.folder()
    assert fetch(account) == 0
    server.put(account, mail_of(1), mail_of(2, "x" * 300_000))
    assert fetch(account) == 2
    assert stored() == ["imap", "imap"]
    assert server.flags(account) == [True, True]
    assert fetch(account) == 0
    # Somebody reads it in her mail program first.
    server.put(account, mail_of(3), seen=True)
    assert fetch(account) == 1


def test_what_lay_there_read_before_is_left_alone(server: Server, db: None) -> None:
    account = server.folder()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    server.put(account, mail_of("old"), seen=True, at=yesterday)
    server.put(account, mail_of("old but unread"), at=yesterday)
    assert fetch(account) == 1


def test_a_mail_may_be_moved_in_place_of_being_marked(server: Server, db: None) -> None:
    account = server.folder()
    done = replace(account, done_folder=f"已处理 {account.folder}")
    server.put(account, mail_of(1), mail_of(2))
    assert fetch(done) == 2
    assert server.flags(account) == []
    assert len(server.flags(replace(account, folder=done.done_folder))) == 2


def test_a_folder_that_is_numbered_anew_doubles_nothing(server: Server, db: None) -> None:
    account = server.folder()
    fetch(account)
    server.put(account, mail_of(1), mail_of(2))
    assert fetch(account) == 2
    folder = ImapFolder.objects.get(address=account.address)
    ImapFolder.objects.update(uidvalidity=folder.uidvalidity + 1, last_uid=10**9)
    server.put(account, mail_of(3))
    assert fetch(account) == 3
    assert len(stored()) == 3
    again = ImapFolder.objects.get()
    assert again.uidvalidity == folder.uidvalidity and again.last_uid < 10**9


def test_a_mail_above_the_limit_is_told_and_stays(server: Server, db: None, settings: Any) -> None:
    account = server.folder()
    server.put(account, mail_of("huge", "x" * 50_000), mail_of("small"))
    settings.MAIL_MAX_SIZE = 20_000
    assert fetch(account) == 2
    assert server.flags(account) == [False, True]
    assert fetch(account) == 0
    sizes = sorted(MailMessage.objects.values_list("size", flat=True))
    assert len(sizes) == 2 and sizes[1] < 1000


def test_what_is_no_mail_is_shown_to_a_person_and_holds_up_no_other(server: Server, jia: User) -> None:
    account = server.folder()
    server.put(account, b"\r\nno header at all\r\n", mail_of("after it"))
    assert (fetch(account), fetch(account)) == (2, 0)
    assert server.flags(account) == [True, True]
    read_all()
    mail = MailMessage.objects.get(reason=Reason.UNREADABLE)
    page = reading_english(jia).get(reverse("mail-review"), {"mail": str(mail.pk)}).content.decode()
    assert "It cannot be read." in page
    source = signed_in(jia).get(reverse("mail-source", args=[mail.pk])).content
    assert source.strip() == b"no header at all"


def whole_mail(case: Case, **fields: str) -> bytes:
    """Alice's mail of 3 MB, of which 2 are taken."""
    return bytes(attach(letter(case, **fields), b"x" * 3 * 2**20, "EventLogs.zip"))


def test_who_mailed_too_much_is_asked_for_it_by_an_upload_link(
    server: Server, alice: User, jia: User, settings: Any
) -> None:
    settings.MAIL_MAX_SIZE = 2 * 2**20
    case = report(alice, engineer=jia)
    ours = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    account = server.folder()
    server.put(account, whole_mail(case, Subject="日志", References=ours.message_id))
    assert fetch(account) == 1
    assert server.flags(account) == [False]
    read_all()
    (entry,) = bodies(case)
    assert "正文和附件都没有取入" in entry and "neither its text nor its files were fetched" in entry
    assert "4.1\xa0MB" in entry and "2.0\xa0MB" in entry
    (answer,) = [mail for mail in outgoing() if mail.facts.get("automatic")]
    assert answer.address == alice.email
    assert "您这封 4.1\xa0MB 的邮件超过了系统可接收的 2.0\xa0MB" in answer.facts["text"]
    link = UploadLink.objects.get()
    assert (link.case, link.person, link.asked) == (case, alice, "您的邮件“日志”中的文件")
    assert answer.facts["action"]["label"] == "上传文件"
    page = as_sent(answer).get_body(("plain",))
    assert page is not None and "/uploads/link/mail-" in page.get_content()
    # A forger is asked for nothing.
    server.put(account, whole_mail(case, results=f"{HERE}; dmarc=fail header.from=customer.example"))
    fetch(account)
    read_all()
    assert UploadLink.objects.count() == 1


class Killed(BaseException):
    """As kill -9: nothing is caught, nothing is cleaned up."""


def test_a_crash_between_any_two_steps_doubles_and_loses_nothing(
    server: Server, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies before its first, second, … step, and after each of them, until one run ends."""

    def dying(step: Callable[..., Any]) -> Callable[..., Any]:
        def die_or_go_on(*args: Any, **options: Any) -> Any:
            if next(steps) == last:
                raise Killed
            done = step(*args, **options)
            if next(steps) == last:
                raise Killed
            return done

        return die_or_go_on

    account = server.folder()
    server.put(account, *map(mail_of, range(3)))
    with monkeypatch.context() as mortal:
        mortal.setattr(imap, "store_raw", dying(store_raw))
        mortal.setattr(ImapFolder, "save", dying(ImapFolder.save))
        mortal.setattr(imaplib.IMAP4, "uid", dying(imaplib.IMAP4.uid))
        for last in count():  # noqa: B007 (the steps compare themselves with it)
            steps = count()
            try:
                fetch(account)
                break
            except Killed:
                continue
    assert last > 6
    assert len(stored()) == 3
    assert server.flags(account) == [True, True, True]


def test_where_storing_fails_the_mail_stays_unread(
    server: Server, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = server.folder()
    server.put(account, mail_of(1))

    def full(*args: object, **options: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(imap, "store_raw", full)
        with pytest.raises(MailServerDown):
            fetch(account)
    assert server.flags(account) == [False]
    assert fetch(account) == 1


def test_who_waits_hears_of_a_new_mail(server: Server, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    account = server.folder()

    def poll(timeout: float) -> list[bytes]:
        server.put(account, mail_of(1))
        return listens(timeout)

    with imap.opened(account) as mailbox:
        imap.fetch(mailbox, account)
        listens = mailbox.idle.poll
        monkeypatch.setattr(mailbox.idle, "poll", poll)
        started = time.monotonic()
        imap.wait(mailbox, 120)
        assert time.monotonic() - started < 60
        assert imap.fetch(mailbox, account) == 1


def test_a_server_that_wants_to_know_who_asks_and_has_no_idle_is_looked_into_again_and_again(
    server: Server, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = server.folder()
    server.put(account, mail_of(1))
    with as_netease(server.port) as port:
        stranger = imaplib.IMAP4(LOOPBACK, port)
        stranger.login(USER, PASSWORD)
        status, answer = stranger.select("INBOX")
        assert (status, answer) == ("NO", [b"SELECT Unsafe Login. Please contact kefu@188.com for help"])
        there = replace(account, port=port)
        slept: list[float] = []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            server.put(account, mail_of(2))

        with imap.opened(there) as mailbox:
            assert imap.fetch(mailbox, there) == 1
            monkeypatch.setattr(time, "sleep", sleep)
            imap.wait(mailbox, 45)
            monkeypatch.undo()
            assert slept == [45]
            assert imap.fetch(mailbox, there) == 1
    assert stored() == ["imap", "imap"]
    assert server.flags(account) == [True, True]


def test_a_health_check_hears_of_a_process_that_fetches_no_more(
    server: Server, db: None, settings: Any
) -> None:
    account = server.folder()
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_SECURITY = LOOPBACK, server.port, "none"
    settings.IMAP_USER, settings.IMAP_PASSWORD, settings.IMAP_FOLDER = USER, PASSWORD, account.folder
    with pytest.raises(CommandError, match="Nobody"):
        call_command("fetch_mail", "--check")
    call_command("fetch_mail", "--once")
    call_command("fetch_mail", "--check")
    ImapFolder.objects.update(looked_at=datetime.now(UTC) - timedelta(minutes=16))
    with pytest.raises(CommandError, match="15 minutes"):
        call_command("fetch_mail", "--check")


def test_a_server_that_is_not_there_is_told(settings: Any, db: None) -> None:
    with pytest.raises(CommandError, match="IMAP_HOST"):
        call_command("fetch_mail", "--once")
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_SECURITY = LOOPBACK, 1, "none"
    with pytest.raises(CommandError, match="refused"):
        call_command("fetch_mail", "--once")


def test_a_wrong_password_and_a_missing_folder_are_told(server: Server, db: None) -> None:
    account = server.folder()
    for wrong in (replace(account, password="no"), replace(account, folder="没有")):
        with pytest.raises(MailServerDown):
            fetch(wrong)


def reached(person: User) -> str:
    return reading_english(person).get(reverse("mail-review")).content.decode()


def is_told(person: User) -> bool:
    return "imap://" in reached(person)


def health() -> str:
    return str(Client().get(reverse("health-ready")).json().get("mailbox", ""))


def fetch_until_it_pauses() -> None:
    with suppress(Killed):
        call_command("fetch_mail")


@pytest.mark.parametrize("server", ["pymap"], indirect=True)  # Dovecot waits after a wrong password.
def test_a_mailbox_that_cannot_be_looked_into_is_told_with_what_its_server_says(
    server: Server, jia: User, root: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pause(_seconds: float) -> None:
        raise Killed

    monkeypatch.setattr("mail.management.commands.fetch_mail.time.sleep", pause)
    monkeypatch.setattr("mail.management.commands.fetch_mail.close_old_connections", lambda: None)
    monkeypatch.setattr(imap, "wait", lambda *_: pause(0))
    assert (is_told(jia), health()) == (False, "")
    account = server.folder()
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_SECURITY = LOOPBACK, server.port, "none"
    settings.IMAP_USER, settings.IMAP_PASSWORD, settings.IMAP_FOLDER = USER, "expired", account.folder
    start = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        fetch_until_it_pauses()
        clock.move_to(start + timedelta(minutes=4))
        assert not is_told(jia)
        clock.move_to(start + timedelta(minutes=6))
        fetch_until_it_pauses()
        page = reached(jia)
        assert f"imap://{USER}@127.0.0.1:{server.port}/{account.folder}" in page
        assert "18:00" in page and "The last answer: [AUTHENTICATIONFAILED]" in page
        assert "expired" not in page
        settings_page = signed_in(root).get("/admin/mail/mailsettings/", follow=True).content.decode()
        assert "[AUTHENTICATIONFAILED]" in settings_page
        assert health() == "not looked into since 2026-11-02T10:00Z"
        settings.IMAP_PASSWORD = PASSWORD
        fetch_until_it_pauses()
        assert (is_told(jia), health()) == (False, "")
        # What fetches has ended, and says nothing more.
        clock.move_to(start + timedelta(minutes=30))
        assert "Nobody has looked into the mailbox" in reached(jia)
        settings.IMAP_HOST = ""
        assert (is_told(jia), health()) == (False, "")


def test_a_server_that_repeats_the_password_tells_it_to_nobody(db: None) -> None:
    account = Account("imap.example", 993, "tls", "support", "s3cret", "INBOX")
    note_failure(account, MailServerDown(f"{account.address}: LOGIN support s3cret refused"))
    assert ImapFolder.objects.get().answer == "LOGIN support … refused"
    note_failure(account, OSError(28, "No space left", "/srv/anjuan/mail/1"))
    assert ImapFolder.objects.get().answer == "OSError"


def test_a_server_whose_certificate_nobody_knows_is_refused(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_of(LOOPBACK, tmp_path)
    with pymap("--cert", str(certificate), "--key", str(certificate)) as port:
        account = Account(LOOPBACK, port, "starttls", USER, PASSWORD, "INBOX")
        with pytest.raises(MailServerDown, match="CERTIFICATE_VERIFY_FAILED"):
            fetch(account)
        context = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(ssl, "create_default_context", lambda: context)
        fetch(account)


def _holds(least: int) -> bool:
    return MailMessage.objects.count() >= least


def _letter(case: Case, number: int) -> bytes:
    message = letter(case, Message_ID=f"<{number}@customer.example>")
    message.set_content(f"This is log {number:02}.\n")
    return bytes(message).replace(b"\n", b"\r\n")


@pytest.mark.django_db(transaction=True)
def test_a_fetching_process_that_is_killed_again_and_again_takes_each_mail_once(
    server: Server, case: Case, alice: User, tmp_path: Path, settings: Any
) -> None:
    account = server.folder()
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = parts.portal_environment(
        os.environ,
        DATABASE_URL=f"{base}/{connection.settings_dict['NAME']}",
        ANJUAN_HOME=str(settings.ANJUAN_HOME),
        IMAP_HOST=LOOPBACK,
        IMAP_PORT=str(server.port),
        IMAP_SECURITY="none",
        IMAP_USER=USER,
        IMAP_PASSWORD=PASSWORD,
        IMAP_FOLDER=account.folder,
    )
    running = Running(
        parts.fetch_mail(PYTHON), env, tmp_path / "fetch.log", lambda _: ImapFolder.objects.exists()
    )
    mails = [_letter(case, number) for number in range(20)]
    try:
        for taken in (3, 13):
            server.put(account, *mails[:10])
            running.start()
            wait_until(partial(_holds, taken))
            running.kill()
            del mails[:10]
        running.start()
        wait_until(partial(_holds, 20))
        wait_until(lambda: all(server.flags(account)))
        # It waits now, and hears of the next by itself.
        server.put(account, _letter(case, 20))
        wait_until(partial(_holds, 21))
    finally:
        running.kill()
    assert MailMessage.objects.count() == 21
    read_all()
    assert sorted(bodies(case)) == [f"This is log {number:02}." for number in range(21)]
