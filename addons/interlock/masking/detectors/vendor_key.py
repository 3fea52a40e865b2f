"""Keys of further services, known by how they begin: Razorpay, NVIDIA, Snyk, Apify, Neon, Firebase and more."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, fullest, is_word

__all__ = ["PART"]

_FORMS = (
    ("sgp_", r"sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
    ("rzp_live_", r"rzp_live_[A-Za-z0-9]{14}"),
    ("rzp_test_", r"rzp_test_[A-Za-z0-9]{14}"),
    ("amzn.mws.", r"amzn\.mws\.[0-9a-f]{8}-[0-9a-f\-]{27}"),
    ("GR1348941", r"GR1348941[A-Za-z0-9_\-]{20}"),
    ("nvapi-", r"nvapi-[A-Za-z0-9_\-]{60,70}"),
    ("glc_eyJ", r"glc_eyJ[A-Za-z0-9+/=_\-]{32,400}"),
    ("snyk_uat.", r"snyk_uat\.[0-9a-f]{8}\.[A-Za-z0-9_\-]{20,100}"),
    ("apify_api_", r"apify_api_[A-Za-z0-9]{36}"),
    ("tvly-", r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}"),
    ("napi_", r"napi_[a-z0-9]{64}"),
    ("dt0s01.", r"dt0s01\.[A-Z2-7]{8}\.[A-Z2-7]{64}"),
    ("api_live.", r"api_live\.[A-Za-z0-9_\-]{11}\.[A-Za-z0-9_\-]{32}"),
    ("vercel_blob_rw_", r"vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{30}"),
    ("e2b_", r"e2b_[0-9a-f]{40}"),
    ("jina_", r"jina_[A-Za-z0-9_\-]{56,64}"),
    ("ico-", r"ico-[A-Za-z0-9]{32}"),
    ("AAAA", r"AAAA[A-Za-z0-9_\-]{7}:APA91b[A-Za-z0-9_\-]{100,160}"),
    (".webhook.office.com/webhookb2/", r"\.webhook\.office\.com/webhookb2/[0-9A-Za-z@/\-]{100,200}"),
)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if text[start : start + 1] == b".":  # a host's name goes on
        return [] if is_word(text, end) else [(start, end, "high")]
    return fullest(text, start, end)


PART = Detector(
    name="vendor-key",
    pattern="|".join(form for _, form in _FORMS),
    prefixes=tuple(prefix for prefix, _ in _FORMS),
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+/=:@",
    length=420,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "found «" + "sgp_" + "0f9e" * 10 + "» and «" + "rzp_live_" + "aB3d" * 3 + "xY" + "»",
        "KEY=«" + "nvapi-" + "aB3_" * 16 + "», «" + "apify_api_" + "aB3d" * 9 + "»",
        "https://acme«" + ".webhook.office.com/webhookb2/" + "0f9e-" * 12 + "@" + "0f9e-" * 8 + "/a" + "»",
        "«" + "AAAA" + "aB3d_x9" + ":" + "APA91b" + "aB3d" * 30 + "»",
    ),
    misses=("sgp_short, e2b_test, ico-file.png", "AAAAB3NzaC1yc2E", "x" + "apify_api_" + "aB3d" * 9, "napi_env"),
)
