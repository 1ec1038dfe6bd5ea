"""train.py OUT.npz DATA...: a small time-delay net, 20 x log-mel at 100/s in, NC log-posteriors at 50/s out. JAX on the CPU."""

import sys, time, numpy as np, jax, jax.numpy as jnp
from classes import NC

H = [96, 96, 96, 80]
DIL = [1, 2, 4]
K1 = 8


def init(key):
    ks = jax.random.split(key, 5)
    d = lambda k, i, o: (jax.random.normal(k, (i, o)) * np.sqrt(2 / i)).astype(jnp.float32)
    return {
        "w1": d(ks[0], K1 * 20, H[0]),
        "b1": jnp.zeros(H[0]),
        "w2": d(ks[1], 3 * H[0], H[1]),
        "b2": jnp.zeros(H[1]),
        "w3": d(ks[2], 3 * H[1], H[2]),
        "b3": jnp.zeros(H[2]),
        "w4": d(ks[3], 3 * H[2], H[3]),
        "b4": jnp.zeros(H[3]),
        "w5": d(ks[4], H[3], NC) * 0.5,
        "b5": jnp.zeros(NC),
    }


def net(p, f):
    B, T2, _ = f.shape
    T = T2 // 2
    g = jnp.pad(f, ((0, 0), (3, 4), (0, 0)))
    h = jnp.concatenate([g[:, k : k + 2 * T : 2] for k in range(K1)], -1)
    h = jax.nn.relu(h @ p["w1"] + p["b1"])
    for i, d in enumerate(DIL):
        g = jnp.pad(h, ((0, 0), (d, d), (0, 0)))
        h = jax.nn.relu(
            jnp.concatenate([g[:, 0:T], g[:, d : d + T], g[:, 2 * d : 2 * d + T]], -1) @ p["w%d" % (i + 2)]
            + p["b%d" % (i + 2)]
        )
    return jax.nn.log_softmax(h @ p["w5"] + p["b5"])


def loss(p, f, l):
    lp = net(p, f.astype(jnp.float32) / 32)
    oh = jax.nn.one_hot(l, NC)
    q = 0.95 * oh + 0.05 / NC
    return (-(q * lp).sum(-1).mean(), (lp.argmax(-1) == l).mean())


@jax.jit
def step(p, m, v, t, f, l, lr):
    (L, a), g = jax.value_and_grad(loss, has_aux=True)(p, f, l)
    m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
    v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
    p = jax.tree.map(
        lambda p, a, b: p - lr * (a / (1 - 0.9**t) / (jnp.sqrt(b / (1 - 0.999**t)) + 1e-08) + 0.0001 * p), p, m, v
    )
    return (p, m, v, L, a)


def train(F, Lb, epochs, lr0, p=None, seed=0, log=print, B=32, seg=500):
    rng = np.random.default_rng(seed)
    p = p or init(jax.random.PRNGKey(seed))
    m = jax.tree.map(jnp.zeros_like, p)
    v = m
    t = 0
    nv = max(4, len(F) // 50)
    Fv, Lv = (F[:nv], Lb[:nv])
    F, Lb = (F[nv:], Lb[nv:])
    per = Lb.shape[1] // seg
    units = [(i, k) for i in range(len(F)) for k in range(per)]
    steps = epochs * (len(units) // B)
    t0 = time.time()
    for ep in range(epochs):
        rng.shuffle(units)
        s = []
        for b in range(0, len(units) - B + 1, B):
            u = units[b : b + B]
            o = int(rng.integers(0, seg // 4))
            f = np.stack([F[i, 2 * min(k * seg + o, Lb.shape[1] - seg) :][: 2 * seg] for i, k in u])
            l = np.stack([Lb[i, min(k * seg + o, Lb.shape[1] - seg) :][:seg] for i, k in u])
            t += 1
            lr = lr0 * min(1, t / 100) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * t / steps)))
            p, m, v, L, a = step(p, m, v, t, f, l, lr)
            s.append((float(L), float(a)))
        vl = [loss(p, Fv[i : i + 4], Lv[i : i + 4]) for i in range(0, nv, 4)]
        log(
            "epoch %d  loss %.3f acc %.3f | held back %.3f %.3f  %.0f s"
            % (
                ep,
                *np.mean(s, 0),
                float(np.mean([x[0] for x in vl])),
                float(np.mean([x[1] for x in vl])),
                time.time() - t0,
            ),
            flush=True,
        )
    return p


def main():
    out = sys.argv[1]
    E = int(sys.argv[2])
    lr = float(sys.argv[3])
    start = None
    files = sys.argv[4:]
    if files[0].startswith("init="):
        start = {k: jnp.array(v) for k, v in np.load(files.pop(0)[5:]).items() if k[0] in "wb"}
    D = [np.load(f) for f in files]
    F = np.concatenate([d["f"] for d in D])
    L = np.concatenate([d["l"] for d in D])
    perm = np.random.default_rng(0).permutation(len(F))
    F, L = (F[perm], L[perm])
    p = train(F, L, E, lr, start)
    prior = np.bincount(L.ravel(), minlength=NC) / L.size
    np.savez(out, prior=prior.astype(np.float32), **{k: np.array(v) for k, v in p.items()})
    print("weights", sum((np.size(v) for v in p.values())))


if __name__ == "__main__":
    main()
