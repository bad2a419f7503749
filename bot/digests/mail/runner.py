"""Sends the mails of the outbox that are due, in one pass.

Rule: one connection and one mail at a time for each worker. What happens after the text has begun is final: sent, or
unknown.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.logs import get_logger
from bot.core.tenancy import use_all_teams, use_team
from bot.delivery.worker_thread import WorkerThread
from bot.digests.mail.model import ClaimedMail, MailState
from bot.digests.mail.outbox import MailOutbox
from bot.digests.mail.smtp import AddressRefused, MailDelayed, MailRefused, MailUncertain

#: mails claimed at once, and sent at once
_BATCH_SIZE = 4
_PRUNE_INTERVAL = timedelta(hours=1)
_LOSS_REASON = "The program ended while the e-mail was being sent."


class Sender(Protocol):
    """Sends one mail, as `smtp.SmtpSender` does."""

    async def send(self, address: str, message: str, before_text: Callable[[], Awaitable[bool]]) -> bool:
        """Send a mail. Raises MailDelayed, MailRefused or MailUncertain."""
        ...


class MailRunner:
    """Sends the mails that are due. `clock` returns the current time with its time zone."""

    def __init__(self, outbox: MailOutbox, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._thread = WorkerThread("mail")
        self._run_on_thread = self._thread.run
        self._pruned_at: datetime | None = None
        #: numbers of mails by their outcome, for the metrics
        self.outcomes: dict[str, int] = {}
        #: set during shutdown, so that further mails are not claimed
        self.is_stopping = False

    async def run_due(self) -> int:
        """Send what is due. Return the number of attempts. Raises DatabaseUnavailable."""
        with use_all_teams("the mails that are due belong to many teams"):
            return await self._run_due()

    async def _run_due(self) -> int:
        now, holder, attempt_count = self._clock(), secrets.token_hex(8), 0
        if self._pruned_at is None or now - self._pruned_at >= _PRUNE_INTERVAL:
            await self._run_on_thread(self._outbox.prune, now)
            self._pruned_at = now
        while not self.is_stopping:
            mails = await self._run_on_thread(self._outbox.claim, self._clock(), holder, _BATCH_SIZE)
            if not mails:
                break
            results = await asyncio.gather(*map(self._send, mails), return_exceptions=True)
            for error in results:
                if error is not None:
                    raise error
            attempt_count += len(mails)
        return attempt_count

    def close(self) -> None:
        """Stop the worker thread."""
        self._thread.close()

    async def _send(self, mail: ClaimedMail) -> None:
        with use_team(mail.team):
            await self._send_to_team(mail)

    async def _send_to_team(self, mail: ClaimedMail) -> None:
        if mail.may_be_sent:
            await self._finish(mail, MailState.UNKNOWN, _LOSS_REASON)
            return
        if self._clock() > mail.deadline:
            await self._finish(mail, MailState.FAILED, "It was not sent in time.")
            return
        try:
            is_sent = await self._sender.send(
                mail.address.text, mail.message, lambda: self._run_on_thread(self._outbox.begin, mail, self._clock())
            )
        except MailDelayed as error:
            self._record("delayed", mail, error.code)
            await self._run_on_thread(self._outbox.postpone, mail, self._clock(), f"{error}.")
        except AddressRefused as error:
            self._record("refused", mail, error.code)
            await self._run_on_thread(self._outbox.refuse, mail, self._clock())
        except MailRefused as error:
            await self._finish(mail, MailState.FAILED, f"{error}.", error.code)
        except MailUncertain as error:
            await self._finish(mail, MailState.UNKNOWN, f"{error}.", error.code)
        else:
            if is_sent:
                await self._finish(mail, MailState.DELIVERED, None)

    async def _finish(self, mail: ClaimedMail, state: MailState, reason: str | None, code: int = 0) -> None:
        await self._run_on_thread(self._outbox.finish, mail, state, reason, self._clock())
        self._record(state.value, mail, code)

    def _record(self, outcome: str, mail: ClaimedMail, code: int = 0) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        get_logger().info("mail attempt finished", outcome=outcome, digest=mail.digest, kind=mail.kind.value, code=code)
