"""`{{ items|listed }}`: see portal.listing."""

from django import template

from portal.listing import listed

register = template.Library()
register.filter("listed", listed)
