"""Why two records were joined or kept apart: short codes while comparing, sentences when shown.

Millions of pairs are compared and few are looked at, so a rule only notes a code and values; the
sentence is made for those that somebody sees, in the language of the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from libconsortium.core.messages import Message

_BETWEEN = "\t"


def reason(code: str, *values: object) -> str:
    r"""Return a reason as it is noted while comparing.

    >>> reason("year-near", 2018, 2019)
    'year-near\t2018\t2019'
    """
    return _BETWEEN.join((code, *map(str, values)))


def reason_said(noted: str) -> Message:
    r"""Return the sentence that a noted reason stands for; an unknown one stands for itself.

    >>> str(reason_said("year-near\t2018\t2019")), str(reason_said("same colour"))
    ('years 2018 and 2019', 'same colour')
    """
    code, *values = noted.split(_BETWEEN)
    try:
        return _SENTENCES[code](*values)
    except (KeyError, TypeError):
        return Message("{reason}", reason=" ".join((code, *values)))


def is_open(reasons: Collection[str]) -> bool:
    """Say whether one of two records lacks diacritics, so that it may as well be another record.

    Args:
        reasons: Reasons as noted.

    >>> is_open(["title-equal", "unaccented"]), is_open(["title-equal"])
    (True, False)
    """
    return not _OPEN.isdisjoint(reasons)


def by_diacritics(reasons: Collection[str]) -> bool:
    """Say whether diacritics tell two records apart.

    Args:
        reasons: Reasons as noted, the guard's among them.

    >>> by_diacritics(["title-equal", "marks-of-both"]), by_diacritics(["title-equal"])
    (True, False)
    """
    return any(noted.partition(_BETWEEN)[0] in _BY_DIACRITICS for noted in reasons)


_OPEN = frozenset({"unaccented", "marks-of-one"})
_BY_DIACRITICS = frozenset({"marks-of-both", "veto-names", "veto-opposite"})

_SENTENCES: dict[str, Callable[..., Message]] = {
    "title-missing": lambda: Message("title missing"),
    "title-equal": lambda: Message("title equal"),
    "title-alike": lambda: Message("title alike"),
    "title-apart": lambda: Message("title differs"),
    "main-title-equal": lambda: Message("main title equal"),
    "subtitle-apart": lambda: Message("subtitle differs"),
    "title-short": lambda: Message("title short"),
    "title-generic": lambda: Message("the title names a kind of text only"),
    "title-number-of-one": lambda: Message("number in one title only"),
    "title-within": lambda: Message("one title stands in the other"),
    "title-words-of-both": lambda: Message("each title has words of its own"),
    "title-word-slipped": lambda: Message("one letter of the title differs"),
    "title-words-swapped": lambda: Message("titles equal but for other words in one place"),
    "title-words-added": lambda: Message("one title has words that make it another book's"),
    "marks-of-both": lambda: Message("title spelled with other diacritics"),
    "marks-of-one": lambda: Message("title spelled with other diacritics"),
    "unaccented": lambda: Message("one without diacritics"),
    "creators-equal": lambda: Message("creators equal"),
    "creators-part": lambda: Message("some creators shared"),
    "creators-apart": lambda: Message("no creator shared"),
    "creators-near": lambda: Message("a surname shared, but no creator"),
    "thesis-of-others": lambda: Message("theses of other people"),
    "bodies-apart": lambda: Message("other bodies named as creators"),
    "creators-of-one": lambda: Message("creators named in one only"),
    "creators-of-none": lambda: Message("no creators named"),
    "year-equal": lambda one, two: Message("year {one} = {two}", one=one, two=two),
    "year-near": lambda one, two: Message("years {one} and {two}", one=one, two=two),
    "year-far": lambda one, two: Message("years {one} and {two}", one=one, two=two),
    "year-of-reprint": lambda one, two: Message(
        "years {one} and {two}, a reprint", one=one, two=two
    ),
    "year-missing": lambda: Message("year missing"),
    "volume-equal": lambda one, two: Message("volume {one} = {two}", one=one, two=two),
    "volume-apart": lambda one, two: Message("volume {one} and {two}", one=one, two=two),
    "volume-of-one": lambda: Message("volume of one only"),
    "edition-equal": lambda one, two: Message("edition {one} = {two}", one=one, two=two),
    "edition-of-one": lambda: Message("edition of one only"),
    "publisher-equal": lambda: Message("publisher equal"),
    "publisher-apart": lambda: Message("publisher differs"),
    "pages-equal": lambda one, two: Message("pages {one} and {two}", one=one, two=two),
    "pages-near": lambda one, two: Message("pages {one} and {two}", one=one, two=two),
    "pages-far": lambda one, two: Message("pages {one} and {two}", one=one, two=two),
    "type-equal": lambda one, _: Message("kind {one}", one=one),
    "type-apart": lambda one, two: Message("kinds {one} and {two}", one=one, two=two),
    "language-equal": lambda one, _: Message("language {one}", one=one),
    "language-apart": lambda one, two: Message("languages {one} and {two}", one=one, two=two),
    "carrier-equal": lambda one, _: Message("carrier {one}", one=one),
    "carrier-apart": lambda one, two: Message("carriers {one} and {two}", one=one, two=two),
    "journal-equal": lambda: Message("journal equal"),
    "journal-apart": lambda: Message("journal differs"),
    "journal-of-other-kind": lambda: Message("a journal and a conference"),
    "doi-shared": lambda: Message("DOI shared"),
    "doi-of-set": lambda: Message("DOI shared, perhaps of a whole issue"),
    "isbn-shared": lambda: Message("ISBN shared"),
    "isbn-of-set": lambda: Message("ISBN shared, perhaps of a set"),
    "issn-of-serial": lambda: Message("ISSN shared"),
    "issn-shared": lambda: Message("ISSN shared"),
    "handle-shared": lambda: Message("handle shared"),
    "confirmed": lambda: Message("confirmed by a cataloguer"),
    # What forbids a merge.
    "veto-volume": lambda one, two: Message("volume {one} and {two}", one=one, two=two),
    "veto-edition": lambda one, two: Message("edition {one} and {two}", one=one, two=two),
    "veto-year": lambda one, two: Message("year {one} and {two}", one=one, two=two),
    "veto-type": lambda one, two: Message("kind {one} and {two}", one=one, two=two),
    "veto-isbn": lambda one, two: Message("ISBN {one} and {two}", one=one, two=two),
    "veto-doi": lambda one, two: Message("DOI {one} and {two}", one=one, two=two),
    "veto-names": lambda: Message("only diacritics tell the creators apart"),
    "veto-unaccented": lambda: Message("only the title agrees, and one has no diacritics"),
    "veto-places": lambda: Message("the titles name two places"),
    "veto-carrier": lambda one, two: Message("carrier {one} and {two}", one=one, two=two),
    "veto-issn": lambda one, two: Message("ISSN {one} and {two}", one=one, two=two),
    "veto-publisher": lambda one, two: Message("publisher {one} and {two}", one=one, two=two),
    "veto-exercises": lambda: Message("one only is a book of exercises"),
    "veto-teacher": lambda: Message("one only is a teacher's book"),
    "veto-solutions": lambda: Message("one only is a book of solutions"),
    "veto-abridgement": lambda: Message("one only is abridged"),
    "veto-advanced": lambda: Message("one only is for the advanced"),
    "veto-amendment": lambda: Message("one only is amended"),
    "veto-commentary": lambda: Message("one only is a commentary"),
    "veto-introduction": lambda: Message("one only is an introduction to the other"),
    "veto-practice": lambda: Message("one only is for practice"),
    "veto-questions": lambda: Message("one only is a book of questions"),
    "veto-manual": lambda: Message("one only is a manual"),
    "veto-continued": lambda: Message("one only is continued"),
    "veto-concluded": lambda: Message("one only is the last part"),
    "veto-level": lambda: Message("the titles name two levels"),
    "veto-guide": lambda: Message("one only is a study guide"),
    "veto-opposite": lambda one, two: Message("words {one} and {two}", one=one, two=two),
    "veto-dictionary": lambda one, two: Message("languages {one} and {two}", one=one, two=two),
    "veto-numbers": lambda one, two: Message("numbers in title {one} and {two}", one=one, two=two),
}
"""The sentence of every code of the usual rules; the lambdas let the texts be collected."""
