"""What `bin/demo` and `bin/test` are made of: finding a bench, linking the app, sites, servers, tests.

Only the standard library, because it runs before anything is installed. Four modules are run by the
bench's own Python instead, and say so in their first line: `web`, `ticker`, `mail_sink`, `mail_page`.
"""
