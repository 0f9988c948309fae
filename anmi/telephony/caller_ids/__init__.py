"""Caller ids (外显号码): the numbers an agency has leased, by city; a call never shows another."""
