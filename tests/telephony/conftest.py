"""These tests stand in a house of their own."""

from tests.builders.house import *  # noqa: F403 - fixtures
