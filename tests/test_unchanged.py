"""What makes a build another build: the digest covers all that the numbers depend on."""

import io
import os
from dataclasses import replace

import pytest

from pipeline.build import BuildOptions, Inputs
from pipeline.progress import Progress
from tests.support.models import MART, model_folder
from tests.support.tiny import DEALS, tiny_data


@pytest.fixture
def options(tmp_path):
    return BuildOptions(data=tiny_data(tmp_path), sql=model_folder(tmp_path))


def fingerprint(options):
    return Inputs.read(options).fingerprint


def test_dates_of_files_and_places_of_folders_do_not_matter(options, tmp_path):
    before = fingerprint(options)
    for path in options.data.iterdir():
        os.utime(path, (0, 0))

    moved = replace(options, data=options.data.rename(tmp_path / "elsewhere"))

    assert fingerprint(moved) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: tiny_data(root, pipeline_deals=DEALS.replace("10000", "10001")),
        lambda root: tiny_data(root, finance="month\n"),
        lambda root: model_folder(root, marts__deals=MART + "-- a word\n"),
        lambda root: (root / "data" / "revops.toml").write_text("[policy]\nstuck_days = 30\n"),
        lambda root: (root / "data" / "revops.toml").write_text(
            '[files.pipeline_deals]\ndate_format = "%d/%m/%Y"\n'
        ),
    ],
    ids=["a cell", "an optional file", "the SQL", "a policy", "a mapping"],
)
def test_content_matters(options, tmp_path, change):
    before = fingerprint(options)

    change(tmp_path)

    assert fingerprint(options) != before


@pytest.mark.parametrize("option", [{"strict": True}, {"verify": True}])
def test_options_that_could_refuse_the_inputs_matter(options, option):
    assert fingerprint(replace(options, **option)) != fingerprint(options)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "expected"), [(Terminal(), True), (io.StringIO(), False)])
def test_progress_is_drawn_on_terminals_only(stream, expected):
    progress = Progress(stream)
    progress.start("models", 4)
    progress.advance(4)
    progress.finish()

    assert ("models" in stream.getvalue()) is expected
