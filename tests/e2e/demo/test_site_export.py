"""The panel with one's own shop: the demo reads a site export, the sidecar answers with what is in it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import requests
from click.testing import CliRunner

from sidecar.cli import main
from sidecar.demo.world import DemoOptions, DemoWorld
from tests.site_export.small import FILES, ORDERS, encoded
from tests.site_export.writer import zipped


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    path = zipped(tmp_path_factory.mktemp("export") / "site.zip", encoded(FILES))
    read = []
    options = DemoOptions(sfcc_export=path)
    with DemoWorld(
        options=options, doing=lambda _: None, installing=lambda *_: None, reading=lambda *step: read.append(step)
    ) as started:
        assert read[-1][0] == read[-1][1] > 0
        yield started.ready()


def context(ready, **identity):
    answer = requests.post(
        f"{ready['sidecar']['url']}/v1/context",
        json={"identity": identity, "mode": "live"},
        headers={"Authorization": f"Bearer {ready['sidecar']['token']}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_registered_shopper_of_the_export(world):
    sections = context(world, email="ada@example.com")["sections"]
    profile = sections["profile"]["data"]
    assert (profile["customer_no"], profile["name"]) == ("0001", "Ada Moss")
    (order,) = sections["orders"]["data"]["items"]
    assert order["no"] == "N-1"
    assert order["total"]["amount"] == "20.00"
    assert order["total"]["currency"] == "GBP"
    assert sections["loyalty"]["data"]["tier"] == "Gold"
    assert sections["loyalty"]["data"]["points"] == 120


def test_a_guest_of_the_export(world):
    answer = context(world, email="guest@example.com", order_no="N-2")
    assert [order["no"] for order in answer["sections"]["orders"]["data"]["items"]] == ["N-2"]
    assert answer["customer"]["match"] == "guest"
    assert answer["sections"]["profile"]["data"]["customer_no"] is None


def test_the_cases_are_of_shoppers_in_the_export(world):
    samples = world["samples"]
    assert (samples["registered"]["email"], samples["registered"]["order_no"]) == ("ada@example.com", "N-1")
    assert (samples["guest"]["email"], samples["guest"]["order_no"]) == ("guest@example.com", "N-2")


def test_the_contact_has_the_name_of_the_shopper(world):
    snow = world["servicenow"]
    contacts = requests.get(
        f"{snow['url']}/api/now/table/customer_contact",
        params={"sysparm_query": "email=ada@example.com", "sysparm_fields": "first_name,last_name"},
        auth=(snow["username"], snow["password"]),
        timeout=10,
    ).json()["result"]
    assert contacts == [{"first_name": "Ada", "last_name": "Moss"}]


def test_a_bad_export_ends_the_command_with_one_line(tmp_path):
    text = ORDERS.replace("N-2", "N-1")
    path = zipped(tmp_path / "site.zip", encoded({**FILES, "sites/North/orders.xml": text}))
    for command in (["demo", "--sfcc-export"], ["emulate", "sfcc", "--port", "0", "--export"]):
        done = subprocess.run(
            [sys.executable, "-m", "sidecar.cli", *command, str(path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        said = done.stderr.strip().splitlines()[-1]
        assert said == "Error: sites/North/orders.xml line 45: <order> N-1 is in the archive twice."
        assert "Traceback" not in done.stderr


def test_options_that_contradict_each_other_are_refused(tmp_path):
    (tmp_path / "a.json").write_text("{}")
    file = str(tmp_path / "a.json")
    for arguments in (["--data", file, "--sfcc-export", file], ["--schemas", str(tmp_path)]):
        done = CliRunner().invoke(main, ["demo", *arguments])
        assert done.exit_code == 2
        assert "site export" in done.output
