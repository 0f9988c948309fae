"""Those who entrust cases to us: their terms, their products, and what they forbid."""
