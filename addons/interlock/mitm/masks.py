"""The maskers of one call: for the request to a model, for the answer, for what the recording keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from interlock.credentials import Supply
from interlock.engine.masks import MaskerCache
from interlock.errors import BodyRejected, InterlockError
from interlock.masking import Literal, Masker, Vault
from interlock.masking.thoughts import KEPT
from interlock.mitm.call import Call
from interlock.mitm.chosen_values import chosen
from interlock.mitm.clean_bodies import CleanBodies
from interlock.mitm.giving_back import ToAgent, to_connection
from interlock.mitm.known_literals import KnownLiterals, Secrets
from interlock.mitm.named_parts import Briefs, mask_text
from interlock.mitm.shown_operations import ShownOperations
from interlock.mitm.snapshot import is_signed, kind_of_request
from interlock.model import Exchange, Operation
from interlock.protocols.body import read_json
from interlock.protocols.thought_block import without_thoughts
from interlock.reasons import Reason
from interlock.settings import Connection

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["Masks"]

type _Literals = Callable[[Call, Connection], tuple[Literal, ...]]
_KEPT = 512
_UNREADABLE = b"[not kept: the body cannot be read, so it cannot be masked]"


class Masks:
    """Chooses maskers by what a call has proven so far."""

    def __init__(self, services: Services, cache: MaskerCache) -> None:
        self._services = services
        self._cache = cache
        self._brief = Briefs().of
        self._known, self._clean, self.remembers = KnownLiterals(), CleanBodies(), cache.remembers
        self._kept: dict[tuple[object, ...], tuple[Secrets, tuple[ShownOperations, Masker]]] = {}
        self._nothing = ShownOperations(None, self._brief, tuple)

    def for_request(self, call: Call, connection: Connection, model: bool) -> Masker | None:
        """The masker of a request; only models' requests are masked. The agent's own token is masked in them too."""
        if not model:
            return None
        return self._get(call, connection, "model-requests", self._token)

    def for_reply(self, call: Call, connection: Connection) -> Masker:
        """The masker of an answer: the rules, the credential the gateway supplied, in case it is echoed, and the
        agent's token, in case the agent repeated it.

        The token alone is no reason to read an answer: the gateway never sent it to an upstream.
        """
        masker = self._get(call, connection, "responses", self._supplied)
        return masker if masker.empty else self._get(call, connection, "responses", self._literals)

    def for_people(self, call: Call, connection: Connection) -> Masker:
        """The masker of what is shown to people who decide: that of recordings, and every secret of the call."""
        return self._get(call, connection, "recordings", self._literals)

    def recorded(self, call: Call, body: bytes, *, request: bool) -> bytes:
        """A body as the recording keeps it. What cannot be read is not kept.

        An answer that was masked by all the rules that recordings have is kept as it is.
        """
        contained = call.contained
        if contained is None or not body:
            return body
        try:
            if not request and self._masked_already(call, contained.connection):
                return body
            masker = self._recording(call, contained.connection)[1]
            if not request and call.reply is not None and call.reply.to_agent is not None:
                given = call.reply.to_agent.literals()
                if given is None:
                    return _UNREADABLE
                masker = masker.with_literals(given)
            if masker.empty or (request and self._clean.holds(masker, body)):
                return body
            if body.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
                decided = call.decided
                known = request and decided is not None and decided.exchange.body is body
                document = decided.document if known and decided is not None else None
                document = read_json(body) if document is None else document  # lines were read one by one
                return self._clean.masked(masker, body, document) if request else masker.json(body, document).body
            kind = kind_of_request(call) if request else ""
            if not request and _holds_thoughts(call):
                body = without_thoughts(body)
            return mask_text(masker, body.decode("utf-8"), kind).text.encode()
        except (InterlockError, UnicodeDecodeError):
            return _UNREADABLE

    def _masked_already(self, call: Call, connection: Connection) -> bool:
        masker = call.reply.masker if call.reply is not None else None
        if masker is None or masker.empty or call.masked_by is not self:
            return False
        if call.refusal is not None or _holds_thoughts(call):
            return False
        if call.reply is not None and call.reply.to_agent is not None and call.reply.to_agent.given:
            return False
        return self._cache.covers(connection.name, call.obligations)

    def shown(self, call: Call, text: str) -> str:
        """A path or other short text as the evidence keeps it."""
        contained = call.contained
        if contained is None:
            return ""
        try:
            masker = self._get(call, contained.connection, "recordings", self._token)
            return text if masker.empty else self._brief(masker, text)
        except InterlockError:
            return ""

    def shower(self, call: Call, proposed: Sequence[Operation] = ()) -> ShownOperations:
        """What the evidence may keep of one call's operations, or of those that its answer has `proposed`."""
        contained = call.contained
        if contained is None:
            return self._nothing
        try:
            kept, masker = self._recording(call, contained.connection)
        except InterlockError:
            return self._nothing
        if call.reply is not None and call.reply.to_agent is not None:
            given = call.reply.to_agent.literals()  # what a call is judged with is what the agent gets
            if given is None:
                return self._nothing
            if given:
                once = masker.with_literals(given)
                return ShownOperations(once, None, lambda: chosen(once, call, proposed))
        if masker.chooses_places or self.remembers:
            return ShownOperations(masker, self._brief, lambda: chosen(masker, call, proposed))
        return kept

    def _recording(self, call: Call, connection: Connection) -> tuple[ShownOperations, Masker]:
        """The masker of recordings with what shows operations under it: remembered, where it is the same for all calls
        of one caller with one token.
        """
        decided, kept = call.decided, call.kept
        if kept is not None and kept[0] is self and kept[1] is decided and kept[2] is call.authenticated:
            known: tuple[ShownOperations, Masker] = kept[3]
            return known
        if self.remembers:
            return self._nothing, self._get(call, connection, "recordings", self._literals)
        secrets = call.literals or self._secrets(call, connection)
        index = id(secrets), connection.name, call.obligations, call.who or call.whose()
        found = self._kept.get(index)
        if found is None or found[0] is not secrets:
            masker = self._get(call, connection, "recordings", self._literals)
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[index] = secrets, (ShownOperations(masker, self._brief, tuple), masker)
        call.kept = self, decided, call.authenticated, found[1]
        return found[1]

    async def ready(self, call: Call, text: bytes = b"") -> None:
        """The call's vault, if the rules need one, as its store has it; before anything of the call is masked."""
        vault = self.vault(call)
        if vault is not None:
            await self._services.keeper.ready(vault, text)

    async def settled(self, call: Call) -> bool:
        """Whether all that the call's vault learnt is kept. Where not, tokens turn into redactions: mask again."""
        vault = self.vault(call)
        return vault is None or await self._services.keeper.settle(vault)

    def vault(self, call: Call) -> Vault | None:
        """The vault of the call's session."""
        return self._cache.vault(call.whose()) if self._cache.remembers else None

    async def restored(self, call: Call, exchange: Exchange, connection: Connection) -> Exchange:
        """A request with values in the place of tokens, where rules say so: before anything is judged.

        Raises BodyRejected (BODY_SIGNED) where the agent has signed the body.
        """
        rules, vault = self._cache.restores(connection.name), self.vault(call)
        if not rules or vault is None:
            return exchange
        await self._services.keeper.ready(vault, exchange.body)
        changed, call.given = to_connection(exchange, rules, vault)
        if changed is not exchange and connection.passthrough and is_signed(exchange):
            raise BodyRejected(Reason.BODY_SIGNED, hint="let the gateway supply the credential")
        await self._services.keeper.settle(vault)
        return changed

    def to_agent(self, call: Call, connection: Connection) -> ToAgent | None:
        """Gives an agent back, in its model's tool inputs, what it sent itself."""
        vault = self.vault(call) if self._cache.gives_back else None
        if vault is None or not len(vault):
            return None
        return ToAgent(vault, self.for_request(call, connection, True))

    def supply(self, call: Call, connection: Connection) -> Supply | None:
        """The call's credential, read once; None where none is supplied. Raises Refused (SECRET_UNAVAILABLE)."""
        if call.supply is None and self._services.injects:
            call.supply = self._services.injector(connection.name).supply()
        return call.supply

    def _get(self, call: Call, connection: Connection, where: str, literals: _Literals) -> Masker:
        """Looked up once a call: who calls is proven once, its secrets are read once, the rules in force and the
        obligations are in the index.
        """
        named, cache = call.obligations, self._cache
        vault = self.vault(call) if cache.remembers else None
        index = (cache, where, literals.__name__, named, call.authenticated is None, vault and vault.state)
        found = call.maskers.get(index)
        if found is None:
            chosen = literals(call, connection)
            found = call.maskers[index] = cache.get(connection.name, where, named, call.whose(), chosen)
        return found

    def _literals(self, call: Call, connection: Connection) -> tuple[Literal, ...]:
        """The secrets of one call: what the gateway supplied and what the agent presented."""
        return self._secrets(call, connection).all

    def _supplied(self, call: Call, connection: Connection) -> tuple[Literal, ...]:
        return self._secrets(call, connection).supplied

    def _token(self, call: Call, connection: Connection) -> tuple[Literal, ...]:
        token = call.authenticated.token if call.authenticated is not None else None
        return self._known.of((), token).token

    def _secrets(self, call: Call, connection: Connection) -> Secrets:
        if call.literals is None:
            supply = self.supply(call, connection)
            supplied = supply.spellings if supply is not None else ()
            token = call.authenticated.token if call.authenticated is not None else None
            call.literals = self._known.of(supplied, token)
        known: Secrets = call.literals
        return known


def _holds_thoughts(call: Call) -> bool:
    """Whether something was found in thoughts that the agent got as they are: recordings are masked all the same."""
    found = call.reply_findings
    return bool(found) and KEPT in [one.action for one in found]
