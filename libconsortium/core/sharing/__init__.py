"""How a bill is divided: policies, drivers, fees, mixtures, limits, rounding, and what if."""
