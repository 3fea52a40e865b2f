"""Short PHP, as it is written behind `php -r`: versions, JSON, strings and numbers."""

from __future__ import annotations

import re

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_secrets import secret

__all__ = ["php_text"]

_WORDS_TEXT = """
echo print var_dump print_r var_export phpversion readfile php_uname php_sapi_name PHP_VERSION PHP_OS PHP_EOL
PHP_INT_MAX PHP_OS_FAMILY PHP_MAJOR_VERSION PHP_MINOR_VERSION PHP_BINARY json_encode json_decode file_get_contents file
file_exists is_file is_dir filesize basename dirname realpath strlen count strtoupper strtolower ucfirst trim ltrim
rtrim str_replace str_repeat str_pad substr strpos str_contains str_starts_with str_ends_with explode implode join
sprintf printf number_format md5 sha1 hash crc32 random_int mt_rand rand bin2hex random_bytes base64_encode
base64_decode password_hash PASSWORD_BCRYPT PASSWORD_DEFAULT password_verify date time microtime strtotime mktime
date_default_timezone_get intval floatval strval round floor ceil abs max min sqrt pow array range array_keys
array_values array_sum array_merge array_unique array_slice in_array array_key_exists array_reverse array_flip
array_combine array_column sort ksort asort rsort extension_loaded get_loaded_extensions ini_get function_exists
class_exists memory_get_usage memory_get_peak_usage JSON_PRETTY_PRINT JSON_UNESCAPED_SLASHES JSON_UNESCAPED_UNICODE
JSON_THROW_ON_ERROR true false null TRUE FALSE NULL if else elseif foreach as for while do return isset empty exit
die list nl2br htmlspecialchars urlencode urldecode rawurlencode parse_url http_build_query preg_match preg_split
gettype is_array is_string is_int is_null scandir uniqid hrtime sys_get_temp_dir M_PI unserialize_
php_ini_loaded_file opcache_get_status openssl_get_cert_locations
"""
_WORDS = frozenset(_WORDS_TEXT.split())
_TOKEN = re.compile(
    r"\s+|//[^\n]*|#[^\n]*|'(?P<single>(?:\\.|[^'\\])*)'|\"(?P<double>(?:\\.|[^\"\\])*)\"|(?P<called>\$\w+\s*\()|\$[A-Za-z_]\w*"
    r"|(?P<name>\\?[A-Za-z_]\w*)|\d[\w.]*|=>|[-+*/%<>=!&|?:;,.(){}\[\]~^]",
    re.DOTALL,
)


def php_text(text: str, verdict: Verdict) -> bool:
    """Whether a program only computes, reads and prints."""
    if len(text) > 4096:
        return False
    at, before = 0, ""
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match or match.end() == at or match["called"]:
            return False
        inside = match["single"] if match["single"] is not None else match["double"] or ""
        if re.match(r"\w+://|php:|data:|expect:", inside):
            if not inside.startswith(("http://", "https://", "php://stdin")):
                return False
            verdict.at_least("network" if inside.startswith("http") else "read")
        if secret(inside):
            verdict.flags["secret-read"] = None
        if match["double"] and re.search(r"\{\$|\$\{", match["double"]):
            return False
        if match[0] in ("$_ENV", "$_SERVER"):
            verdict.flags["secret-read"] = None
        if match["name"] and match["name"] not in _WORDS:
            return False
        if match[0] == "(" and (before in (")", "]", "}") or before.endswith(("'", '"'))) and not _is_control(text, at):
            return False  # a call of what a text names
        before = match[0] if match[0].strip() else before
        at = match.end()
    return True


def _is_control(text: str, at: int) -> bool:
    return bool(re.search(r"(if|while|for|foreach|else|[;{}])\s*\Z", text[:at][-12:]))
