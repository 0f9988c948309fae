"""Anmi (安米智能催收): the platform on which an honest collection agency works all day."""

__version__ = "0.1.0"
