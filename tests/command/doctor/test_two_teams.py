"""Of a repository that two teams ship apart, each is told of its own stanzas."""

import json

from tests.support.organisation import Organisation, ago

TEAM = """
  - id: {id}
    name: {name}
    repositories:
      - name: acme/shop
        production: {{evidence: deployment, environments: [{id}]}}
    sprints: {{from: cadence, first_day: 2026-01-05, length_days: 14}}
    not_applicable: {{tickets-done: "We do not use Jira."}}
"""


def test_what_another_teams_stanza_matched_is_not_said_of_its_own(
    organisation: Organisation,
) -> None:
    repo = organisation.world.repository("acme/shop")
    for days in (300, 100, 60):
        repo.deploy(repo.commit(at=ago(days, hours=1)), "wren", at=ago(days))
    heron, wren = TEAM.format(id="heron", name="Heron"), TEAM.format(id="wren", name="Wren")
    organisation.configure(f"teams:{heron}{wren}")
    organisation.collect_and_evaluate()

    doctor = json.loads(organisation.run("doctor", "--format", "json").out)

    results = next(section for section in doctor if section["section"] == "Results")
    (finding,) = (f for f in results["findings"] if "for Heron" in f["what"])
    assert finding["what"] == (
        "No data for Heron: Nothing in it ever matched `environments: heron`."
    )
    assert finding["mend"].startswith("The record has `wren`.")
    assert not any("for Wren" in f["what"] for f in results["findings"])
