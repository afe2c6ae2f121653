"""Files that are no CSV of ours are refused with what they look like and what to do."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.config import FileConfig
from pipeline.errors import InputError
from pipeline.ingest.source import CsvSource
from tests.csv_files import COLUMNS, read_all, source

TEXT = "deal_id,account,amount\nD1,Café,1\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pipeline_deals.csv"


def refusal(path: Path, content: bytes, mapping: FileConfig | None = None) -> InputError:
    with pytest.raises(InputError) as refused:
        read_all(source(path, content, mapping))
    assert refused.value.remedy
    assert path.name in refused.value.what
    assert refused.value.exit_code == 1
    return refused.value


def workbook() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return packed.getvalue()


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("deals.csv", TEXT)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "looks_like", "remedy"),
    [
        (gzip.compress(TEXT.encode()), "gzip", "gunzip"),
        (workbook(), "Excel workbook (.xlsx)", "CSV UTF-8"),
        (archive(), "zip archive", "unpack"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "Excel workbook (.xls)", "CSV UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16", "iconv -f UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16LE", "iconv -f UTF-16LE"),
        (TEXT.encode("utf-16-be"), "UTF-16BE", "iconv -f UTF-16BE"),
        (TEXT.encode("utf-32"), "UTF-32", "iconv -f UTF-32"),
        (b"PAR1\x15\x04", "Parquet", "CSV"),
        (b"%PDF-1.7\n", "PDF", "CSV"),
        (b"<!DOCTYPE html>\n<html>sign in</html>", "web page", "CSV"),
        (b'[{"deal_id": "D1"}]', "JSON", "CSV"),
        (b"deal_id\x00\x01\x02,account\n", "binary", "again"),
        (b"\x00" * 500, "binary", "again"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_formats_are_named(path: Path, content: bytes, looks_like: str, remedy: str) -> None:
    error = refusal(path, content)
    assert looks_like in error.what
    assert remedy in error.remedy


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_one_byte_encodings_are_refused_with_their_place(path: Path, encoding: str) -> None:
    error = refusal(path, TEXT.encode(encoding))
    assert error.where == "pipeline_deals.csv:2, column account"
    assert "0xE9 in 'Café'" in error.what
    assert "Windows-1252 or Latin-1" in error.what
    assert "iconv -f WINDOWS-1252 -t UTF-8" in error.remedy


def test_a_strange_byte_far_down_is_found(path: Path) -> None:
    """Nothing before it counts: a file is read as UTF-8 to its last byte or not at all."""
    rows = b"".join(b"D%d,Acme,1\n" % number for number in range(50_000))
    error = refusal(path, TEXT.encode() + rows + b"D,Caf\xe9 Noir,1\n" + rows)
    assert error.where == "pipeline_deals.csv:50003, column account"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n \n"], ids=["", "BOM", "blank"])
def test_an_empty_file_is_no_file_of_no_rows(path: Path, content: bytes) -> None:
    assert "is empty" in refusal(path, content).what


def test_a_header_alone_is_a_file_of_no_rows(path: Path) -> None:
    opened = source(path, b"deal_id,account,amount\n")
    assert opened.header.present == ("deal_id", "account", "amount")
    assert read_all(opened).rows == []
    assert list(opened.batches()) == []


def test_a_file_that_is_not_there_or_no_file(path: Path) -> None:
    mapping = FileConfig("pipeline_deals", path)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        CsvSource(path, "pipeline_deals", COLUMNS, mapping)
    path.mkdir()
    with pytest.raises(InputError, match="is not a file"):
        CsvSource(path, "pipeline_deals", COLUMNS, mapping)


def test_a_file_that_changes_while_it_is_read_is_refused(path: Path) -> None:
    rows = b"".join(b"D%d,Acme,1\n" % number for number in range(50_000))
    batches = source(path, TEXT.encode() + rows).batches(rows=100)
    next(batches)
    with path.open("ab") as file:
        file.write(b"D,late,1\n")
    with pytest.raises(InputError, match="changed while it was read"):
        list(batches)


def test_a_missing_column_is_named_with_the_likely_one(path: Path) -> None:
    error = refusal(path, b"deal_id,acount,amount\nD1,Acme,1\n")
    assert error.where == "pipeline_deals.csv:1"
    assert "lacks a column: account (is it 'acount'?)" in error.what
    assert "Found: deal_id, acount, amount" in error.what
    assert 'columns = { account = "acount" }' in error.remedy


@pytest.mark.parametrize(
    "name", ["Deal_ID", "Deal ID", "DealId", " deal_id", "deal-id", "\u200bdeal_id"]
)
def test_names_are_exact(path: Path, name: str) -> None:
    """Case, spaces and underscores are not folded in names: the slip is named instead."""
    error = refusal(path, f"{name},account,amount\nD1,Acme,1\n".encode())
    assert f"deal_id (is it {name!r}" in error.what


def test_a_misspelt_optional_column_is_not_taken_for_an_unknown_one(path: Path) -> None:
    error = refusal(path, b"deal_id,account,amount,Loss Reason\nD1,Acme,1,price\n")
    assert "loss_reason (is it 'Loss Reason'?)" in error.what


def test_unknown_columns_are_reported_and_not_read(path: Path) -> None:
    opened = source(path, b"deal_id,account,amount,colour,\nD1,Acme,1,red,\n")
    assert opened.header.extra == ("colour", "(no name, column 5)")
    assert opened.header.absent == ("loss_reason",)
    assert read_all(opened).rows == [("D1", "Acme", "1", 2)]


def test_a_doubled_column_is_refused(path: Path) -> None:
    error = refusal(path, b"deal_id,account,amount,amount\nD1,Acme,1,2\n")
    assert "more than once: amount" in error.what


def test_a_look_alike_letter_in_a_name_is_named(path: Path) -> None:
    error = refusal(path, "deal_id,аccount,amount\nD1,Acme,1\n".encode())
    assert "U+0430 CYRILLIC SMALL LETTER A (character 1)" in error.what
    assert error.remedy == "type the column's name anew: account"


def test_full_width_letters_in_a_name_are_named(path: Path) -> None:
    error = refusal(path, "deal_id,account,ａmount\nD1,Acme,1\n".encode())
    assert "U+FF41 FULLWIDTH LATIN SMALL LETTER A (character 1)" in error.what


def test_another_systems_columns_are_one_readable_refusal(path: Path) -> None:
    error = refusal(path, b"Opportunity,Owner Name,Value (EUR),Phase\nD1,Ann,1,Demo\n")
    assert "lacks columns: deal_id; account; amount." in error.what
    assert "another system's export" in error.what
    assert "Found: Opportunity, Owner Name, Value (EUR), Phase." in error.what
    assert "[files.pipeline_deals] columns = { deal_id =" in error.remedy


def test_a_file_of_ours_under_the_wrong_name_is_recognised(path: Path) -> None:
    error = refusal(path, b"month,sales_marketing_expense,revenue,cost_of_revenue,net_burn\n")
    assert "These are the columns of finance.csv." in error.what


@pytest.mark.parametrize(("separator", "label"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_named(path: Path, separator: str, label: str) -> None:
    error = refusal(path, TEXT.replace(",", separator).encode())
    assert f"separated by {label}" in error.what


def test_mapped_names_replace_ours(path: Path) -> None:
    mapping = FileConfig("pipeline_deals", path, columns={"amount": "Value", "loss_reason": "Why"})
    opened = source(path, b"deal_id,account,amount,Value,Why\nD1,Acme,1,2,price\n", mapping)
    assert read_all(opened).rows == [("D1", "Acme", "2", "price", 2)]
    assert opened.header.source_names["amount"] == "Value"
    assert opened.header.extra == ("amount",)


def test_a_mapped_column_must_be_there_even_if_it_is_optional(path: Path) -> None:
    mapping = FileConfig("pipeline_deals", path, columns={"loss_reason": "Reason"})
    error = refusal(path, b"deal_id,account,amount,Raison\nD1,Acme,1,price\n", mapping)
    assert "loss_reason, mapped to 'Reason', (is it 'Raison'?)" in error.what


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(path: Path) -> None:
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        CsvSource(path, "pipeline_deals", COLUMNS, FileConfig("pipeline_deals", path))
