"""A small made-up organisation: twelve teams, thirteen sprints, and every case worth seeing."""
