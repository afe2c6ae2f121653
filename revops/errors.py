"""What can go wrong for a reader, said so that the next step is plain."""


class RevopsError(Exception):
    """A problem told as *what* happened, *where*, and *what to do next*.

    Command lines and pages print `str(error)` and no traceback.
    """

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy
        # under which number a log tells of the question that failed
        self.query_id = ""

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.remedy:
            lines.append(f"  next:  {self.remedy}")
        return "\n".join(lines)


class WarehouseError(RevopsError):
    """The warehouse file cannot be read."""


class WarehouseNotFound(WarehouseError):
    """There is no file at the path: nothing was built yet, or the path is misspelt."""


class WarehouseLocked(WarehouseError):
    """Another process has the file open for writing, which keeps every reader out."""


class NotAWarehouse(WarehouseError):
    """The file is no DuckDB database, or a database without the tables of a build."""


class WarehouseTooOld(WarehouseError):
    """The file was built by a pipeline that recorded less than this reader needs."""


class WarehouseDamaged(WarehouseError):
    """The file is a database that can no longer be read in full."""


class QueryError(RevopsError):
    """DuckDB refused a statement, or a parameter is missing or too many."""


class UnknownName(RevopsError):
    """A domain, report, metric, dimension or parameter that this warehouse does not have."""


class FilterError(RevopsError):
    """A filter value that cannot mean anything, such as an end before its start."""


class ThresholdError(RevopsError):
    """The thresholds of the insight rules are missing, misspelt or of the wrong kind."""


class ConfigError(RevopsError):
    """A key of revops.toml about the insights that cannot mean anything."""


class CannotDecompose(RevopsError):
    """A change that no exact parts can be given for, with the reason."""


class ScenarioError(RevopsError):
    """A what-if scenario, or the file it is kept in, that cannot mean anything."""
