"""From files to facts, usage, title lists and report figures, through the loaders that fit."""
