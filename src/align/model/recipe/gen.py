"""gen.py OUTDIR [pattern]: speaks free text with free voices; keeps 8 kHz sound and phone labels every 10 ms.
Engines with exact or good phone times: flite (-psdur), festival (utt.save.segs), espeak-ng (phoneme events)."""

import os, re, subprocess, sys, tempfile, shutil, random
import numpy as np, wave
from scipy.signal import resample_poly
from classes import *
import texts

SR = 8000


def rd(path):
    with wave.open(path) as w:
        return (np.frombuffer(w.readframes(w.getnframes()), "<i2").astype(np.float32) / 32768, w.getframerate())


def to8(x, sr):
    from math import gcd

    g = gcd(SR, sr)
    y = resample_poly(x, SR // g, sr // g)
    r = np.sqrt((y**2).mean() + 1e-09)
    return np.clip(y * (0.07 / r) * 32767, -32767, 32767).astype(np.int16)


def labels(segs, n):
    """segs: (end_seconds, [classes]) -> one label per 10 ms"""
    L = np.zeros(n, np.uint8)
    a = 0.0
    for end, cs in segs:
        if cs and cs[0]:
            k = len(cs)
            fr = {1: [1.0], 2: [0.6, 1.0]}.get(k, [(i + 1) / k for i in range(k)])
            if cs[0] in ("t", "d") and k == 2:
                fr = [0.45, 1.0]
            p = a
            for c, f in zip(cs, fr):
                q = a + (end - a) * f
                L[int(round(p * 100)) : int(round(q * 100))] = IDX[c]
                p = q
        a = end
    return L


ascii_ = (
    lambda t: "".join(({"’": "'", "‘": "'", "“": '"', "”": '"', "—": ", ", "–": "-", "…": "..."}.get(c, c) for c in t))
    .encode("ascii", "ignore")
    .decode()
)


def flite(voice, ts, rng):
    d = tempfile.mkdtemp()
    for t in ts:
        f = d + "/a.wav"
        st = rng.uniform(0.8, 1.25)
        r = subprocess.run(
            ["flite", "-voice", voice, "--setf", "duration_stretch=%.3f" % st, "-psdur", "-t", ascii_(t), "-o", f],
            capture_output=True,
            text=True,
        )
        x, sr = rd(f)
        segs = [(float(p.split(":")[1]), ARPA.get(p.split(":")[0], [])) for p in r.stdout.split()]
        off, last, fix = (0.0, 0.0, [])
        for e, c in segs:
            if e + off < last:
                off = last
            fix.append((e + off, c))
            last = e + off
        yield (x, sr, fix)


def festival(voice, ts, rng):
    d = tempfile.mkdtemp()
    out = ["(voice_%s)" % voice]
    for i, t in enumerate(ts):
        out.append("(Parameter.set 'Duration_Stretch %.3f)" % rng.uniform(0.8, 1.25))
        out.append(
            '(set! u (utt.synth (Utterance Text "%s"))) (utt.save.segs u "%s/%d.s") (utt.save.wave u "%s/%d.wav" (quote riff))'
            % (ascii_(t).replace("\\", " ").replace('"', " "), d, i, d, i)
        )
    open(d + "/a.scm", "w").write("\n".join(out))
    subprocess.run(["festival", "-b", d + "/a.scm"], capture_output=True)
    for i in range(len(ts)):
        if os.path.exists("%s/%d.s" % (d, i)):
            x, sr = rd("%s/%d.wav" % (d, i))
            segs = [
                (float(l.split()[0]), ARPA.get(l.split()[2], []))
                for l in open("%s/%d.s" % (d, i))
                if len(l.split()) == 3
            ]
            yield (x, sr, segs)
    shutil.rmtree(d)


def espeak(voice, ts, rng):
    import espeakapi as E

    fr = voice.startswith("fr")
    for t in ts:
        w, ev, r = E.speak(t, voice, rng.uniform(135, 210), rng.uniform(25, 75))
        if r or len(w) < 4000:
            continue
        segs = []
        for (s, _, ph), nx in zip(ev, ev[1:] + [(len(w), 0, "")]):
            segs.append((nx[0] / 22050, ipa_classes(ph, fr) or ["SIL"]))
        if segs:
            segs = [(ev[0][0] / 22050, ["SIL"])] + segs
        yield (w.astype(np.float32) / 32768, 22050, segs)


VO = []
for v in "slt rms kal16".split():
    VO.append(("flite-" + v, flite, v, "en", 20000))
for v in "cmu_us_slt_arctic_hts kal_diphone ked_diphone".split():
    VO.append(("festival-" + v, festival, v, "en", 12000 if "hts" in v else 16000))
for (
    v
) in "en-us en-us+f2 en-us+m2 en-us+klatt2 en en+f3 en+m7 en-gb-scotland+f4 en-us+Annie en-us+Alex en-us+linda en+Andy en-us+klatt4 en-us+whisper en-gb-x-rp+steph".split():
    VO.append(("espeak-" + v, espeak, v, "en", 5500))
for (
    v
) in "fr fr+f1 fr+f2 fr+f3 fr+f4 fr+f5 fr+m1 fr+m3 fr+m5 fr+m7 fr+klatt2 fr+klatt4 fr+klatt6 fr-be fr-be+f2 fr-ch fr-ch+f4 fr+Annie fr+Alicia fr+linda fr+anika fr+belinda fr+michel fr+Alex fr+whisperf fr+steph".split():
    VO.append(("espeak-" + v, espeak, v, "fr", 5500))
for l in "de es it pt nl".split():
    for v in ["", "+f2", "+m3", "+klatt3", "+Annie"]:
        VO.append(("espeak-" + l + v, espeak, l + v, l, 2500))


def main():
    out = sys.argv[1]
    pat = sys.argv[2] if len(sys.argv) > 2 else "."
    os.makedirs(out, exist_ok=True)
    for k, (name, eng, v, lang, chars) in enumerate(VO):
        if not re.search(pat, name) or os.path.exists(out + "/%s.npz" % name):
            continue
        rng = random.Random(name)
        ws, ls = ([], [])
        for x, sr, segs in eng(v, texts.sample(lang, name, chars), rng):
            y = to8(x, sr)
            n = len(y) // 80
            if n < 30 or not segs:
                continue
            if abs(segs[-1][0] - len(y) / SR) > 0.5:
                continue
            ws.append(y[: n * 80])
            ls.append(labels(segs, n)[:n])
        if not ws:
            print(name, "NOTHING")
            continue
        np.savez(
            out + "/%s.npz" % name,
            wav=np.concatenate(ws),
            lab=np.concatenate(ls),
            n=np.array([len(l) for l in ls]),
            lang=lang,
        )
        print(name, len(ws), "utts %.1f min" % (sum(map(len, ls)) / 6000), flush=True)


if __name__ == "__main__":
    main()
