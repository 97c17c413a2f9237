"""Errors a user can act on, each with its exit code. Nothing else raises to the command line on purpose.

A message is one line: what is wrong, where, and what to do (design 8 and 9).
"""


class IpwError(Exception):
    """Base of every error that reaches the user as one line, without a traceback."""

    exit_code = 2


class GateFailed(IpwError):
    """A data-quality gate did not pass, so nothing was published."""

    exit_code = 1


class ConfigError(IpwError):
    """Wrong use or configuration: arguments, plan files, contracts."""

    exit_code = 2


class BrokenInput(IpwError):
    """A delivered file cannot be read at all: corrupt, truncated, hostile or of an unknown kind."""

    exit_code = 3
