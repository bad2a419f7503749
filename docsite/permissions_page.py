"""The permissions table as a page: who may do what, and the doors to each action, from the code that decides."""

from bot.cli.safety.deeds import CHANGES, OWN_ENTRY
from bot.core.permissions.doors import SLACK_DOORS, WEB_DOORS, DoorKind
from bot.core.permissions.table import PERMISSIONS, GuardedAction, Role, Rule
from docsite.markup import build_code, build_table

_ORDER = (Role.PERSON, Role.MEMBER, Role.CREATOR, Role.ADMIN, Role.OPERATOR)


def build_permissions() -> str:
    """Return the tables as Markdown."""
    actions = [
        (action.value[0].upper() + action.value[1:], _describe_roles(rule), _describe_place(rule), _list_doors(action))
        for action, rule in PERMISSIONS.items()
    ]
    web = [(build_code(route), who) for route, who in WEB_DOORS.items()]
    parts = [
        "## Actions",
        build_table(("action", "who may", "where", "in Slack by"), actions),
        "## Web server",
        "Every other route only reads.",
        build_table(("route", "who may"), web),
        "## Terminal",
        "The user of the server's terminal is the operator, and may run every command. These change something for "
        "others, and leave an entry in the audit log:",
        ", ".join(map(build_code, sorted([*CHANGES, *OWN_ENTRY]))) + ".",
    ]
    return "\n\n".join(parts) + "\n"


def _describe_roles(rule: Rule) -> str:
    names = [role.value for role in _ORDER if role in rule.roles]
    words = " and ".join(names)
    if rule.is_open_without_creator:
        words += "; full members while nobody has set one up"
    return f"{words}; only where the workspace keeps the record" if rule.is_about_record else words


def _describe_place(rule: Rule) -> str:
    if not rule.is_in_channel:
        return "anywhere"
    return "in the channel; its creator anywhere" if rule.is_free_for_creator else "in the channel"


def _list_doors(action: GuardedAction) -> str:
    kinds: dict[DoorKind, list[str]] = {}
    for (kind, name), actions in SLACK_DOORS.items():
        if action in actions:
            kinds.setdefault(kind, []).append(name)
    commands = [build_code(name) for name in kinds.pop(DoorKind.COMMAND, [])]
    return ", ".join([*commands, *(kind.value for kind in kinds)]) or "–"
