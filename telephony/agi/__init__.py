"""FastAGI: Asterisk connects once per call and asks what to do."""
