"""How the runs of the Ansible collection are read."""

from pathlib import Path

import pytest

from tests.conformance.ansible import AnsibleCollection, _reason, _tasks_done

STOPPED = """
TASK [itsm_x : Try a wrong state] **********************************************
fatal: [localhost]: FAILED! => {"changed": false, "msg": "refused"}
...ignoring

TASK [itsm_x : Close it] *******************************************************
[ERROR]: Task failed
fatal: [localhost]: FAILED! => {"changed": false, "msg": "403\\nOperation Failed"}

PLAY RECAP *********************************************************************
localhost                  : ok=3    changed=1    unreachable=0    failed=1
"""


def test_the_task_that_stopped_a_play_is_named_in_one_line() -> None:
    assert _reason(STOPPED) == "itsm_x : Close it: 403 Operation Failed"


def test_a_failed_assertion_is_quoted() -> None:
    failed = 'TASK [x : assert] **\nfatal: [localhost]: FAILED! => {"assertion": "a == 1", "msg": "Assertion failed"}\n'
    assert _reason(failed) == "x : assert: a == 1"


@pytest.mark.parametrize(("recap", "done"), [("ok=3 ", True), ("ok=0 ", False)])
def test_a_play_in_which_nothing_ran_proves_nothing(recap: str, done: bool) -> None:
    assert _tasks_done(f"PLAY RECAP ***\nlocalhost     : {recap}changed=0\n") is done


def test_without_a_checkout_it_says_what_is_missing(tmp_path: Path) -> None:
    for checkout in (None, tmp_path):
        with pytest.raises(RuntimeError, match="needs the path of a checkout"):
            AnsibleCollection().run(checkout)
