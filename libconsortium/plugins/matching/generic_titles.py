"""Titles that name a kind of text and no text: a thousand forewords are called *Preface*."""

from __future__ import annotations

import re

from libconsortium import fold

_PARTS = (
    "preface;foreword;introduction;editorial;guest editorial;editor's note;editor's notes;contents;"
    "table of contents;index;author index;subject index;front matter;back matter;title page;cover;"
    "masthead;proceedings;conference proceedings;workshop proceedings;abstracts;program;"
    "erratum;errata;corrigendum;corrigenda;correction;retraction;letter;letters;"
    "letter to the editor;letters to the editor;from the editor;comment;comments;commentary;reply;"
    "response;discussion;note;notes;news;announcement;announcements;acknowledgements;"
    "acknowledgments;obituary;in memoriam;book review;book reviews;review;reviews;conclusion;"
    "conclusions;appendix;bibliography;references;summary;call for papers;"
    "chair's message;chairman's message;message from the chair;calendar;interview;"
    "lời nói đầu;lời giới thiệu;lời tựa;lời mở đầu;lời bạt;mở đầu;mục lục;kết luận;phụ lục;"
    "tài liệu tham khảo;thư ngỏ;tin tức;thông báo;đính chính;kỷ yếu;kỷ yếu hội thảo;báo cáo;"
    "báo cáo tổng kết;báo cáo thường niên;báo cáo khoa học;điểm sách;giới thiệu sách;"
    "vorwort;einleitung;inhaltsverzeichnis;préface;avant-propos;table des matières;éditorial"
)
_GENERIC = frozenset(fold(part) for part in _PARTS.split(";"))
_COUNTED = re.compile(r" (?:[0-9]+|[ivx]+)$")


def is_generic(title: str) -> bool:
    """Say whether a folded title names a kind of text only, perhaps counted.

    >>> is_generic("loi noi dau"), is_generic("editorial 12"), is_generic("giai tich")
    (True, True, False)
    """
    return _COUNTED.sub("", title) in _GENERIC
