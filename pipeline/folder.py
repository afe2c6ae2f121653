"""What lies where in a warehouse folder: the builds, the link to the served one, the marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.errors import EnvironmentProblem

LINK = "revops.duckdb"
SUFFIX = ".duckdb"
UNFINISHED = ".tmp"
WITHDRAWN = ".withdrawn"
ID_TIME = "%Y%m%dT%H%M%S"
ID_TIME_LENGTH = len("20260331T120000123")


@dataclass(frozen=True)
class WarehouseFolder:
    """A warehouse on disk. `builds/` holds one file per build; the link points at the served one.

    A withdrawn build is one that a rollback stepped back from: it stays until it is
    pruned, and a later rollback passes over it.
    """

    root: Path

    @property
    def builds(self) -> Path:
        return self.root / "builds"

    @property
    def link(self) -> Path:
        """The path that readers open."""
        return self.root / LINK

    def file(self, load_id: str) -> Path:
        return self.builds / f"{load_id}{SUFFIX}"

    def unfinished(self, load_id: str) -> Path:
        return self.builds / f"{load_id}{UNFINISHED}"

    def load_ids(self) -> tuple[str, ...]:
        """Every complete build, oldest first."""
        if not self.builds.is_dir():
            return ()
        return tuple(sorted(path.stem for path in self.builds.glob(f"*{SUFFIX}")))

    def served(self) -> str | None:
        """The build that the link points at; None without one, or if it points at nothing."""
        if not self.link.is_symlink() or not self.link.exists():
            return None
        return self.link.readlink().stem

    def withdrawn(self) -> frozenset[str]:
        """The builds that a rollback stepped back from."""
        return frozenset(path.stem for path in self.builds.glob(f"*{WITHDRAWN}"))

    def withdraw(self, load_id: str) -> None:
        (self.builds / f"{load_id}{WITHDRAWN}").touch()

    def reinstate(self, load_id: str) -> None:
        (self.builds / f"{load_id}{WITHDRAWN}").unlink(missing_ok=True)

    def create(self) -> None:
        """Make the folders; refuses a link name taken by a file that is not ours."""
        self.builds.mkdir(parents=True, exist_ok=True)
        if self.link.exists() and not self.link.is_symlink():
            raise EnvironmentProblem(
                f"{LINK} is a file of its own, not the link that a build swaps",
                str(self.link),
                "Move it away or give another --warehouse; nothing overwrites it.",
            )

    def leftovers(self) -> Iterator[Path]:
        """What a killed build may have left: unfinished files, spilled data, unplaced links.

        And a file that was complete but never served: it is later than the served
        one, although no rollback stepped back from it.
        """
        yield from self.builds.glob(f"*{UNFINISHED}*")
        yield from self.root.glob(f".{LINK}.*")
        served, ids, withdrawn = self.served(), self.load_ids(), self.withdrawn()
        if served is not None:
            yield from (self.file(i) for i in ids if i > served and i not in withdrawn)
        yield from (p for p in self.builds.glob(f"*{WITHDRAWN}") if p.stem not in ids)

    def next_load_id(self, digest: str, now: datetime) -> str:
        """A name that sorts after every build here, even if the clock was set back.

        The time of `now` to the millisecond, and the first digits of the digest.
        """
        moment = now.astimezone(UTC)
        newest = max((load_id[:ID_TIME_LENGTH] for load_id in self.load_ids()), default="")
        if _stamp(moment) <= newest:
            moment = _moment(newest) + timedelta(milliseconds=1)
        return f"{_stamp(moment)}-{digest[:8]}"


def _stamp(moment: datetime) -> str:
    return f"{moment.strftime(ID_TIME)}{moment.microsecond // 1000:03d}"


def _moment(stamp: str) -> datetime:
    whole, thousandths = stamp[:-3], int(stamp[-3:])
    moment = datetime.strptime(whole, ID_TIME).replace(tzinfo=UTC)
    return moment + timedelta(milliseconds=thousandths)
