#!/usr/bin/env python3
"""Records the sample show: speaks each article, sets it to a podcast's loudness, and writes down where sections begin.

Run from anywhere; needs flite, festival with festvox-us-slt-hts, sox, ffmpeg, lame and cargo. What is spoken is what
`listen-now article` says is read aloud, so the articles are made first.
"""

import array
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EPISODES = ROOT / "episodes"
RATE = 44_100

# Seconds of silence: before the first word, after a heading, between paragraphs, before a heading, after the last word.
LEAD, AFTER_HEADING, BETWEEN, BEFORE_HEADING, TAIL = 0.4, 0.6, 0.5, 1.0, 0.8

# Sound begins and ends where a sample is louder than this (16 bit); synthesizers put silence around what they say.
THRESHOLD = 160

LUFS, PEAK_DB = -19.0, -2.0

# Left alone, lame would make 32 kHz of it.
LAME = ["--quiet", "-m", "m", "--cbr", "-b", "56", "-q", "0", "--resample", "44.1"]


def festival(text, wav):
    command = ["text2wave", "-eval", "(voice_cmu_us_slt_arctic_hts)", "-o", wav]
    subprocess.run(command, input=text.encode("ascii"), check=True)


def flite(voice, *options):
    def speak(text, wav):
        text.encode("ascii")
        subprocess.run(["flite", "-voice", voice, *options, "-t", text, "-o", wav], check=True)

    return speak


# Episode, who reads it, and where its marks go.
SHOW = [
    ("the-mill-that-ran-on-the-moon", festival, "episode.toml"),
    ("the-lamp-that-learned-to-count", flite("rms", "--setf", "duration_stretch=0.92"), "chapters.txt"),
    ("the-ten-days-that-never-were", flite("awb"), "chapters.json"),
]


def article(folder):
    """Title and sections, as the tool reads them."""
    file = next(folder.glob("article.*"))
    command = ["cargo", "run", "-q", "--", "article", "--format", "json", file]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)["article"]


def spoken(speak, text, scratch):
    """Samples of a text, from its first sound to its last."""
    speak(text, scratch / "said.wav")
    command = ["sox", "-D", scratch / "said.wav", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-"]
    raw = subprocess.run([*command, "gain", "-1", "rate", "-v", str(RATE)], check=True, capture_output=True).stdout
    samples = array.array("h", raw)
    loud = [at for at, sample in enumerate(samples) if abs(sample) > THRESHOLD]
    return samples[loud[0] : loud[-1] + 1]


def silence(seconds):
    return array.array("h", bytes(2 * round(seconds * RATE)))


def read_aloud(speak, content, scratch):
    """The reading, and (sample, title) of each section."""
    reading, marks = silence(LEAD), []
    for number, section in enumerate(content["sections"]):
        heading = section["heading"] or content["title"]
        if number:
            reading += silence(BEFORE_HEADING)
        # A reading begins with its first chapter, whatever silence comes before the first word.
        marks.append((len(reading) if number else 0, heading))
        said = [spoken(speak, heading + ".", scratch)]
        said += [spoken(speak, paragraph, scratch) for paragraph in section["paragraphs"]]
        for place, samples in enumerate(said):
            if place:
                reading += silence(AFTER_HEADING if place == 1 else BETWEEN)
            reading += samples
    return reading + silence(TAIL), marks


def loudness(file):
    log = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", file, "-af", "ebur128=peak=true", "-f", "null", "-"],
        check=True, capture_output=True, text=True,
    ).stderr
    summary = log[log.rindex("Summary:") :]
    return float(re.search(r"I:\s+(\S+) LUFS", summary)[1]), float(re.search(r"Peak:\s+(\S+) dBFS", summary)[1])


def encode(reading, target, scratch):
    """One channel of MP3 with 56 kbit/s, which is enough for these voices."""
    raw, level, master = scratch / "reading.raw", scratch / "level.wav", scratch / "master.wav"
    raw.write_bytes(reading.tobytes())
    as_raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", raw]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *as_raw, "-c:a", "pcm_f32le", level], check=True)
    gain = LUFS - loudness(level)[0]
    # The limiter works at four times the rate, so that it sees the peaks between the samples; it delays nothing.
    limit = f"alimiter=limit={PEAK_DB}dB:level=disabled:latency=1"
    limit = f"aresample={4 * RATE}:resampler=soxr,{limit},aresample={RATE}:resampler=soxr"
    # The second time makes up for what the limiter and the encoder took.
    for _ in range(2):
        chain = ["-af", f"volume={gain:.2f}dB,{limit}", "-c:a", "pcm_s16le", "-bitexact"]
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", level, *chain, master], check=True)
        subprocess.run(["lame", *LAME, master, target], check=True)
        gain += LUFS - loudness(target)[0]


def write_marks(folder, form, marks):
    times = [(sample * 1000 // RATE, title) for sample, title in marks]
    if form == "episode.toml":
        lines = [f'    {{ start = "{clock(ms)}", title = "{title}" }},' for ms, title in times]
        file = folder / form
        kept = file.read_text().split("chapters = [")[0]
        file.write_text(kept + "\n".join(["chapters = [", *lines, "]", ""]))
    elif form == "chapters.txt":
        lines = [f"{ms / 1000:.6f}\t{ms / 1000:.6f}\t{title}\n" for ms, title in times]
        (folder / form).write_text("".join(lines))
    else:
        chapters = [{"startTime": ms / 1000, "title": title} for ms, title in times]
        (folder / form).write_text(json.dumps({"version": "1.2.0", "chapters": chapters}, indent=2) + "\n")


def clock(ms):
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def main(wanted):
    for slug, speak, form in SHOW:
        if wanted and slug not in wanted:
            continue
        folder = EPISODES / slug
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            reading, marks = read_aloud(speak, article(folder), scratch)
            target = folder / "reading.mp3"
            encode(reading, target, scratch)
            write_marks(folder, form, marks)
            lufs, peak = loudness(target)
        print(f"{slug}: {len(reading) / RATE:.3f} s, {target.stat().st_size} bytes, {lufs} LUFS, {peak} dBTP")
        for (sample, title), (after, _) in zip(marks, [*marks[1:], (len(reading), "")]):
            print(f"    {sample / RATE:8.3f}  {(after - sample) / RATE:6.1f} s  {title}")


if __name__ == "__main__":
    main(sys.argv[1:])
