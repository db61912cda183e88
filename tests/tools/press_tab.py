"""What a shell's line becomes when a person presses Tab, on a terminal of its own.

press_tab.py bash|zsh SCRIPT <LINES: starts the shell without anybody's settings, lets it read SCRIPT, and prints for each line of stdin what
stands in the line after a Tab.
"""

import os
import pty
import re
import select
import sys
import time

PATIENCE_S = 60  # a machine may be busy, or be an emulator's

# Ctrl-X p prints the line between marks; Ctrl-U empties it.
SHELLS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        "bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; "
        "show() { printf '<%s<%s>%s>\\n' '' \"$READLINE_LINE\" ''; }; bind -x '\"\\C-xp\": show'",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "unsetopt beep zle_bracketed_paste 2>/dev/null; autoload -U compinit; compinit -D -u; "
        "show() { print -r -- '<''<'$BUFFER'>''>' }; zle -N show; bindkey '^Xp' show; bindkey '^U' kill-whole-line",
    ),
}


class Terminal:
    def __init__(self, command: list[str]) -> None:
        self.seen = ""
        child, self.terminal = pty.fork()
        if child == 0:
            os.execvpe(command[0], command, {**os.environ, "TERM": "dumb", "PS1": "> ", "COLUMNS": "500", "INPUTRC": "/dev/null"})

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def wait(self, pattern: str) -> str:
        """What the pattern's group matched in what was written since the last time."""
        end = time.monotonic() + PATIENCE_S
        while (match := re.search(pattern, self.seen, re.DOTALL)) is None:
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                sys.exit(f"press_tab.py: waited in vain for {pattern}; the terminal shows: {self.seen!r}")
            try:
                self.seen += os.read(self.terminal, 65536).decode(errors="replace")
            except OSError:
                sys.exit(f"press_tab.py: the shell ended: {self.seen!r}")
        self.seen = self.seen[match.end() :]
        return match.group(1)


def main() -> None:
    command, setup = SHELLS[sys.argv[1]]
    terminal = Terminal(command)
    terminal.type(f"{setup}; . {sys.argv[2]}; echo 're'ady\n")
    terminal.wait("(ready)\r?\n")
    for line in sys.stdin.read().splitlines():
        terminal.type(line + "\t\x18p")
        print(terminal.wait("<<(.*?)>>"))
        terminal.type("\x15")


if __name__ == "__main__":
    main()
