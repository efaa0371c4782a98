"""The glossary: each word once, with an anchor that pages link to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A word, its anchor, and what it means."""

    ident: str
    word: str
    meaning: str


WORDS = (
    GlossaryEntry(
        "change",
        "Change",
        "What counts: a pull request, once, when the first of its commits reaches production; "
        "or a commit without a pull request.",
    ),
    GlossaryEntry(
        "settle",
        "Confirmed on",
        "The day on which a sprint's results become final: some working days after its end. The "
        "team sees them first, and late data can arrive.",
    ),
    GlossaryEntry(
        "counted-sprint",
        "Counted sprint",
        "A sprint that ended Met or Not met, finally. Others are skipped.",
    ),
    GlossaryEntry(
        "coverage",
        "Coverage",
        "How many of the sources that a result needs were read for its whole sprint.",
    ),
    GlossaryEntry(
        "cycle-time",
        "Cycle time",
        "How long a ticket takes from its first move into progress until it is Done. "
        "The NHS framework calls this lead time.",
    ),
    GlossaryEntry(
        "dora",
        "DORA",
        "Short for DevOps Research and Assessment: research into how software is delivered. "
        "It says what helps a whole service, and nothing about one team or person.",
    ),
    GlossaryEntry(
        "evidence",
        "Evidence",
        "A link to what was counted, with its kind and its time. Never who did it.",
    ),
    GlossaryEntry(
        "excused",
        "Excused",
        "Fewer than half of a sprint's working days were left, or the team agreed that less can be "
        "expected. The sprint is not counted. A target that was reached stays Met.",
    ),
    GlossaryEntry(
        "final",
        "Final",
        "A result that is confirmed. It can be raised later, with its cause. Only a correction "
        "with a reason lowers it.",
    ),
    GlossaryEntry(
        "in-progress",
        "In progress",
        "The sprint goes on, or has closed and is not confirmed yet. Nothing is decided.",
    ),
    GlossaryEntry(
        "keeper",
        "Keeper of the configuration",
        "Whoever changes the files that say which teams, sources and targets there are. "
        "They are kept in git, so a change to them can be proposed by anyone who sees them.",
    ),
    GlossaryEntry("met", "Met", "What was found reaches the minimum. More adds nothing."),
    GlossaryEntry(
        "no-data",
        "No data",
        "We could not read enough to say. It is never counted as Not met. It is worked out again "
        "as soon as what is missing can be read.",
    ),
    GlossaryEntry(
        "not-applicable",
        "Not applicable",
        "The target asks nothing of this team in this sprint, and the configuration says why.",
    ),
    GlossaryEntry(
        "not-met",
        "Not met",
        "Everything was read, and less than the minimum was found. Something to talk about.",
    ),
    GlossaryEntry(
        "operator",
        "Operator",
        "Whoever runs this service, with its tokens for GitHub and Jira. They ask the owner of a "
        "repository, or an administrator of a Jira project, for leave to read it.",
    ),
    GlossaryEntry(
        "production",
        "Production",
        "Where people who need a service use it. Each repository shows in one way what reached it: "
        "deployments, releases, tags, workflow runs or merges.",
    ),
    GlossaryEntry(
        "raised",
        "Raised",
        "A final result may become better, where late data show more or an excuse is added. "
        "It says when and why. It never becomes worse, but a Not met that nothing proves becomes "
        "No data.",
    ),
    GlossaryEntry(
        "retrospective",
        "Retrospective",
        "The meeting at a sprint's end in which a team talks about how it works. "
        "Its actions are tickets with a label, `retro-action` where nothing else is configured.",
    ),
    GlossaryEntry(
        "source",
        "Source",
        "Something that we read: a repository on GitHub, or a project or board in Jira.",
    ),
    GlossaryEntry(
        "sprint",
        "Sprint",
        "The time, often two weeks, in which a team plans and finishes work. It comes from the "
        "team's Jira board, or from a fixed cadence.",
    ),
    GlossaryEntry(
        "stretch", "Stretch target", "A target to reach for. It is not expected every sprint."
    ),
    GlossaryEntry(
        "target",
        "Target",
        "A light-touch aim that was agreed in the open, such as at least 1 change in production "
        "each sprint.",
    ),
    GlossaryEntry(
        "version",
        "Version",
        "What a target asks from a day on. For a sprint, the one in force when it begins holds.",
    ),
)
