"""How Sphinx builds the documentation."""

from importlib.metadata import version as version_of

from pygments.lexers.shell import BashLexer
from sphinx.application import Sphinx

project = "libconsortium"
author = "The libconsortium contributors"
copyright = author
version = release = version_of("libconsortium")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
]
exclude_patterns = ["build"]
nitpicky = False  # the standard library's documentation is not reachable from every machine

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"libconsortium {version}"


def setup(app: Sphinx) -> None:
    """Colour lines of a crontab as what they are: commands of the shell."""
    app.add_lexer("cron", BashLexer)
