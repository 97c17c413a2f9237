"""Delivers one part: every source of this package drawn, written, counted as known on each day. Only the order is here."""

from pipelines.sample.part import Delivered, Part, nothing


def deliver(part: Part) -> Delivered:
    """Write the files of one part and give back its truth and the patents that pledges and awards make high-value."""
    return Delivered(nothing())
