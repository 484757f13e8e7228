"""The admin of accounts, and what administrators see of their use: tokens, sessions and account events."""

from accounts.admin import accounts, events, sessions, tokens

__all__ = ["accounts", "events", "sessions", "tokens"]
