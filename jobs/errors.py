"""How an attempt at a job ends early."""


class LeaseLost(Exception):
    """This worker's token is old: another has the job. Whatever was to be written is not written."""


class GaveUp(Exception):
    """No further attempt would end otherwise: the job fails now. ``failure`` is a code of its kind."""

    def __init__(self, failure: str, detail: str) -> None:
        self.failure = failure
        super().__init__(detail)


class TryAgain(Exception):
    """Something outside stands in the way and may be gone by the next attempt: a service that is down."""
