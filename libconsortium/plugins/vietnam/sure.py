"""Converts a text from an old encoding by itself, where nothing else can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from libconsortium import Message, RepairedText
from libconsortium.plugins.vietnam import legacy, viqr
from libconsortium.plugins.vietnam.syllables import WORD, is_syllable

_UNICODE = re.compile(
    "[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]"
)
"""Letters that only Unicode has: a text with one is in no old encoding."""

_SIGNS = (
    "\u0080-\u009f\u00a1-\u00bf\u00d7\u00f7\u02c6\u02dc\u0192"
    "\u2020-\u2022\u2030\u2039\u203a\u20ac\u2122"
)
_STRONG = {
    "tcvn3": re.compile(
        f"[A-Za-z][{_SIGNS}][A-Za-z]|[A-Za-z][\u00b5-\u00b9\u00a9\u00aa\u00ab\u00ac\u00ad]"
        "|[a-z][\u00c0-\u00d6\u00d8-\u00de]|[A-Za-z][\u00c0-\u00d6\u00d8-\u00de][a-z]"
        "|[\u00a7\u00ae][a-z\u00ad\u00b5-\u00ff]|[A-Z][\u00e0-\u00f6\u00f8-\u00fe][A-Z]"
    ),
    "viscii": re.compile(
        f"[A-Za-z][{_SIGNS}][A-Za-z]|[A-Za-z][\u0080-\u009f\u00d5]|\u00df[\u00b5-\u00bf\u00d1\u00d7]"
    ),
    "vps": re.compile(f"[A-Za-z][{_SIGNS}][A-Za-z]|[A-Za-z][\u0080-\u009f]"),
    "vni": re.compile(
        "[aeoyuAEOYU][\u00c0-\u00cf\u00d1-\u00dc\u00e0-\u00ef\u00f1-\u00fc]|[\u00d1\u00f1]a|\u00f6[\u00e0-\u00fc]"
    ),
    "viqr": re.compile(r"[AEOaeo]\^|[OUou]\+|[Aa]\(|[Dd]d[aeiouy]"),
}
"""Signs within words as no language of today writes them."""

_NOT_OURS = re.compile(
    "[\u0080-\u00bf\u00c4-\u00c7\u00cb\u00ce\u00cf\u00d1\u00d6-\u00d8\u00db\u00dc\u00de"
    "-\u00df\u00e4-\u00e7\u00eb\u00ee-\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe-\u2fff]"
    "|[a-z][\u00c0-\u00de]"
)
"""What Vietnamese in Unicode does not have: other letters and signs, capitals within words."""

_LEAST_FITS = 3
_LEAST_IN_VIQR = 2  # «Go+» is no word
_LEAST_STRONG = {"vni": 3, "viqr": 3}
_WORD = re.compile(r"[^\s\d]{2,}")
_RUN = re.compile(r"[^\s\d!-/:-@\[-`{-~]+")
_ABBREVIATION = re.compile(r"[A-Z]{1,5}|[B-DF-HJ-NP-TV-Zb-df-hj-np-tv-xz]{2,3}")
_VIQR_IN_WORD = re.compile(
    r"[A-Z](?:[AEO]\^|[OU]\+)|(?:[AEO]\^|[OU]\+)['`?~.]?[A-Z]", re.IGNORECASE
)


def converted(text: str) -> RepairedText:
    """Convert a text that can only be Vietnamese in one old encoding.

    At least three words have to become Vietnamese syllables and none something else, some with
    signs inside that no language of today has there, and no other encoding may fit as well.
    Everything else stays. A short text that would be Vietnamese throughout is told as a loss; for
    whole sources ``records encodings`` says what they are in.

    >>> converted("Nh÷ng nguyªn t¾c cÇn tu©n thñ").text
    'Những nguyên tắc cần tuân thủ'
    >>> converted("Crème brûlée à la façon d’été").text
    'Crème brûlée à la façon d’été'
    >>> str(converted("Hµ Néi").loss)
    "it may be in an old encoding: 'Hà Nội' (tcvn3)"
    """
    if _is_vietnamese(text):
        return RepairedText(text=text)
    ranked = sorted(((_weight(name, text), name) for name in _STRONG), reverse=True)
    (best, name), (second, _) = ranked[:2]
    if best and best != second:
        done = _from(name, text)
        if done.text != text:
            return done
    meant = dict(_suspected(text))
    if not meant:
        return RepairedText(text=text)
    readings = "; ".join(f"{reading!r} ({name})" for name, reading in meant.items())
    loss = Message("it may be in an old encoding: {readings}", readings=readings)
    return RepairedText(text=text, loss=loss)


def may_be_in_old_encoding(text: str) -> bool:
    r"""Say whether every word of a text would be Vietnamese in an old encoding.

    >>> may_be_in_old_encoding("§\xadêng bé"), may_be_in_old_encoding("Stadt\xadplan")
    (True, False)
    """
    return not _is_vietnamese(text) and any(_suspected(text))


def _is_vietnamese(text: str) -> bool:
    """Say whether a text is Vietnamese as it stands: «Hoà» would be «Hồ» in VNI."""
    if _UNICODE.search(text):
        return True
    marked = [run for run in _RUN.findall(text) if not run.isascii()]
    return bool(marked) and all(is_syllable(run) and _is_cased(run) for run in marked)


def _is_cased(word: str) -> bool:
    """Say whether no capital stands behind a small letter, as in «tÕ»."""
    return word[1:].islower() or word.isupper() or len(word) == 1


def _from(name: str, text: str) -> RepairedText:
    return viqr.repaired_from_viqr(text) if name == "viqr" else legacy.repaired_from(name, text)


def _suspected(text: str) -> Iterator[tuple[str, str]]:
    """Give what a text says in every old encoding in which all its words are Vietnamese."""
    (run, *others) = _RUN.findall(text) or [""]
    if not others and not run.isalpha() and len(run.encode("ascii", "ignore")) > len(run) - 2:
        return  # «N·m» is one newton metre
    for name, signs in {**_STRONG, "viqr": _VIQR_IN_WORD}.items():
        if signs.search(text) is not None:
            done = _from(name, text).text
            words = [word for word in WORD.findall(done) if _ABBREVIATION.fullmatch(word) is None]
            least = _LEAST_IN_VIQR if name == "viqr" else 1
            is_whole = all(legacy.is_word_in(name, word) for word in words)
            if done != text and len(words) >= least and is_whole:
                yield name, done


def concerns(text: str) -> bool:
    """Say whether a text may be in an old encoding and in nothing else.

    >>> concerns("Nh÷ng nguyªn t¾c"), concerns("Những nguyên tắc"), concerns("Library")
    (True, False, False)
    """
    is_in_unicode, has_others = _UNICODE.search, _NOT_OURS.search
    if is_in_unicode(text) is None:
        return _has_signs(text)
    for line in text.split("\n"):  # of several texts some may be in Unicode
        if not line.isascii() and is_in_unicode(line) is None and has_others(line) is not None:
            return True
    return False


def _has_signs(text: str) -> bool:
    return any(sign.search(text) is not None for sign in _STRONG.values())


def _weight(name: str, text: str) -> int:
    """Return how many words fit, 0 if that is no proof."""
    if len(_STRONG[name].findall(text)) < _LEAST_STRONG.get(name, 1):
        return 0
    found = viqr.evidence_for_viqr(text) if name == "viqr" else legacy.evidence_for(name, text)
    words = len(_WORD.findall(text))
    is_proof = found.fits >= _LEAST_FITS and not found.misfits and 3 * found.fits >= words
    return found.fits if is_proof else 0


_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]")
_ADDRESS = re.compile(r"\S*[/=@]\S*")


def with_loss_said(text: str) -> RepairedText:
    """Return a text as it is, and say so if letters were lost on its way.

    >>> str(with_loss_said("Nh?ng nguyên t?c").loss)
    'letters are gone: a question mark stands within a word'
    >>> str(with_loss_said("Là gì? a.example/x?id=1").loss)
    ''
    """
    if "\ufffd" in text:
        loss = Message("letters are gone: the sign for an unknown character stands in the text")
    elif _LOST.search(_ADDRESS.sub(" ", text)):
        loss = Message("letters are gone: a question mark stands within a word")
    else:
        return RepairedText(text=text)
    return RepairedText(text=text, loss=loss)


def may_have_lost(text: str) -> bool:
    """Say whether letters may be gone.

    >>> may_have_lost("Th? vi?n"), may_have_lost("Thư viện")
    (True, False)
    """
    return "?" in text or "\ufffd" in text
