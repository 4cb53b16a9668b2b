"""What cannot be served of a bundle."""


class NotSatisfiable(ValueError):
    """A range that lies behind the end of the file."""
