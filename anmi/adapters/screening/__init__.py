"""Bodies of the port `number_screening`: a vendor over HTTP, and the rehearsal."""
