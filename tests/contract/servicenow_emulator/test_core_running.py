"""Starting, stopping, staying."""

import threading

import requests

from snow_app.emulator import ServiceNowEmulator


def test_a_file_survives_a_restart(tmp_path) -> None:
    path = tmp_path / "deep" / "servicenow.sqlite"
    with ServiceNowEmulator(path=path) as first:
        admin = first.instance.session("admin")
        app = admin.insert("sys_app", {"name": "Shop", "scope": "x_acme_shop"})
        scoped = first.instance.session("admin", app["sys_id"])
        scoped.insert("sys_db_object", {"name": "x_acme_shop_log", "label": "Log"})
        scoped.insert("sys_dictionary", {"name": "x_acme_shop_log", "element": "reason"})
        scoped.insert("x_acme_shop_log", {"reason": "asked"})
        number = admin.insert("incident", {})["number"]
    with ServiceNowEmulator(path=path) as second:
        admin = second.instance.session("admin")
        assert [row["reason"] for row in admin.query("x_acme_shop_log")] == ["asked"]
        assert admin.insert("incident", {})["number"] != number


def test_two_instances_know_nothing_of_each_other() -> None:
    with ServiceNowEmulator() as one, ServiceNowEmulator() as other:
        seeded = other.instance.session("admin").count("incident")
        one.instance.session("admin").insert("incident", {})
        assert one.url != other.url
        assert other.instance.session("admin").count("incident") == seeded


def test_stopping_twice_is_fine_and_nothing_is_left() -> None:
    emulator = ServiceNowEmulator()
    emulator.stop()
    emulator.stop()
    before = threading.active_count()
    with ServiceNowEmulator() as running:
        url = running.url
        assert requests.get(f"{url}/api/now/table/incident", auth=("admin", "admin"), timeout=5).status_code == 200
    assert threading.active_count() <= before


def test_deferred_work_is_done_without_asking(snow) -> None:
    done = threading.Event()
    snow.instance.defer(done.set)
    assert done.wait(10)


def test_a_failing_job_does_not_end_the_worker(snow) -> None:
    done = threading.Event()

    def fail() -> None:
        raise RuntimeError("job failed")

    snow.instance.defer(fail)
    snow.instance.defer(done.set)
    assert done.wait(10)


def test_writers_from_many_threads_get_numbers_of_their_own(snow) -> None:
    numbers: list[str] = []

    def write() -> None:
        session = snow.instance.session("admin")
        numbers.extend(session.insert("incident", {"short_description": "x"})["number"] for _ in range(20))

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 120


def test_sign_in_as_is_for_pages_not_for_the_interface() -> None:
    with ServiceNowEmulator(sign_in_as="agent") as snow:
        assert requests.get(f"{snow.url}/api/now/table/incident", timeout=5).status_code == 401
