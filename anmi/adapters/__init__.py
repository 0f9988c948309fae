"""Bodies of the ports: the only place that speaks to the outside world."""
