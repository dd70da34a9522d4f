"""The page of consortium.toml and of policy files."""

from __future__ import annotations

from typing import Any

from libconsortium.core.buying.landed_cost import FxRate, TaxProfile
from libconsortium.core.catalogue.sharing_policies import SharingPolicy
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.sharing.bands import Band
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.fees import FeeRule
from libconsortium.core.sharing.mixes import Inside, MixTerm, StrataRule
from libconsortium.core.sharing.policies import LimitRule, Policy, RoundingRule, SponsorRule
from libconsortium.settings import AboutSettings, BillSettings, CatalogueSettings
from tools.reference_pages.markdown import GENERATED, fields, first, page


def settings_page() -> str:
    """Return the page of consortium.toml and of policy files."""
    said = ["# Settings", GENERATED, _ABOUT_SETTINGS]
    for heading, record in SETTINGS.items():
        example = f"```toml\n{_EXAMPLES[record]}```" if record in _EXAMPLES else ""
        said += [f"## {heading}", first(record), example, fields(record)]
    return page(said)


_ABOUT_SETTINGS = """\
A consortium's folder holds `consortium.toml` and the policy files it names. `libconsortium init`
writes the first ones; `libconsortium doctor` reads them and says what is wrong, with file, line
and field. Paths start at the folder of `consortium.toml`. A key that does not exist is an error,
not a remark. How to: [write a policy](../how-to/write-a-policy.md),
[harvest a DSpace](../how-to/harvest-a-dspace.md)."""

SETTINGS: dict[str, type[Any]] = {
    "consortium.toml: consortium": AboutSettings,
    "consortium.toml: sources": HarvestSource,
    "consortium.toml: bills": BillSettings,
    "consortium.toml: catalogue": CatalogueSettings,
    "consortium.toml: what a member shares": SharingPolicy,
    "consortium.toml: exchange of a bill": FxRate,
    "consortium.toml: tax of a bill": TaxProfile,
    "policy file: head": Policy,
    "policy file: drivers": DriverRule,
    "policy file: bands of a driver": Band,
    "policy file: sponsor": SponsorRule,
    "policy file: fees": FeeRule,
    "policy file: strata": StrataRule,
    "policy file: inside a stratum": Inside,
    "policy file: mix": MixTerm,
    "policy file: limits": LimitRule,
    "policy file: rounding": RoundingRule,
}

_EXAMPLES: dict[type[Any], str] = {
    AboutSettings: """\
[consortium]
name       = "Liên hợp Đồng Tâm (hư cấu)"
federation = "lh-dong-tam"
language   = "vi"
store      = "sqlite:///consortium.db"
""",
    HarvestSource: """\
[[sources]]
name   = "an-hai"
member = "an-hai"
url    = "https://repository.example.org/server/oai/request"
""",
    CatalogueSettings: """\
[catalogue]
priority = ["an-hai"]        # whose descriptions go first
""",
    SharingPolicy: """\
[catalogue.sharing.an-hai]   # a library's id or a source's name
level         = "metadata"   # no abstracts, no links
withheld      = ["subjects"]
embargo_years = 2
""",
    BillSettings: """\
[[bills]]                    # the amount is known
subscription = "journals"
year         = 2027
policy       = "policies/policy.toml"
amount       = "1000000000 VND"

[[bills]]                    # the amount follows from a foreign quote
subscription = "database"
year         = 2027
policy       = "policies/policy.toml"
quote        = "120000 USD"
contract     = "net"

[bills.exchange]             # of the bill above
quoted = "USD"
paid   = "VND"
rate   = "25400"
on     = 2027-01-04
source = "the bank, selling"

[bills.tax]                  # of the bill above
corporate_income = "10%"
value_added      = "5%"
source           = "ask your accountant"
""",
    Policy: """\
name    = "Everybody pays the same"
source  = "resolution of the board, 2 March 2026"
version = "2026"
mix     = [{ weight = 100, by = "equal" }]
""",
    DriverRule: """\
[drivers]
fte   = { measure = "fte", mean_of_years = 3 }
usage = { measure = "usage" }
""",
    Band: """\
[drivers.dues]
measure = "revenue"
bands   = [
  { at_least = 0, at_most = 49_999, gives = 450 },
  { at_least = 50_000, at_most = 99_999, gives = 675 },
  { at_least = 100_000, gives = 1500 },
]
""",
    SponsorRule: """\
[sponsor]
pays    = "40%"
by      = "proportional"
pays_in = { 2028 = "30%" }   # from that year on
""",
    FeeRule: """\
remainder = "reserve"        # who pays, or keeps, what the fees leave of the bill

[drivers]
spending = { measure = "spending" }

[[fees]]
name  = "dues"
rate  = "0.0052 USD"
of    = "spending"
least = "1200 USD"
""",
    StrataRule: """\
[strata]
shares = { academic = 75, public = 25 }
""",
    Inside: """\
[strata]
shares = { academic = 75, public = 25 }

[strata.inside.public]
mix = [{ weight = 30, by = "equal" }, { weight = 70, by = "standalone" }]
""",
    MixTerm: """\
[[mix]]
weight = 20
by     = "equal"

[[mix]]
weight = 80
by     = "fte"
""",
    LimitRule: """\
[limits]
rise     = "15%"
floor    = "5000000 VND"
absorber = "sponsor"
""",
    RoundingRule: """\
[rounding]
unit      = 1000
remainder = "sponsor"
""",
}
