"""What went wrong, for a person."""


class Failure(Exception):
    """What happened, and what to do about it."""

    def __init__(self, what, advice=""):
        super().__init__(f"{what}\n       {advice}" if advice else what)
