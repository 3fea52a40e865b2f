"""Keys of further services, known by how they begin: Razorpay, NVIDIA, Snyk, Apify, Neon, Firebase and sixty more."""

from __future__ import annotations

import re
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
    ("csk-", r"csk-[a-z0-9]{48}"),  # Cerebras
    ("s-s4t2", r"s-s4t2(?:ud|af)-[0-9a-f]{64}"),  # 42
    ("fc-", r"fc-[0-9a-f]{32}"),  # Firecrawl
    ("4b1d", r"4b1d[A-Za-z0-9]{38}"),  # ClickHouse
    ("pat.", r"pat\.[A-Za-z0-9_\-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}"),  # Harness
    ("sat.", r"sat\.[A-Za-z0-9_\-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}"),
    ("p8e-", r"p8e-[A-Za-z0-9]{32}"),  # Adobe
    ("fio-u-", r"fio-u-[A-Za-z0-9_\-=]{64}"),  # Frame.io
    ("tk-us-", r"tk-us-[A-Za-z0-9_\-]{48}"),  # Scalingo
    ("live_", r"live_[A-Za-z0-9_\-]{40}"),  # GoCardless
    ("API-", r"API-[A-Z0-9]{26}"),  # Octopus Deploy
    ("dnkey-", r"dnkey-[a-z0-9=_\-]{26}-[a-z0-9=_\-]{52}"),  # Defined Networking
    ("CLOJARS_", r"CLOJARS_[A-Za-z0-9]{60}"),
    ("sha256~", r"sha256~[A-Za-z0-9_\-]{43}"),  # OpenShift
    ("sm_", r"sm_[aps]at_[A-Za-z0-9]{16}"),  # SettleMint
    ("xaat-", r"xaat-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),  # Axiom
    ("xapt-", r"xapt-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("hc", r"hc[abx]ik_[A-Za-z0-9]{58}"),  # Honeycomb
    ("pylf_v", r"pylf_v[0-9]_(?:[a-z]{2,7}_)?[A-Za-z0-9]{43}"),  # Logfire
    ("AVNS_", r"AVNS_[A-Za-z0-9_\-]{19}"),  # Aiven
    ("mdb_sa_sk_", r"mdb_sa_sk_[A-Za-z0-9_\-]{40}"),  # MongoDB Atlas
    ("dbt", r"dbt[cu]_[A-Za-z0-9_\-]{32,64}={0,2}"),  # dbt Cloud
    ("pdl_", r"pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}"),  # Paddle
    ("os_v2_", r"os_v2_(?:app|org)_[a-z2-7]{103}"),  # OneSignal
    ("esecret_", r"esecret_[A-Za-z0-9]{30,60}"),  # Anyscale
    ("rpa_", r"rpa_[A-Za-z0-9]{40,50}"),  # RunPod
    ("llx-", r"llx-[A-Za-z0-9]{48}"),  # LlamaCloud
    ("tgp_v1_", r"tgp_v1_[A-Za-z0-9_\-]{43}"),  # Together
    ("cal_live_", r"cal_live_[0-9a-f]{32}"),  # Cal.com
    ("tr_", r"tr_(?:dev|prod|pat)_[A-Za-z0-9]{20,40}"),  # Trigger.dev
    ("signkey-", r"signkey-(?:prod|test|branch)-[0-9a-f]{32,64}"),  # Inngest
    ("unkey_", r"unkey_[A-Za-z0-9]{18,40}"),
    ("ory_", r"ory_(?:at|rt|ac|pat|st)_[A-Za-z0-9_\-]{32,64}(?:\.[A-Za-z0-9_\-]{32,64})?"),
    ("sktsec_", r"sktsec_[A-Za-z0-9_\-]{40,60}"),  # Socket
    ("pk_", r"pk_(?:[0-9a-f]{34}|[0-9]{6,9}_[A-Z0-9]{32})"),  # Klaviyo's private keys, ClickUp
    ("KEY0", r"KEY0[0-9A-F]{31}_[A-Za-z0-9]{22}"),  # Telnyx
    ("VF.", r"VF\.(?:DM|WS)\.[0-9a-f]{24}\.[A-Za-z0-9]{16}"),  # Voiceflow
    ("sk_", r"sk_(?:[0-9a-f]{48}|(?:dev|prod)_[A-Za-z0-9_\-]{60,70})"),  # ElevenLabs, Liveblocks
    ("mfa.", r"mfa\.[A-Za-z0-9_\-]{84}"),  # Discord
    ("wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{40,90}"),  # Weights & Biases
    ("xau_", r"xau_[A-Za-z0-9]{32,44}"),  # Xata
    (
        "authress_",
        r"authress_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_\-][A-Za-z0-9\-]{10,32}\.[A-Za-z0-9+/_=\-]{30,120}",
    ),
    ("odt_", r"odt_[A-Za-z0-9]{32}(?:_[A-Za-z0-9]{32})?"),  # Dependency-Track
    ("bb_live_", r"bb_live_[A-Za-z0-9_\-]{24,40}"),  # Browserbase
    ("sk-lf-", r"sk-lf-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),  # Langfuse
    ("zpka_", r"zpka_[0-9a-f]{32}_[0-9a-f]{8}"),  # Zuplo
    *((f"v{n}.{p}.", rf"v{n}\.{p}\.[A-Za-z0-9_\-]{{40,400}}") for n in "1234" for p in ("local", "public")),  # PASETO
    (".webhook.office.com/webhookb2/", r"\.webhook\.office\.com/webhookb2/[0-9A-Za-z@/\-]{100,200}"),
)

_MIXED = (b"live_", b"API-", b"sm_", b"tk-us-", b"fio-u-", b"tr_", b"unkey_", b"rpa_", b"4b1d")
_DIGIT, _UPPER = re.compile(rb"[0-9]"), re.compile(rb"[A-Z]")


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if text[start : start + 1] == b".":  # a host's name goes on
        return [] if is_word(text, end) else [(start, end, "high")]
    value = text[start:end]
    if value.startswith(_MIXED) and not (_DIGIT.search(value) and _UPPER.search(value)):
        return []  # a name in words
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
        "«" + "sk_" + "0f9e" * 12 + "», «" + "fc-" + "0f9e" * 8 + "», «" + "live_" + "aB3d" * 10 + "»",
        "«"
        + "v4.local."
        + "aB3d" * 12
        + "», «"
        + "AVNS_"
        + "aB3d" * 4
        + "aB3"
        + "», «"
        + "pk_"
        + "12345678_"
        + "A7QX" * 8
        + "»",
        "«" + "AAAA" + "aB3d_x9" + ":" + "APA91b" + "aB3d" * 30 + "»",
    ),
    misses=(
        "sgp_short, e2b_test, ico-file.png",
        "AAAAB3NzaC1yc2E",
        "x" + "apify_api_" + "aB3d" * 9,
        "napi_env",
        "live_and_let_die_is_a_film_from_the_year_1973",
    ),
)
