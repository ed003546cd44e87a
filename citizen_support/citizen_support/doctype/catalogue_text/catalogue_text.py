from citizen_support.host.rows import Row


class CatalogueText(Row):
	pass
