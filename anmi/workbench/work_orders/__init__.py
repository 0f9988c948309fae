"""Work orders: things somebody must see to by a certain time."""
