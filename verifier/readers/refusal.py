"""Why a document could not be taken apart."""


class Refused(Exception):
    """``code`` as in the site's messages; ``detail`` names what went wrong and never quotes the document."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail
