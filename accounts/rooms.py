"""How Django finds the tables and the receivers of signals of a room that has sub-rooms."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """An application whose tables lie in the ``models.py`` of its sub-rooms, too, and what listens to signals
    in their ``receivers.py``.

    Import the module, not the class: of two configurations in one ``apps.py`` Django takes none.
    """

    def import_models(self) -> None:
        """Imports the room's own models first, then those of each sub-room, by name."""
        super().import_models()
        assert self.module is not None
        # Without it Django takes the room for one that has no tables, and sends it no post_migrate.
        self.models_module = self.models_module or self.module
        self._import_from_sub_rooms("models")

    def ready(self) -> None:
        """Listens to the signals that the room and its sub-rooms have receivers for."""
        if find_spec(f"{self.name}.receivers"):
            import_module(f"{self.name}.receivers")
        self._import_from_sub_rooms("receivers")

    def _import_from_sub_rooms(self, what: str) -> None:
        assert self.module is not None
        for sub_room in iter_modules(self.module.__path__):
            name = f"{self.name}.{sub_room.name}.{what}"
            if sub_room.ispkg and find_spec(name):
                import_module(name)
