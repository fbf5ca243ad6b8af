// What is being looked at, and the keys, buttons and touches that change it.

const SPEEDS = [4000, 2000, 1200, 700, 400, 200];
const now = { match: 0, step: 0, values: true, all: false, flip: false, speed: 2, timer: 0 };
const open = new Set(["Reply", "Reasoning"]);
const shown = () => data.matches[now.match];

function show() {
  const match = shown();
  const step = match.steps[now.step];
  at("who").replaceChildren(...versus(match));
  at("facts").replaceChildren(...facts(match));
  at("timeline").replaceChildren(...match.steps.map((one, number) => tick(match, one, number, now.values)));
  const current = at("timeline").children[now.step];
  current.setAttribute("aria-current", "step");
  const strip = at("timeline");
  strip.scrollTo(current.offsetLeft - strip.clientWidth / 2, current.offsetTop - strip.clientHeight / 2);
  const plies = step.plies ?? [];
  const banners = plies.map((ply) => banner(match, ply, now.values, step.answer));
  at("banners").replaceChildren(...(plies.length ? banners : [opening(match)]));
  at("board").replaceChildren(painted(step.boards[view(match, step)][now.values ? 1 : 0]));
  at("panel").replaceChildren(...plies.map((ply) => details(match, ply, now.values, open)));
  showBar(match, step);
  showButtons(match);
  remember(match);
}

/** Whose eyes one sees the board with: by default those of the seat that acts. */
function view(match, step) {
  if (!match.hidden || now.all || step.seat === undefined) return "all";
  return String(now.flip && match.seats.length > 1 ? 1 - step.seat : step.seat);
}

/** How good the position is, for the seat at the foot. */
function showBar(match, step) {
  const [foot, top] = now.flip ? [1, 0] : [0, 1];
  const bar = at("bar");
  const known = now.values && step.value;
  const share = known ? step.value[0] : 50;
  const words = known ? text(step.value[1]) : "";
  bar.className = `${known ? "" : "unknown"} foot${foot} ${match.seats.length > 1 ? "" : "alone"}`;
  bar.style.setProperty("--share", `${now.flip ? 100 - share : share}%`);
  bar.querySelector(".top").textContent = match.seats.length > 1 ? brief(match.seats[top]) : "";
  bar.querySelector(".foot").textContent = brief(match.seats[match.seats.length > 1 ? foot : 0]);
  bar.setAttribute("aria-label", words ? `value: ${words}` : "value not shown");
  const seen = view(match, step);
  const whose = !match.hidden ? "" : seen === "all" ? "everything is shown" : `as ${text(match.seats[seen])} sees it`;
  const value = now.values ? words || "value not known" : "";
  at("standing").replaceChildren(make("b", "", value), make("span", "note", whose));
}

/** A mark as it is, a longer name by its first letter. */
const brief = (seat) => (text(seat).length > 2 ? text(seat)[0] : text(seat));

function showButtons(match) {
  const pressed = { values: now.values, hidden: now.all, flip: now.flip };
  for (const [id, on] of Object.entries(pressed)) at(id).setAttribute("aria-pressed", on);
  at("hidden").hidden = !match.hidden;
  at("flip").hidden = match.seats.length < 2;
  at("first").disabled = at("back").disabled = now.step === 0;
  at("on").disabled = at("last").disabled = now.step === match.steps.length - 1;
  at("leaf").hidden = data.matches.length < 2;
  at("play").setAttribute("aria-pressed", Boolean(now.timer));
}

/** The address leads to the ply one looks at. */
function remember(match) {
  const hash = `#m${match.number}.${now.step}`;
  if (location.hash === hash) return;
  try {
    history.replaceState(null, "", hash);
  } catch {
    location.replace(hash); // some browsers keep the history of files to themselves
  }
}

function recall() {
  const [, number, step] = /^#m(\d+)(?:\.(\d+))?$/.exec(location.hash) ?? [];
  const found = data.matches.findIndex((match) => match.number === Number(number));
  go(Math.max(found, 0), found < 0 ? 0 : Number(step ?? 0));
}

function go(match, step) {
  now.match = match;
  now.step = Math.min(Math.max(step, 0), shown().steps.length - 1);
  show();
}

const move = (by) => go(now.match, now.step + by);

/** To the next step that shows the event, through this match and those after it. */
function jump(event, by) {
  for (let match = now.match; match >= 0 && match < data.matches.length; match += by) {
    const steps = data.matches[match].steps;
    const from = match === now.match ? now.step + by : by > 0 ? 0 : steps.length - 1;
    for (let step = from; step >= 0 && step < steps.length; step += by) {
      if ((steps[step].events ?? []).includes(event)) return go(match, step);
    }
  }
  return tell(`no ${by > 0 ? "further" : "earlier"} ${event === "illegal" ? "illegal attempt" : event}`);
}

/** To the next match of those that the list shows. */
function leaf(by) {
  const all = listed();
  const next = by > 0 ? all.find((n) => n > now.match) : all.findLast((n) => n < now.match);
  if (next === undefined) return tell(by > 0 ? "this is the last match" : "this is the first match");
  return go(next, 0);
}

function tell(words) {
  at("told").textContent = words;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => (at("told").textContent = ""), 2500);
}

// Playing -----------------------------------------------------------------------------------------------------

function play(on = !now.timer) {
  clearInterval(now.timer);
  now.timer = 0;
  if (on && now.step === shown().steps.length - 1) go(now.match, 0);
  if (on) now.timer = setInterval(tickOn, SPEEDS[now.speed]);
  showButtons(shown());
}

function tickOn() {
  if (now.step === shown().steps.length - 1) play(false);
  else move(1);
}

function pace(by) {
  now.speed = Math.min(Math.max(now.speed + by, 0), SPEEDS.length - 1);
  if (now.timer) play(true);
  tell(`${(1000 / SPEEDS[now.speed]).toFixed(1)} steps a second`);
}

// The list of matches -----------------------------------------------------------------------------------------

/** The matches that the filter leaves, by place. */
function listed() {
  const words = at("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const events = [...document.querySelectorAll("#wanted :checked")].map((box) => box.value);
  return data.matches.map((_, place) => place).filter((place) => fits(data.matches[place], words, events));
}

function fits(match, words, events) {
  const parts = [...match.players, match.game, match.spec, match.ending, match.result].map(text);
  const all = `${match.number} ${parts.join(" ")}`.toLowerCase();
  const found = new Set(match.steps.flatMap((step) => step.events ?? []));
  return words.every((word) => all.includes(word)) && events.every((event) => found.has(event));
}

function list() {
  const places = listed();
  at("count").textContent = `${places.length} of ${data.matches.length} matches`;
  at("found").replaceChildren(...places.map((place) => entry(data.matches[place])));
  at("found").querySelector(`[data-number="${shown().number}"]`)?.setAttribute("aria-current", "true");
  if (at("matches").open) return;
  at("matches").showModal();
  if (matchMedia("(pointer: coarse)").matches) document.activeElement.blur(); // no keyboard over the list
}

function chosen(event) {
  const number = Number(event.target.closest("button")?.dataset.number);
  const place = data.matches.findIndex((match) => match.number === number);
  if (place < 0) return;
  at("matches").close();
  go(place, 0);
}

// Buttons, keys and touches -----------------------------------------------------------------------------------

const toggle = (what) => () => {
  now[what] = !now[what];
  show();
};

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

const END = 1e6;
const BUTTONS = {
  first: () => move(-END),
  back: () => move(-1),
  play: () => play(),
  on: () => move(1),
  last: () => move(END),
  values: toggle("values"),
  hidden: toggle("all"),
  flip: toggle("flip"),
  theme,
  list,
  help: () => at("keys").showModal(),
  "previous-match": () => leaf(-1),
  "next-match": () => leaf(1),
};
const KEYS = {
  ArrowLeft: BUTTONS.back,
  ArrowRight: BUTTONS.on,
  h: BUTTONS.back,
  l: BUTTONS.on,
  Home: BUTTONS.first,
  End: BUTTONS.last,
  b: () => jump("blunder", 1),
  B: () => jump("blunder", -1),
  i: () => jump("illegal", 1),
  I: () => jump("illegal", -1),
  c: () => jump("wrong claim", 1),
  C: () => jump("wrong claim", -1),
  n: () => leaf(1),
  p: () => leaf(-1),
  m: list,
  v: BUTTONS.values,
  x: BUTTONS.hidden,
  f: BUTTONS.flip,
  t: theme,
  " ": BUTTONS.play,
  "+": () => pace(1),
  "=": () => pace(1),
  "-": () => pace(-1),
  "?": BUTTONS.help,
};

function pressed(event) {
  const typing = event.target.closest("input, dialog");
  const own = event.key === " " && event.target.closest("button, summary"); // space presses what has the focus
  const action = KEYS[event.key];
  if (!action || typing || own || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
}

/** A swipe over the board is a step. */
function swipes(element) {
  let from = null;
  element.addEventListener("pointerdown", (event) => (from = event.isPrimary ? event.clientX : null));
  element.addEventListener("pointerup", (event) => {
    const by = from === null ? 0 : event.clientX - from;
    if (Math.abs(by) > 40) move(by < 0 ? 1 : -1);
    from = null;
  });
}

function begin() {
  for (const [id, action] of Object.entries(BUTTONS)) at(id).addEventListener("click", action);
  for (const button of document.querySelectorAll(".jumps button")) {
    button.addEventListener("click", () => jump(button.dataset.event, 1));
  }
  at("timeline").addEventListener("click", (event) => {
    const step = event.target.closest("button")?.dataset.step;
    if (step === undefined) return;
    go(now.match, Number(step));
    at("timeline").children[now.step].focus();
  });
  at("found").addEventListener("click", chosen);
  at("filter").addEventListener("input", list);
  at("wanted").addEventListener("change", list);
  document.addEventListener("keydown", pressed);
  addEventListener("hashchange", recall);
  swipes(at("board"));
  const signs = Object.entries(TONES).map(([tone, words]) => `${SIGNS[tone]} ${words}`);
  at("legend").textContent = ["column height: value for the first seat", ...signs, "! an attempt was refused", "≠ a wrong claim"].join("    ");
  recall();
  document.body.classList.remove("waiting");
}

begin();
