from citizen_support.host.rows import Row


class ServiceRoutingRule(Row):
	pass
