class EvidenceRefused(ValueError):
    """The file is not kept. `code` has its sentence in portal.evidence.messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
