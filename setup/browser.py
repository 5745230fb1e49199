"""See that the browser tests have a Chromium and Chinese letters to show, from the system's own packages.

Standard library only, like `prepare.py`. Playwright downloads browsers of its own, which many networks do not reach.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-noto-cjk")


def main():
    if browser():
        return
    print("测试页面需要 Chromium 浏览器，正在从系统软件源安装 %s……" % "、".join(PACKAGES), flush=True)
    failure = install()
    if not browser():
        sys.exit(
            "\n没能装上 Chromium：%s\n"
            "请自行安装 Chromium 或 Chrome（Debian、Ubuntu：sudo apt install %s；\n"
            "macOS：brew install --cask chromium），"
            "再运行一次 make test；\n只跑其余测试：.venv/bin/python -m pytest --ignore=tests/browser"
            % (failure or "系统里仍找不到它", " ".join(PACKAGES))
        )


def browser():
    """Path of a Chromium that is already here, or an empty string."""
    return next(filter(None, map(shutil.which, NAMES)), "") or next(filter(os.path.isfile, PLACES), "")


def install():
    """Ask the system for it. Returns what went wrong, or an empty string."""
    if not shutil.which("apt-get"):
        return "这个系统没有 apt-get"
    allowed = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if allowed and not shutil.which("sudo"):
        return "需要管理员权限"
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        command = [*allowed, "apt-get", *step]
        reply = subprocess.run(
            command, capture_output=True, text=True, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        )
    return reply.stderr.strip()[-300:] if reply.returncode else ""


if __name__ == "__main__":
    main()
