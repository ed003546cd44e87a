"""What the servers say about themselves."""

from importlib.metadata import version

import frappe


def read_database() -> dict[str, object]:
	"""Versions and the settings that decide how fast a commit is."""
	row = frappe.db.sql(
		"select version(), @@innodb_buffer_pool_size, @@innodb_flush_log_at_trx_commit", as_list=True
	)[0]
	return {
		"version": row[0],
		"buffer_pool": row[1],
		"flush": row[2],
		"redis": frappe.cache.info("server")["redis_version"],
		"gunicorn": version("gunicorn"),
	}
