"""The policy decision point: rules and blocklist read once, one pure function that decides.

`read_blocklist` and then `read_policy` make a Policy of what an operator wrote; `decide` answers for every exchange.
"""

from __future__ import annotations

from interlock.policy.block_document import read_blocklist
from interlock.policy.blocklist import Blocklist, BlockRule, build_blocklist
from interlock.policy.cases import Case, Claimant, Proposal, Send, read_cases
from interlock.policy.context import Context
from interlock.policy.decide import Judged, decide, explain
from interlock.policy.document import read_policy
from interlock.policy.packs import Pack, PackRule, Sample, find_pack, read_pack
from interlock.policy.reviewing import counts, satisfied, speaks_for
from interlock.policy.rule import Policy, Reviewers, Rule, build_policy

__all__ = [
    "BlockRule",
    "Blocklist",
    "Case",
    "Claimant",
    "Context",
    "Judged",
    "Pack",
    "PackRule",
    "Policy",
    "Proposal",
    "Reviewers",
    "Rule",
    "Sample",
    "Send",
    "build_blocklist",
    "build_policy",
    "counts",
    "decide",
    "explain",
    "find_pack",
    "read_blocklist",
    "read_cases",
    "read_pack",
    "read_policy",
    "satisfied",
    "speaks_for",
]
