"""What shells offer to complete a command line with. The shells are real; each gets all lines at once.

offers_of_<shell>(completion file, lines, folder) gives {line: [word, ...]}. `folder` is the current one and the home.
"""

import os
import pty
import re
import select
import shlex
import subprocess

DEADLINE = 60  # seconds for all lines
END = "--end--"


def split_answers(lines, text):
    """What was printed before each END belongs to a line."""
    answers = [part.split("\n") for part in text.replace("\r", "").split(END + "\n")[:-1]]
    if len(answers) != len(lines):
        raise AssertionError(f"{len(answers)} answers to {len(lines)} lines: {text[-500:]}")
    return {line: [word for word in words if word] for line, words in zip(lines, answers)}


def run_script(command, script, lines, folder):
    run = subprocess.run(command, input=script, capture_output=True, text=True, cwd=folder,
                         env=dict(os.environ, HOME=folder), timeout=DEADLINE)
    if run.stderr:
        raise AssertionError(run.stderr)
    return split_answers(lines, run.stdout)


def offers_of_bash(path, lines, folder):
    """Calls the completion function as readline does, with words that it has cut at = and @."""
    script = f"source {shlex.quote(str(path))}\ncompopt() {{ :; }}  # needs readline\n"
    for line in lines:
        words = re.findall(r"=@|[=@:]|[^\s=@:]+", line) + [""] * line.endswith(" ")
        script += (f"COMP_WORDS=({shlex.join(words)}) COMP_CWORD={len(words) - 1}\n"
                   f"COMP_LINE={shlex.quote(line)} COMP_POINT={len(line)}\n"
                   f'_wscope\nprintf "%s\\n" "${{COMPREPLY[@]}}" {END}\n')
    return run_script(["bash", "--norc"], script, lines, folder)


def offers_of_fish(path, lines, folder):
    script = f"source {shlex.quote(str(path))}\n"
    for line in lines:
        script += f"complete -C {shlex.quote(line)}\necho {END}\n"
    answers = run_script(["fish", "--no-config"], script, lines, folder)
    # Each is a word and its description; behind --option= it is with the option.
    return {line: [re.sub(r"^--[\w-]+=|\t.*", "", word) for word in words] for line, words in answers.items()}


# A widget that completes as TAB does, and reports what compadd is given as matches.
ZSH_SETUP = r"""
    fpath=(FOLDER $fpath)
    autoload -Uz compinit && compinit -D -u
    compadd() {
      if [[ ${@[1,(i)(-|--)]} != *-[OAD]\ * ]]; then
        local -a matches
        builtin compadd -A matches "$@"
        print -rl -- $matches >&REPORT
      fi
      builtin compadd "$@"
    }
    report() {
      _main_complete
      print -r -- END >&REPORT
      compstate[insert]= compstate[list]=
    }
    zle -C report complete-word report
    bindkey '^I' report
    bindkey '^U' kill-whole-line
    print READY >&REPORT
"""


def offers_of_zsh(path, lines, folder):
    """Types the lines, with a TAB behind each, at a terminal."""
    reader, writer = os.pipe()
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.dup2(writer, 9)
        os.environ.update(HOME=folder, TERM="dumb")
        os.execvp("zsh", ["zsh", "-f", "-i"])
    os.close(writer)

    def read_until(end):
        text = ""
        while not text.endswith(end + "\n"):
            ready, _, _ = select.select([reader, terminal], [], [], DEADLINE)
            if terminal in ready:
                os.read(terminal, 1 << 16)  # what it shows
            if reader in ready:
                text += os.read(reader, 1 << 16).decode()
            if not ready:
                raise AssertionError(f"zsh hangs after {text[-500:]}")
        return text

    setup = ZSH_SETUP.replace("FOLDER", shlex.quote(str(path.parent))).replace("REPORT", "9").replace("END", END)
    os.write(terminal, b"eval " + shlex.quote(setup).encode() + b"\n")
    read_until("READY")
    text = ""
    for line in lines:
        os.write(terminal, line.encode() + b"\t")
        text += read_until(END)
        os.write(terminal, b"\x15")
    os.write(terminal, b"exit\n")
    os.close(terminal)
    os.close(reader)
    os.waitpid(pid, 0)
    return split_answers(lines, text)
