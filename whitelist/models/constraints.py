"""Constraints that more than one table has."""

from django.db import models
from django.db.models import Q


def known(field: str, values: list[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)
