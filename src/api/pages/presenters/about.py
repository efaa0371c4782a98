"""What this is for: the values behind it, in a few sentences."""

VALUES = (
    ("Helping people get better", "It looks for what would help, and gives nobody a mark."),
    ("The future before the past", "What was is there to learn from. What next comes first."),
    ("People before process", "It is there for the people in the teams, not for the form."),
    ("Led by teams", "Teams propose and agree targets. Nothing is handed down without a say."),
    ("Fair, and with its evidence", "Every result shows what was counted, and what was not."),
    ("Together", "It is about teams. It knows nobody's name, and sets no team against another."),
    ("Part of the work", "Nobody fills in a form: it reads what the work leaves behind anyway."),
)
HOW = (
    "It reads from GitHub what reached production, and from Jira which tickets moved to Done.",
    "It works out each team's sprints against the targets that were agreed.",
    "It shows the result with every item that was counted or left out, and why.",
    "What could not be read is No data, and never Not met.",
    "A result is confirmed a few working days after the sprint. It is lowered only with a reason.",
)
YOU_GET = (
    "You see what your work led to, with links, and need not keep a list of it.",
    "What stands in your way is seen, and whoever can fix it is named.",
    "Your retrospective begins with facts, and its actions are not forgotten.",
)
NOT_FOR = (
    "It is not for comparing teams: they do different work, and a higher number means nothing.",
    "It says nothing about a person, and cannot: no name is kept anywhere.",
    "It decides nothing. People talk, and people decide.",
)
