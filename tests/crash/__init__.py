"""Crashes, full disks, torn files and databases that go away: nothing acknowledged is lost or doubled."""
