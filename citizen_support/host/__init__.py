"""All that the app knows of Helpdesk's and Frappe's insides; the only room that touches them.

Traps of the host are described where they are worked around. Nothing outside this package imports `helpdesk`.
"""
