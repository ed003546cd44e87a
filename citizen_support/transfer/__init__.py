"""Moving a catalogue: out as one readable file, in again with a look at what would change."""

from citizen_support.transfer.content import Applied, Missing, apply_record, export_record
from citizen_support.transfer.export import export_catalogue, export_list, export_records
from citizen_support.transfer.reading import find_file
from citizen_support.transfer.service import check, import_now, summarise
from citizen_support.transfer.starters import list_starters, start_service

__all__ = [
	"Applied",
	"Missing",
	"apply_record",
	"check",
	"export_catalogue",
	"export_list",
	"export_record",
	"export_records",
	"find_file",
	"import_now",
	"list_starters",
	"start_service",
	"summarise",
]
