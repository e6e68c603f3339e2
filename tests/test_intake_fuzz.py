"""A little fuzzing in every run of the tests; `make fuzz` does it for twenty minutes."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from messy.fuzzing import Spoiled, come_in, spoiled_files


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoiled_files())
def test_a_spoiled_file_gives_words_and_never_a_stack_trace(file: Spoiled) -> None:
    assert come_in(file, Path("/nonexistent")) in ("refused", "to be mended", "could be added")
