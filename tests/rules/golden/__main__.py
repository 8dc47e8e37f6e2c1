"""Write the records anew, after a change that was meant."""

from tests.rules import golden
from tests.rules.test_broken_files import FULL

golden.write(golden.REFUSALS, golden.refusals(FULL))
golden.write(golden.RESULTS, golden.results())
