"""Random distribution policies."""

WINDOWS = ("lifetime", "year", "receipt")


def draw_bands(pick):
    inventors = pick.choice(["0.7", "0.3333333333", "1", "0", "1/3"])
    shares = {"inventors": inventors}
    if pick.random() < 0.6 and inventors != "1":
        shares["department"] = pick.choice(["0.15", "0.3", "0"])
    other = {"inventors": pick.choice(["0.5", "0.25"]), "university": "0.5"}
    bounds = pick.choice([[], ["50.00"], ["30.00", "100.00"]])
    return {
        "take": "bands",
        "window": pick.choice(WINDOWS),
        "mode": pick.choice(["marginal", "whole"]),
        "bound": pick.choice(["inclusive_upper", "inclusive_lower"]),
        "rows": [
            {"up_to": bound, "shares": pick.choice([shares, other])} for bound in [*bounds, None]
        ],
    }


def draw_steps(pick):
    """Return the steps of one policy, in an order that the rules allow."""
    steps = [
        {"take": "top_slice", "to": "office", "share": pick.choice(["0.1", "0.3333", "0"])},
        {
            "take": "fixed",
            "to": "agency",
            "amount": pick.choice(["10.00", "40.00"]),
            "window": pick.choice(WINDOWS),
        },
        {"take": "share_of_gross", "to": "fund", "share": pick.choice(["0.05", "0.9"])},
        {"take": "costs", "to": "costs", "limit": pick.choice(["20.00", "300.00"])},
        draw_bands(pick),
    ]
    pick.shuffle(steps)
    steps = steps[: pick.choice([1, 2, 3, 5])]
    if pick.random() < 0.4:
        weights = {"inventors": 1, "university": pick.choice([0, 1, 2])}
        steps.append({"take": "rest", "weights": weights})
    if pick.random() < 0.4 and any(step["take"] in ("rest", "bands") for step in steps):
        steps.append({"take": "inventors", "weights": {"P1": 2, "P2": 1, "P3": 0}})
    return steps
