"""Make .venv ready for `make run`, `make test` and the rest, and cost nothing when it already is.

Runs under whatever python3 the machine has, before anything is installed: standard library only, and old syntax,
so that an old Python can say that it is old. pip is left to the machine's own configuration.

    python3 setup/prepare.py [--dev] [--peer]
"""

import argparse
import hashlib
import os
import platform
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
# MB that pip fetches, measured for Python 3.11 by `pip download` of the pinned files
DOWNLOAD_MB = {"Linux": 416, "Darwin": 305, "Windows": 318}
DEV_MB = 82


class Stop(Exception):
    """What went wrong and what to do, in the reader's language."""


def main():
    parser = argparse.ArgumentParser(description="准备运行环境 .venv")
    parser.add_argument("--dev", action="store_true", help="测试与检查用的工具")
    parser.add_argument("--peer", action="store_true", help="make bench 的对照流程，装在 .venv-peer")
    args = parser.parse_args()
    try:
        refuse_old_python()
        if args.peer:
            prepare(ROOT / ".venv-peer", [ROOT / "benchmarks" / "requirements-peer.txt"], "对照流程", 0)
        else:
            prepare(ROOT / ".venv", [ROOT / "requirements.txt"], "引据", download_mb())
        if args.dev:
            prepare(ROOT / ".venv", [ROOT / "requirements-dev.txt"], "测试工具", DEV_MB)
    except Stop as stop:
        sys.exit("\n%s" % stop)


def refuse_old_python(version=tuple(sys.version_info)):
    if version < OLDEST:
        raise Stop(
            "需要 Python 3.11 或更新的版本，现在是 %s（%s）。\n"
            "请从 https://www.python.org/downloads/ 安装，或用 make run PYTHON=python3.12 指定已装好的版本。"
            % (".".join(map(str, version[:3])), sys.executable)
        )


def prepare(venv, requirements, name, megabytes):
    """Install once; afterwards a stamp with the files' hash answers at once."""
    stamp = venv / (".ready-" + requirements[0].stem)
    wanted = fingerprint(requirements)
    if stamp.is_file() and stamp.read_text() == wanted and interpreter(venv).is_file():
        return
    started = time.time()
    if not works(venv):
        create(venv)
    print(
        "正在为%s安装依赖到 %s/%s" % (name, venv.name, "，约需下载 %d MB。" % megabytes if megabytes else "。"),
        flush=True,
    )
    log = venv / "install.log"
    if requirements[0].name == "requirements.txt" and platform.system() == "Linux":
        install_cpu_torch(venv, log)
    files = [word for file in requirements for word in ("-r", str(file))]
    if not pip(venv, log, *files):
        raise Stop("依赖没有装好。%s\n完整记录在 %s；排除原因后再运行一次，已下载的部分不会重来。" % (tail(log), log))
    compile_quietly(venv, log)
    stamp.write_text(wanted)
    print("依赖已装好，用时 %d 秒。" % (time.time() - started), flush=True)


def fingerprint(requirements):
    """Hash of what is asked for and of the Python that asks."""
    digest = hashlib.sha256(platform.python_version().encode() + str(ROOT).encode())
    for file in [*requirements, ROOT / "constraints.txt"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def download_mb():
    return DOWNLOAD_MB.get(platform.system(), max(DOWNLOAD_MB.values()))


def interpreter(venv):
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(venv):
    """A venv whose Python was removed or replaced, or that was copied from elsewhere, does not."""
    python = interpreter(venv)
    if not python.is_file():
        return False
    asked = "import sys, pip; print(sys.prefix, sys.version_info[:2])"
    reply = subprocess.run([str(python), "-c", asked], capture_output=True, text=True)
    return reply.stdout.strip() == "%s %s" % (venv, sys.version_info[:2])


def create(venv):
    reply = subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], capture_output=True, text=True)
    if reply.returncode:
        raise Stop(
            "没能建立虚拟环境 %s。在 Debian 或 Ubuntu 上通常是缺少 venv 组件，请先运行：\n"
            "  sudo apt install python%d.%d-venv\n%s" % (venv, *sys.version_info[:2], reply.stderr.strip()[-400:])
        )


def install_cpu_torch(venv, log):
    """The default index's Linux torch carries gigabytes of CUDA; PyTorch's own index has the CPU build alone.

    Where that index cannot be reached, pip's own configuration decides: it may hold a CPU build as well.
    """
    pin = next(line.split("#")[0].strip() for line in (ROOT / "requirements.txt").open() if line.startswith("torch=="))
    if answers(CPU_INDEX + "/torch/") and pip(venv, log, "--no-deps", pin, "--index-url", CPU_INDEX):
        return
    print("连不上 PyTorch 的 CPU 版下载源，改用本机 pip 的默认源（若只有带 CUDA 的版本，会多下载数 GB）。", flush=True)


def answers(url):
    """Within five seconds. A proxy's own certificate counts when pip was told of it."""
    try:
        trust = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
        with urllib.request.urlopen(url, timeout=5, context=trust) as reply:
            return reply.status == 200
    except (OSError, ValueError):
        return False


def pip(venv, log, *words):
    """Run pip, all it says into the log, what matters to the reader. True when it succeeded."""
    command = [str(interpreter(venv)), "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    environment = dict(os.environ, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8", PIP_PROGRESS_BAR="off")
    process = subprocess.Popen(
        [*command, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    with log.open("a", encoding="utf-8") as record:
        found = 0
        for line in process.stdout:
            record.write(line)
            found += line.startswith("Collecting ")
            say(step(line), found)
    say("", found)
    return process.wait() == 0


def say(what, found):
    """In place on a terminal; elsewhere one line for each large download and for the installing itself."""
    if sys.stdout.isatty():
        print("\r\033[K" + ("  [%d] %s" % (found, what) if what else ""), end="", flush=True)
    elif "MB" in what or "安装" in what:
        print("  [%d] %s" % (found, what), flush=True)


def compile_quietly(venv, log):
    """jieba makes Python warn when it is first compiled; that first time is here, not on a reader's terminal."""
    find = "import importlib.util as u; print(*(u.find_spec('jieba') or u.find_spec('pip')).submodule_search_locations)"
    python = str(interpreter(venv))
    folder = subprocess.run([python, "-c", find], capture_output=True, text=True).stdout.strip()
    with log.open("ab") as record:
        subprocess.run([python, "-W", "ignore", "-m", "compileall", "-q", folder], stdout=record, stderr=record)


def step(line):
    """What a line of pip's output means to someone who waits."""
    words = line.split()
    if line.startswith("Collecting "):
        return "查找 %s" % words[1]
    if words[:1] == ["Downloading"] and not words[1].endswith(".metadata"):
        return "下载 %s %s" % (Path(words[1]).name.split("-")[0], " ".join(words[2:]))
    if line.startswith("Installing collected packages"):
        return "正在安装，请稍候……"
    return ""


def tail(log):
    lines = log.read_text("utf-8", "replace").splitlines()
    errors = [line for line in lines if line.startswith("ERROR")][-3:]
    return "\n".join(["", *(errors or lines[-5:])])


if __name__ == "__main__":
    main()
