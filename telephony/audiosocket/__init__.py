"""AudioSocket: Asterisk connects once per leg and sends what is spoken there."""
