"""The union catalogue: from records that were read to clusters, holdings and union records.

::

    maps (MAP: Python per record or pair) ─┐
    sql (SET: plain SQL, every engine)   ──┴─▶ tables ─▶ build (from scratch), update (what changed)
                                                           │
    doubts, training (what cataloguers teach)  ◀───────────┴─▶ union, places, search
"""
