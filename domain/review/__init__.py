"""Hearing, finding and scoring recorded calls: the rules, without disk or clock."""
