"""User text on its way to a database, and times on their way to people."""

from __future__ import annotations

from datetime import datetime

__all__ = ["clean", "clock"]


def clean(text: str) -> str:
    """User text as any database takes it: half characters replaced, everything else unchanged."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def clock(moment: datetime) -> str:
    """A time for a message, with the day unless it is today."""
    local = moment.astimezone()
    today = local.date() == datetime.now().astimezone().date()
    return local.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
