"""The embedded servers answer, and understand Chinese."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_trigrams_of_chinese_text_are_not_empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT show_trgm('服务意外终止')")
        assert len(cursor.fetchone()[0]) > 3


def test_the_cache_keeps_a_value() -> None:
    cache.set("greeting", "您好")
    assert cache.get("greeting") == "您好"
