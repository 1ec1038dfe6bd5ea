"""durations.py VOICES OUT.npy: cost (nats) of a class lasting d steps of 20 ms, from the label runs of the training voices at speeds 0.8-1.25."""

import sys, glob, numpy as np
from classes import *

D = 40
H = np.zeros((NC, D + 1))
for f in glob.glob(sys.argv[1] + "/*.npz"):
    z = np.load(f)
    l = z["lab"]
    cut = np.nonzero(np.diff(l.astype(int)) != 0)[0] + 1
    st = np.concatenate([[0], cut])
    en = np.concatenate([cut, [len(l)]])
    w = 1 / np.sqrt(len(st))
    for s, e in zip(st, en):
        for r in (0.8, 0.9, 1, 1.1, 1.25):
            d = (e - s) * r / 2
            a = int(d)
            fr = d - a
            H[l[s], min(max(a, 1), D)] += w * (1 - fr)
            H[l[s], min(max(a + 1, 1), D)] += w * fr
C = np.zeros((NC, D + 1), np.float32)
for c in range(NC):
    h = H[c] + H.sum(0) / H.sum() * 30 * H[c].sum() / max(1, H[c].sum()) + 0.001
    h[0] = 0
    h = h / h.sum()
    ls = np.log(h[1:] + 0.0001)
    k = np.array([0.25, 0.5, 0.25])
    ls = np.convolve(np.pad(ls, 1, mode="edge"), k, "valid")
    C[c, 1:] = ls.max() - ls
    p = int(np.argmin(C[c, 1:])) + 1
    for d in range(p + 1, D + 1):
        C[c, d] = max(C[c, d], C[c, d - 1])
C[0] = 0
C[1] = 0
np.save(sys.argv[2], C)
for c in ("a", "t", "s", "@", "n"):
    print(c, np.round(C[IDX[c], 1:16], 2))
