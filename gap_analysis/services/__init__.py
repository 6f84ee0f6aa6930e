"""Every write of Part V."""

from gap_analysis.services.snapshots import build, give_up_lost_builds, publish, start_build

__all__ = ["build", "give_up_lost_builds", "publish", "start_build"]
