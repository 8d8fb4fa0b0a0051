"""Where links of an answer point: the configured address, the port, or what the client asked for."""

import pytest
import requests


def location(snow, host: str = "") -> str:
    answer = requests.post(
        f"{snow.url}/api/now/table/incident",
        json={},
        auth=("admin", "admin"),
        headers={"Host": host} if host else {},
        timeout=5,
    )
    document = answer.json()["result"]
    base = answer.headers["Location"].removesuffix(f"/api/now/table/incident/{document['sys_id']}")
    assert document["opened_by"]["link"].startswith(f"{base}/api/now/table/sys_user/")
    return base


def configured(snow, **properties: str) -> None:
    session = snow.instance.session("admin")
    for name, value in properties.items():
        session.insert("sys_properties", {"name": name.replace("__", "."), "value": value})


def test_without_a_configured_address_it_is_the_port(snow) -> None:
    assert location(snow) == location(snow, "other.example") == snow.url


@pytest.mark.parametrize("address", ["https://acme.example", "HTTP://Local.Example:8080"])
def test_the_configured_address_is_taken_as_it_is_written(snow, address: str) -> None:
    configured(snow, glide__servlet__uri=f"{address}/")
    assert location(snow) == address


def test_the_host_header_wins_where_the_instance_says_so(snow) -> None:
    configured(
        snow,
        glide__servlet__uri="https://acme.example/",
        glide__rest__replace_request_host_with_property="false",
    )
    assert location(snow, "desk.example:81") == "http://desk.example:81"
