"""The vocabulary the contracts are written in: column types and field makers."""

from typing import Annotated, Any

import pandera.polars as pa
import polars as pl

Money = Annotated[pl.Decimal, 18, 6]
MEMBERS = "members"


class Contract(pa.DataFrameModel):
    """The base of every contract: exactly these columns, no coercion."""

    class Config:
        """Typing is done before, strictly; pandera only judges."""

        strict = True
        coerce = False


def known(description: str, **checks: Any) -> Any:
    """A column in which every row has a value."""
    return pa.Field(nullable=False, description=description, **checks)


def maybe(description: str, **checks: Any) -> Any:
    """A column whose cells may be empty: not known."""
    return pa.Field(nullable=True, description=description, **checks)


def count(description: str) -> Any:
    """A number of things that happened: known, and never negative."""
    return known(description, ge=0)


def segment(description: str = "Customer segment", *, nullable: bool = True) -> Any:
    """A segment of the policy; SMB, MM and ENT unless the policy says otherwise."""
    return pa.Field(
        nullable=nullable,
        description=description,
        isin=["SMB", "MM", "ENT"],
        metadata={MEMBERS: "segment"},
    )


def stage(description: str) -> Any:
    """An open stage of the policy, or one of the two closed ones."""
    return pa.Field(
        nullable=False,
        description=description,
        isin=["Discovery", "Demo", "Negotiation", "Closed_Won", "Closed_Lost"],
        metadata={MEMBERS: "stage"},
    )
