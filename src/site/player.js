(() => {
  "use strict";
  const audio = document.querySelector("audio");
  const controls = document.querySelector(".controls");
  if (!audio || !controls) return;
  const words = controls.dataset;
  const length = Number(words.duration);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const starts = (elements) => elements.map((element) => Number(element.dataset.start));
  const links = all("nav a[data-start]");
  const linkStarts = starts(links);
  const paragraphs = all("p[data-start]");
  // Not every reader keeps the order of the page.
  const at = (sentence) => Number(sentence.dataset.at);
  const sentences = all("[data-at]").sort((a, b) => at(a) - at(b));
  const sentenceStarts = sentences.map(at);
  const main = controls.querySelector(".main");
  const seek = controls.querySelector("input");
  const shown = controls.querySelector(".clock");
  const speed = controls.querySelector("select");
  const key = "listen-now:" + location.pathname.replace(/[^/]*$/, "");
  const store = {
    get(name) { try { return localStorage.getItem(key + name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(key + name, value); } catch { /* a private window keeps nothing */ } },
    drop(name) { try { localStorage.removeItem(key + name); } catch { /* nor forgets */ } },
  };
  const clock = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(whole / 3600);
    return (hours ? hours + ":" + two(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)) + ":" + two(whole % 60);
  };
  // Before the audio is loaded a place can only be remembered.
  let wanted = null;
  const go = (seconds, andPlay) => {
    const at = Math.min(Math.max(0, seconds), length);
    if (audio.readyState > 0) audio.currentTime = at;
    else wanted = at;
    if (andPlay) audio.play().catch(() => {});
    follow(at);
  };
  audio.addEventListener("loadedmetadata", () => {
    if (wanted !== null) { audio.currentTime = wanted; wanted = null; }
  });
  const now = () => (wanted === null ? audio.currentTime : wanted);

  // The last of ascending starts that is not later than the time.
  const last = (list, time) => {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] <= time + 0.05) low = middle + 1; else high = middle;
    }
    return low - 1;
  };
  const mark = (elements, current) => {
    for (const element of elements) {
      if (element === current) { if (!element.hasAttribute("aria-current")) element.setAttribute("aria-current", "true"); }
      else if (element.hasAttribute("aria-current")) element.removeAttribute("aria-current");
    }
  };
  const inView = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight * 0.8;
  };
  let heardSentence = null;
  const follow = (time) => {
    mark(links, links[last(linkStarts, time)]);
    const read = paragraphs.find((p) => time + 0.05 >= Number(p.dataset.start) && time < Number(p.dataset.end));
    // The page follows the voice as long as whoever reads along does.
    const before = paragraphs.find((p) => p.hasAttribute("aria-current"));
    if (read && read !== before && !audio.paused && (!before || inView(before)) && !inView(read)) {
      read.scrollIntoView({ block: "center" });
    }
    if (read || audio.paused) mark(paragraphs, read);
    const spoken = sentences[last(sentenceStarts, time)];
    const sentence = (spoken && spoken.closest("[aria-current]") && spoken) || null;
    if (sentence !== heardSentence) {
      if (heardSentence) heardSentence.classList.remove("now");
      if (sentence) sentence.classList.add("now");
      heardSentence = sentence;
    }
    seek.value = String(Math.round(time));
    seek.parentElement.style.setProperty("--heard", (length ? Math.min(100, (time / length) * 100) : 0) + "%");
    seek.setAttribute("aria-valuetext", clock(time));
    shown.textContent = clock(time) + " / " + clock(length);
    shown.href = "#t=" + Math.floor(time);
  };
  const toggle = () => { if (audio.paused) audio.play().catch(() => {}); else audio.pause(); };
  const said = () => {
    const playing = !audio.paused;
    main.textContent = playing ? "❚❚" : "▶";
    main.setAttribute("aria-label", playing ? words.pause : words.play);
    if (navigator.mediaSession) navigator.mediaSession.playbackState = playing ? "playing" : "paused";
  };

  audio.removeAttribute("controls");
  controls.hidden = false;
  for (const button of all("h2 button")) button.hidden = false;
  main.addEventListener("click", toggle);
  controls.querySelector(".back").addEventListener("click", () => go(now() - 15));
  controls.querySelector(".forward").addEventListener("click", () => go(now() + 30));
  seek.addEventListener("input", () => go(Number(seek.value)));
  const setSpeed = (value) => { audio.playbackRate = value; speed.value = String(value); store.set("speed", String(value)); };
  speed.addEventListener("change", () => setSpeed(Number(speed.value)));
  for (const kind of ["play", "pause", "ended"]) audio.addEventListener(kind, said);
  let saved = 0;
  audio.addEventListener("timeupdate", () => {
    follow(audio.currentTime);
    if (Math.abs(audio.currentTime - saved) > 3) { saved = audio.currentTime; keep(); }
  });
  // With the address under which it was heard: the same link goes on, another one goes where it says.
  const keep = () => { store.set("at", String(audio.currentTime)); store.set("from", location.hash); };
  audio.addEventListener("pause", () => { if (!audio.ended) keep(); });
  audio.addEventListener("ended", () => store.drop("at"));

  document.addEventListener("click", (event) => {
    const target = event.target.closest("nav a[data-start], h2 button[data-start]");
    if (target) {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go(Number(target.dataset.start), true);
      history.replaceState(null, "", "#t=" + target.dataset.start);
      return;
    }
    if (event.target.closest("a, button, input, select") || String(getSelection())) return;
    const sentence = event.target.closest("[data-at]");
    const paragraph = event.target.closest("p[data-start]");
    if (sentence) go(Number(sentence.dataset.at), true);
    else if (paragraph) go(Number(paragraph.dataset.start), true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const field = event.target.closest("input, select, textarea");
    const button = event.target.closest("button, a");
    const steps = [...speed.options].map((option) => Number(option.value));
    const next = (by) => steps[Math.min(steps.length - 1, Math.max(0, steps.indexOf(audio.playbackRate) + by))];
    const actions = {
      " ": () => !button && toggle() === undefined, k: toggle, j: () => go(now() - 15), l: () => go(now() + 30),
      ArrowLeft: () => go(now() - 15), ArrowRight: () => go(now() + 30),
      "<": () => setSpeed(next(-1)), ">": () => setSpeed(next(1)),
    };
    const action = actions[event.key];
    if (!action || field || (event.key === " " && button)) return;
    event.preventDefault();
    action();
  });
  if (navigator.mediaSession) {
    const session = navigator.mediaSession;
    if (window.MediaMetadata) {
      const artwork = words.cover ? [{ src: words.cover, sizes: "400x400", type: "image/jpeg" }] : [];
      session.metadata = new MediaMetadata({ title: words.title, artist: words.artist, album: words.show, artwork });
    }
    const handle = (name, action) => { try { session.setActionHandler(name, action); } catch { /* not on this system */ } };
    const position = () => {
      if (!session.setPositionState || !audio.duration) return;
      const duration = audio.duration;
      session.setPositionState({ duration, position: Math.min(audio.currentTime, duration), playbackRate: audio.playbackRate });
    };
    for (const kind of ["loadedmetadata", "seeked", "ratechange", "play"]) audio.addEventListener(kind, position);
    handle("play", () => audio.play());
    handle("pause", () => audio.pause());
    handle("seekbackward", () => go(now() - 15));
    handle("seekforward", () => go(now() + 30));
    handle("seekto", (details) => go(details.seekTime));
    handle("previoustrack", () => go(linkStarts[Math.max(0, last(linkStarts, now()) - 1)] || 0));
    handle("nexttrack", () => { const next = linkStarts[last(linkStarts, now()) + 1]; if (next !== undefined) go(next); });
  }

  const fromAddress = () => {
    const time = /[#&]t=(?:(\d+):)?(?:(\d+):)?(\d+(?:\.\d+)?)/.exec(location.hash);
    if (!time) return null;
    const [, first, second, rest] = time;
    if (first === undefined) return Number(rest);
    return second === undefined ? first * 60 + Number(rest) : first * 3600 + second * 60 + Number(rest);
  };
  window.addEventListener("hashchange", () => { const at = fromAddress(); if (at !== null) go(at); });
  const remembered = Number(store.get("at"));
  const chosen = Number(store.get("speed"));
  if (chosen) setSpeed(chosen);
  const begin = fromAddress();
  const goesOn = remembered > 0 && store.get("from") === location.hash;
  if (begin !== null && !goesOn) go(begin);
  else if (remembered > 5 && remembered < length - 5) go(remembered);
  else follow(0);
  said();
})();
