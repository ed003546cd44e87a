"""Moving a catalogue: out as one readable file, in again with a look at what would change."""

from citizen_support.transfer.content import (
	apply_area,
	apply_article,
	apply_category,
	apply_department,
	apply_notice_template,
	apply_service,
	apply_translation,
	export_area,
	export_article,
	export_category,
	export_department,
	export_notice_template,
	export_service,
	export_translation,
)
from citizen_support.transfer.export import export_catalogue, export_list, export_records
from citizen_support.transfer.reading import find_file
from citizen_support.transfer.service import check, import_now, summarise
from citizen_support.transfer.starters import list_starters, start_service

__all__ = [
	"apply_area",
	"apply_article",
	"apply_category",
	"apply_department",
	"apply_notice_template",
	"apply_service",
	"apply_translation",
	"check",
	"export_area",
	"export_article",
	"export_catalogue",
	"export_category",
	"export_department",
	"export_list",
	"export_notice_template",
	"export_records",
	"export_service",
	"export_translation",
	"find_file",
	"import_now",
	"list_starters",
	"start_service",
	"summarise",
]
