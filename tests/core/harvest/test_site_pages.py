"""Whatever a page holds, what can be found in it is found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from libconsortium.core.harvest.known_paths import candidates, software_at, software_in
from libconsortium.core.harvest.site_pages import SitePage, read_site_page

HOME = "https://lib.example.vn/thu-vien/"


def test_links_to_oai_are_found_and_others_are_not() -> None:
    page = read_site_page(
        '<a href="/oai/request?verb=Identify">OAI</a><a href="../oai">x</a><a href="/koai/">no</a>'
        '<a href="/oaistern">no</a><link href="https://b.example/x?verb=ListSets">'
        '<a>none</a><iframe src="/cgi/oai2"></iframe><a href="mailto:oai@a.example">',
        HOME,
    )

    assert page.oai_links == (
        "https://lib.example.vn/oai/request",
        "https://lib.example.vn/oai",
        "https://b.example/x",
        "https://lib.example.vn/cgi/oai2",
    )


def test_title_generator_parts_and_move_are_read() -> None:
    page = read_site_page(
        '<title> Thư viện\n số </title><title>second</title><meta name="GENERATOR" content=" VuFind'
        ' 9 "><meta name="generator" content="other"><meta http-equiv="Refresh"'
        ' content="3; URL=\'/x\'"><meta http-equiv="refresh" content="60"><meta charset="utf-8">'
        '<body id="koha_opac">',
        HOME,
    )

    assert (page.title, page.generator) == ("Thư viện số", "VuFind 9")
    assert (page.software, page.moves_to) == ("Koha", "https://lib.example.vn/x")


def test_journals_of_a_site_without_index_php_are_found_where_it_says_that_it_is_ojs() -> None:
    text = '<meta name="generator" content="{}"><a href="/khoa-hoc/issue/current">'

    ojs = read_site_page(text.format("Open Journal Systems 3.3.0.8"), HOME)
    other = read_site_page(text.format("WordPress 6.1"), HOME)

    assert (ojs.journals, other.journals) == (("https://lib.example.vn/khoa-hoc",), ())


def test_journals_are_found_by_their_addresses() -> None:
    page = read_site_page('<a href="/index.php/tap-chi/issue/view/1">', HOME)

    assert page.journals == ("https://lib.example.vn/index.php/tap-chi",)


def test_a_link_that_cannot_be_read_is_passed_over() -> None:
    assert read_site_page('<a href="http://[oai">', HOME) == SitePage()


def test_a_declaration_that_is_none_does_not_hide_the_links() -> None:
    page = read_site_page('<a href="/a/oai"><![x oai <a href="/b/oai">', HOME)

    assert "https://lib.example.vn/a/oai" in page.oai_links


def test_sister_servers_named_like_a_library_are_related() -> None:
    page = read_site_page(
        '<a href="https://tailieuso.example.edu.vn/handle/1"><a href="https://tailieuso.example.edu.vn/">'
        '<a href="http://kho.example.edu.vn/dspace/"><a href="https://mail.example.edu.vn/">'
        '<a href="https://dspace.other.edu.vn/"><a href="/opac/"><a href="http://[">',
        "https://lib.example.edu.vn/",
    )

    assert page.related == ("https://tailieuso.example.edu.vn/", "http://kho.example.edu.vn/")


@given(st.text(alphabet="<>!-[]/?=\"' aioredhf&;#\n", max_size=200))
def test_any_text_is_read(text: str) -> None:
    read_site_page(text, HOME)


def test_the_software_seen_is_looked_for_first() -> None:
    page = SitePage(generator="VuFind 9.1", journals=("https://a.example/index.php/x",))

    urls = [one.url for one in candidates("https://a.example/", page)]

    assert urls[1:3] == ["https://a.example/OAI/Server", "https://a.example/vufind/OAI/Server"]
    assert "https://a.example/index.php/x/oai" not in urls


def test_the_parts_of_the_page_say_where_to_look_too() -> None:
    urls = [one.url for one in candidates("https://a.example/", SitePage(software="Koha"))]

    assert urls[1] == "https://a.example/cgi-bin/koha/oai.pl"


def test_journals_and_links_of_the_page_are_candidates() -> None:
    page = SitePage(oai_links=("https://b.example/x",), journals=("https://a.example/index.php/x",))

    urls = [one.url for one in candidates("https://a.example/lib/", page)]

    assert urls[:2] == ["https://a.example/lib/", "https://b.example/x"]
    assert "https://a.example/index.php/x/oai" in urls
    assert "https://a.example/lib/oai/request" in urls
    assert "https://a.example/oai/request" in urls
    assert len(urls) == len(set(urls))


def test_software_is_known_by_what_it_calls_itself() -> None:
    assert software_in("DSpace 7.6.1") == ("DSpace", "7.6.1")
    assert software_in("Omeka S") == ("Omeka S", "")
    assert software_in("WordPress 6.4") == ("", "")


def test_a_path_says_only_what_it_can() -> None:
    assert software_at("https://a.example/oai") == ""
    assert software_at("https://a.example/kho/oai/request") == "DSpace 6"
