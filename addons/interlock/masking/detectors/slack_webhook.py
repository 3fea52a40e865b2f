"""Slack's incoming webhooks and workflow triggers: the URL is the secret."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "slack-webhook",
    r"https://hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{30,100}",
    prefixes=("https://hooks.slack",),
    length=140,
    more=":/.+",
    hits=(
        "«" + "https://hooks.slack.com/services/T0000/B0000/" + "aB3d" * 6 + "»",
        "«" + "https://hooks.slack.com/workflows/T0000/A0000/" + "aB3d" * 6 + "»",
        "KEY=«" + "https://hooks.slack.com/services/T0000/B0000/" + "aB3d" * 6 + "», next",
        "a\\n«" + "https://hooks.slack.com/services/T0000/B0000/" + "aB3d" * 6 + "»\\n",
    ),
    misses=(
        "x" + "https://hooks.slack.com/services/T0000/B0000/" + "aB3d" * 6,
        "https://hooks.slackshort",
    ),
)
