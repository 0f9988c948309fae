"""The live watch: hears every call of a switch while it lasts."""
