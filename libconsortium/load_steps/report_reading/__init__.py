"""Reads reports: texts and tables become figures, totals, ratios and terms that can be checked."""

from __future__ import annotations

from libconsortium.load_steps.report_reading.files import ENDINGS, read_report_file
from libconsortium.load_steps.report_reading.reading import read_report, read_table

__all__ = ["ENDINGS", "read_report", "read_report_file", "read_table"]
