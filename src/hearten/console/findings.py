"""What a check-up found, as people read it."""

from rich.console import Console

from hearten.doctor.findings import CheckedSection


def print_section(section: CheckedSection, console: Console) -> None:
    """Print what is right in a line, then details, then each finding with who must do what."""

    def say(text: str, style: str = "none") -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    to_fix = f"{len(section.findings)} to fix" if section.findings else "ok"
    say(f"{section.name}: {to_fix}, {section.said}", "bold yellow" if section.findings else "none")
    for detail in section.details:
        say(f"  {detail}")
    for finding in section.findings:
        say(f"  {finding.about}: {finding.what}")
        say(f"    For {finding.who}: {finding.remedy}")
