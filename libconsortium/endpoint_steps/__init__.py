"""From a site's address to its OAI-PMH endpoint: find it, examine it, check many sites."""

from __future__ import annotations

from libconsortium.endpoint_steps.authorities import save_authorities
from libconsortium.endpoint_steps.examining import Examination, examine_site
from libconsortium.endpoint_steps.finding import Finding, Tried, find_endpoint, site_address
from libconsortium.endpoint_steps.link_files import link_row, read_links, write_links
from libconsortium.endpoint_steps.links import LinkWatch, check_site, check_sites
from libconsortium.endpoint_steps.site_lists import read_sites
from libconsortium.endpoint_steps.software import Software

__all__ = [
    "Examination",
    "Finding",
    "LinkWatch",
    "Software",
    "Tried",
    "check_site",
    "check_sites",
    "examine_site",
    "find_endpoint",
    "link_row",
    "read_links",
    "read_sites",
    "save_authorities",
    "site_address",
    "write_links",
]
