"""The wing of the telephone: agents, calls, recordings, trunks. It knows no debt: a call has an opaque subject."""
