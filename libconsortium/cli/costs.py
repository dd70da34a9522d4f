"""Who pays what: a bill divided by a policy, and the working behind each figure."""

from __future__ import annotations

from pathlib import Path

import click

from libconsortium import (
    Money,
    Split,
    explain_share,
    format_money,
    read_members,
    read_policy,
    split_document,
)
from libconsortium import split as divided
