"""Installing over REST: which application a new record lands in, and tables that come into being."""


def new_application(api) -> str:
    return api.made("sys_app", name="Commerce", scope="x_acme_shop", version="1.0.0")["sys_id"]


def scope_of(row) -> str:
    return row["sys_scope"]["value"]


def test_the_current_application_decides(api) -> None:
    app = new_application(api)
    assert scope_of(api.made("sys_properties", name="a", sys_scope=app)) == "global"
    switched = api("PUT", "ui/concoursepicker/application", json={"app_id": app})
    assert switched.status_code == 200
    preference = api.get("table/sys_user_preference", name="apps.current_app").json()["result"][0]
    assert preference["value"] == app
    assert api.get("ui/concoursepicker/application").json()["result"]["current"] == app
    row = api.made("sys_properties", name="b")
    assert (scope_of(row), row["sys_package"]["value"]) == (app, app)
    patched = api.patch(f"table/sys_properties/{row['sys_id']}", {"sys_scope": "global", "value": "1"})
    assert (patched.status_code, scope_of(patched.json()["result"])) == (200, app)
    assert api("PUT", "ui/concoursepicker/application", json={"app_id": "0" * 32}).status_code == 400


def test_the_preference_itself_switches_too(api, snow) -> None:
    app = new_application(api)
    user = snow.instance.session("admin").user.sys_id
    api.made("sys_user_preference", name="apps.current_app", user=user, value=app, type="string")
    assert scope_of(api.made("sys_properties", name="a")) == app


def test_one_request_may_name_its_application_where_the_instance_allows_it(api) -> None:
    app = new_application(api)
    there = api.post("table/sys_properties", {"name": "a"}, sysparm_transaction_scope=app).json()["result"]
    assert scope_of(there) == app
    assert scope_of(api.made("sys_properties", name="b")) == "global"
    setting = api.get("table/sys_properties", name="emulator.rest.transaction_scope").json()["result"][0]
    api.patch(f"table/sys_properties/{setting['sys_id']}", {"value": "false"})
    elsewhere = api.post("table/sys_properties", {"name": "c"}, sysparm_transaction_scope=app).json()["result"]
    assert scope_of(elsewhere) == "global"


def test_a_table_is_made_filled_and_removed(api) -> None:
    app = new_application(api)
    api("PUT", "ui/concoursepicker/application", json={"app_id": app})
    table = api.made("sys_db_object", name="x_acme_shop_log", label="Log", ws_access="true")
    api.made("sys_dictionary", name="x_acme_shop_log", element="reason", internal_type="string", max_length="100")
    api.made("sys_dictionary", name="x_acme_shop_log", element="user", internal_type="reference", reference="sys_user")
    admin = "6816f79cc0a8016401c5a33be04be441"
    row = api.made("x_acme_shop_log", reason="asked", user=admin)
    assert (row["reason"], row["user"]["value"]) == ("asked", admin)
    walked = api.get("table/x_acme_shop_log", sysparm_query="user.user_name=admin", sysparm_fields="user.email")
    assert walked.json()["result"] == [{"user.email": "admin@example.com"}]
    assert api.get("table/sys_metadata", sysparm_query=f"sys_scope={app}").headers["X-Total-Count"] != "0"
    assert api.delete(f"table/sys_db_object/{table['sys_id']}").status_code == 204
    assert api.get("table/x_acme_shop_log").status_code == 400


def test_access_controls_are_refused_to_plain_admin(api) -> None:
    answer = api.post("table/sys_security_acl", {"name": "incident", "type": "record", "operation": "read"})
    assert answer.status_code == 403
    assert answer.json()["error"]["detail"] == "ACL Exception Insert Failed due to security constraints"
    existing = api.get("table/sys_security_acl", sysparm_limit=1).json()["result"][0]
    assert api.patch(f"table/sys_security_acl/{existing['sys_id']}", {"active": "false"}).status_code == 403
    assert api.delete(f"table/sys_security_acl/{existing['sys_id']}").status_code == 403
