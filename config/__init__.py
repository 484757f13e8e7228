"""The wiring: settings, addresses, and the door a web server comes in by."""
