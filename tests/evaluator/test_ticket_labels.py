from hypothesis import given
from hypothesis import strategies as st

from evaluator.model.ticket_labels import KINDS, USUAL, TicketLabels, named


@given(
    st.lists(st.text("abegktuBG-_ ßİ", max_size=8)),
    st.lists(st.sampled_from(["Retro-Action", "Bug", "TECH-DEBT", "tech_debt", "Feature"])),
)
def test_of_labels_that_people_write_only_the_named_ones_are_kept(
    written: list[str], known: list[str]
) -> None:
    kept = named([*written, *known], USUAL.kept)

    assert set(kept) <= set(USUAL.kept)
    assert {label.casefold() for label in known} <= set(kept)
    assert kept == named(reversed(kept), USUAL.kept), "in order, each once"


def test_every_kind_of_work_is_kept_and_what_the_organisation_calls_each_label() -> None:
    kept = set(TicketLabels(retro_action="Improvement").kept)

    assert set().union(*KINDS.values()) < kept
    assert "improvement" in kept
    assert "retro-action" not in kept
