"""What a scope sees, and what it does not."""

import pytest

from snow_app.emulator.scripts import ScriptFailed, ScriptMemory, ScriptTimeout

PARENT = """var Parent = Class.create();
Parent.prototype = {
  initialize: function (name) { this.name = name; },
  hello: function () { return 'hello ' + this.name + ' from ' + gs.getCurrentScopeName(); },
  broken: function () {
    return missing.thing;
  },
  type: 'Parent'
};"""


@pytest.fixture
def include(scoped):
    def stored(name: str, script: str, session=scoped, **values: str) -> None:
        row = {"name": name, "script": script, "active": "true", "access": "package_private", **values}
        session.insert("sys_script_include", row)

    return stored


def test_includes_are_found_by_name_and_by_scope(run, include) -> None:
    include("Parent", PARENT)
    include("Child", "var Child = Class.create(); Child.prototype = Object.extendsObject(Parent, {type: 'Child'});")
    assert run("new Parent('a').hello()") == "hello a from x_acme_test"
    assert run("new x_acme_test.Child('b').hello()") == "hello b from x_acme_test"


def test_private_includes_stay_private_and_public_ones_do_not(run, include) -> None:
    include("Parent", PARENT)
    include("Shared", PARENT.replace("Parent", "Shared"), access="public")
    with pytest.raises(ScriptFailed, match="private script include 'Parent'"):
        run("new x_acme_test.Parent('a')", scope_name="global")
    assert run("new x_acme_test.Shared('a').hello()", scope_name="global") == "hello a from x_acme_test"


def test_an_inactive_include_does_not_exist(run, include) -> None:
    include("Parent", PARENT, active="false")
    assert run("typeof Parent") == "undefined"


def test_errors_name_script_and_line(run, include) -> None:
    include("Parent", PARENT)
    with pytest.raises(ScriptFailed) as caught:
        run("var p = new Parent('a');\n\np.broken()")
    assert "missing is not defined" in str(caught.value)
    assert (caught.value.place.table, caught.value.place.line) == ("sys_script_include", 6)


@pytest.mark.parametrize(
    "source",
    ["alert('x')", "window", "setTimeout(function () {}, 1)", "Packages", "GlideDBObjectManager", "performance"],
)
def test_unknown_globals_raise(run, source) -> None:
    with pytest.raises(ScriptFailed, match="is not defined"):
        run(source)


@pytest.mark.parametrize("call", ["gs.log('x')", "gs.print('x')", "gs.sleep(1)", "gs.include('x')", "gs.nowish()"])
def test_what_only_global_scripts_have_is_refused(run, call) -> None:
    with pytest.raises(ScriptFailed, match=r"not allowed in scope x_acme_test|not a function"):
        run(call)


def test_unfinished_parts_say_so(run) -> None:
    with pytest.raises(ScriptFailed, match="not part of this emulator"):
        run("new GlideSysAttachment().copy('a', 'b', 'c', 'd')")


def test_the_engine_is_out_of_reach(run) -> None:
    assert run(
        "[typeof host, typeof $host, typeof call, typeof tables, typeof scopes, typeof limits].join()"
    ) == ",".join(["undefined"] * 6)


def test_properties_belong_to_their_scope(run, admin, instance) -> None:
    admin.insert("sys_properties", {"name": "other.setting", "value": "1"})
    run("gs.setProperty('x_acme_test.mode', 'on', 'How')")
    assert instance.property("x_acme_test.mode") == "on"
    assert (
        run(
            "gs.getProperty('x_acme_test.mode') + gs.getProperty('x_acme_test.none', "
            "'fallback') + gs.getProperty('x_acme_test.none')"
        )
        == "onfallbacknull"
    )
    with pytest.raises(ScriptFailed, match="does not belong to scope"):
        run("gs.setProperty('other.setting', '2')")


def test_closed_tables_of_other_scopes_are_refused(run, scoped, instance) -> None:
    scoped.insert(
        "sys_db_object",
        {"name": "x_acme_test_secret", "label": "Secret", "access": "package_private", "ws_access": "true"},
    )
    assert run("var gr = new GlideRecord('x_acme_test_secret'); gr.query(); gr.getRowCount()") == "0"
    with pytest.raises(ScriptFailed, match="cross-scope access policy"):
        run("var gr = new GlideRecord('x_acme_test_secret'); gr.query()", scope_name="x_acme_other")


def test_scripts_do_not_share_globals_between_transactions(run) -> None:
    run("leak = 1; Array.prototype.leaked = true")
    assert run("typeof leak + typeof [].leaked") == "undefinedundefined"


@pytest.mark.parametrize(
    "source",
    [
        "while (true) {}",
        "for (;;) {}",
        "function f() { for (var i = 0; i >= 0; i = i) {} } f()",
        "(function f(n) { f(n - 1) || f(n) })(0) || 1",
    ],
)
def test_endless_scripts_are_stopped(engine, run, source) -> None:
    engine.seconds = 0.2
    with pytest.raises((ScriptTimeout, ScriptMemory)):
        run(source)
    assert run("1 + 1") == "2"


def test_catching_does_not_help(engine, run) -> None:
    engine.seconds = 0.2
    with pytest.raises(ScriptTimeout):
        run("while (true) { try { while (true) {} } catch (e) {} }")


@pytest.mark.parametrize(
    "source",
    ["var s = 'x'; for (var i = 0; i < 40; i++) s += s", "var a = []; while (true) a.push(new Array(100000).fill(1))"],
)
def test_memory_is_limited(run, source) -> None:
    with pytest.raises(ScriptMemory):
        run(source)
    assert run("1 + 1") == "2"


def test_dates_follow_the_instance_clock_and_the_users_zone(run) -> None:
    source = """
      var now = new GlideDateTime(), end = new GlideDateTime('2026-01-31 10:00:00'); end.addMonthsUTC(1);
      [now.getValue(), now.getDisplayValue(), new Date().toISOString(), gs.daysAgo(1), end.getValue(), now.after(end),
       GlideDateTime.subtract(new GlideDateTime('2026-01-01 00:00:00'),
         new GlideDateTime('2026-01-03 06:00:00')).getDisplayValue(),
       now.getDate().getValue(), now.getTZOffset() / 3600000].join()"""
    assert run(source) == (
        "2026-11-23 12:00:00,2026-11-23 13:00:00,2026-11-23T12:00:00.000Z,2026-11-22 12:00:00,2026-02-28 10:00:00,"
        "true,2 Days 6 Hours,2026-11-23,1"
    )


def test_the_user_and_the_words(run, admin, instance) -> None:
    admin.insert("sys_ui_message", {"key": "Hello {0}", "message": "Welcome, {0}", "language": "en"})
    source = """
      [gs.getUserName(), gs.hasRole('nothing'), gs.getUser().hasRole('itil'), gs.getMessage('Hello {0}',
        'Ann'), gs.getMessage('As is'),
       gs.nil(''), gs.nil(0), gs.generateGUID().length, GlideStringUtil.escapeHTML('<a "b">')].join('|')"""
    assert run(source) == "admin|true|true|Welcome, Ann|As is|true|false|32|&lt;a &quot;b&quot;&gt;"
    assert run("gs.hasRole('nothing')", session=instance.session("employee")) == "false"
