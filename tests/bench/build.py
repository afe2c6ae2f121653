"""The whole command on the sample data, first and when nothing changed."""

from pathlib import Path

from tests.bench.measure import median, report, run


def measure(workdir: Path, repeats: int) -> None:
    """Print seconds of wall time for a full build and for one with nothing to do."""
    build = ["-m", "pipeline", "build", "--warehouse", str(workdir / "sample")]
    whole = median([run([*build, "--force"]).wall for _ in range(repeats)])
    report("python -m pipeline build, sample data", f"{whole:.1f} s", "at most 8 s")
    again = median([run(build).wall for _ in range(repeats)])
    report("the same, nothing changed", f"{again:.2f} s", "at most 2 s")
