"""Costs as cooperative games: what coalitions pay, fair values, who would gain by leaving."""
