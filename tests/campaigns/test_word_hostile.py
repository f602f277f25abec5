"""Word files made to keep the portal busy: no pattern goes back over a long text, nothing is read without end."""

import io
import signal

import pytest

from campaigns.imports.plan_words import column_of, marker_of
from campaigns.imports.word_items import item_of, labelled, labels_in
from campaigns.imports.word_plan import read_word_plan
from qualityseason.errors import Refused
from qualityseason.exports.word import word_as_html
from qualityseason.imports.docx import MAXIMUM_BLOCKS, MAXIMUM_RUNS
from tests.word_files import paragraph, word_file

LONG = 100_000  # characters; a pattern that goes back over them takes hours
PATIENCE = 60  # seconds: not a measure, only so that a failure ends


@pytest.fixture
def _not_for_ever():
    """End a test that would go on without end."""

    def end(*_args):
        pytest.fail("this goes on without end")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("pattern", ["甲{}乙", "{}措施：乙", "甲，{}"])
@pytest.mark.parametrize("letter", [" ", "\u3000", "\n", "(", "【", "1", "一", "；", "：", "措施", "（1）", "1.1"])
@pytest.mark.parametrize("asks", [marker_of, column_of, labels_in, labelled, lambda text: item_of(text, [])])
@pytest.mark.usefixtures("_not_for_ever")
def test_long_texts_are_read_to_their_end(asks, letter, pattern):
    asks(pattern.format(letter * (LONG // len(letter))))


def test_labels_behind_blanks_are_found_all_the_same():
    text = "1、借阅服务。      举措：      延长开放。\u3000\u3000\u3000\u3000\u3000标准 ： 每天十小时"
    assert labelled(text) == {"measure": "1、借阅服务。\n延长开放。", "standard": "每天十小时"}


@pytest.mark.parametrize(
    "inside",
    [
        paragraph(inside="<w:r><w:t>a</w:t></w:r>" * (MAXIMUM_RUNS + 1)),
        paragraph("甲") * (MAXIMUM_BLOCKS + 1),
    ],
)
@pytest.mark.parametrize("reads", [lambda file: read_word_plan(file, parts=[]), word_as_html])
def test_document_of_more_pieces_than_anybody_writes_is_not_read(reads, inside):
    with pytest.raises(Refused) as refused:
        reads(io.BytesIO(word_file(inside)))
    assert refused.value.refusal_code == "too_large"
