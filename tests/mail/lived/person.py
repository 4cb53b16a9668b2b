"""Somebody with a mail program, and a browser for the links in her mails."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import urldefrag, urlsplit

from tests.mail.lived.browser import Browser, Page
from tests.mail.lived.mail_program import MailProgram, link_in, new_text_of

PASSWORD = "a password of their own"


@dataclass
class Person:
    mail: MailProgram
    browser: Browser = field(default_factory=Browser)

    def follow(self, address: str) -> Page:
        """Opens a link and signs in where she is asked to: the browser forgets her after two weeks."""
        page = self.browser.open(address)
        if "/accounts/login/" in page.address:
            page = self.browser.sign_in(page, self.mail.address, PASSWORD)
        assert page.status == 200, page.text
        return page

    def follow_to_case(self, words: str, *further: str) -> Page:
        """By the link in her newest mail that says so; then from page to page, as each links the next."""
        page = self.follow(link_in(self.newest(words), "/cases/"))
        case = urldefrag(page.address)[0]
        for name in further:
            assert f'href="{urlsplit(case).path}{name}"' in page.text
            page = self.follow(case + name)
        return page

    def submit(self, page: Page, name: str, **values: str | list[str]) -> Page:
        """The form of a page that has a field of this name."""
        answer = self.browser.submit(page, page.form(name=name), **values)
        assert answer.status == 200, answer.text
        return answer

    def newest(self, words: str) -> EmailMessage:
        """Her newest mail that says so."""
        return next(mail for mail in reversed(self.mail.inbox) if words in new_text_of(mail))

    def answer_by_link(self, mail: EmailMessage, name: str) -> None:
        """Opens a mail's link in a browser that has signed in nowhere, and presses the first button for
        ``name``, which serves once."""
        browser, address = Browser(), link_in(mail, "/answer/")
        page = browser.open(address)
        form = page.form(name=name)
        assert browser.submit(page, form).status == 200
        assert browser.submit(page, form).status == 410
