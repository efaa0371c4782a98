"""A loopback GitHub: repositories to build, and answers in the shapes of GitHub's own."""
