"""The demonstration's world."""

from datetime import datetime

from sandbox.demo.boards import build_sites
from sandbox.demo.releases import build_repositories
from sandbox.demo.stories import build_stories
from sandbox.world import World


def demo_world(now: datetime) -> World:
    """Return twelve teams' repositories and tickets as they are at `now`, always the same."""
    world = World(now)
    build_repositories(world)
    build_sites(world)
    build_stories(world)
    return world
