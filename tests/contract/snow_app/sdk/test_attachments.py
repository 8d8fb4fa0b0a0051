"""Files on records of the instance: sent once, compared, listed, read and deleted."""

from __future__ import annotations

import hashlib
import io
import os

import pytest

from snow_app import errors

CONTENT = os.urandom(700_000)
FILE = "/api/now/v1/attachment/file"


@pytest.fixture
def record(client):
    return client.table("incident").insert({"short_description": "Broken parcel"}).sys_id


def test_a_file_goes_up_and_comes_back(client, record, tmp_path):
    photo = tmp_path / "größe ^ & 100%.jpg"
    photo.write_bytes(CONTENT)
    kept = client.attachments.upload("incident", record, photo, content_type="image/jpeg")
    assert (kept.file_name, kept.size, kept.content_type) == (photo.name, 700_000, "image/jpeg")
    assert kept.hash == hashlib.sha256(CONTENT).hexdigest()
    assert client.attachments.of_record("incident", record) == (kept,)
    assert client.attachments.get(kept.sys_id) == kept
    back = tmp_path / "back"
    assert client.attachments.download(kept.sys_id, back) == kept
    assert back.read_bytes() == CONTENT
    client.attachments.delete(kept.sys_id)
    assert client.attachments.of_record("incident", record) == ()
    with pytest.raises(errors.NotFound):
        client.attachments.download(kept.sys_id, back)
    assert not back.exists()


def test_the_same_file_is_sent_once(client, record, asked):
    first = client.attachments.upload("incident", record, io.BytesIO(CONTENT), file_name="a.bin")
    asked.clear()
    assert client.attachments.upload("incident", record, io.BytesIO(CONTENT), file_name="a.bin") == first
    assert asked == ["GET"]
    other = client.attachments.upload("incident", record, io.BytesIO(CONTENT[:-1] + b"!"), file_name="a.bin")
    named = client.attachments.upload("incident", record, io.BytesIO(CONTENT), file_name="b.bin")
    assert len({first.sys_id, other.sys_id, named.sys_id}) == 3
    assert client.attachments.of_record("incident", record, file_name="b.bin") == (named,)


@pytest.mark.parametrize(
    "mishap",
    [{"status": 500, "late": True}, {"drop": True, "late": True}, {"status": 503}, {"drop": True}],
    ids="-".join,
)
def test_a_lost_answer_makes_no_second_file(snow, client, record, mishap):
    snow.faults.add(method="POST", path=FILE, times=1, **mishap)
    content = io.BytesIO(b"head" + CONTENT)
    content.seek(4)
    kept = client.attachments.upload("incident", record, content, file_name="a.bin")
    assert kept.hash == hashlib.sha256(CONTENT).hexdigest()
    assert client.attachments.of_record("incident", record) == (kept,)


def test_a_hash_that_the_platform_does_not_keep_is_made_by_reading(snow, client, record):
    first = client.attachments.upload("incident", record, io.BytesIO(CONTENT), file_name="a.bin")
    snow.instance.records.update("sys_attachment", first.sys_id, {"hash": ""})
    again = client.attachments.upload("incident", record, io.BytesIO(CONTENT), file_name="a.bin")
    assert again.sys_id == first.sys_id


def test_refusals_keep_their_kind(client, connect, record):
    files = client.attachments
    with pytest.raises(errors.NotFound):
        files.upload("incident", "0" * 32, io.BytesIO(b"x"), file_name="a.txt")
    with pytest.raises(errors.TableMissing):
        files.upload("no_such_table", record, io.BytesIO(b"x"), file_name="a.txt")
    with pytest.raises(errors.UnsafeQuery):
        files.upload("incident", record, io.BytesIO(b"x"))
    with pytest.raises(errors.UnsafeQuery):
        files.get("../table/sys_user")
