from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.ticket_labels import KINDS, NAMED, RETRO_ACTION, named


@given(
    st.lists(st.text("abegktuBG-_ ßİ", max_size=8)),
    st.lists(st.sampled_from([RETRO_ACTION, "Bug", "TECH-DEBT", "tech_debt", "Feature"])),
)
def test_of_labels_that_people_write_only_the_named_ones_are_kept(
    written: list[str], known: list[str]
) -> None:
    kept = named([*written, *known])

    assert set(kept) <= NAMED
    assert {label.casefold() for label in known} <= set(kept)
    assert kept == named(reversed(kept)), "in order, each once"


def test_every_kind_of_work_and_the_retro_action_are_named() -> None:
    assert {RETRO_ACTION}.union(*KINDS.values()) == NAMED
