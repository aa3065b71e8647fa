"""Plans as files for other people and programs. EXPORTS lists them all.

Every exporter is a plain function ``f(project, plan, baseline) -> bytes``; project and baseline
may be None. To add one: write the function, add a line to EXPORTS.
"""

from territory.export.catalogue import EXPORTS, Export
from territory.export.excel import workbook, workbook_bytes
from territory.export.geo import territories_geojson, units_geojson, units_gpkg
from territory.export.plan_files import check_plan_path, write_plan
from territory.export.text import people_csv, plan_csv

__all__ = [
    "EXPORTS",
    "Export",
    "check_plan_path",
    "people_csv",
    "plan_csv",
    "territories_geojson",
    "units_geojson",
    "units_gpkg",
    "workbook",
    "workbook_bytes",
    "write_plan",
]
