"""Machines and services below the site, in plain sentences."""

from frappe import _

from citizen_support.health.rules import IT


def get_words() -> dict[str, tuple[str, str, str]]:
	"""Who mends it, what is wrong, and the remedy, by problem."""
	return {
		**_database_words(),
		**_redis_words(),
		**_worker_words(),
		**_storage_words(),
		**_backup_words(),
		**_log_words(),
	}


def _database_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no database": (
			IT,
			_(
				"MariaDB does not answer. Residents see a page that asks them to come back; nothing is taken in."
			),
			_("Start MariaDB, and see its own log for why it stopped; Frappe connects again by itself."),
		),
		"not utf8mb4": (
			IT,
			_("Part of the database cannot hold every letter and sign that residents type: {0}."),
			_("Convert it to utf8mb4 (ALTER … CONVERT TO CHARACTER SET utf8mb4), after a backup."),
		),
		"commits not flushed": (
			IT,
			_(
				"MariaDB does not write each commit to disk, so a power cut loses requests that had a reference."
			),
			_("Set innodb_flush_log_at_trx_commit = 1 in MariaDB’s configuration and restart it."),
		),
		"small buffer pool": (
			IT,
			_("MariaDB keeps {0} MB in memory for {1} MB of this site’s data, so pages wait for the disk."),
			_("Raise innodb_buffer_pool_size in MariaDB’s configuration, up to the size of the data."),
		),
	}


def _redis_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no cache": (
			IT,
			_("The cache Redis does not answer. Requests are still taken in, slowly and with weaker limits."),
			_("Start it (“redis_cache” in the configuration names its address)."),
		),
		"cache evicts": (
			IT,
			_(
				"The cache Redis is full and has thrown things away before their time: {0}. Limits forget with it."
			),
			_("Raise “maxmemory” of the cache Redis."),
		),
		"cache cannot forget": (
			IT,
			_("The cache Redis refuses to store once it is full (its policy is “noeviction”)."),
			_("Set “maxmemory-policy allkeys-lru” on the cache Redis."),
		),
		"no queue": (
			IT,
			_(
				"The queue Redis does not answer, so no background job runs: no mail goes out, nothing is retried."
			),
			_("Start it (“redis_queue” in the configuration names its address)."),
		),
		"queue evicts": (
			IT,
			_("The queue Redis may throw jobs away when it is full (its policy is “{0}”)."),
			_("Set “maxmemory-policy noeviction” on it, and keep cache and queue in two servers."),
		),
	}


def _worker_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no workers": (
			IT,
			_("No worker runs, so no mail goes out and requests that failed are not tried again."),
			_("Start the bench’s workers; “bench doctor” lists them."),
		),
		"queue without worker": (
			IT,
			_("No worker listens to the queue {0}, so its jobs wait for ever."),
			_("Start a worker for it: bench worker --queue {0}"),
		),
		"many jobs wait": (
			IT,
			_("Background jobs that wait: {0}. Mail goes out late."),
			_("Start more workers, and see in “RQ Job” what the running ones are busy with."),
		),
		"maintenance mode": (
			IT,
			_("The site is in maintenance mode: residents can send nothing."),
			_("When the work is done, run: bench --site … set-maintenance-mode off"),
		),
		"scheduler off": (
			IT,
			_("The scheduler is off: no mail goes out, and requests that failed are not tried again."),
			_("Run: bench --site … enable-scheduler (and “scheduler resume”, if it was paused)."),
		),
		"scheduler late": (
			IT,
			_("No background job has run for more than a quarter of an hour, so mail may be waiting."),
			_("See whether the bench’s scheduler and workers run: bench --site … doctor"),
		),
		"no time zone": (
			IT,
			_("The site has no time zone, so promised times may be wrong."),
			_("Choose it in the System Settings."),
		),
	}


def _storage_words() -> dict[str, tuple[str, str, str]]:
	return {
		"disk full": (
			IT,
			_("The disk with residents’ files has {0} MB left; requests with photos will fail."),
			_("Make room now: old backups, logs, or a larger disk."),
		),
		"disk nearly full": (
			IT,
			_("The disk with residents’ files has {0} MB left, {1} % of it."),
			_("Make room: old backups, logs, or a larger disk."),
		),
		"folder not writable": (
			IT,
			_("The site’s folder for private files cannot be written, so requests with photos fail."),
			_("Give the bench’s user the folder private/files of the site."),
		),
		"assets missing": (
			IT,
			_("Files the portal’s pages need are not where the web server looks: {0}."),
			_("Run: bench build --app citizen_support"),
		),
	}


def _backup_words() -> dict[str, tuple[str, str, str]]:
	return {
		"no backup": (
			IT,
			_("There is no backup in the site’s folder."),
			_("Run “bench --site … backup --with-files” every night, unless you back up in another way."),
		),
		"old backup": (
			IT,
			_("The newest backup in the site’s folder is {0} days old."),
			_(
				"See why “bench --site … backup --with-files” no longer runs, unless you back up in another way."
			),
		),
		"backup without files": (
			IT,
			_("Backups hold the database, but not residents’ photos and documents."),
			_("Add “--with-files” to the backup, unless you back up the files in another way."),
		),
	}


def _log_words() -> dict[str, tuple[str, str, str]]:
	return {
		"mails kept long": (
			IT,
			_("Sent mails, with residents’ addresses, are kept for {0} days."),
			_("Give Email Queue 30 days in the Log Settings, unless your records schedule wants more."),
		),
		"long error log": (
			IT,
			_("The Error Log has {0} entries, so something fails again and again."),
			_("Look at the newest ones, and give Error Log a number of days in the Log Settings."),
		),
	}
