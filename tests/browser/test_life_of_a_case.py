"""The states of a case as its two sides see them, in both languages, from the result to what came back."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.people import Visits, pictures, pictures_in_both

RESULT, SUSPENDED, REQUEST = "CAS-03241-QH6VD4", "CAS-03288-HV7KD6", "CAS-03282-J6Y6M6"
"""Cases of the demo that no other test changes or looks at."""


def test_a_result_is_answered_rated_and_comes_back(visits: Visits, artifact_folder: Path) -> None:
    with visits.signed_in("colleague", locale="en-US") as customer:
        customer.get_by_role("link", name="English").or_(
            customer.get_by_role("button", name="English")
        ).first.click()
        customer.goto(f"/cases/{RESULT}/")
        expect(customer.get_by_role("heading", name="Is your problem solved?")).to_be_visible()
        pictures(customer, artifact_folder, "1-question-en")
        customer.get_by_role("link", name="Not solved yet").click()
        pictures(customer, artifact_folder, "2-not-solved-en")
        customer.go_back()
        customer.get_by_role("button", name="It is solved").click()
        expect(customer.get_by_role("heading", name="This case is closed")).to_be_visible()
        pictures(customer, artifact_folder, "3-closed-en")
        customer.locator(".rating label").nth(3).click()
        customer.get_by_role("textbox", name="A word on it").fill("Quick")
        customer.get_by_role("button", name="Send", exact=True).click()
        expect(customer.get_by_text("You gave 4 of 5.")).to_be_visible()
        with visits.signed_in("engineer2") as engineer:
            engineer.goto(f"/cases/{RESULT}/")
            expect(engineer.get_by_text("评价 4 分（满分 5 分）")).to_be_visible()
            pictures(engineer, artifact_folder, "4-engineer")
        customer.get_by_role("link", name="It came back").click()
        customer.get_by_label("What happens again?").fill("It hangs since this morning.")
        pictures(customer, artifact_folder, "5-again-en")
        customer.get_by_role("button", name="Tell your engineer").click()
        expect(customer.get_by_text("The case is open again.")).to_be_visible()
        customer.get_by_role("link", name="中文").or_(
            customer.get_by_role("button", name="中文")
        ).first.click()


def test_a_pause_and_an_item_that_cannot_be_sent(visits: Visits, artifact_folder: Path) -> None:
    with visits.signed_in("water") as page:
        page.goto(f"/cases/{SUSPENDED}/")
        expect(page.get_by_text("恢复条件：").first).to_be_visible()
        pictures(page, artifact_folder, "6-suspended")
    with visits.signed_in("customer") as page:
        page.goto(f"/cases/{REQUEST}/")
        page.get_by_role("link", name="现在不方便？先暂时关闭案例").click()
        pictures_in_both(page, artifact_folder, "7-pause")
        page.goto(f"/cases/{REQUEST}/")
        page.get_by_role("link", name="我无法提供这一项").first.click()
        expect(page.get_by_label("为什么无法提供？")).to_be_visible()
        pictures(page, artifact_folder, "8-cannot-send")
