"""What most commands open first: the database, and the plan that is in force or stored."""

from evaluator.model.plan import Plan
from hearten.console.output import say
from hearten.errors import UseError
from hearten.settings import Settings
from store.missing_file import missing_file
from store.store import Store


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name. Errors: StoreError where it cannot be opened."""
    return Store.open(settings.database_url.get_secret_value(), leases_by_server=True)


def open_kept(settings: Settings) -> Store:
    """Return the store that is there already, for what only reads: none is made.

    Errors: UseError where there is none yet, StoreError where it cannot be opened.
    """
    if place := missing_file(settings.database_url.get_secret_value()):
        raise _nothing_read(str(place))
    return open_store(settings)


def plan_in_force(settings: Settings, store: Store) -> tuple[Plan, bool]:
    """Return the plan in the files, or, with its faults printed, the last good one, and False."""
    # Here, because who reads what is stored need not wait for what reads the files.
    from hearten import wiring  # noqa: PLC0415

    plan, fault = wiring.plan_in_force(settings, store)
    if fault is not None:
        say(str(fault))
        say("The last good configuration stays in force until these are fixed.")
    return plan, fault is None


def stored_plan(store: Store) -> Plan:
    """Return the newest plan in the database. Errors: UseError where there is none yet."""
    plan = store.plans.newest()
    if plan is None:
        raise _nothing_read(store.place)
    return plan


def _nothing_read(place: str) -> UseError:
    return UseError(
        f"Nothing was read yet into the database {place}. Run `hearten collect`, then "
        "`hearten evaluate`; or, if yours is another one, set HEARTEN_DATABASE_URL."
    )
