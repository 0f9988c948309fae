"""Asking creditors to leave cases with us beyond their day (留案): asked, answered, until when."""
