"""A second, slow evaluator of the money rules, written without sight of the first one.

Everything is a `Fraction` of minor units and every posting day recomputes the whole contract.
"""

from tests.rules.slow.evaluator import evaluate

__all__ = ["evaluate"]
