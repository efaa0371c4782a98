"""A loopback Jira, Cloud or Data Center: sites to build, and answers in Jira's own shapes."""
