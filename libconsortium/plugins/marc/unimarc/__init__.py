"""UNIMARC: the same structure as MARC 21, and fields that mean something else.

Source: UNIMARC Manual, Bibliographic Format, IFLA; holdings by the French Recommendation 995, Sudoc
(930) and UNIMARC Holdings (852).
"""

from __future__ import annotations

from libconsortium.plugins.marc.unimarc.reading import is_unimarc, read

__all__ = ["is_unimarc", "read"]
