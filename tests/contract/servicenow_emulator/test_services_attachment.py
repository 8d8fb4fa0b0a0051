"""Attachments beyond up and down: attributes, renaming, limits, who may attach."""

import pytest


@pytest.fixture
def incident(api) -> str:
    return api.made("incident", short_description="with files")["sys_id"]


def upload(who, record: str, name: str = "note.txt", content: bytes = b"text"):
    params = {"table_name": "incident", "table_sys_id": record, "file_name": name}
    return who("POST", "attachment/file", params=params, data=content, headers={"Content-Type": "text/plain"})


@pytest.fixture
def file(api, incident) -> str:
    return upload(api, incident).json()["result"]["sys_id"]


def setting(api, name: str, value: str) -> None:
    found = api.get("table/sys_properties", name=name).json()["result"]
    if found:
        assert api.patch(f"table/sys_properties/{found[0]['sys_id']}", {"value": value}).status_code == 200
    else:
        api.made("sys_properties", name=name, value=value)


def test_attributes_of_a_file(api, file) -> None:
    path = f"attachment/{file}/attributes"
    assert api.get(path).json()["result"] == []
    made = api.post(path, {"key": "origin", "value": "scan"})
    assert (made.status_code, made.json()["result"]) == (201, {"key": "origin", "value": "scan"})
    assert api.post(path, {"key": "origin", "value": "again"}).status_code == 400
    for document in ({}, {"key": "a"}, {"value": "b"}):
        assert api.post(path, document).status_code == 400, document
    api.post(path, {"key": "pages", "value": 3})
    assert api("PUT", f"{path}/origin", json={"value": "mail"}).json()["result"] == {"key": "origin", "value": "mail"}
    assert api("PUT", f"{path}/origin", json={}).status_code == 400
    assert api.get(f"{path}/origin").json()["result"]["value"] == "mail"
    assert {(one["key"], one["value"]) for one in api.get(path).json()["result"]} == {
        ("origin", "mail"),
        ("pages", "3"),
    }
    assert api.delete(f"{path}/pages").status_code == 204
    assert [api(method, f"{path}/pages", json={"value": "x"}).status_code for method in ("GET", "PUT", "DELETE")] == [
        404
    ] * 3
    assert api.delete(path).status_code == 204
    assert api.get(path).json()["result"] == []
    assert api.get(f"attachment/{'0' * 32}/attributes").status_code == 404


def test_attributes_go_with_their_file_and_follow_its_access(snow, api, employee, file) -> None:
    api.post(f"attachment/{file}/attributes", {"key": "a", "value": "b"})
    assert employee.get(f"attachment/{file}/attributes").status_code == 404
    assert employee.post(f"attachment/{file}/attributes", {"key": "c", "value": "d"}).status_code == 404
    api.delete(f"attachment/{file}")
    assert snow.instance.records.all("sys_attachment_attribute") == []


def test_a_file_is_renamed(api, employee, file) -> None:
    answer = api.patch(f"attachment/{file}", {"file_name": "new.txt"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"attachment/{file}").json()["result"]["file_name"] == "new.txt"
    assert api.patch(f"attachment/{file}", {}).status_code == 400
    setting(api, "glide.attachment.extensions", "txt")
    assert api.patch(f"attachment/{file}", {"file_name": "new.exe"}).status_code == 403
    assert employee.patch(f"attachment/{file}", {"file_name": "x.txt"}).status_code == 404


@pytest.mark.parametrize(
    ("allowed", "name", "status"),
    [
        ("", "run.exe", 201),
        ("png, TXT", "note.txt", 201),
        ("png,txt", "note.TXT", 201),
        (".png", "a.png", 201),
        ("png", "note.txt", 403),
        ("png", "png", 403),
        ("txt", "note.txt.exe", 403),
    ],
)
def test_extensions_that_may_be_attached(api, incident, allowed, name, status) -> None:
    setting(api, "glide.attachment.extensions", allowed)
    assert upload(api, incident, name).status_code == status


@pytest.mark.parametrize(
    ("megabytes", "size", "status"),
    [("1", 1024 * 1024, 201), ("1", 1024 * 1024 + 1, 400), ("", 1024, 201), ("", 1025, 400)],
)
def test_the_largest_file(api, incident, megabytes, size, status) -> None:
    setting(api, "com.glide.attachment.max_size", megabytes)
    assert upload(api, incident, content=b"x" * size).status_code == status


def test_roles_that_may_attach(api, agent, incident) -> None:
    setting(api, "glide.attachment.role", "knowledge")
    assert upload(agent, incident).status_code == 403
    setting(api, "glide.attachment.role", "knowledge,itil")
    assert upload(agent, incident).status_code == 201


def test_the_metadata_header_can_be_switched_off(api, file) -> None:
    assert "X-Attachment-Metadata" in api.get(f"attachment/{file}/file").headers
    setting(api, "emulator.rest.attachment.metadata_header", "false")
    assert "X-Attachment-Metadata" not in api.get(f"attachment/{file}/file").headers
