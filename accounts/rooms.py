"""How Django finds the tables of a room that has sub-rooms."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """An application whose tables lie in the ``models.py`` of its sub-rooms, too.

    Import the module, not the class: of two configurations in one ``apps.py`` Django takes none.
    """

    def import_models(self) -> None:
        """Imports the room's own models first, then those of each sub-room, by name."""
        super().import_models()
        assert self.module is not None
        # Without it Django takes the room for one that has no tables, and sends it no post_migrate.
        self.models_module = self.models_module or self.module
        for sub_room in iter_modules(self.module.__path__):
            name = f"{self.name}.{sub_room.name}.models"
            if sub_room.ispkg and find_spec(name):
                import_module(name)
