"""One digest of everything that a build depends on: the same digest means the same numbers."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CODE = Path(__file__).resolve().parent
PROJECT = CODE.parent
# The insights are part of a build, and the rules are written in terms of the readers.
READERS = PROJECT / "revops"
LIBRARIES = ("duckdb", "polars", "pandera", "sqlglot")
ABSENT = "absent"


def inputs_digest(
    files: Mapping[str, Path], sql: Path, settings: Iterable[str]
) -> tuple[str, dict[str, str]]:
    """The digest, and per dataset the SHA-256 of its file (`absent` where there is none).

    Covers the content of the inputs, the SQL, the code, the versions of
    the libraries and `settings` (policy, mapping and options as text). The names and
    dates of files do not matter, only what they hold.
    """
    contents = {name: _file(path) for name, path in sorted(files.items())}
    total = hashlib.sha256()
    for line in _lines(contents, sql, settings):
        total.update(line.encode())
        total.update(b"\0")
    return total.hexdigest(), contents


def combined(fingerprint: str, history: str) -> str:
    """The digest of a build: of its inputs, and of the history that it rests on."""
    return hashlib.sha256(f"{fingerprint} history {history}".encode()).hexdigest()


def project_version() -> str:
    """The version that pyproject.toml states."""
    import tomllib

    with (PROJECT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def library_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _lines(contents: Mapping[str, str], sql: Path, settings: Iterable[str]) -> Iterator[str]:
    for name, digest in contents.items():
        yield f"input {name} {digest}"
    for folder, patterns in ((sql, ("*.sql",)), (CODE, ("*.py",)), (READERS, ("*.py", "*.toml"))):
        for path in sorted(path for pattern in patterns for path in folder.rglob(pattern)):
            yield f"code {path.relative_to(folder)} {_file(path)}"
    for library in LIBRARIES:
        yield f"library {library} {library_version(library)}"
    for setting in settings:
        yield f"setting {setting}"


def _file(path: Path) -> str:
    if not path.is_file():
        return ABSENT
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
