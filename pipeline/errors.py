"""What can go wrong in a build, said so that the reader knows what to do next."""


class PipelineError(Exception):
    """A problem told as *what* happened, *where*, and *what to do next*.

    The command line prints it without a traceback and leaves with `exit_code`:
    1 when the data or the books are at fault, 2 for usage and environment.
    """

    exit_code = 1

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.remedy:
            lines.append(f"  next:  {self.remedy}")
        return "\n".join(lines)


class InputError(PipelineError):
    """An input file breaks its contract beyond what is tolerated."""


class ModelError(PipelineError):
    """A SQL model is malformed or failed to run."""


class CheckFailed(PipelineError):
    """The books do not balance: an error-class check found rows."""


class UsageError(PipelineError):
    """The command line or the configuration asks for something that is not there."""

    exit_code = 2


class EnvironmentProblem(PipelineError):
    """Disk, permissions, another build's lock: nothing wrong with the data."""

    exit_code = 2
