"""aug.py VOICES OUT N SEED: makes N training recordings of ~40 s (features as int8, labels every 20 ms)."""

import glob, os, subprocess, sys
import numpy as np
from classes import *
import feats

SR = 8000


def rms(x):
    return float(np.sqrt((x**2).mean() + 1e-12))


def synth_music(n, rng):
    y = np.zeros(n + SR * 3, np.float32)
    t = 0.0
    step = rng.uniform(0.12, 0.6)
    root = rng.uniform(80, 220)
    scale = [0, 2, 4, 5, 7, 9, 11, 12, 14, 16]
    drums = rng.random() < 0.4
    att = rng.uniform(0.003, 0.15)
    dec = rng.uniform(0.8, 6)
    nh = int(rng.integers(1, 9))
    fall = rng.uniform(0.3, 0.9)
    chord = rng.random() < 0.5
    while t < n / SR:
        for _ in range(int(rng.integers(1, 4)) if chord else 1):
            f = root * 2 ** (scale[int(rng.integers(10))] / 12 + int(rng.integers(0, 3)))
            L = int(min(2.5, 4 / dec) * SR)
            tt = np.arange(L) / SR
            s = sum(
                (
                    fall**k * np.sin(2 * np.pi * f * (k + 1) * tt * (1 + rng.normal() * 0.0008) + rng.uniform(0, 6))
                    for k in range(nh)
                    if f * (k + 1) < 3900
                )
            )
            a = int(t * SR)
            y[a : a + L] += (s * np.minimum(1, tt / att) * np.exp(-dec * tt)).astype(np.float32)[: max(0, len(y) - a)]
        if drums:
            L = SR // 5
            a = int(t * SR)
            y[a : a + L] += (
                rng.standard_normal(L) * np.exp(-rng.uniform(15, 60) * np.arange(L) / SR) * rng.uniform(0.2, 1.5)
            ).astype(np.float32)[: max(0, len(y) - a)]
        t += step * rng.choice([0.5, 1, 1, 2])
    return y[:n] / (rms(y[:n]) + 1e-06)


MUSIC = []


def load_music():
    for f in sorted(
        glob.glob("/usr/share/games/etr/music/*.ogg")
        + glob.glob("/usr/share/games/neverball/bgm/*.ogg")
        + glob.glob("/usr/share/games/frozen-bubble/snd/*zik*.ogg")
    ):
        x = feats.load(f)[: SR * 120]
        if len(x) > SR * 5:
            MUSIC.append((x / rms(x)).astype(np.float32))


def music(n, rng):
    if rng.random() < 0.5 or not MUSIC:
        return synth_music(n, rng)
    m = MUSIC[int(rng.integers(len(MUSIC)))]
    a = int(rng.integers(0, max(1, len(m) - n)))
    y = np.resize(m[a : a + n], n)
    return y / (rms(y) + 1e-06)


def colour(n, rng):
    X = np.fft.rfft(rng.standard_normal(n))
    f = np.maximum(np.arange(len(X)), 1)
    X *= f ** (-rng.uniform(0, 1.0))
    y = np.fft.irfft(X, n)
    return (y / y.std()).astype(np.float32)


def fftfilt(y, gain):
    Y = np.fft.rfft(y)
    return np.fft.irfft(Y * np.interp(np.linspace(0, 1, len(Y)), np.linspace(0, 1, len(gain)), gain), len(y)).astype(
        np.float32
    )


def codec(y, rng):
    k = int(rng.integers(3))
    raw = (np.clip(y, -1, 1) * 32767).astype("<i2").tobytes()
    n = len(y)
    if k == 0:
        enc = ["-ar", "16000", "-c:a", "libmp3lame", "-b:a", "%dk" % rng.choice([16, 24, 32]), "-f", "mp3"]
    elif k == 1:
        enc = ["-c:a", "libopus", "-b:a", "%dk" % rng.choice([8, 12, 16, 24]), "-f", "ogg"]
    else:
        enc = ["-ar", "22050", "-c:a", "libmp3lame", "-b:a", "%dk" % rng.choice([32, 48]), "-f", "mp3"]
    tmp = "work/codec.%d" % os.getpid()
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", "8000", "-ac", "1", "-i", "-"] + enc + [tmp], input=raw
    )
    z = feats.load(tmp)
    return np.resize(z, n) if len(z) >= n else np.concatenate([z, np.zeros(n - len(z), np.float32)])


def mulaw(y):
    q = np.sign(y) * np.log1p(255 * np.abs(np.clip(y, -1, 1))) / np.log(256)
    q = np.round(q * 127) / 127
    return (np.sign(q) * (256 ** np.abs(q) - 1) / 255).astype(np.float32)


class Voices:

    def __init__(s, d, names=None):
        s.v = []
        for f in sorted(glob.glob(d + "/*.npz")):
            z = np.load(f)
            s.v.append((os.path.basename(f)[:-4], z["wav"], z["lab"], np.concatenate([[0], np.cumsum(z["n"])])))
        w = []
        for name, _, lab, _ in s.v:
            k = name.split("-")[0]
            w.append(
                {"flite": 5.0, "festival": 4.0, "piper": 5, "hibari": 5, "kokoro": 4}.get(k, 1.0)
                * (0.5 if "kal" in name or "ked" in name else 1)
                * (0.4 if name.split("-")[1][:2] in ("de", "es", "it", "pt", "nl") else 1)
                * (0.4 if "whisper" in name else 1)
            )
        s.w = np.array(w) / sum(w)

    def take(s, rng, v=None):
        v = int(rng.choice(len(s.v), p=s.w)) if v is None else v
        _, wav, lab, off = s.v[v]
        i = int(rng.integers(len(off) - 1))
        return (wav[off[i] * 80 : off[i + 1] * 80].astype(np.float32) / 32768, lab[off[i] : off[i + 1]], v)


def record(V, rng, secs=40):
    xs, ls, n = ([], [], 0)
    v = None
    has_music = rng.random() < 0.35
    bed = rng.random() < 0.2
    bed_db = rng.uniform(-30, -6)
    while n < secs * 100:
        if v is None or rng.random() < 0.12:
            v = None
        x, l, v = V.take(rng, v)
        if rng.random() < 0.45:
            f = rng.uniform(0.86, 1.16)
            m = int(len(l) / f)
            x = np.interp(np.arange(m * 80) * f, np.arange(len(x)), x).astype(np.float32)
            l = l[np.minimum((np.arange(m) * f).astype(int), len(l) - 1)]
        x = x * 10 ** (rng.uniform(-4, 4) / 20)
        xs.append(x)
        ls.append(l)
        n += len(l)
        g = int(rng.uniform(0.05, 1.2) * 100) if rng.random() < 0.9 else int(rng.uniform(2, 7) * 100)
        xs.append(np.zeros(g * 80, np.float32))
        ls.append(np.zeros(g, np.uint8))
        n += g
        if has_music and rng.random() < 0.3:
            g = int(rng.uniform(1, 7) * 100)
            y = music(g * 80, rng) * 0.07 * 10 ** (rng.uniform(-12, 6) / 20)
            fd = min(len(y) // 3, int(rng.uniform(0, 1.5) * SR)) + 1
            y[-fd:] *= np.linspace(1, 0, fd)
            xs.append(y)
            ml = np.full(g, IDX["MUS"], np.uint8)
            e = np.sqrt((y.reshape(g, 80) ** 2).mean(1))
            ml[e < 0.07 * 10 ** (-22 / 20)] = 0
            ls.append(ml)
            n += g
            g = int(rng.uniform(0.0, 0.8) * 100)
            xs.append(np.zeros(g * 80, np.float32))
            ls.append(np.zeros(g, np.uint8))
            n += g
    y = np.concatenate(xs)
    l = np.concatenate(ls)
    sp = 0.07
    if rng.random() < 0.4:
        L = int(0.6 * SR)
        rt = rng.uniform(0.02, 0.12)
        ir = rng.standard_normal(L) * np.exp(-np.arange(L) / (rt * SR))
        d = int(rng.uniform(0.001, 0.02) * SR)
        ir[:d] = 0
        ir = ir / np.sqrt((ir**2).sum()) * rng.uniform(0.1, 0.8)
        ir[0] = 1
        m = 1 << (len(y) + L).bit_length()
        y = np.fft.irfft(np.fft.rfft(y, m) * np.fft.rfft(ir, m), m)[: len(y)].astype(np.float32)
    if bed:
        y = y + music(len(y), rng) * sp * 10 ** (bed_db / 20)
        if bed_db > -16:
            l = np.where(l == 0, IDX["MUS"], l)
    if rng.random() < 0.7:
        y = fftfilt(y, 10 ** (rng.normal(0, 3.0, 9) / 20) * 10 ** (np.linspace(0, 1, 9) * rng.uniform(-9, 9) / 20))
    if rng.random() < 0.5:
        y = y + colour(len(y), rng) * sp * 10 ** (-rng.uniform(4, 35) / 20)
    else:
        y = y + colour(len(y), rng) * sp * 10 ** (-rng.uniform(38, 65) / 20)
    if rng.random() < 0.35:
        g = np.ones(81)
        lo = rng.uniform(0, 350)
        hi = rng.uniform(3000, 4000)
        f = np.linspace(0, 4000, 81)
        g[f < lo] = 0.03
        g[f > hi] = 0.02
        y = fftfilt(y, g)
    if rng.random() < 0.12:
        y = mulaw(y * rng.uniform(0.3, 2))
    if rng.random() < 0.35:
        y = codec(y, rng)
    return (y, l)


def main():
    d, out, N, seed = (sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    rng = np.random.default_rng(seed)
    load_music()
    V = Voices(d)
    F, L = ([], [])
    for i in range(N):
        y, l = record(V, rng)
        f = feats.features(y)[: len(l)]
        n = len(f) // 2 * 2
        F.append(np.clip(np.round(f[:n] * 16), -127, 127).astype(np.int8))
        L.append(l[:n:2])
    np.savez(out, f=np.stack([x[:4000] for x in F]), l=np.stack([x[:2000] for x in L]))


if __name__ == "__main__":
    main()
