"""What people do when it does not go straight on: she is silent, an appointment moves, a mail went astray,
two cases are one, something typed is refused. By their clicks, with pictures in both languages."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases import times
from tests.browser.people import Visits, lived, pictures, pictures_in_both, reading

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.processes import Portal

CUSTOMERS = {"zh": "chemist", "en": "chemist2"}
LANGUAGES = {"zh": "中文", "en": "English"}
ENGINEERS = {"zh": "engineer4", "en": "engineer5"}


@pytest.fixture(scope="module")
def made(_demo_portal: "Portal") -> dict[str, str]:
    """The numbers of the cases by what they are for."""
    return lived(_demo_portal, "lived_turns")


def _expect_refusals(visits: Visits) -> None:
    """The browser's console tells of each form that comes back with what was typed."""
    visits.complaints = [each for each in visits.complaints if " 400 " not in each and " 422 " not in each]


def to(page: "Page", number: str, act: str = "") -> None:
    """The page of a case, or one of its forms."""
    page.goto(f"/cases/{number}/{act}")


def shown(page: "Page", number: str, place: str, words: str) -> None:
    """The page of a case is there, and says this at this place."""
    to(page, number)
    expect(page.locator(place)).to_contain_text(words)


def test_her_logs_are_read_and_she_is_not_asked_for_anything(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    with visits.signed_in("chemist") as page:
        shown(page, made["analysing"], "#live-now", "正在分析")
        expect(page.locator(".your-turn")).to_have_count(0)
        pictures_in_both(page, artifact_folder, "customer-analysing")
    with visits.signed_in("engineer4") as page:
        shown(page, made["analysing"], ".page-head", "分析中")
        pictures_in_both(page, artifact_folder, "engineer-analysing")


def test_who_stays_silent_is_told_of_the_end_before_it_comes(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    with visits.signed_in("chemist") as page:
        shown(page, made["reminded"], "#live-turn", "如果没有您的消息")
        pictures_in_both(page, artifact_folder, "customer-reminded")
        shown(page, made["silent"], "#live-turn", "暂时关闭")
        expect(page.locator("#write-body")).to_be_visible()
        pictures_in_both(page, artifact_folder, "customer-silent")
    with visits.signed_in("engineer4") as page:
        shown(page, made["reminded"], ".page-head", "已提醒")
        pictures_in_both(page, artifact_folder, "engineer-reminded")
        shown(page, made["silent"], ".page-head", "暂时关闭")
        pictures_in_both(page, artifact_folder, "engineer-silent")


def test_an_appointment_is_declined_moved_agreed_to_and_called_off(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    day = times.day(timezone.now() + timedelta(days=3))

    def propose(page: "Page", *clocks: str) -> None:
        to(page, made["met"], "appointments/")
        for place, clock in enumerate(clocks, 1):
            page.fill(f"[name=time_{place}]", f"{day}T{clock}")
        page.locator("main form .btn-primary").click()
        expect(page.locator("#live-appointment")).to_contain_text("等待客户确认")

    panel = "#live-appointment"
    with visits.signed_in("engineer4") as engineer, visits.signed_in("chemist") as customer:
        propose(engineer, "10:00", "15:30")
        to(customer, made["met"])
        customer.get_by_text("这些时间都不方便").click()
        customer.fill("#times-words", "周五以后都可以。")
        customer.locator(".your-turn [value=decline]").click()
        expect(customer.locator("#live-thread")).to_contain_text("周五以后都可以。")
        pictures_in_both(customer, artifact_folder, "customer-declined")
        shown(engineer, made["met"], panel, "周五以后都可以。")
        pictures_in_both(engineer, artifact_folder, "engineer-declined")
        propose(engineer, "11:00", "16:30")
        to(customer, made["met"])
        customer.get_by_role("button", name="就约这个时间").click()
        expect(customer.locator(panel)).to_contain_text(f"{day} 11:00")
        propose(engineer, "09:00")
        expect(engineer.locator("#live-thread")).to_contain_text("已改提新的时间")
        pictures_in_both(engineer, artifact_folder, "engineer-moved")
        shown(customer, made["met"], ".your-turn", f"{day} 09:00")
        pictures_in_both(customer, artifact_folder, "customer-moved")
        customer.get_by_role("button", name="就约这个时间").click()
        customer.locator(f"{panel} summary", has_text="取消预约").click()
        customer.fill("#cancel-reason", "那天停电。")
        customer.get_by_role("button", name="取消预约").click()
        expect(customer.locator("#live-thread")).to_contain_text("那天停电。")
        expect(customer.locator(panel).get_by_text("加入我的日历")).to_have_count(0)
        pictures_in_both(customer, artifact_folder, "customer-cancelled")
        shown(engineer, made["met"], "#live-thread", "那天停电。")
        pictures_in_both(engineer, artifact_folder, "engineer-cancelled")


def test_mails_of_a_machine_are_one_row_and_one_decision(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    with visits.signed_in("engineer4") as page:
        page.goto("/mail/")
        row = page.locator("li", has_text="machines.example")
        expect(row).to_contain_text("12 封")
        expect(page.locator(".mail-list")).not_to_contain_text("磁盘空间不足")
        pictures_in_both(page, artifact_folder, "mails-flood")
        row.get_by_role("button").click()
        page.goto("/mail/?show=aside")
        expect(page.locator("li", has_text="machines.example").first).to_contain_text("12 封")
        pictures_in_both(page, artifact_folder, "mails-set-aside")
        page.locator("li", has_text="machines.example").first.get_by_role("button").click()
        page.goto("/mail/")
        expect(page.locator("li", has_text="machines.example")).to_contain_text("12 封")


def test_mails_that_are_not_read_yet_or_did_not_arrive_are_seen_to(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    with visits.signed_in("engineer4") as page:
        page.goto("/mail/")
        page.locator(".switch a", has_text="尚未读取").click()
        expect(page.locator("#mail")).to_contain_text("The storage could not be reached.")
        pictures_in_both(page, artifact_folder, "mails-unread")
        page.locator(".switch a", has_text="未送达").click()
        page.locator(".mail-list li", has_text=made["mailed"]).first.locator("a").click()
        page.get_by_role("button", name="重新发送").click()
        expect(page.get_by_role("status").or_(page.locator(".alert")).first).to_contain_text("正在重新发送")
        pictures_in_both(page, artifact_folder, "mails-sent-again")


def test_a_mail_in_the_wrong_case_is_moved_and_comes_back(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    words = "附件是今天的日志。"
    with visits.signed_in("engineer4") as page:
        to(page, made["mailed"])
        entry = page.locator("#live-thread .entry", has_text=words)
        entry.get_by_role("link", name="邮件", exact=True).click()
        mail = page.url
        page.fill("[name=number]", made["other"])
        page.get_by_role("button", name="移到那里").click()
        expect(page.locator("aside")).to_contain_text(made["other"])
        assert page.url == mail, "the way back is where she clicked"
        pictures_in_both(page, artifact_folder, "mail-moved")
        shown(page, made["other"], "#live-thread", words)
        pictures_in_both(page, artifact_folder, "mail-moved-here")
        to(page, made["mailed"])
        expect(page.locator("#live-thread")).not_to_contain_text(words)
        pictures_in_both(page, artifact_folder, "mail-moved-away")
        page.goto(mail)
        page.get_by_role("button", name="撤回").click()
        shown(page, made["mailed"], "#live-thread", words)


def test_two_reports_of_one_problem_become_one_case(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    with visits.signed_in("engineer4") as page:
        to(page, made["double"], "relations/")
        page.select_option("[name=kind]", "double")
        page.fill("[name=number]", made["steered"])
        pictures(page, artifact_folder, "relate-form-zh")
        page.locator("main form .btn-primary").click()
        expect(page.locator("#live-relations")).to_contain_text(made["steered"])
        pictures_in_both(page, artifact_folder, "engineer-double")
        to(page, made["other"], "relations/")
        page.fill("[name=number]", made["steered"])
        page.locator("main form .btn-primary").click()
        to(page, made["steered"])
        for number in (made["double"], made["other"]):
            expect(page.locator("#live-relations")).to_contain_text(number)
        pictures_in_both(page, artifact_folder, "engineer-goes-on")
    with visits.signed_in("chemist") as page:
        shown(page, made["double"], "#live-turn", made["steered"])
        pictures_in_both(page, artifact_folder, "customer-double")


@pytest.mark.parametrize("language", ENGINEERS)
def test_an_engineer_reminds_herself_and_asks_for_a_pause(
    visits: Visits, made: dict[str, str], artifact_folder: Path, language: str
) -> None:
    with visits.signed_in(ENGINEERS[language]) as page:
        to(page, made["steered"])
        page.locator(".own-reminder-times").locator("..").locator("summary").click()
        pictures(page, artifact_folder, f"own-reminder-{language}")
        page.locator(".own-reminder-times [value=tomorrow]").click()
        expect(page.locator(".alert")).to_contain_text("09:00")
        expect(page.locator(".own-reminder")).to_contain_text("09:00")
        pictures(page, artifact_folder, f"own-reminder-set-{language}")
        page.locator(".alert form.undo button").click()
        expect(page.locator(".own-reminder")).to_have_count(0)
        to(page, made["steered"], "suspension/")
        page.fill("[name=resumes_when]", "换好硬盘以后")
        page.fill("[name=resumes_on]", "2020-01-01")
        page.locator("main form .btn-primary").click()
        expect(page.locator("[name=resumes_when]")).to_have_value("换好硬盘以后")
        pictures(page, artifact_folder, f"propose-pause-{language}")
        # Somebody has closed the case meanwhile in another tab: her reason stays on the page.
        to(page, made["steered"])
        page.locator("details", has=page.locator("[name=change]")).locator("summary").click()
        page.locator("[name=change]").select_option("close")
        page.locator("[name=reason]").evaluate("field => { field.removeAttribute('maxlength') }")
        page.fill("[name=reason]", "客户来电说已经好了。" * 60)
        page.locator("form[action$='/status/'] .btn-primary").click()
        expect(page.locator("main form [name=reason]")).to_have_value("客户来电说已经好了。" * 60)
        pictures(page, artifact_folder, f"status-refused-{language}")
    _expect_refusals(visits)


def test_a_customer_takes_her_time_and_then_says_how_she_was_served(
    visits: Visits, made: dict[str, str], artifact_folder: Path
) -> None:
    with visits.signed_in("chemist") as page:
        to(page, made["result"])
        page.get_by_role("button", name="3 个工作日后提醒我").click()
        expect(page.locator(".your-turn")).to_contain_text("将提醒您")
        expect(page.locator(".your-turn")).to_contain_text("09:00")
        pictures_in_both(page, artifact_folder, "customer-reminder-set")
        page.locator(".your-turn .own-reminder button").click()
        expect(page.get_by_role("button", name="3 个工作日后提醒我")).to_be_visible()
        to(page, made["done"])
        page.get_by_role("button", name="解决了").click()
        expect(page.get_by_role("heading", name="案例已结案")).to_be_visible()
    for language, who in CUSTOMERS.items():
        with visits.signed_in(who) as page:
            to(page, made["done"])
            # As a browser without the check of its own would send it.
            page.locator("form.rating").evaluate("form => { form.noValidate = true }")
            page.locator(".rating [name=words]").fill("回复很快，谢谢。")
            page.locator(".rating .btn").click()
            expect(page.locator("[name=words]")).to_have_value("回复很快，谢谢。")
            pictures(page, artifact_folder, f"rating-refused-{language}")
    _expect_refusals(visits)


def test_the_administrator_sets_working_days_reminders_and_webhooks(
    visits: Visits, artifact_folder: Path
) -> None:
    with visits.signed_in("admin") as page:
        for short, language in LANGUAGES.items():
            page.goto("/")
            reading(page, language)
            for name, address, words in (
                ("working-days", "/admin/cases/workingcalendar/", {"zh": "特殊日期", "en": "that differ"}),
                ("reminders", "/admin/cases/reminderplan/", {"zh": "提醒安排", "en": "reminder plan"}),
                ("webhooks", "/admin/mail/webhook/", {"zh": "增加 Webhook", "en": "Add webhook"}),
                (
                    "webhook",
                    "/admin/mail/webhook/add/",
                    {"zh": "企业微信群机器人", "en": "WeCom group robot"},
                ),
            ):
                page.goto(address)
                expect(page.locator("#content")).to_contain_text(words[short], ignore_case=True)
                pictures(page, artifact_folder, f"admin-{name}-{short}")
        page.goto("/")
        reading(page, "中文")
        page.goto("/admin/mail/webhook/add/")
        page.fill("[name=name]", "工控群")
        page.select_option("[name=format]", "wecom")
        page.locator("[name=kinds]").first.check()
        page.locator("[name=_save]").click()
        expect(page.locator("[name=name]")).to_have_value("工控群")
        expect(page.locator(".errornote")).to_be_visible()
        pictures(page, artifact_folder, "admin-webhook-refused-zh")
