"""The SET steps of the union catalogue: plain SQL that every engine reads alike.

A small subset on purpose: joins on equality, ``union all``, ``distinct``, ``group by`` with
``count``, ``min``, ``max`` and ``sum``, differences of whole numbers, comparisons in ``where``. No
window function, no ``least``, no lambda, no function on text and no engine's own hash: those differ
between engines, silently. Records are numbered in the order of their keys, so the smallest number
of a cluster is its id.

Tables given: ``records(nr, member, fields)``, ``keys(key, nr)``, ``compared(l, r, score, reasons,
rule)``, ``conflicts(l, r, marks)``, ``same(l, r)`` and ``different(l, r)`` with ``l < r``
everywhere.
"""

from __future__ import annotations

# ---------------------------------------------------------------- keys → blocks → pairs

PAIR_STEPS = (
    (
        "blocks",
        """
        select key, count(*) as n, min(nr) as lowest, max(nr) as highest,
          cast(sum(nr) as bigint) as total
        from keys group by key having count(*) > 1
        """,
    ),
    # Of two or three records all are known from this, and the same few meet under several keys.
    (
        "few",
        """
        select distinct lowest, cast(total - lowest - highest as int) as middle, highest
        from blocks where n <= 3 and n <= {cap}
        """,
    ),
    # The lowest record of a block meets all others, so only the others are joined with each other.
    (
        "small_keys",
        """
        select k.key, k.nr, b.lowest from keys as k join blocks as b on k.key = b.key
        where b.n > 3 and b.n <= {cap} and k.nr > b.lowest
        """,
    ),
    (
        "big_keys",
        "select k.key, k.nr from keys as k join blocks as b on k.key = b.key where b.n > {cap}",
    ),
    # A block above the cap is split: its records meet where they share another such block too.
    (
        "parts",
        """
        select a.key as one, b.key as two, a.nr
        from big_keys as a join big_keys as b on a.nr = b.nr
        where a.key < b.key
        """,
    ),
    (
        "small_parts",
        """
        select one, two from parts group by one, two having count(*) > 1 and count(*) <= {cap}
        """,
    ),
    # What needs no join of large tables first: then the large one has the memory to itself.
    (
        "met",
        """
        select lowest as l, highest as r, lowest as near from few
        union all
        select lowest as l, middle as r, lowest as near from few where middle > 0
        union all
        select middle as l, highest as r, lowest as near from few where middle > 0
        union all
        select lowest as l, nr as r, lowest as near from small_keys
        union all
        select a.nr as l, b.nr as r, a.nr as near
        from small_parts as s
        join parts as a on a.one = s.one and a.two = s.two
        join parts as b on b.one = s.one and b.two = s.two
        where a.nr < b.nr
        """,
    ),
    # Pairs near one record stand together, so that whoever compares reads its fields once.
    (
        "pairs",
        """
        select l, r from (
          select l, r, min(near) as near from (
            select l, r, near from met
            union all
            select a.nr as l, b.nr as r, a.lowest as near
            from small_keys as a join small_keys as b on a.key = b.key
            where a.nr < b.nr
          ) as every_way group by l, r
        ) as sorted order by near
        """,
    ),
)
# What no later step reads: gone before the comparison needs the room.
ONLY_FOR_PAIRS = (
    *("keys", "blocks", "few", "small_keys", "big_keys", "parts", "small_parts", "met"),
)
# Read by the comparison as it goes along, never kept: a pair repeats the fields of both records.
# Read some records after the other: joined at once, the fields of all pairs would fill the disk.
TO_COMPARE = """
(
  select p.l, p.r, a.fields as l_fields, b.fields as r_fields
  from pairs as p join records as a on p.l = a.nr join records as b on p.r = b.nr
  where p.l >= {low} and p.l < {high} and a.nr >= {low} and a.nr < {high} and b.nr > {low}
) as met
"""
BIG_BLOCKS = """
select g.key, g.n, r.fields from (
  select key, count(*) as n, min(nr) as lowest from big_keys group by key
) as g join records as r on g.lowest = r.nr order by r.nr, g.key
"""

# ---------------------------------------------------------------- links → components

LINK_STEPS = (
    (
        "accepted",
        """
        select c.l, c.r, c.score
        from compared as c left join different as d on c.l = d.l and c.r = d.r
        where d.l is null
        """,
    ),
    ("links", "select l, r from accepted union all select l, r from same"),
    # First every record goes to the smallest record that it is linked with. That settles nearly
    # all; what is left are the links between records that went to different ones.
    (
        "nearest",
        """
        select nr, min(label) as label from (
          select l as nr, l as label from links union all select r as nr, l as label from links
        ) as x group by nr
        """,
    ),
    (
        "open_links",
        """
        select distinct a.label as l, b.label as r
        from links as k join nearest as a on k.l = a.nr join nearest as b on k.r = b.nr
        where a.label <> b.label
        """,
    ),
    (
        "both_ways",
        "select l as a, r as b from open_links union all select r as a, l as b from open_links",
    ),
    (
        "labels_0",
        """
        select nr, min(label) as label from (
          select a as nr, b as label from both_ways
          union all
          select a as nr, a as label from both_ways
        ) as x group by nr
        """,
    ),
)
# Every one of them takes the smallest label among its own, its neighbours' and its label's own.
NEXT_LABELS = """
select nr, min(label) as label from (
  select nr, label from {labels}
  union all
  select e.a as nr, o.label from both_ways as e join {labels} as o on e.b = o.nr
  union all
  select x.nr, o.label from {labels} as x join {labels} as o on x.label = o.nr
) as y group by nr
"""
OPEN = """
select count(*)
from both_ways as e join {labels} as a on e.a = a.nr join {labels} as b on e.b = b.nr
where a.label <> b.label
"""
LABELS = """
select n.nr, coalesce(f.label, n.label) as label
from nearest as n left join {labels} as f on n.label = f.nr
"""

# ---------------------------------------------------------------- what must be apart

# Within a component every pair is looked at, whatever brought its records there.
UNSEEN_STEPS = (
    ("sizes", "select label, count(*) as n from labels group by label having count(*) > 2"),
    (
        "crowd",
        """
        select x.label, x.nr, s.n from labels as x join sizes as s on x.label = s.label
        """,
    ),
    (
        "unseen_pairs",
        """
        select t.l, t.r from (
          select a.nr as l, b.nr as r
          from crowd as a join crowd as b on a.label = b.label
          where a.nr < b.nr and a.n <= {crowd}
          union all
          select p.l, p.r
          from pairs as p join crowd as a on p.l = a.nr join crowd as b on p.r = b.nr
          where a.label = b.label and a.n > {crowd}
        ) as t left join accepted as c on t.l = c.l and t.r = c.r
        where c.l is null
        """,
    ),
)
UNSEEN = """
(
  select p.l, p.r, a.fields as l_fields, b.fields as r_fields
  from unseen_pairs as p join records as a on p.l = a.nr join records as b on p.r = b.nr
) as met
"""
BIG_COMPONENTS = """
select s.n, r.fields from sizes as s join records as r on s.label = r.nr
where s.n > {crowd} order by r.nr
"""
APART_STEPS = (
    (
        "apart",
        """
        select l, r, 1 as decided, 0 as marks from different
        union all
        select c.l, c.r, 0 as decided, c.marks
        from conflicts as c left join same as s on c.l = s.l and c.r = s.r
        where s.l is null
        """,
    ),
    (
        "torn_pairs",
        """
        select p.l, p.r, p.decided, p.marks, a.label
        from apart as p join labels as a on p.l = a.nr join labels as b on p.r = b.nr
        where a.label = b.label
        """,
    ),
    (
        "torn_records",
        """
        select x.nr, x.label
        from labels as x join (select distinct label from torn_pairs) as t on x.label = t.label
        """,
    ),
)
TORN_RECORDS = "select label, nr from torn_records order by label, nr"
TORN_PAIRS = "select label, l, r, decided, marks from torn_pairs"
TORN_LINKS = """
select t.label, c.l, c.r, c.score, c.reasons
from compared as c join torn_records as t on c.l = t.nr join torn_records as u on c.r = u.nr
where t.label = u.label
"""
TORN_SAME = "select t.label, s.l, s.r from same as s join torn_records as t on s.l = t.nr"
CLUSTERS = """
select r.nr, coalesce(n.label, o.label, r.nr) as cluster
from records as r left join mended as n on r.nr = n.nr left join labels as o on r.nr = o.nr
"""
IN_CLUSTERS = "select cluster, nr from clusters order by cluster, nr"
CLUSTER_LINKS = """
select a.cluster, k.l, k.r, k.score, k.reasons, k.rule
from compared as k join clusters as a on k.l = a.nr join clusters as b on k.r = b.nr
left join different as d on k.l = d.l and k.r = d.r
where a.cluster = b.cluster and d.l is null
union all
select a.cluster, s.l, s.r, 1.0 as score, '' as reasons, '' as rule
from same as s join clusters as a on s.l = a.nr join clusters as b on s.r = b.nr
where a.cluster = b.cluster
order by 1, 2, 3, 6
"""

# ---------------------------------------------------------------- holdings and overlap

MATRIX = """
select a.member as one, b.member as other, count(*) as titles
from holds as a join holds as b on a.cluster = b.cluster group by a.member, b.member
"""
HOLDERS = """
select cluster, count(*) as libraries, min(member) as member from holds group by cluster
"""
UNIQUE = "select member, count(*) as titles from holders where libraries = 1 group by member"
HELD_BY = "select libraries, count(*) as titles from holders group by libraries order by libraries"
