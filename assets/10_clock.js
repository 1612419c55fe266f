/* One clock per page. It draws the time, asks the server whether anything moved, and says so when the server is away. */

window.smoke = window.smoke || {};

(function () {
  "use strict";

  const CLOCK_STORE = "shell--clock";
  const DISPLAY_STORE = "shell--display";
  const CONFIG = "shell--config";
  const MOST_BACKOFF = 8; // times the usual period, when the server does not answer
  const state = { etag: null, moved: null, awaySince: null, failures: 0, started: false };

  const element = (id) => document.getElementById(id);
  const config = () => element(CONFIG)?.dataset;

  function isWall() {
    return window.location.pathname.startsWith("/wall/");
  }

  function display() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const dark = isWall() || !window.matchMedia("(prefers-color-scheme: light)").matches;
    return { rem: Math.round(rem * 100) / 100, theme: dark ? "dark" : "light" };
  }

  function markWall() {
    document.documentElement.classList.toggle("is-wall", isWall());
  }

  function publishDisplay() {
    markWall();
    const now = display();
    const key = JSON.stringify(now);
    if (state.display !== key && window.dash_clientside?.set_props) {
      state.display = key;
      window.dash_clientside.set_props(DISPLAY_STORE, { data: now });
    }
  }

  function draw() {
    const given = config();
    if (!given) return;
    const now = new Date();
    const zone = given.timezone;
    const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(now);
    const language = given.locale === "zh_CN" ? "zh-CN" : "en-GB";
    const date = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", weekday: "short", timeZone: zone });
    const clock = element("shell--time");
    if (clock && clock.textContent !== time) clock.textContent = time;
    const day = element("shell--date");
    if (day && day.textContent !== date.format(now)) day.textContent = date.format(now);
    age(now, given);
  }

  function age(now, given) {
    const mark = document.querySelector(".meta__until");
    if (!mark || !mark.dataset.instant) return;
    const hours = (now - new Date(mark.dataset.instant)) / 3.6e6;
    const stale = hours > Number(given.staleHours);
    document.documentElement.classList.toggle("is-stale", stale);
    const words = document.querySelector(".meta__age");
    if (words && stale) words.textContent = given.ageWords.replace("{hours}", Math.floor(hours));
  }

  function away(given) {
    state.failures += 1;
    if (state.failures < 2) return; // one lost answer is no news
    state.awaySince = state.awaySince || new Date();
    document.documentElement.classList.add("is-offline");
    const since = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: given.timezone });
    const mark = element("shell--offline");
    if (mark) mark.textContent = given.offlineWords.replace("{time}", since.format(state.awaySince));
  }

  function back() {
    state.failures = 0;
    state.awaySince = null;
    document.documentElement.classList.remove("is-offline");
  }

  async function ask() {
    const given = config();
    if (!given) return;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 10000);
    try {
      const headers = state.etag ? { "If-None-Match": state.etag } : {};
      const answer = await fetch("/clock", { headers, signal: stop.signal, cache: "no-store", redirect: "error" });
      if (answer.status === 401) {
        window.location.reload(); // signed out or revoked: the gate decides what comes next
        return;
      }
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      back();
      if (answer.status === 304) return;
      state.etag = answer.headers.get("ETag");
      moved(await answer.json());
    } catch (_error) {
      away(given);
    } finally {
      clearTimeout(timer);
    }
  }

  function moved(now) {
    const before = state.moved;
    state.moved = now;
    if (before && before.app !== now.app) {
      window.location.reload(); // a newer version serves the page: its scripts must match
      return;
    }
    const first = Number(config().generation) === now.generation && Number(config().revision) === now.revision;
    if (before ? before.generation !== now.generation || before.revision !== now.revision : !first) {
      window.dash_clientside.set_props(CLOCK_STORE, { data: now });
    }
  }

  function period() {
    const seconds = Number(config()?.clockSeconds || 30);
    const backoff = Math.min(2 ** Math.max(0, state.failures - 1), MOST_BACKOFF);
    return seconds * 1000 * backoff * (0.9 + 0.2 * Math.random()); // jitter: a room of walls does not ask in step
  }

  function tick() {
    ask().finally(() => setTimeout(tick, period()));
  }

  markWall();
  window.addEventListener("resize", () => {
    clearTimeout(state.resizing);
    state.resizing = setTimeout(publishDisplay, 200);
  });
  window.matchMedia("(prefers-color-scheme: light)").addEventListener("change", publishDisplay);
  setInterval(draw, 1000);
  setTimeout(tick, 3000);

  /* What Dash calls as clientside callbacks. */
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.smoke = {
    display: function () {
      markWall();
      const now = display();
      state.display = JSON.stringify(now);
      draw();
      return now;
    },
  };
})();
