"""The read-only API, version 1: the figures of the pages for machines, through the same gate."""

from fovdata.api.parameters import FORMATS, ROOT, address
from fovdata.api.routes import ROUTES

__all__ = ["FORMATS", "ROOT", "ROUTES", "address"]
