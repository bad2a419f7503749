"""The command `completion`: print what a shell runs to complete `ontherecord`. Every command loads this module."""

from argparse import Namespace

from briefings import BadInput

PROGRAM = "ontherecord"
#: the shells that can complete commands, and how to turn completion on
SHELLS = ("bash", "zsh", "fish")
COMPLETION_EPILOG = (
    'Add to ~/.bashrc or ~/.zshrc: eval "$(ontherecord completion bash)", with zsh for zsh (after compinit). '
    "For fish: ontherecord completion fish > ~/.config/fish/completions/ontherecord.fish"
)


def print_script(arguments: Namespace) -> int:
    """Print the script for one shell. Raises BadInput if the library for completion is missing."""
    try:
        from argcomplete import shellcode  # only this command needs it
    except ImportError:
        raise BadInput("completion needs a package. Install it with: pip install argcomplete") from None
    print(shellcode([PROGRAM], shell=arguments.shell).strip())
    return 0
