"""Keys of Azure's AI, search and management services, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "azure-api-key",
    r"[0-9a-f]{32}|[A-Za-z0-9]{52}|[A-Za-z0-9]{84}",
    words=(
        "ocp apim subscription key",
        "azure openai",
        "azure api key",
        "azure search",
        "azure key",
        "azure devops",
        "azure pat",
        "cognitive services",
        "azure token",
    ),
    length=84,
    hits=(
        "AZURE_OPENAI_API_KEY=«" + "0f9e" * 8 + "»",
        "x: 1, AZURE_OPENAI_API_KEY='«" + "0f9e" * 8 + "»'",
    ),
    misses=(
        "checksum " + "0f9e" * 8,
        "ocp apim subscription key is a service",
        "AZURE_OPENAI_API_KEY=" + "0f9e" * 8 + "-x9",
    ),
)
