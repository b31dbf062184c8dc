"""How long translating and proving take. `make bench` runs both at full size; the test suite a small sample."""
