"""What a verb about people refuses, as a code; portal.accounts.messages has the sentences."""


class Refused(Exception):
    """The verb was not done; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
