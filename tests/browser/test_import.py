"""An engineer imports an old thread in her browser, on a screen and on a telephone."""

from pathlib import Path

from tests.browser.people import Visits, pictures

CHECK = (Path(__file__).parent / "accessibility.js").read_text("utf-8")
CHAIN = Path(__file__).parents[1] / "mail" / "reading" / "chain.zh.txt"


def test_an_old_thread_is_looked_at_and_imported(visits: Visits, artifact_folder: Path) -> None:
    with visits.signed_in("engineer") as page:
        page.goto("/cases/CAS-03279-WM4NP7/")
        page.click("a[href$='/import/']")
        pictures(page, artifact_folder, "import-choose")
        page.set_input_files("input[name=file]", CHAIN)
        page.click("form.card button.btn-primary")
        page.wait_for_url("**/mail/imports/**")
        preview = page.url
        assert not page.evaluate(CHECK)
        for field in page.locator("select[name^=side-]").all():
            name = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
            field.select_option("vendor" if "Engineer" in name else "customer")
        page.click("aside form button[name=look]")
        page.wait_for_selector(".alert")
        readers = page.locator("select[name^=readers-]")
        readers.first.select_option("nobody")
        readers.nth(1).select_option("internal")
        pictures(page, artifact_folder, "import-preview-zh")
        page.click("aside form button.btn-primary")
        page.wait_for_url("**/cases/CAS-03279-WM4NP7/")
        assert page.locator(".entry", has_text="cu@client.example").count() == 2
        pictures(page, artifact_folder, "import-done-zh")
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en]")
        pictures(page, artifact_folder, "import-done-en")
        page.goto(preview)
        pictures(page, artifact_folder, "import-preview-en")
        page.get_by_role("button", name="中文").click()
        page.wait_for_selector("html[lang=zh-hans]")
