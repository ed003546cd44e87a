"""Trying a service out before it is saved: as residents will see it, and where their requests would go.

Stands around the rooms, as the portal does: it shows the portal's own pages. Nothing here is ever stored.
"""

from citizen_support.designer.preview import preview
from citizen_support.designer.trial import try_out

__all__ = ["preview", "try_out"]
