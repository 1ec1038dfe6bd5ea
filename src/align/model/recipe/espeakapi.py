"""espeakapi.py - the sound and the phonemes of espeak-ng with their times, through its library."""

import ctypes as C, numpy as np, glob

L = C.CDLL(glob.glob("/usr/lib/x86_64-linux-gnu/libespeak-ng.so*")[0])


class ID(C.Union):
    _fields_ = [("number", C.c_int), ("name", C.c_char_p), ("string", C.c_char * 8)]


class EV(C.Structure):
    _fields_ = [
        ("type", C.c_int),
        ("uid", C.c_uint),
        ("text_position", C.c_int),
        ("length", C.c_int),
        ("audio_position", C.c_int),
        ("sample", C.c_int),
        ("user_data", C.c_void_p),
        ("id", ID),
    ]


CB = C.CFUNCTYPE(C.c_int, C.POINTER(C.c_short), C.c_int, C.POINTER(EV))
wav = []
evs = []


def cb(w, n, e):
    if w and n > 0:
        wav.append(np.ctypeslib.as_array(w, shape=(n,)).copy())
    i = 0
    while e[i].type != 0:
        if e[i].type == 7:
            evs.append(
                (e[i].sample, e[i].audio_position, bytes(e[i].id.string).split(b"\x00")[0].decode("utf8", "replace"))
            )
        i += 1
    return 0


cbf = CB(cb)
L.espeak_Initialize.restype = C.c_int
SR = L.espeak_Initialize(1, 0, None, 3)
L.espeak_SetSynthCallback(cbf)


def speak(text, voice, rate=165, pitch=50):
    wav.clear()
    evs.clear()
    r = L.espeak_SetVoiceByName(voice.encode())
    L.espeak_SetParameter(1, int(rate), 0)
    L.espeak_SetParameter(3, int(pitch), 0)
    b = text.encode()
    L.espeak_Synth(b, len(b) + 1, 0, 1, 0, 1, None, None)
    L.espeak_Synchronize()
    return (np.concatenate(wav) if wav else np.zeros(0, np.int16), list(evs), r)
