#!/usr/bin/python3
"""Runs every command that the documentation shows, and compares what is shown of its output.

usage: docs_commands.py --transept FILE --rules FILE [--only PAGE] [--show] ROOT WORK

Commands stand in fenced blocks: `sh` (a command a line; the exit status must be 0) and `console` (`$ command`, then its output, which must be what
the command says). In shown output a line `...` stands for any lines, and `...` in a line for anything. They run in WORK, a folder made like a
checkout whose results are records made for the tests. What cannot be run here is in the rules, a line each:

    HOW :: PAGE :: COMMAND :: WHY

HOW is `skip` (not run; the program must be there and its --help must know every option), `dry` (make reads it, without doing it), `fails` (it
shall end with a status other than 0), or `mask` (the output's numbers, letters of notes and blanks differ by machine and are not compared). PAGE
and COMMAND may have `*`. A rule that fits no command any more is an error, and so is a command in a block of another kind.

Of commands within a sentence (`transept …`, `make …`) the subcommand or target must exist, and its options too.

What troubleshooting.md quotes as a message (> `…`) must be in the sources.
"""
import argparse
import errno
import fnmatch
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

COMMAND = re.compile(r"(make|transept|ci/\w|scripts/\w|build/native|\./transept)\b")
SECONDS = 60


class Rule:
    def __init__(self, line):
        self.how, self.page, self.command, self.why = [part.strip() for part in line.split(" :: ")]
        self.used = False

    def fits(self, page, command):
        return fnmatch.fnmatchcase(page, self.page) and fnmatch.fnmatchcase(command, self.command)


def rules_of(path):
    rules = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                rules.append(Rule(line))
            except ValueError:
                raise SystemExit(f"{path}:{number}: not HOW :: PAGE :: COMMAND :: WHY") from None
            if rules[-1].how not in ("skip", "dry", "fails", "mask") or not rules[-1].why:
                raise SystemExit(f"{path}:{number}: HOW is skip, dry, fails or mask, and WHY must be there")
    return rules


def blocks(text):
    """(language, first line's number, lines) of each fenced block; indented code is of language "indented"."""
    found, language, last = [], None, ""
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.match(r"\s*```(\w*)", line)
        if fence and language is None:
            language = fence.group(1)
            found.append((language or "text", number + 1, []))
        elif fence:
            language = None
        elif language is not None:
            found[-1][2].append(line)
        elif re.match(r"    \S", line) and not last.strip():
            found.append(("indented", number, [line.strip()]))
        last = line
    return found


def without_comment(line):
    """A shell line without the remark at its end."""
    return re.sub(r"\s+#\s.*$", "", line).rstrip()


def commands(page, text):
    """(line number, command, shown lines or None) of each command of a page; ValueError for one in a block of another kind."""
    for language, first, lines in blocks(text):
        if language == "sh":
            joined = "\n".join(lines).replace("\\\n", "")
            for command in joined.split("\n"):
                if without_comment(command) and not command.startswith("#"):
                    yield first, without_comment(command), None
        elif language == "console":
            current = None
            for offset, line in enumerate([*lines, None]):
                if line is None or line.startswith("$ "):
                    if current:
                        yield current
                    current = (first + offset, without_comment(line[2:]), []) if line is not None else None
                elif current is None:
                    raise ValueError(f"{page}:{first}: a console block begins with `$ command`")
                else:
                    current[2].append(line)
        elif language in ("text", "indented"):
            for offset, line in enumerate(lines):
                if COMMAND.match(line.removeprefix("$ ")):
                    raise ValueError(f"{page}:{first + offset}: '{line}' is a command; such blocks are marked sh or console, so that they are run")


# Figures, notes, and how wide a column became.
NUMBER = re.compile(r"[±<>~=]?\b\d[\d.,:]*(?:e-?\d+)?\b|—")


def pattern(shown, mask):
    """What the output must match: the shown lines, with ... for anything."""
    parts = []
    for line in shown:
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*?")
            continue
        pieces = []
        for piece in line.split("..."):
            if mask:
                words = ["".join("\x00" if NUMBER.fullmatch(part) else re.escape(part) for part in re.split(f"({NUMBER.pattern})", word) if part)
                         for word in piece.split()]
                # A figure may be there or stand apart from its ± and its unit; a tail may lack samples.
                piece_pattern = r"\s+".join(word.replace("\x00", r"(?:[±<>~=n]*[\d.,:e-]+|—)") for word in words)
                pieces.append((r"\s*" if piece[:1].isspace() else "") + piece_pattern + (r"\s*" if piece[-1:].isspace() else ""))
            else:
                pieces.append(re.escape(piece))
        parts.append(".*".join(pieces) + r"[ \t]*\n")
    return re.compile("".join(parts))


class Runner:
    def __init__(self, options):
        self.options, self.failures, self.counts = options, [], {"run": 0, "compared": 0, "dry": 0, "skip": 0}
        self.environment = dict(os.environ, PATH=f"{options.work / 'bin'}:{os.environ['PATH']}", HOME=str(options.work), LC_ALL="C.UTF-8",
                                PYTHONDONTWRITEBYTECODE="1")
        for name in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "COLUMNS"):
            self.environment.pop(name, None)
        self.status, self.helps = 0, {}

    def shell(self, command, folder=None):
        """Exit status and output. `$?` in a command is the status of the one before it, as in a terminal."""
        text = f"(exit {self.status})\n{command}"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", text], cwd=folder or self.options.work, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=SECONDS)
        self.status = done.returncode
        return done.returncode, done.stdout

    def fail(self, where, command, what, output=""):
        shown = "".join(f"    {line}\n" for line in output.splitlines()[:30])
        self.failures.append(f"FAILED {where}: {command}\n  {what}\n{shown}")

    def known(self, where, command):
        """A command that is not run: its program is there, and its help knows its options."""
        words = shlex.split(command.replace("$$", "0"), comments=True)
        while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
            words.pop(0)
        interpreter = [words.pop(0)] if words[0] == "python3" else []
        program = words[0]
        own = program == "transept" or program.endswith("/transept") or program.startswith(("ci/", "scripts/"))
        if not own:
            return
        call = [program, words[1]] if program.endswith("transept") else [*interpreter, program]
        status, text = self.shell(shlex.join([*call, "--help"]))
        if status not in (0, 2) or not text:
            self.fail(where, command, f"{shlex.join(call)} --help ends with status {status}", text)
        for word in words[1:]:
            option = re.match(r"--[a-z][\w-]*", word)
            if option and option.group(0) not in text:
                self.fail(where, command, f"{option.group(0)} is not in {shlex.join(call)} --help", text)
            if word.startswith("arm64") or "/bench/transept" in word:
                break  # what follows is another command's

    def one(self, page, line, command, shown, rule):
        where, how = f"{page}:{line}", rule.how if rule else "run"
        if how == "skip":
            self.counts["skip"] += 1
            self.known(where, command)
            return
        if how == "dry":
            self.counts["dry"] += 1
            status, output = self.shell(f"{command} --dry-run", self.options.root)
            if status != 0:
                self.fail(where, command, f"make does not take it: status {status}", output)
            return
        begin = time.monotonic()
        try:
            status, output = self.shell(command)
        except subprocess.TimeoutExpired:
            self.fail(where, command, f"not done after {SECONDS} s")
            return
        self.counts["run"] += 1
        if self.options.show:
            print(f"== {where}: {command} ({time.monotonic() - begin:.1f} s, status {status})\n{output}")
        if (status != 0) != (how == "fails" or self.shown_status(page, line)):
            self.fail(where, command, f"exit status {status}", output)
        elif shown is not None:
            self.counts["compared"] += 1
            if not pattern(shown, how == "mask").fullmatch(output if output.endswith("\n") or not output else output + "\n"):
                self.fail(where, command, "the output differs from what is shown; it is", output)

    def shown_status(self, page, line):
        """Does the page show the exit status right after this command, and is it not 0?"""
        return self.expected.get((page, line), 0) != 0

    def help_of(self, *words):
        """What `transept WORDS --help` says; None where there is no such subcommand."""
        if words not in self.helps:
            status, text = self.shell(shlex.join(["transept", *words, "--help"]))
            self.helps[words] = text if status == 0 else None
        return self.helps[words]

    def within_sentences(self, page, text, targets):
        """Commands between single backquotes are not run, but what they name must be there."""
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        for command in re.findall(r"(?<!`)`((?:transept|make) [a-z-][^`]*)`", prose):
            name, *words = command.replace("…", " ").replace("|", " ").split()
            if name == "make":
                gone = [word for word in words[:1] if re.fullmatch(r"[a-z-]+", word) and word not in targets]
                if gone:
                    self.fail(page, command, f"there is no target {gone[0]} in the Makefile")
                continue
            helped = self.help_of(*words[:1]) if words and not words[0].startswith("-") else self.help_of()
            if helped is None:
                self.fail(page, command, f"there is no transept {words[0]}")
                continue
            for option in re.findall(r"(?<!\S)--[a-z][\w-]*", command.split(" -- ")[0]):
                if option not in helped and option not in ("--help", "--version"):
                    self.fail(page, command, f"{option} is not in its --help", helped)

    def pages(self, rules):
        makefile = self.options.root / "Makefile"
        targets = set(re.findall(r"^([a-z-]+):", makefile.read_text(encoding="utf-8") if makefile.exists() else "", flags=re.MULTILINE))
        self.expected = {}
        sources = [self.options.root / "README.md", *sorted((self.options.root / "docs").rglob("*.md"))]
        for source in sources:
            page = source.relative_to(self.options.root).as_posix()
            if self.options.only and not fnmatch.fnmatchcase(page, self.options.only):
                continue
            try:
                text = source.read_text(encoding="utf-8")
                found = list(commands(page, text))
                self.within_sentences(page, text, targets)
            except ValueError as error:
                self.failures.append(f"FAILED {error}\n")
                continue
            for (line, _, _), (_, after, shown) in zip(found, found[1:]):
                if after == "echo $?" and shown:
                    self.expected[(page, line)] = int(shown[0])
            for line, command, shown in found:
                rule = next((rule for rule in rules if rule.fits(page, command)), None)
                if rule:
                    rule.used = True
                self.one(page, line, command, shown, rule)


def spoken(root):
    """All that the program and the scripts can say: the texts of C's string literals, neighbours joined, and the scripts."""
    parts = []
    for base in ("harness", "bench", "kernels"):
        for path in sorted((root / base).rglob("*.[ch]")):
            text = path.read_text(encoding="utf-8")
            text = re.sub(r'"\s*PRI\w+\s*"', "…", text)
            parts.append(re.sub(r'"\s*\n\s*"', "", text).replace('\\"', '"'))
    for base in ("scripts", "ci", "cmake"):
        parts += [path.read_text(encoding="utf-8") for path in sorted((root / base).rglob("*")) if path.is_file() and path.suffix in ("", ".sh", ".py", ".cmake")]
    return "\n".join(parts)


def unsaid(root, page):
    """Messages that a page quotes and that no source has: each run of words between what differs must be there."""
    text, sources = (root / page).read_text(encoding="utf-8"), spoken(root)
    for quoted in re.findall(r"^> `([^`]+)`", text, flags=re.MULTILINE):
        # What the system calls an error is the system's to say.
        for piece in quoted.replace(os.strerror(errno.ENOSPC), "…").split("…"):
            words = piece.strip(" '():;")
            if len(words) > 3 and words not in sources:
                yield f"{page}: no source says '{words}' (of '{quoted}')"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--rules", type=pathlib.Path, required=True)
    parser.add_argument("--only")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    options = parser.parse_args()
    options.root, options.work = options.root.resolve(), options.work.resolve()
    rules = rules_of(options.rules)
    runner = Runner(options)
    runner.pages(rules)
    if not options.only:
        runner.failures += [f"FAILED {options.rules.name}: no command is '{rule.command}' in {rule.page} any more\n" for rule in rules if not rule.used]
    if (options.root / "docs/troubleshooting.md").exists():
        runner.failures += [f"FAILED {line}\n" for line in unsaid(options.root, "docs/troubleshooting.md")]
    print("".join(runner.failures), end="")
    told = runner.counts
    print(f"{told['run']} commands run, {told['compared']} of them compared; {told['dry']} read by make; {told['skip']} not run")
    if told["run"] + told["dry"] < 40 and not options.only:
        print("FAILED so few commands: has the pages' layout changed?")
        return 1
    return 1 if runner.failures else 0


if __name__ == "__main__":
    sys.exit(main())
