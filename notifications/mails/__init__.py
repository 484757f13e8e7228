"""The mails, a module for each kind. Each module is imported at the start by ``notifications/apps.py``."""
