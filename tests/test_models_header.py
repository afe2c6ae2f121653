"""What the comment lines at the top of a model may say, and how a mistake in them is told."""

from textwrap import dedent

import pytest

from pipeline.errors import ModelError
from pipeline.models.header import HeaderReader

METRICS = """\
-- description = "Marketing. One row per slice and the total."
-- by = ["channel"]
-- spend = { label = "Spend", unit = "money", window = "flow", definition = "Money spent." }
-- cpl = { label = "CPL", unit = "money", better = "lower", window = "flow", definition = "Ratio." }
-- leads = { label = "Leads", unit = "count", role = "part", definition = "Names left." }

-- prose below an empty line is no header = at all
create or replace macro metrics.marketing() as table select 1
"""

CHECK = """\
-- description = "Nothing is negative."
-- class = "error"
-- tested = "marts.deals"
-- needs = "subscriptions"
-- remedy = "Look at the rows."
select 1
"""


def read(text: str, layer: str = "marts"):
    return HeaderReader(f"sql/{layer}/model.sql", text).read(layer)


def test_a_header_gives_description_and_column_texts():
    header = read(
        '-- description = "Deals. One row per deal."\n-- columns.amount = "Value"\nselect'
    )

    assert header.description == "Deals. One row per deal."
    assert header.columns == {"amount": "Value"}


def test_metrics_keep_their_order_and_parts_are_no_kpis():
    header = read(METRICS, "metrics")

    assert header.dimensions == ("channel",)
    assert [(m.name, m.role) for m in header.metrics] == [
        ("spend", "kpi"),
        ("cpl", "kpi"),
        ("leads", "part"),
    ]
    assert header.metrics[1].better == "lower"
    assert header.metrics[0].better is None


def test_a_check_says_how_it_is_judged():
    rule = read(CHECK, "checks").check

    assert rule is not None
    assert (rule.severity, rule.tested, rule.needs) == ("error", "marts.deals", "subscriptions")


@pytest.mark.parametrize(
    ("layer", "text", "line", "words"),
    [
        ("marts", "select 1", 1, "description"),
        ("marts", '-- description = ""', 1, "description"),
        ("marts", '-- description = "a"\n-- columns.x = Value', 2, "not valid TOML"),
        ("marts", '-- description = "a"\n-- descripton = "b"', 2, "did you mean `description`"),
        ("checks", CHECK.replace('"error"', '"fatal"'), 2, "not one of error, warning"),
        ("checks", CHECK.replace("-- remedy", "-- remdy"), 5, "did you mean `remedy`"),
        ("metrics", METRICS.replace('unit = "count"', 'unit = "pieces"'), 5, "not one of money"),
        ("metrics", METRICS.replace("label = \"Spend\", ", ""), 3, "`spend` has no label"),
        ("metrics", METRICS.replace("better", "bettr"), 4, "`better`"),
        ("metrics", METRICS.replace('by = ["channel"]', 'by = "channel"'), 2, "-- by ="),
        ("metrics", METRICS.replace('by = ["channel"]', 'bye = ["channel"]'), 1, "-- by ="),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(layer, text, line, words):
    with pytest.raises(ModelError) as caught:
        read(dedent(text), layer)

    assert words in str(caught.value)
    assert caught.value.where == f"sql/{layer}/model.sql:{line}"
