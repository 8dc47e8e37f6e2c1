"""Late interest (S14)."""


def interest_rows(replay):
    return []
