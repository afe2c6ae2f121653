"""A contract as Markdown: its columns, what withholds a row, and what is only flagged."""

from pipeline.contracts.dataset import Dataset
from pipeline.policy import CLOSED_STAGES, Policy

_KINDS = {
    "text": "text",
    "integer": "whole number",
    "number": "number",
    "money": "money",
    "date": "date",
    "flag": "flag",
}


def document(dataset: Dataset) -> str:
    """The contract under the default policy."""
    policy = Policy()
    members = {"segment": policy.segments, "stage": (*policy.stages, *CLOSED_STAGES)}
    lines = [
        f"## {dataset.file_name}",
        "",
        f"{dataset.description} {_presence(dataset)} A later line with the same key "
        f"({', '.join(dataset.key)}) is withheld: `duplicate_key`.",
        "",
        "| column | type | may be empty | meaning |",
        "|---|---|---|---|",
        *(
            f"| {column.name}{'' if column.is_required else ' (optional)'} "
            f"| {_KINDS[column.kind]} | {'yes' if column.is_nullable else ''} "
            f"| {column.description} |"
            for column in dataset.columns
        ),
        "",
        "A row is withheld when it breaks one of these:",
        "",
        *(
            f"- `{rule.name}` {rule.says}"
            for rule in dataset.rules(members)
            if rule.name not in ("missing", "negative")
        ),
        *_summed(dataset, members),
    ]
    if dataset.warnings:
        lines += ["", "A row is loaded, flagged and counted when one of these does not hold:", ""]
        lines += [f"- `{rule.name}` {rule.says}" for rule in dataset.warnings]
    return "\n".join([*lines, ""])


def _summed(dataset: Dataset, members: dict[str, tuple[str, ...]]) -> list[str]:
    """The rules that many columns share, in one line each."""
    rules = dataset.rules(members)
    texts = {"missing": "Never empty", "negative": "Never below 0"}
    return [
        f"- `{name}` {text}: {', '.join(columns)}."
        for name, text in texts.items()
        if (columns := [rule.column for rule in rules if rule.name == name])
    ]


def _presence(dataset: Dataset) -> str:
    if dataset.is_required:
        return "A build needs this file; a header without rows will do."
    return "Optional: without it, what needs it is not known."
