"""The SET steps that find what a change touches; the same small subset as in ``sql``.

Numbers: ``old`` is a record's number in the last run, ``nr`` its number now (both in the order of
the keys); a record that is gone gets a negative one, which no other has.

Tables given: ``now_records(nr, key, batch)``, ``was_records(nr, key, batch, digest)``,
``was_keys(key, nr)``, ``was_compared`` and ``was_unsure``, both ``(l, r, score, reasons, rule)``,
``was_decided(l, r)`` and
``decided_anew(key)`` by keys, ``moved(nr)`` and ``gone_numbers(old, nr)``; then
``digests(nr, digest)`` and ``fresh_keys(key, nr)`` of the records that were read again.
"""

from __future__ import annotations

ALIGN_STEPS = (
    (
        "stayed",
        """
        select n.nr, w.nr as old, n.batch, w.batch as was_batch, w.digest
        from now_records as n join was_records as w on n.key = w.key
        """,
    ),
    (
        "read_again",
        """
        select n.nr from now_records as n left join stayed as s on n.nr = s.nr
        where s.nr is null
        union all
        select nr from stayed where batch <> was_batch
        """,
    ),
    (
        "gone",
        """
        select w.nr as old, w.key from was_records as w left join stayed as s on w.nr = s.old
        where s.old is null
        """,
    ),
)
READ_AGAIN = "select nr from read_again order by nr"

# ---------------------------------------------------------------- records whose pairs change

KEY_STEPS = (
    # Records with other match fields than before; the rest was only described otherwise.
    (
        "other",
        """
        select d.nr from digests as d left join stayed as s on d.nr = s.nr
        where s.nr is null
        union all
        select d.nr from digests as d join stayed as s on d.nr = s.nr
        where s.digest <> d.digest
        """,
    ),
    (
        "kept",
        """
        select s.old, s.nr from stayed as s left join other as o on s.nr = o.nr
        where o.nr is null
        """,
    ),
    ("came", "select f.key, f.nr from fresh_keys as f join other as o on f.nr = o.nr"),
    (
        "went",
        """
        select w.key, w.nr from was_keys as w left join kept as k on w.nr = k.old
        where k.old is null
        """,
    ),
    (
        "all_keys",
        """
        select w.key, k.nr from was_keys as w join kept as k on w.nr = k.old
        union all
        select key, nr from came
        """,
    ),
    (
        "touched_keys",
        "select distinct key from (select key from came union all select key from went) as x",
    ),
    (
        "counts_now",
        """
        select t.key, count(a.nr) as n
        from touched_keys as t left join all_keys as a on t.key = a.key group by t.key
        """,
    ),
    (
        "counts_before",
        """
        select t.key, count(w.nr) as n
        from touched_keys as t left join was_keys as w on t.key = w.key group by t.key
        """,
    ),
    # A block that grows or shrinks past the cap brings other pairs together, whoever changed.
    (
        "crossing_keys",
        """
        select n.key from counts_now as n join counts_before as b on n.key = b.key
        where n.n <= {cap} and b.n > {cap}
        union all
        select n.key from counts_now as n join counts_before as b on n.key = b.key
        where n.n > {cap} and b.n <= {cap}
        """,
    ),
    (
        "big_touched",
        """
        select n.key from counts_now as n join counts_before as b on n.key = b.key
        where n.n > {cap} and b.n > {cap}
        """,
    ),
    ("came_big", "select c.key, c.nr from came as c join big_touched as b on c.key = b.key"),
    ("went_big", "select w.key, w.nr from went as w join big_touched as b on w.key = b.key"),
    (
        "came_parts",
        """
        select a.key as one, b.key as two from came_big as a join came_big as b on a.nr = b.nr
        where a.key < b.key
        """,
    ),
    (
        "went_parts",
        """
        select a.key as one, b.key as two from went_big as a join went_big as b on a.nr = b.nr
        where a.key < b.key
        """,
    ),
    (
        "touched_parts",
        """
        select distinct one, two from (
          select one, two from came_parts union all select one, two from went_parts
        ) as x
        """,
    ),
    ("big_now", "select a.key, a.nr from all_keys as a join big_touched as b on a.key = b.key"),
    ("big_before", "select w.key, w.nr from was_keys as w join big_touched as b on w.key = b.key"),
    (
        "parts_now",
        """
        select p.one, p.two, a.nr
        from touched_parts as p
        join big_now as a on p.one = a.key
        join big_now as b on p.two = b.key and a.nr = b.nr
        """,
    ),
    (
        "parts_before",
        """
        select p.one, p.two, count(*) as n
        from touched_parts as p
        join big_before as a on p.one = a.key
        join big_before as b on p.two = b.key and a.nr = b.nr
        group by p.one, p.two
        """,
    ),
    (
        "part_sizes",
        """
        select n.one, n.two, n.n, coalesce(b.n, 0) as before from (
          select one, two, count(*) as n from parts_now group by one, two
        ) as n left join parts_before as b on n.one = b.one and n.two = b.two
        """,
    ),
    (
        "crossing_parts",
        """
        select one, two from part_sizes where n <= {cap} and before > {cap}
        union all
        select one, two from part_sizes where n > {cap} and before <= {cap}
        """,
    ),
    (
        "dirty",
        """
        select distinct nr from (
          select nr from other
          union all
          select a.nr from all_keys as a join crossing_keys as c on a.key = c.key
          union all
          select p.nr from parts_now as p
          join crossing_parts as c on p.one = c.one and p.two = c.two
        ) as x
        """,
    ),
    ("near_keys", "select distinct a.key from all_keys as a join dirty as d on a.nr = d.nr"),
    ("keys", "select a.key, a.nr from all_keys as a join near_keys as n on a.key = n.key"),
)
DIRTY_COUNT = "select count(*) from dirty"
WEIGHED_STEPS = (
    (
        "fresh_unsure",
        "select l, r, score, reasons, rule from compared where score < {threshold}",
    ),
    (
        "compared",
        "select l, r, score, reasons, rule from compared where score >= {threshold}",
    ),
)
NEAR_PAIRS = """
select distinct l, r from (
  select p.l, p.r from pairs as p join dirty as d on p.l = d.nr
  union all
  select p.l, p.r from pairs as p join dirty as d on p.r = d.nr
) as x
"""
PAIRED = (
    "select distinct nr from (select l as nr from pairs union all select r as nr from pairs) as x"
)
BIG_BLOCKS = """
select key, count(*) as n, min(nr) as lowest from all_keys group by key having count(*) > {cap}
order by 3, 1
"""

# ---------------------------------------------------------------- components touched

REACH_STEPS = (
    (
        "clean",
        """
        select k.old, k.nr from kept as k left join dirty as d on k.nr = d.nr where d.nr is null
        """,
    ),
    (
        "all_compared",
        """
        select a.nr as l, b.nr as r, w.score, w.reasons, w.rule
        from was_compared as w join clean as a on w.l = a.old join clean as b on w.r = b.old
        union all
        select l, r, score, reasons, rule from compared
        """,
    ),
    (
        "all_unsure",
        """
        select a.nr as l, b.nr as r, w.score, w.reasons, w.rule
        from was_unsure as w join clean as a on w.l = a.old join clean as b on w.r = b.old
        union all
        select l, r, score, reasons, rule from fresh_unsure
        """,
    ),
    ("places", "select old, nr from stayed union all select old, nr from gone_numbers"),
    (
        "was_linked",
        """
        select l, r from was_compared
        union all
        select a.nr as l, b.nr as r
        from was_decided as d
        join was_records as a on d.l = a.key join was_records as b on d.r = b.key
        """,
    ),
    (
        "steps",
        """
        select a.nr as a, b.nr as b
        from was_linked as w join places as a on w.l = a.old join places as b on w.r = b.old
        union all
        select b.nr as a, a.nr as b
        from was_linked as w join places as a on w.l = a.old join places as b on w.r = b.old
        union all
        select l as a, r as b from compared
        union all
        select r as a, l as b from compared
        union all
        select l as a, r as b from same
        union all
        select r as a, l as b from same
        """,
    ),
    (
        "seeds",
        """
        select distinct nr from (
          select nr from read_again
          union all
          select nr from dirty
          union all
          select nr from moved
          union all
          select nr from gone_numbers
          union all
          select n.nr from decided_anew as d join now_records as n on d.key = n.key
        ) as x
        """,
    ),
    ("reach", "select nr from seeds"),
    ("frontier", "select nr from seeds"),
)
NEXT_FRONTIER = """
select distinct s.b as nr
from frontier as f join steps as s on f.nr = s.a left join reach as r on s.b = r.nr
where r.nr is null
"""
FRONTIER_LEFT = "select count(*) from next_frontier"
GROW_STEPS = (
    ("next_reach", "select nr from reach union all select nr from next_frontier"),
    ("reach", "select nr from next_reach"),
    ("frontier", "select nr from next_frontier"),
)
REACHED = "select nr from reach where nr >= 0 order by nr"
SEEDS = "select nr from seeds where nr >= 0"
GONE = "select old, key from gone order by key"
WITHIN_STEPS = (
    (
        "compared",
        """
        select c.l, c.r, c.score, c.reasons, c.rule
        from all_compared as c join reach as x on c.l = x.nr
        """,
    ),
    ("same_within", "select s.l, s.r from same as s join reach as x on s.l = x.nr"),
    ("same", "select l, r from same_within"),
    (
        "different_within",
        """
        select d.l, d.r
        from different as d join reach as x on d.l = x.nr join reach as y on d.r = y.nr
        """,
    ),
    ("different", "select l, r from different_within"),
)
WITHIN_KEYS = (
    (
        "near_keys",
        "select distinct a.key from all_keys as a join reach as x on a.nr = x.nr",
    ),
    ("keys", "select a.key, a.nr from all_keys as a join near_keys as n on a.key = n.key"),
)
WITHIN_PAIRS = """
select p.l, p.r from pairs as p join reach as x on p.l = x.nr join reach as y on p.r = y.nr
"""

# ---------------------------------------------------------------- what the next run goes on from

LEFT_RECORDS = """
select n.nr, n.key, n.batch, coalesce(d.digest, s.digest) as digest
from now_records as n left join digests as d on n.nr = d.nr left join stayed as s on n.nr = s.nr
order by n.nr
"""
LEFT_KEYS = "select key, nr from all_keys order by nr, key"
LEFT_COMPARED = "select l, r, score, reasons, rule from all_compared order by l, r"
LEFT_UNSURE = "select l, r, score, reasons, rule from all_unsure order by l, r"
