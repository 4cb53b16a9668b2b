"""Production refuses what only a trial may have."""

import pytest
from django.contrib.auth import get_user_model
from pytest_django import Settings

from config.checks import UnsafeStart, refuse_unsafe_start


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.DEMO = False
    settings.DEBUG = False
    settings.SECRET_KEY = "k" * 50
    settings.ALLOWED_HOSTS = ["portal.example"]
    return settings


@pytest.fixture
def _demo_person(db: None) -> None:
    from accounts.roles import Role

    get_user_model().objects.create_user(
        "lin@demo.anjuan.example", "a long password", role=Role.ENGINEER, name="林"
    )


@pytest.mark.django_db
def test_safe_settings_start(production: Settings) -> None:
    refuse_unsafe_start()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [("DEBUG", True), ("SECRET_KEY", "short"), ("ALLOWED_HOSTS", ["*"])],
)
def test_an_unsafe_setting_is_refused_by_its_name(production: Settings, name: str, value: object) -> None:
    setattr(production, name, value)
    with pytest.raises(UnsafeStart, match=name):
        refuse_unsafe_start()


@pytest.mark.django_db
def test_the_default_key_is_refused(production: Settings) -> None:
    production.SECRET_KEY = production.DEFAULT_SECRET_KEY
    with pytest.raises(UnsafeStart, match="SECRET_KEY is not set"):
        refuse_unsafe_start()


@pytest.mark.usefixtures("_demo_person")
def test_demo_accounts_are_refused(production: Settings) -> None:
    with pytest.raises(UnsafeStart, match="1 demo account"):
        refuse_unsafe_start()


@pytest.mark.usefixtures("_demo_person")
def test_the_demo_itself_may_have_them(production: Settings) -> None:
    production.DEMO = True
    refuse_unsafe_start()
