"""The Attachment API."""

import hashlib
import json
import random

import pytest

TEXT = "this is\na file ✓".encode()


@pytest.fixture
def incident(api):
    return api.made("incident", short_description="with files")


def upload(who, record, name: str = "note.txt", content: bytes = TEXT, kind: str = "text/plain"):
    return who(
        "POST",
        "attachment/file",
        params={"table_name": "incident", "table_sys_id": record["sys_id"], "file_name": name},
        data=content,
        headers={"Content-Type": kind},
    )


def test_a_file_goes_up_and_comes_down(snow, api, incident) -> None:
    made = upload(api, incident)
    row = made.json()["result"]
    link = f"{snow.url}/api/now/v1/attachment/{row['sys_id']}/file"
    assert (made.status_code, made.headers["Location"], row["download_link"]) == (201, link, link)
    assert {
        name: row[name] for name in ("file_name", "table_name", "table_sys_id", "content_type", "size_bytes", "hash")
    } == {
        "file_name": "note.txt",
        "table_name": "incident",
        "table_sys_id": incident["sys_id"],
        "content_type": "text/plain",
        "size_bytes": str(len(TEXT)),
        "hash": hashlib.sha256(TEXT).hexdigest(),
    }
    assert all(isinstance(value, str) for value in row.values())
    down = api.get(f"attachment/{row['sys_id']}/file")
    assert (down.content, down.headers["Content-Type"]) == (TEXT, "text/plain")
    assert json.loads(down.headers["X-Attachment-Metadata"])["sys_id"] == row["sys_id"]
    assert api.get(f"v1/attachment/{row['sys_id']}", sysparm_display_value="all").json()["result"] == row


def test_large_files_are_whole(api, incident) -> None:
    # More than one stored chunk, however well it is packed.
    content = random.Random(7).randbytes(900_000)
    row = upload(api, incident, "large.bin", content, "application/octet-stream").json()["result"]
    assert api.get(f"attachment/{row['sys_id']}/file").content == content


def test_a_form_goes_up_too(api, incident) -> None:
    answer = api(
        "POST",
        "attachment/upload",
        data={"table_name": "incident", "table_sys_id": incident["sys_id"]},
        files={"uploadFile": ("größe.txt", TEXT, "text/plain")},
    )
    row = answer.json()["result"]
    assert (answer.status_code, row["file_name"]) == (201, "größe.txt")
    assert api.get(f"attachment/{row['sys_id']}/file").content == TEXT
    assert api("POST", "attachment/upload", data={"table_name": "incident"}).status_code == 400


def test_images_know_their_size(api, incident) -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x80\x00\x00\x01\xe0" + b"\x00" * 20
    row = upload(api, incident, "a.png", png, "image/png").json()["result"]
    assert (row["image_width"], row["image_height"]) == ("640", "480")


def test_lists_find_the_files_of_a_record(api, incident) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        upload(api, incident, name)
    answer = api.get(
        "v1/attachment",
        sysparm_query=f"table_name=incident^table_sys_id={incident['sys_id']}^ORDERBYfile_name",
        sysparm_limit=2,
    )
    assert [row["file_name"] for row in answer.json()["result"]] == ["a.txt", "b.txt"]
    assert answer.headers["X-Total-Count"] == "3"
    assert 'rel="next"' in answer.headers["Link"]


def test_lists_are_filtered_by_name_and_value_too(api, incident) -> None:
    other = api.made("incident", short_description="other")
    upload(api, incident, "a.txt")
    upload(api, other, "b.txt")
    answer = api.get("attachment", table_name="incident", table_sys_id=incident["sys_id"])
    assert [row["file_name"] for row in answer.json()["result"]] == ["a.txt"]
    assert answer.headers["X-Total-Count"] == "1"


def test_files_go_with_their_record(api, snow, incident) -> None:
    row = upload(api, incident).json()["result"]
    assert api.delete(f"table/incident/{incident['sys_id']}").status_code == 204
    assert api.get(f"attachment/{row['sys_id']}").status_code == 404
    assert snow.instance.records.all("sys_attachment_doc", sys_attachment=row["sys_id"]) == []


def test_a_file_can_be_deleted(api, incident) -> None:
    row = upload(api, incident).json()["result"]
    assert api.delete(f"attachment/{row['sys_id']}").status_code == 204
    assert api.get(f"attachment/{row['sys_id']}/file").status_code == 404
    assert api.delete(f"attachment/{row['sys_id']}").status_code == 404


def test_files_follow_the_access_of_their_record(api, employee, incident) -> None:
    row = upload(api, incident).json()["result"]
    assert employee.get(f"attachment/{row['sys_id']}").status_code == 404
    assert employee.get("attachment").json()["result"] == []
    assert upload(employee, incident).status_code == 404


def test_what_cannot_be_attached(api, incident) -> None:
    assert upload(api, {"sys_id": "0" * 32}).status_code == 404
    assert upload(api, incident, name="").status_code == 400
    setting = api.get("table/sys_properties", name="glide.attachment.extensions").json()["result"][0]
    api.patch(f"table/sys_properties/{setting['sys_id']}", {"value": "png,txt"})
    assert upload(api, incident, "run.exe").status_code == 403
    assert upload(api, incident, "note.txt").status_code == 201
