"""What a build takes from history, and what it adds."""

from datetime import date

import duckdb

from pipeline.config import Config
from pipeline.history.facts import present_facts
from pipeline.history.ledger import create_ledgers, fill_from_inputs
from pipeline.history.record import Batch


def fill_ledgers(con: duckdb.DuckDBPyConnection, config: Config, load_id: str, as_of: date) -> None:
    """Make the ledgers of the current database."""
    create_ledgers(con)
    facts = present_facts(con, as_of, config.files["deal_history"].kind)
    fill_from_inputs(con, [Batch(fact, 1, as_of, load_id) for fact in facts])
