"""The responders serve their few addresses with the whole site's middleware, and none of the site's addresses."""

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("testenv.responder_urls")]


def test_no_middleware_asks_for_an_address_of_the_site():
    assert Client().get("/crl/env_nobody/signature-card.crl").status_code == 404
