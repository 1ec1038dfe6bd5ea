"""Subscribes to a feed with downloaders that are not ours, each in a home of its own, and lets each take everything.

Prints, by name of the downloader, the SHA-1 of every audio file that it kept, and the chapters that it knows of.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FEED, FOLDER, TOOLS = sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3]
AUDIO = {".mp3", ".m4a"}


class Client:
    def __init__(self, name):
        self.name = name
        self.home = FOLDER / name
        self.downloads = self.home / "downloads"
        self.downloads.mkdir(parents=True)
        self.said = ""

    def write(self, path, text):
        path = self.home / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, *words, **more):
        environment = dict(os.environ, HOME=str(self.home), XDG_CONFIG_HOME=str(self.home / ".config"),
                           XDG_DATA_HOME=str(self.home / ".local/share"), XDG_CACHE_HOME=str(self.home / ".cache"),
                           PATH=TOOLS + os.pathsep + os.environ["PATH"], PYTHONUTF8="1", **more)
        done = subprocess.run(words, cwd=self.home, env=environment, stdin=subprocess.DEVNULL, timeout=240,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self.said += f"$ {' '.join(words)}\n{done.stdout}\n[{done.returncode}]\n"

    def files(self):
        found = (path for path in self.home.rglob("*") if path.is_file() and path.suffix in AUDIO)
        return {hashlib.sha1(path.read_bytes()).hexdigest(): path.name for path in found}


def gpo(client):
    more = {"GPODDER_HOME": str(client.home), "GPODDER_DOWNLOAD_DIR": str(client.downloads)}
    client.run("gpo", "subscribe", FEED, **more)
    client.run("gpo", "update", **more)
    client.run("gpo", "download", **more)
    rows = sqlite3.connect(client.home / "Database").execute("SELECT url, chapters FROM episode")
    return {url: [[c["start"], c["title"]] for c in json.loads(chapters or "[]")] for url, chapters in rows}


def podcast_archiver(client):
    client.run("podcast-archiver", "--feed", FEED, "--dir", str(client.downloads))


def yt_dlp(client):
    client.run("yt-dlp", "--no-progress", "--output", "downloads/%(playlist_index)s-%(id)s.%(ext)s", FEED)


def greg(client):
    config = client.write("greg.conf", f"""[DEFAULT]
Data directory = {client.home}/data
Download directory = {client.downloads}
firstsync = all
mime = audio
downloadhandler = greg
Create subdirectory = no
Tag = no
ignoreenclosures = no
notype = no
""")
    client.run("greg", "-cf", config, "add", "kinds", FEED)
    client.run("greg", "-cf", config, "sync")


def podget(client):
    client.write("conf/podgetrc", f"""# Podget configuration file created by version 0.9.0
CONFIG_SERVERLIST=serverlist
DIR_LIBRARY={client.downloads}
LOG_FAIL=errors
LOG_COMPLETE=done
WGET_BASEOPTS="-nv -nH"
MOST_RECENT=0
FORCE=0
CLEANUP=0
MIN_SPACE=1
NO_PLAYLIST=1
""")
    client.write("conf/serverlist", f"{FEED} kinds Kinds\n")
    client.run("podget", "--dir_config", str(client.home / "conf"), "-vv")


def poca(client):
    client.write(".poca/poca.xml", f"""<poca version="1.1"><settings><base_dir>{client.downloads}</base_dir></settings>
<subscriptions><subscription><title>Kinds</title><url>{FEED}</url></subscription></subscriptions></poca>""")
    client.run("poca", "--config", str(client.home / ".poca"))


def podcast_downloader(client):
    config = client.write("config.json", json.dumps({
        "if_directory_empty": "download_all_from_feed",
        "podcast_extensions": {".mp3": "audio/mpeg", ".m4a": "audio/x-m4a"},
        "podcasts": [{"name": "Kinds", "path": str(client.downloads), "rss_link": FEED}],
    }))
    client.run("python3", "-m", "podcast_downloader", "--config", config)


def upodder(client):
    client.write("up/subscriptions", FEED + "\n")
    client.run("upodder", "-b", str(client.home / "up"), "-p", str(client.downloads), "-o", "100000")


ALL = [gpo, podcast_archiver, yt_dlp, greg, podget, poca, podcast_downloader, upodder]
WANTED = [c for c in ALL if len(sys.argv) < 5 or c.__name__ in sys.argv[4].split(",")]


def take(one):
    client = Client(one.__name__)
    chapters = one(client)
    return client.name, {"files": client.files(), "chapters": chapters, "said": client.said[-6000:]}


with ThreadPoolExecutor(2) as pool:
    print(json.dumps(dict(pool.map(take, WANTED)), ensure_ascii=False))
