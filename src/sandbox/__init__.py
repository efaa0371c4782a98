"""A small world to try hearten in: loopback servers that answer like GitHub and Jira."""
