"""Why a verb was not done. Codes stand here, words in whitelist.messages."""

from whitelist.policy.finding import Report


class Refused(Exception):
    """The verb was not done and nothing was changed; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Overtaken(Refused):
    """Somebody, perhaps the same person in another window, has changed it since it was shown."""


class UrlRefused(Refused):
    """A URL with blocking findings; `report` has all of them."""

    def __init__(self, report: Report) -> None:
        super().__init__("entry.url_refused")
        self.report = report
