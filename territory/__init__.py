"""Sales territory design: read, redraw, balance, measure and hand over."""
