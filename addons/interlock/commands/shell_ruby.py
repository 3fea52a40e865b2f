"""Short Ruby, as it is written on a command line: reading, parsing, counting and printing."""

from __future__ import annotations

import re

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_secrets import secret

__all__ = ["ruby_text"]

_WORDS_TEXT = """
puts print p pp require if else elsif unless end do while until then and or not nil true false return next break in
for case when begin rescue ensure yield lambda proc raise def class module self File read readlines exist file
directory basename dirname extname join expand_path size foreach Dir glob children entries pwd JSON parse generate
pretty_generate YAML load_file safe_load dump CSV table headers Time now Date today iso8601 strftime DateTime
Integer Float String Array Hash Math PI sqrt Set Range Comparable Struct SecureRandom hex uuid Digest SHA256 MD5
hexdigest Kernel Rational BigDecimal RUBY_VERSION RUBY_PLATFORM RUBY_ENGINE RUBY_PATCHLEVEL Gem Version loaded_specs
version STDIN STDOUT STDERR ARGF gets each each_with_index each_line each_slice each_cons map flat_map select reject
find detect inject reduce sum min max min_by max_by sort sort_by uniq count length first last take drop keys values
key value to_a to_h to_s to_i to_f to_sym group_by partition zip tally each_with_object any all none include
start_with end_with empty strip chomp chop split gsub sub tr upcase downcase capitalize reverse index rindex slice
chars bytes lines scan match match? inspect format sprintf printf round ceil floor abs push pop shift unshift concat
merge dig fetch delete compact flatten transpose times upto downto step succ pred ord chr even odd zero positive
negative freeze dup class name is_a nil respond_to_missing encoding force_encoding unicode_normalize center ljust
rjust ENV BEGIN END times rand srand sleep exit loop tap then filter filter_map cycle product combination
permutation lstrip rstrip squeeze json yaml csv date time set digest securerandom pp erb uri bigdecimal ostruct URI
encode_www_form_component decode_www_form_component host path query scheme
"""
_WORDS = frozenset(_WORDS_TEXT.split())
_TOKEN = re.compile(
    r"\s+|#(?!\{)[^\n]*|'(?:\\.|[^'\\])*'|\"(?P<text>(?:\\.|[^\"\\])*)\"|(?P<regex>(?<=[(,=~!&|{;\s])/(?:\\.|[^/\\\n])+/[imxou]*)"
    r"|:[A-Za-z_]\w*[?!]?|[$@]{1,2}[A-Za-z_]\w*|\$[_~&0-9.,;/]|(?P<name>[A-Za-z_]\w*[?!]?)|\d[\w.]*|[-+*/%<>=!&|?:;,.(){}\[\]~^]",
    re.DOTALL,
)


def ruby_text(text: str, verdict: Verdict, outer: frozenset[str] = frozenset()) -> bool:
    """Whether a program only reads, computes and prints; `outer` are names it may use besides its own."""
    if len(text) > 4096 or "`" in text or re.search(r"%[xqQwWiI(\[{]|<<[~-]?\w|__\w+__|&:|&method|\bsend\b", text):
        return False
    names = set(re.findall(r"\b([a-z_]\w*)\s*=(?![=~])|\|([^|]*)\|", text))
    known = outer | {name for one in names for part in one for name in re.findall(r"[a-z_]\w*", part)}
    known -= {"system", "exec", "eval", "spawn", "open", "fork", "send", "syscall", "load", "trap"}
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match or match.end() == at:
            return False
        inside = match["text"] or match["regex"] or ""
        for part in re.findall(r"#\{([^}]*)\}", inside):
            if '"' in part or not ruby_text(part, verdict, frozenset(known)):
                return False
        if "#{" in re.sub(r"#\{[^}]*\}", "", inside) or re.search(r"#[$@]", inside):
            return False
        name = (match["name"] or "").rstrip("?!")
        if name and name not in _WORDS and name not in known:
            return False
        if secret(match[0].strip("'\"")):
            verdict.flags["secret-read"] = None
        at = match.end()
    if re.search(r"\bENV\b(?!\s*(\[|\.fetch))", text):
        verdict.flags["secret-read"] = None
    return not re.search(r"[|\"'(]\s*\||File\.\w*(delete|unlink|write|rename|chmod|open)", text.replace("||", ""))
