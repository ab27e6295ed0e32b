"""Strictness: warnings are errors (pyproject), undefined template variables are found by their own test."""
