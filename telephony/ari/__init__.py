"""The Asterisk REST Interface: snoop legs and what becomes of them."""
