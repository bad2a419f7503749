"""Charts as numbers: where each bar, dot, tick and word of a drawing stands. Pure; templates put them into SVG."""
