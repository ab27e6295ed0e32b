class Refused(Exception):
    """A verb that may not be done now. `code` has its sentence in portal.providers.messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
