"""The one way the launcher gives up: a sentence for the person at the terminal."""


class Halt(Exception):
    """Says in one line what is wrong and what to do; ends the command with exit code 1."""
