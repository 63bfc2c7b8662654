"""The Asterisk Manager Interface: events as they happen, actions with an answer."""
