"""Run by the bench's Python under gunicorn: the bench's web application, for one site.

Whatever host name the browser asks for, the answer is $CS_SITE; and what a web server would serve in
production (/assets, /files) is served too.
"""

import os

import frappe.app

frappe.app._site = os.environ["CS_SITE"]
application = frappe.app.application_with_statics()
