"""Columns for what people write and others read: nothing in them opens a link in somebody's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from accounts.secret_links import without_secrets


class _Shared(models.Field[str, str]):
    """Links that are their reader's alone are cut out, in the row and in the object that was saved."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The text as it is kept."""
        text = super().pre_save(model_instance, add)
        if isinstance(text, str):
            text = without_secrets(text)
            setattr(model_instance, self.attname, text)
        return text

    def get_prep_value(self, value: Any) -> Any:
        """The same where rows are changed without an object."""
        text = super().get_prep_value(value)
        return without_secrets(text) if isinstance(text, str) else text

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """For the database it is a column as any other: no migration names this class."""
        name, _path, arguments, options = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", arguments, options


class SharedTextField(_Shared, models.TextField[str, str]):
    """Paragraphs."""


class SharedCharField(_Shared, models.CharField[str, str]):
    """A line."""
