"""GitLab's tokens: personal, deploy, runner, trigger, feed, agent, OAuth."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "gitlab-token",
    r"gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[A-Za-z0-9_\-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?",
    prefixes=(
        "glpat-",
        "gloas-",
        "gldt-",
        "glrt-",
        "glrtr-",
        "glcbt-",
        "glptt-",
        "glft-",
        "glimt-",
        "glagent-",
        "glsoat-",
        "glffct-",
        "glwt-",
    ),
    length=330,
    more=".",
    hits=(
        "«" + "glpat-" + "aB3d" * 5 + "»",
        "«" + "gldt-" + "aB3d" * 5 + "»",
        "«" + "glrt-t1_" + "aB3d" * 5 + "»",
        "KEY=«" + "glpat-" + "aB3d" * 5 + "», next",
        "a\\n«" + "glpat-" + "aB3d" * 5 + "»\\n",
    ),
    misses=(
        "x" + "glpat-" + "aB3d" * 5,
        "glpat-short",
    ),
)
