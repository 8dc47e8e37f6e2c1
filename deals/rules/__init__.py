"""The calculation: pure functions that say what a contract owes."""

# Printed on every statement; it goes up whenever the same file could give another figure.
RULES_VERSION = "1.0"
