"""Market: where the potential is, how much of it is won, and where to go next."""

from __future__ import annotations

from territory.ui.filters import filter_bar
from territory.ui.market_page import market_page
from territory.ui.strip import header

here = header("Market", "What places could buy, what they buy from you, and who else is there.")
market_page(here, filter_bar(here))
