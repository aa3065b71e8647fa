"""Messages name file, row, column and remedy."""

from __future__ import annotations

from territory.errors import InputError, Problem


def test_a_problem_reads_as_one_sentence() -> None:
    """Where, what, what to do."""
    problem = Problem("'abc' is not a number", "zips.csv", 5, "potential", "abc", "Type a number")
    assert str(problem) == (
        "zips.csv, row 5, column potential: 'abc' is not a number. Remedy: Type a number"
    )


def test_many_problems_are_counted_not_poured_out() -> None:
    """Five are spelled out, the rest counted, all are kept."""
    error = InputError([Problem(f"fault {i}") for i in range(9)])
    assert str(error).count("fault") == 5 and "4 more" in str(error)
    assert len(error.problems) == 9
