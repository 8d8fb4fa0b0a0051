"""The tour: every flow plays once on the running demo, and says what happened and where to look."""

from sidecar.demo.tour.scene import Act, Scene, Stage, TourFailed
from sidecar.demo.tour.scenes import SCENES, toured

__all__ = ["SCENES", "Act", "Scene", "Stage", "TourFailed", "toured"]
