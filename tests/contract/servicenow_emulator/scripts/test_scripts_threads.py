"""Many threads run scripts at once, each in a realm of its own."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

from snow_app.emulator.scripts import Place


def test_threads_do_not_disturb_each_other(run, instance, rule) -> None:
    rule("current.description = 'by ' + gs.getUserName();")

    def work(number: int) -> str:
        source = f"""
          var gr = new GlideRecord('incident'); gr.initialize(); gr.short_description = 'n{number}';
            var id = gr.insert();
          mine = {number}; for (var i = 0; i < 2000; i++) mine += 1;
          gr = new GlideRecord('incident'); gr.get(id); [gr.short_description, gr.description, mine].join()"""
        return run(source, session=instance.session("agent" if number % 2 else "admin"))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(40)))
    assert answers == [f"n{n},by {'agent' if n % 2 else 'admin'},{2000 + n}" for n in range(40)]


def test_a_transaction_leaves_nothing_behind(engine, admin) -> None:
    """Contexts belong to their thread, so they must not wait for a collector that runs on any."""
    gc.disable()
    try:
        with engine.transaction(admin) as transaction:
            transaction.script("gs.getUserName()", Place(table="t", sys_id="s", name="n"), "global")
            realm = weakref.ref(transaction.realm)
        del transaction
        assert realm() is None
    finally:
        gc.enable()
