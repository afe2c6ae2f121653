"""Where the files are and how to read them: `revops.toml`, every key optional."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.datasets import COLUMNS
from pipeline.errors import UsageError
from pipeline.file_config import FileConfig, read_file_config
from pipeline.policy import Policy, read_policy
from pipeline.settings import Settings

__all__ = ["FILE_NAME", "Config", "FileConfig", "Policy", "load_config"]

FILE_NAME = "revops.toml"


@dataclass(frozen=True)
class Config:
    """The whole configuration: one FileConfig per dataset, and the policies.

    `source` is the file it was read from, None when there was none.
    """

    data_dir: Path
    source: Path | None
    files: Mapping[str, FileConfig]
    policy: Policy

    def digest_text(self) -> str:
        """The same text for the same meaning, wherever the folders are."""
        files = {
            name: {**asdict(file), "path": file.path.name} for name, file in self.files.items()
        }
        return json.dumps({"files": files, "policy": asdict(self.policy)}, sort_keys=True)


def load_config(explicit: Path | None, data_dir: Path) -> Config:
    """The configuration: the given file, else the data folder's, else the current folder's.

    A relative `path` in it starts at its own folder. UsageError for a file that is
    not there or not TOML, and for any key, dataset, column or value it cannot mean.
    """
    if not data_dir.is_dir():
        raise UsageError(
            f"There is no data folder {data_dir}.",
            str(data_dir.absolute()),
            "put the CSV files there, or name their folder with --data",
        )
    source = _find(explicit, data_dir)
    top = Settings(source or Path(FILE_NAME), "", _parsed(source) if source else {})
    top.refuse_unknown(("files", "policy", "insights"), "table")
    if "insights" in top.values:
        _check_insights(top.values["insights"], str(top.file))
    files = top.table("files")
    files.refuse_unknown(tuple(COLUMNS), "dataset")
    policy = read_policy(top.table("policy"))
    return Config(
        data_dir=data_dir,
        source=source,
        files={
            name: read_file_config(files.table(name), name, data_dir, policy) for name in COLUMNS
        },
        policy=policy,
    )


def _check_insights(values: object, where: str) -> None:
    """Refuse what the readers of the insights would refuse; a build itself asks no service."""
    from revops.errors import ConfigError
    from revops.insights.wording.settings import read

    try:
        read(values, where)
    except ConfigError as error:
        what = f"{Path(where).name}: {error.what}"
        raise UsageError(what, error.where, error.remedy) from None


def _find(explicit: Path | None, data_dir: Path) -> Path | None:
    if explicit is not None:
        if not explicit.is_file():
            raise UsageError(
                f"There is no configuration file {explicit}.",
                str(explicit.absolute()),
                "correct the path after --config, or leave it out to use the defaults",
            )
        return explicit
    return next((path for path in (data_dir / FILE_NAME, Path(FILE_NAME)) if path.is_file()), None)


def _parsed(source: Path) -> dict[str, object]:
    try:
        return tomllib.loads(source.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{source.name} is not valid TOML: {error}.",
            str(source),
            'mend that line; text needs quotes: key = "value"',
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{source.name} is not UTF-8 text.", str(source), "save it as UTF-8"
        ) from error
    except OSError as error:
        raise UsageError(
            f"{source.name} cannot be read: {error.strerror}.", str(source), "check its permissions"
        ) from error
