"""Run several things at the same moment, each in a thread and an application context of its own."""

from threading import Barrier, Thread

from caseflow.core.db import db

LONG = 60  # seconds; a lock that never opens fails the test instead of hanging it


def together(app, *acts):
    """What each act returned or raised, in order. All start at once."""
    start, results = Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        with app.app_context():
            try:
                start.wait(LONG)
                results[place] = act()
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(LONG)
    assert not any(one.is_alive() for one in threads), "something waits for ever"
    return results


def kinds(results):
    """Class names of what was raised, `ok` for everything else, sorted."""
    return sorted(type(one).__name__ if isinstance(one, Exception) else "ok" for one in results)
