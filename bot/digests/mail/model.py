"""Values of digests by e-mail: recipients, mails and their states."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.digests.mail.addresses import MailAddress


class RecipientState(StrEnum):
    """Whether an address gets the digest."""

    #: it got one mail that asks it to confirm
    PENDING = "pending"
    CONFIRMED = "confirmed"
    #: its mail server refused it for good
    REJECTION = "refused"


class MailKind(StrEnum):
    """What a mail is."""

    CONFIRMATION = "confirmation"
    DIGEST = "digest"


class MailState(StrEnum):
    """State of a mail. All but the first two are final."""

    WAITING = "waiting"
    #: its text is on the way; if this process ends now, its acceptance is uncertain
    SENDING = "sending"
    DELIVERED = "sent"
    #: it is impossible to find out whether it was accepted, so it is never sent again
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address of a digest. `id` can be used again after the recipient is removed; `address.key` tells them apart."""

    id: int
    digest: int
    team: str
    address: MailAddress
    state: RecipientState
    #: user who added it
    person: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """A mail that this process may send, until its lease ends."""

    digest: int
    due_at: datetime
    recipient: int
    kind: MailKind
    team: str
    address: MailAddress
    #: the frozen bytes, the same for every attempt
    message: str
    #: an earlier attempt may have sent it
    may_be_sent: bool
    attempts: int
    #: no attempt begins after this time
    deadline: datetime
    holder: str
