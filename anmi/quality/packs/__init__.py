"""Rule packs of an agency: drafted by inspectors, tried on the calls of yesterday, approved, published, versioned."""
