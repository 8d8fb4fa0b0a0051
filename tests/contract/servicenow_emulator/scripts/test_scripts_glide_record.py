"""GlideRecord and its kin against a real instance."""

import pytest

from snow_app.emulator.scripts import ScriptFailed


@pytest.fixture
def incidents(admin):
    people = admin.query("sys_user", "user_name=agent", acl=False)
    rows = [("First", "1", people[0]["sys_id"]), ("Second", "2", ""), ("Third", "3", people[0]["sys_id"])]
    return [
        admin.insert(
            "incident", {"short_description": text, "urgency": urgency, "caller_id": caller, "category": "inquiry"}
        )
        for text, urgency, caller in rows
    ]


def collect(body: str, what: str = "gr.getValue('short_description')") -> str:
    return f"var out = []; var gr = new GlideRecord('incident'); {body} while (gr.next()) out.push({what}); out.join()"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("gr.orderBy('short_description'); gr.query();", "First,Second,Third"),
        ("gr.orderByDesc('short_description'); gr.setLimit(2); gr.query();", "Third,Second"),
        ("gr.addQuery('urgency', '>', 1); gr.orderBy('urgency'); gr.query();", "Second,Third"),
        ("gr.addQuery('urgency', 'IN', ['1', '3']); gr.orderBy('urgency'); gr.query();", "First,Third"),
        ("gr.addQuery('urgency', 1).addOrCondition('urgency', 2); gr.orderBy('urgency'); gr.query();", "First,Second"),
        ("gr.addEncodedQuery('urgency=2'); gr.query();", "Second"),
        ("gr.addNullQuery('caller_id'); gr.query();", "Second"),
        ("gr.addNotNullQuery('caller_id'); gr.orderBy('urgency'); gr.query();", "First,Third"),
        ("gr.query('urgency', '3');", "Third"),
        ("gr.orderBy('urgency'); gr.chooseWindow(1, 2); gr.query();", "Second"),
        ("gr.addQuery('caller_id.user_name', 'agent'); gr.orderBy('urgency'); gr.query();", "First,Third"),
        ("gr.addQuery('short_description', 'x^ORurgency=1'); gr.query();", ""),
    ],
)
def test_queries(run, incidents, body, expected) -> None:
    assert run(collect(body)) == expected


def test_unknown_operator_raises(run) -> None:
    with pytest.raises(ScriptFailed, match="Invalid query operator"):
        run("new GlideRecord('incident').addQuery('urgency', 'ALMOST', 1)")


def test_fields_are_elements(run, incidents) -> None:
    source = """
      var gr = new GlideRecord('incident');
      gr.get('short_description', 'First');
      JSON.stringify([gr.short_description + '', gr.urgency == 1, gr.active == true, gr.getValue('active'),
        typeof gr.urgency,
        gr.caller_id.user_name + '', gr.getElement('caller_id.user_name').toString(),
          gr.getDisplayValue('caller_id.user_name'),
        gr.getValue('caller_id.user_name'), gr.urgency.getLabel(), gr.nonsense === undefined, gr.getValue('nonsense'),
        gr.isValidField('urgency'), gr.caller_id.nil(), gr.description.nil(), gr instanceof GlideRecord])"""
    assert run(source) == (
        '["First",true,true,"1","object","agent","agent","agent","agent","Urgency",true,null,true,false,true,true]'
    )


def test_insert_update_delete(run, admin) -> None:
    created = run("var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'New'; gr.insert()")
    row = admin.get("incident", created)
    assert (row["short_description"], row["active"], row["number"][:3]) == ("New", "true", "INC")
    updated = run(f"""
      var gr = new GlideRecord('incident');
      gr.get('{created}') && (gr.urgency = 1, gr.setValue('short_description', 'Newer'), gr.update())""")
    assert updated == created
    assert admin.get("incident", created)["short_description"] == "Newer"
    assert run(f"var gr = new GlideRecord('incident'); gr.get('{created}'); gr.deleteRecord()") == "true"
    assert admin.get("incident", created) is None


def test_many_at_once(run, incidents, admin) -> None:
    run(
        "var gr = new GlideRecord('incident'); gr.addQuery('urgency', '<', 3); "
        "gr.setValue('description', 'all'); gr.updateMultiple()"
    )
    assert admin.count("incident", "description=all") == 2
    run("var gr = new GlideRecord('incident'); gr.addQuery('description', 'all'); gr.deleteMultiple()")
    assert admin.count("incident") == 1


def test_new_records_know_it(run) -> None:
    source = """
      var gr = new GlideRecord('incident'); gr.newRecord();
      [gr.isNewRecord(), gr.isValidRecord(), gr.getUniqueValue().length, gr.getTableName(), gr.isValid(),
       new GlideRecord('no_such_table').isValid()].join()"""
    assert run(source) == "true,true,32,incident,true,false"


def test_an_empty_reference_leads_to_an_empty_record(run, incidents) -> None:
    source = """
      var gr = new GlideRecord('incident'); gr.get('short_description', 'Second');
      [gr.caller_id.getRefRecord().isValidRecord(), gr.caller_id.user_name + '',
        gr.getDisplayValue('caller_id')].join()"""
    assert run(source) == "false,,"


def test_a_table_that_is_missing_raises_when_asked(run) -> None:
    with pytest.raises(ScriptFailed, match="Invalid table no_such_table"):
        run("new GlideRecord('no_such_table').query()")


def test_journals_become_entries(run, incidents) -> None:
    source = f"""
      var gr = new GlideRecord('incident'); gr.get('{incidents[0]["sys_id"]}');
      gr.work_notes = 'called back'; gr.update(); gr.get('{incidents[0]["sys_id"]}');
      gr.work_notes.getJournalEntry(1).indexOf('called back') > 0"""
    assert run(source) == "true"


def test_a_secure_record_asks_the_acls(run, instance, incidents) -> None:
    nobody = instance.session("employee")
    source = """
      var seen = 0, gr = new {}('incident'); gr.query(); while (gr.next()) seen++;
      gr = new {}('incident'); gr.initialize(); gr.setValue('state', '1');
      seen + ':' + gr.canCreate()"""
    assert run(source.format("GlideRecord", "GlideRecord"), session=nobody).startswith("3:")
    assert run(source.format("GlideRecordSecure", "GlideRecordSecure"), session=nobody).startswith("0:")


def test_what_changed(run, incidents) -> None:
    source = f"""
      var gr = new GlideRecord('incident'); gr.get('{incidents[0]["sys_id"]}');
      var before = gr.urgency.changes(); gr.urgency = 3;
      [before, gr.urgency.changes(), gr.urgency.changesFrom(1), gr.urgency.changesTo(3),
        gr.urgency.changesTo(2), gr.changes()].join()"""
    assert run(source) == "false,true,true,true,false,true"


def test_aggregates(run, incidents) -> None:
    source = """
      var ga = new GlideAggregate('incident'); ga.addAggregate('COUNT'); ga.addAggregate('MAX', 'urgency');
      ga.addAggregate('AVG', 'urgency'); ga.query(); ga.next();
      var by = new GlideAggregate('incident'), rows = []; by.addAggregate('COUNT'); by.groupBy('caller_id');
      by.orderByAggregate('COUNT'); by.query();
      while (by.next()) rows.push(by.getAggregate('COUNT'));
      [ga.getAggregate('COUNT'), ga.getAggregate('MAX', 'urgency'), ga.getAggregate('AVG', 'urgency'),
        rows.join('/')].join()"""
    assert run(source) == "3,3,2,2/1"


def test_attachments(run, incidents) -> None:
    source = f"""
      var gr = new GlideRecord('incident'); gr.get('{incidents[0]["sys_id"]}');
      var box = new GlideSysAttachment();
      box.write(gr, 'note.txt', 'text/plain', 'grüße');
      var found = box.getAttachments('incident', gr.getUniqueValue()); found.next();
      found.getValue('file_name') + ':' + box.getContent(found)"""
    assert run(source) == "note.txt:grüße"
