from citizen_support.host.rows import Row


class CatalogueImportRecord(Row):
	pass
