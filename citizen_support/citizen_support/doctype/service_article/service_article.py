from citizen_support.host.rows import Row


class ServiceArticle(Row):
	pass
