"""What a query may read from: a model, a list of values, or another query."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

NOTHING: frozenset[str] = frozenset()


class Relation(ABC):
    """Something with columns, each of which comes from columns of models."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Its columns in their order."""

    @abstractmethod
    def origins(self, name: str, field: str = "") -> frozenset[str]:
        """The columns of models behind one of its columns, or behind one field of a struct."""


@dataclass(frozen=True)
class Model(Relation):
    """A model of the warehouse: here the search ends."""

    model: str
    columns: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.columns

    def origins(self, name: str, field: str = "") -> frozenset[str]:
        return frozenset({f"{self.model}.{name}"}) if name in self.columns else NOTHING


@dataclass(frozen=True)
class Computed(Relation):
    """A list of values or a function: all its columns come from whatever stands in it."""

    columns: tuple[str, ...]
    read: Callable[[], frozenset[str]]

    @property
    def names(self) -> tuple[str, ...]:
        return self.columns

    def origins(self, name: str, field: str = "") -> frozenset[str]:
        return self.read() if name in self.columns else NOTHING
