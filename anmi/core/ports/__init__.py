"""What we ask of the outside world, in our own words; the bodies live in `anmi.adapters`."""
