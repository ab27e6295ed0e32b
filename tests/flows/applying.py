"""An application as a person fills it in: the pages of the wizard, and the contacts at their own mailbox."""

import re

from tests.flows.people import Person

SECURITY, OPERATIONS = "security@bank.example.jp", "operations@bank.example.jp"


def fill_in(person: Person, url: str, *, purpose: str, look=lambda name: None) -> str:
    """From "prepare an application" to the summary; returns the number. `look(step)` is called before each send."""
    page = person.page
    person.open("/whitelist/applications/new/")
    page.locator("#id_purpose_of_use").fill(purpose)
    for box in page.locator("input[name=purposes], input[name=ways_in]").all():
        box.check()
    look("purpose")
    person.send()
    page.wait_for_url(re.compile("/edit/server/"))
    page.locator("#id_url").fill(url)
    page.wait_for_timeout(1500)
    look("server")
    person.send()
    page.wait_for_url(re.compile("/edit/measures/"))
    for answer in page.locator(".measure input[type=radio][value=met]").all():
        answer.check()
    look("measures")
    person.send()
    page.wait_for_url(re.compile("/edit/contacts/"))
    page.locator("#id_security_email").fill(SECURITY)
    page.locator("#id_operations_email").fill(OPERATIONS)
    look("contacts")
    person.send()
    page.wait_for_url(re.compile("/submit/"))
    return re.search(r"WL-\d{4}-\d{6}", page.url)[0]


def contacts_answer(person: Person, *addresses: str) -> None:
    """Somebody at each address opens the newest mail and presses the button behind its link."""
    for address in addresses or (SECURITY, OPERATIONS):
        tab = person.context.browser.new_context(locale="ja-JP").new_page()
        tab.goto(_link(person, address))
        tab.locator("main button[data-kind=main]").click()
        tab.get_by_text("確認しました").wait_for()
        tab.context.close()


def path_in_mail(person: Person, pattern: str) -> str:
    """The address in the newest mail to the person that matches, without the host."""
    return re.search(pattern, _mail_with(person, person.email, pattern))[0]


def _link(person: Person, address: str) -> str:
    pattern = r"http\S+/whitelist/contacts/\S+/"
    return re.search(pattern, _mail_with(person, address, pattern))[0]


def _mail_with(person: Person, address: str, pattern: str) -> str:
    """The newest mail to the address in which `pattern` is found; a worker sends mails, so it is waited for."""
    tab = person.context.new_page()
    for _ in range(60):
        tab.goto(person.site.site_url + "/mailbox/")
        mails = tab.locator("main tr, main li").filter(has_text=address).locator("a").all()
        for path in [mail.get_attribute("href") for mail in mails]:
            tab.goto(person.site.site_url + path)
            text = tab.inner_text("main")
            if re.search(pattern, text):
                tab.close()
                return text
        tab.wait_for_timeout(500)
    raise AssertionError(f"no such mail to {address}")
