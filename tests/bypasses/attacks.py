"""The kinds of evasion, and where the rows of each stand: vectors that must not pass, twins that must.

    python -m tests.bypasses.attacks

prints how many there are. A test of tests/house asks that every test of this folder is named here.
"""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bypasses.tables import rows_of

__all__ = ["ATTACKS", "OTHERS", "Attack", "count", "counts", "named", "tests_here"]

_PLACES = {
    "heads": "tests.e2e.test_bypasses_heads",
    "models": "tests.mitm.test_model_bypasses",
    "replies": "tests.e2e.test_bypasses_replies",
}
WIRE = "wire"
"""Through `mitmdump -s addons/bundle.py` and through `interlock run`, started as operators do (tests/e2e)."""
INSIDE = "sockets"
"""Through mitmproxy's Master in the test's own process."""
ALONE = "alone"
"""On the part that decides: there is nothing to send, or it was sent elsewhere."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A kind of evasion; rows are named `module.test` or `module.TABLE` (`heads` and `models` lie in other folders)."""

    what: str
    vectors: str
    twins: str
    how: str = WIRE


ATTACKS = (
    Attack(
        "JSON-RPC that hides a call: batches, ids, members in other letters, headers that tell another story",
        "bodies.test_a_call_hidden_in_json_rpc_does_not_pass bodies.test_a_call_told_otherwise_than_it_is mcp.SENT",
        "mcp.SENT bodies.test_words_in_a_tools_arguments_pass",
    ),
    Attack(
        "JSON with two readings: members twice or in other letters, byte order marks, charsets, trailing bytes, depth",
        "bodies.test_a_body_with_two_readings_is_refused bodies.test_a_body_beyond_a_limit_is_refused_at_once "
        "readers.test_graphql_does_not_multiply_what_it_brings "
        "readers.test_arguments_do_not_stand_beside_many_commands readers.test_a_list_of_words_is_no_work",
        "bodies.test_a_plain_body_passes readers.test_a_graphql_value_may_stand_in_a_few_places "
        "readers.test_arguments_stand_beside_a_command",
    ),
    Attack(
        "Headers that lie about a body: types, charsets, codings, bombs",
        "bodies.test_a_header_that_lies_about_the_body_is_refused",
        "bodies.test_a_plain_body_passes requests.test_a_coded_form_passes_and_a_bomb_does_not",
    ),
    Attack(
        "Forms, multipart, lines, queries and patches that servers read differently",
        "requests.test_a_form_in_disguise_does_not_pass requests.test_a_multipart_body_in_disguise_does_not_pass "
        "requests.test_a_query_in_disguise_does_not_pass requests.test_a_line_in_disguise_does_not_pass "
        "requests.test_an_action_in_a_bulk_body_needs_its_own_rule requests.test_a_patch_in_disguise_does_not_pass",
        "requests.test_a_plain_form_passes requests.test_a_plain_multipart_body_passes "
        "requests.test_a_plain_query_passes requests.test_plain_lines_pass requests.test_a_plain_patch_passes",
    ),
    Attack(
        "Commands in encodings, lists and templates: base64, hex, URL, escapes, layers, words",
        "requests.test_a_command_in_an_encoding_does_not_pass "
        "requests.test_a_declared_command_in_an_encoding_does_not_pass "
        "readers.test_a_list_of_commands_is_no_list_of_words readers",
        "requests.test_ordinary_values_pass requests.test_a_command_may_be_words_or_a_template "
        "readers.test_lists_of_commands_and_of_words_pass",
    ),
    Attack(
        "Commands behind more text than some gateway reads",
        "padding.test_shell_behind_padding_does_not_pass padding.test_sql_behind_padding_does_not_pass "
        "padding.test_a_body_behind_padding_does_not_pass padding.test_a_call_behind_padding_does_not_pass "
        "padding.test_a_command_among_many_does_not_pass",
        "padding.test_padding_alone_passes padding.test_sql_that_reads_behind_padding_passes "
        "padding.test_blanks_in_a_body_pass padding.test_a_long_note_passes padding.test_many_harmless_ones_pass",
    ),
    Attack(
        "SQL in disguise, in six dialects and in none",
        "commands.test_sql_in_disguise_does_not_pass",
        "commands.test_sql_that_only_reads_passes bodies.test_a_harmless_query_passes_everywhere",
    ),
    Attack(
        "Shell in disguise",
        "commands.test_shell_in_disguise_does_not_pass policy.test_what_may_be_deleted_covers_nothing_else",
        "commands.test_its_look_alike_passes everyday.test_everyday_commands_pass "
        "policy.test_what_may_be_deleted_can_be",
    ),
    Attack(
        "Tools by other names, commands in other members of their arguments",
        "bodies.test_a_tool_that_does_harm_does_not_pass bodies.test_a_command_in_a_tools_arguments_is_found "
        "bodies.test_code_and_sql_by_the_name_of_a_tool_are_found",
        "bodies.test_a_tool_that_does_none_passes bodies.test_words_in_a_tools_arguments_pass "
        "bodies.test_code_that_only_computes_passes",
    ),
    Attack(
        "What runs at the provider: searches, MCP connectors, interpreters, stored prompts, addresses it fetches",
        "bodies.test_what_runs_at_the_provider_needs_a_rule bodies.test_other_doors_of_the_model_api_need_a_rule "
        "model_requests.test_what_runs_behind_a_chat_completion_needs_a_rule "
        "model_requests.test_what_runs_behind_a_response_needs_a_rule "
        "model_requests.test_what_runs_behind_gemini_needs_a_rule "
        "model_requests.test_what_runs_behind_claude_needs_a_rule model_requests.test_other_doors_need_a_rule "
        "model_requests.test_what_runs_behind_claude_elsewhere_needs_a_rule "
        "model_requests.test_what_runs_behind_gemini_on_vertex_needs_a_rule "
        "model_requests.test_other_doors_of_clouds_need_a_rule",
        "bodies.test_tools_of_the_client_need_none model_requests.test_what_the_agent_runs_itself_passes "
        "model_requests.test_claude_elsewhere_is_used model_requests.test_the_doors_of_clouds_are_open",
    ),
    Attack(
        "Paths in other spellings, other methods, overridden methods",
        "bodies.test_another_spelling_of_the_path_is_another_path bodies.test_another_method_is_another_operation "
        "requests.test_an_overridden_method_needs_its_own_rule heads.TARGETS",
        "requests.test_a_note_passes heads.test_a_plain_target_arrives",
    ),
    Attack(
        "GraphQL: aliases, fragments, batches, stored queries, uploads, directives",
        "requests.test_graphql_in_disguise_does_not_pass requests.test_graphql_elsewhere_does_not_pass",
        "requests.test_plain_graphql_passes",
    ),
    Attack(
        "Calls in the streams of model APIs: torn, interleaved, unfinished, in other line ends, told twice",
        "streams.STREAMS models.EVASIONS wire.test_no_tool_call_in_disguise_reaches_the_agent",
        "streams.test_what_is_permitted_goes_on_untouched models.TWINS "
        "streams.test_text_of_other_event_streams_becomes_no_event",
    ),
    Attack(
        "Replies that are no stream, or no JSON, or not of the type they claim",
        "streams.REPLIES replies.CODED streams.test_other_event_streams_hide_no_event_either",
        "streams.test_a_permitted_json_reply_goes_on_untouched replies.FINE "
        "replies.test_a_coded_reply_arrives_unpacked",
    ),
    Attack(
        "MCP servers: tools that change or hide text, answers nobody asked for, questions to the model or the user",
        "mcp.WHOLE mcp.STREAMS",
        "mcp.WHOLE",
    ),
    Attack(
        "MCP over time: standing and resumed streams, pages, other methods and paths, sessions of others",
        "mcp.test_a_standing_stream_brings_no_answers_and_no_questions mcp.test_no_other_method_or_path_brings_more "
        "mcp.test_a_resumed_stream_brings_no_tool_round_the_filter mcp.test_a_tool_cannot_change_by_the_page "
        "mcp.test_a_session_of_somebody_else_is_not_used",
        "mcp.test_a_standing_stream_brings_no_answers_and_no_questions",
        INSIDE,
    ),
    Attack(
        "Keys of the agent's own, headers for one hop, addresses and methods in headers, parts and conditions",
        "heads.test_no_header_of_the_agents_own_arrives heads.test_no_header_that_counts_stands_twice "
        "heads.test_no_key_of_the_agents_own_arrives_in_the_query "
        "heads.test_no_connection_header_takes_the_key_off heads.test_trailers_of_a_request_do_not_arrive",
        "heads.test_ordinary_headers_do_no_harm heads.test_a_query_with_like_words_arrives",
    ),
    Attack(
        "Answers in parts, with validators, digests, trailers, odd framing, heads and codings",
        "http.ANSWERS heads.test_no_header_says_what_the_unmasked_answer_was heads.test_no_part_of_an_answer_passes",
        "heads.test_an_ordinary_answer_arrives",
    ),
    Attack(
        "Requests beside requests: framing, folding, upgrades, pipelining",
        "http.REQUESTS",
        "heads.test_a_plain_target_arrives",
    ),
    Attack(
        "The same over HTTP/2, and lines and frames without an end",
        "http.HTTP2 http.test_expect_continue_does_not_let_a_body_pass http.test_request_trailers_do_not_pass "
        "http.test_frames_beside_messages_carry_nothing http.test_lines_without_an_end_are_given_up",
        "http.test_an_honest_http2_request_passes",
        INSIDE,
    ),
    Attack(
        "Values in spellings that masks might miss: escapes, layers, numbers, look-alikes of signs",
        "masks.test_no_spelling_gets_past masks.test_what_could_be_read_otherwise_is_not_passed "
        "wire.test_no_value_in_disguise_reaches_the_agent",
        "masks.test_look_alikes_stay_to_the_byte",
    ),
    Attack(
        "Values in pieces of streams and inputs; findings, hashes and errors that tell them",
        "masks.test_text_in_pieces_holds_no_value masks.test_a_reply_in_pieces_holds_no_value "
        "masks.test_the_input_of_a_tool_is_masked_as_a_whole masks.test_a_hash_says_nothing_outside_its_session "
        "masks.test_findings_tell_no_value masks.test_errors_tell_no_value masks",
        "",
        ALONE,
    ),
    Attack(
        "Text that moves, colours, links or turns what people read",
        "heads.HOSTILE",
        "heads.test_plain_text_is_written_as_it_is",
    ),
    Attack("Rules that are talked round: order, types, claims, hours, tables of others", "policy", "", ALONE),
    Attack(
        "Identities that are none: shapes, places, keys, claims",
        "identity",
        "identity.test_who_may_come_in_does",
        ALONE,
    ),
)
OTHERS = frozenset(
    (
        "http.test_no_answer_passes_unmasked", "http.test_no_request_passes_unjudged",
        "http.test_no_http2_request_passes_unjudged", "mcp.test_what_a_server_may_not_say_does_not_arrive",
        "mcp.test_what_a_stream_may_not_say_does_not_arrive", "mcp.test_what_an_agent_may_not_do_does_not_arrive",
        "streams.test_the_clients_find_calls_where_they_are", "streams.test_no_client_finds_the_call",
        "streams.test_a_client_would_have_found_it_or_nothing_is_lost", "streams.test_however_it_is_torn",
        "streams.test_plain_json_replies", "wire.test_no_statement_in_disguise_reaches_the_database",
        "wire.test_no_call_in_disguise_reaches_the_mcp_server", "wire.test_no_token_in_disguise_is_an_identity",
    )
)  # fmt: skip
"""Tests that try the rows of a table named above, or rows of other tests once more."""


def tests_here() -> set[str]:
    """Every test of this folder, as `module.test`."""
    names = (path.stem for path in Path(__file__).parent.glob("test_*.py"))
    return {
        f"{name.removeprefix('test_')}.{test}"
        for name in names
        for test, value in vars(importlib.import_module(f"tests.bypasses.{name}")).items()
        if test.startswith("test_") and inspect.isfunction(value)
    }


def named() -> set[str]:
    """Every name that stands above; a module's name stands for all of its tests."""
    words = {word for attack in ATTACKS for word in (attack.vectors + " " + attack.twins).split()}
    whole = {test for test in tests_here() if test.partition(".")[0] in words}
    return words | whole | OTHERS


def counts(*attacks: Attack) -> tuple[int, int]:
    """How many vectors and twins these have; what stands under several counts once."""
    vectors = {name for attack in attacks for name in attack.vectors.split()}
    twins = {name for attack in attacks for name in attack.twins.split()}
    return sum(map(count, vectors)), sum(map(count, twins))


def count(name: str) -> int:
    """How many rows a name stands for."""
    module, _, member = name.partition(".")
    loaded = importlib.import_module(_PLACES.get(module, f"tests.bypasses.test_{module}"))
    if not member:
        return _of_module(name, vars(loaded))
    value = getattr(loaded, member)
    if callable(value):
        return len(rows_of(value))
    nested = isinstance(value, dict) and all(isinstance(inner, dict) for inner in value.values())
    return sum(map(len, value.values())) if nested else len(value)


def _of_module(name: str, members: dict[str, Any]) -> int:
    told = {word for attack in ATTACKS for word in (attack.vectors + " " + attack.twins).split()}
    tests = (test for test in members if test.startswith("test_") and f"{name}.{test}" not in told)
    return sum(len(rows_of(members[test])) for test in tests)


def main() -> None:
    """Print how many there are."""
    for attack in ATTACKS:
        vectors, twins = counts(attack)
        print(f"{vectors:6} {twins:6}  {attack.how:8} {attack.what}")  # noqa: T201
    vectors, twins = counts(*ATTACKS)
    print(f"{vectors:6} {twins:6}")  # noqa: T201


if __name__ == "__main__":
    main()
