"""The costly steps of reading a strange text: in this process, or in processes with limits on time and memory."""

from typing import TYPE_CHECKING

from briefings.late_names import import_late

if TYPE_CHECKING:
    from briefings.service.bounded.processes import BoundedSteps
    from briefings.service.bounded.steps import Steps

__all__ = ["BoundedSteps", "Steps"]

# only a server needs the processes, which import the readers of files
__getattr__ = import_late(__name__, __all__, ("steps", "processes"))
