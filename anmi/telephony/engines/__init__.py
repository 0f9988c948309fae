"""Engines: the processes that own calls, one per switch; and the orders that reach them from other processes."""
