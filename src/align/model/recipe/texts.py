"""texts.py - free texts that drive the synthetic voices (only their sound is used, no text is shipped).
Debian packages: bible-kjv-text (public domain), fortunes, debian-handbook (GPL-2+ / CC BY-SA 3.0, 26 languages); pip: wordfreq.
"""

import glob, html, os, random, re, subprocess


def _clean(t):
    return re.sub("\\s+", " ", t).strip()


def handbook(lang):
    out = []
    for f in sorted(glob.glob("/usr/share/doc/debian-handbook/html/%s/*.html" % lang)):
        h = open(f, encoding="utf8", errors="replace").read()
        for p in re.findall('<div class="para">(.*?)</div>', h, flags=re.S):
            t = _clean(html.unescape(re.sub("<[^>]+>", "", p)))
            for s in re.split("(?<=[.!?])\\s+", t):
                if lang != "en-US" and re.search("\\b(the|of|is|and|to|with)\\b", s):
                    continue
                if 30 < len(s) < 220 and (not re.search("[/<>_$#@={}\\\\|~^*]", s)):
                    out.append(s)
    return out


def fortunes():
    out = []
    for (
        f
    ) in "wisdom literature people humorists education love medicine politics science work news miscellaneous law food".split():
        p = "/usr/share/games/fortunes/" + f
        if os.path.exists(p):
            for q in open(p, encoding="utf8", errors="replace").read().split("\n%\n"):
                q = re.sub("\\n\\s*--.*", "", q, flags=re.S)
                for s in re.split("(?<=[.!?])\\s+", _clean(q)):
                    if 25 < len(s) < 200 and re.match("^[\\w ,.;:'\\\"!?%$-]+$", s):
                        out.append(s)
    return out


def bible(n=3000):
    try:
        t = subprocess.run(["bible", "-f", "Proverbs1:1-Matthew28:20"], capture_output=True, text=True).stdout
    except FileNotFoundError:
        return []
    return [s for s in (_clean(re.sub("^\\S+\\s", "", l)) for l in t.splitlines()) if 30 < len(s) < 200][:n]


def salad(lang, rng, n):
    from wordfreq import top_n_list

    w = [x for x in top_n_list(lang, 20000) if x.isalpha() and len(x) > 1]
    out = []
    for _ in range(n):
        k = rng.randint(4, 10)
        ws = [w[min(int(rng.expovariate(1 / 4000.0)), len(w) - 1)] for _ in range(k)]
        out.append(" ".join(ws).capitalize() + ".")
    return out


HB = {"en": "en-US", "fr": "fr-FR", "de": "de-DE", "es": "es-ES", "it": "it-IT", "pt": "pt-BR", "nl": "nl-NL"}
_cache = {}


def pool(lang):
    if lang not in _cache:
        p = handbook(HB[lang])
        if lang == "en":
            p = p[:] + fortunes() * 1 + bible(1500)
        _cache[lang] = p
    return _cache[lang]


def sample(lang, seed, chars):
    rng = random.Random("%s %s" % (lang, seed))
    p = pool(lang)[:]
    rng.shuffle(p)
    s = salad(lang, rng, max(10, chars // 200))
    out, n = ([], 0)
    while n < chars:
        t = p.pop() if rng.random() < 0.6 and p else s.pop() if s else p.pop()
        out.append(t)
        n += len(t)
    return out
