// What a step looks like: pure functions from the data to elements.

/** The sign of a tone on the timeline, as chess books write them; shape and not colour tells them apart. */
const SIGNS = data.marks;
const TONES = {
  optimal: "optimal",
  weaker: "weaker: a later win or a sooner loss",
  regret: "regret: gave something away",
  blunder: "blunder: the result fell",
  illegal: "no accepted action",
};
const EVENTS = { illegal: "!", "wrong claim": "≠" };
const JUDGED = new Set(["optimal", "weaker", "regret", "blunder"]);

/** The tone that is told: where values are not shown, verdicts are not. */
const told = (tone, values) => (!values && JUDGED.has(tone) ? "played" : tone);

/** Who plays whom, in a heading. */
function versus(match) {
  const sides = match.players.map((player, seat) =>
    make("span", "side", name(player), make("span", `mark seat${seat}`, text(match.seats[seat]))),
  );
  return sides.flatMap((side, seat) => (seat ? [make("span", "vs", "vs"), side] : [side]));
}

/** What is to be known of a match before one looks at it. */
function facts(match) {
  const parts = [`match ${match.number}`, text(match.game), `${text(match.ending)}: ${text(match.reason)}`];
  parts.push(text(match.result));
  if (match.opening !== undefined) parts.push(`opening: ${text(match.opening)}`);
  if (match.started !== undefined) parts.push(text(match.started).slice(0, 10));
  return parts.filter(Boolean).map((part) => make("span", "fact", make("bdi", "", part)));
}

/** One button of the timeline: its number, its sign, what else there is to see, and the value after it. */
function tick(match, step, number, values) {
  const tone = told(step.tone ?? "start", values);
  const events = (step.events ?? []).filter((event) => event in EVENTS);
  const button = make("button", `tick ${tone}`);
  const value = make("i", "level");
  value.style.setProperty("--share", `${values && step.value ? step.value[0] : 50}%`);
  if (!values || !step.value) value.classList.add("unknown");
  const sign = number ? (SIGNS[tone] ?? "-") : "start";
  const marks = events.map((event) => EVENTS[event]).join("");
  const foot = make("span", "", make("small", "", number ? `${number}` : ""), marks ? make("em", "", marks) : "");
  button.append(value, make("b", "", sign), foot);
  button.setAttribute("aria-label", spoken(match, step, number, tone, events));
  button.title = button.getAttribute("aria-label");
  button.dataset.step = number;
  return button;
}

function spoken(match, step, number, tone, events) {
  if (!number) return "start of the match";
  const done = step.plies.map((ply) => `${text(match.seats[ply.seat])} ${did(ply)}`).join(", ");
  return [`step ${number}: ${done}`, TONES[tone] ?? "", ...events.map((event) => `${event}`)]
    .filter(Boolean)
    .join(", ");
}

const did = (ply) => (ply.action === undefined ? "has no accepted action" : `plays ${text(ply.action)}`);

/** The verdict on a ply, large: who did what, what it was, what would have been best, and what refutes it. */
function banner(match, ply, values, answer) {
  const tone = told(ply.tone, values);
  const who = make("span", "who", make("span", `mark seat${ply.seat}`, text(match.seats[ply.seat])), " ");
  who.append(name(match.players[ply.seat]), ` ${did(ply)}`);
  const box = make("div", "told", who);
  if (values && ply.verdict !== undefined) box.append(make("span", "verdict", text(ply.verdict)));
  if (values && ply.best !== undefined) box.append(make("span", "best", `best: ${text(ply.best)}`));
  if (values && answer !== undefined) box.append(make("span", "answer", text(answer)));
  const refused = ply.attempts.filter((attempt) => attempt.problem !== undefined);
  const often = refused.length > 1 ? `${refused.length} attempts refused` : `${text(refused[0]?.problem)} attempt`;
  if (refused.length) box.append(make("span", "event", `! ${often}`));
  if (ply.claim && !ply.claim[2]) box.append(make("span", "event", "≠ wrong claim"));
  return make("div", `banner ${tone}`, make("b", "sign", SIGNS[tone]), box);
}

/** Before anything was played. */
function opening(match) {
  const first = match.steps[1]?.plies[0];
  const next = first ? `${text(match.seats[first.seat])} is to move` : "nothing was played";
  const from = match.opening === undefined ? "The start" : "The start, after the opening";
  return make("div", "banner start", make("b", "sign", "·"), make("span", "who", `${from}: ${next}`));
}

/** Everything about a ply: the claim, each attempt with what was said, and what every action is worth. */
function details(match, ply, values, open) {
  const words = make("div", "words", claimed(ply), ...ply.attempts.flatMap((_, number) => tried(ply, number, open)));
  const article = make("article", "ply");
  if (match.steps.some((step) => (step.plies ?? []).length > 1)) {
    article.append(make("h2", "", text(match.seats[ply.seat]), " ", name(match.players[ply.seat])));
  }
  if (words.childElementCount) article.append(words);
  else article.append(make("p", "note", "This player says nothing: there is no reply and no claim."));
  if (values && ply.values) article.append(worth(ply));
  return article;
}

function claimed(ply) {
  if (!ply.claim) return null;
  const [claim, truth, right] = ply.claim;
  const line = make("p", `claim ${right ? "right" : "wrong"}`);
  line.append(make("b", "", right ? "✓ right claim" : "≠ wrong claim"), " says: ", name(claim), "; truth: ", name(truth));
  return line;
}

/** An attempt: why it was refused; reply, thoughts and prompt in panes, which stay as they were opened. */
function tried(ply, number, open) {
  const attempt = ply.attempts[number];
  const of = ply.attempts.length > 1 ? ` of attempt ${number + 1}` : "";
  const parts = attempt.problem === undefined ? [] : [refusal(attempt, number)];
  if (attempt.said !== undefined) parts.push(pane("Reply", of, text(attempt.said) || "(nothing)", open, attempt.cost));
  if (attempt.thought !== undefined) parts.push(pane("Reasoning", of, text(attempt.thought), open));
  if (attempt.calls) parts.push(pane("Further calls", of, calls(attempt), open));
  if (attempt.asked) parts.push(pane("Prompt", of, attempt.asked.map(text).join("\n\n"), open));
  return parts;
}

function refusal(attempt, number) {
  const what = attempt.action === undefined ? "" : ` ${text(attempt.action)}`;
  const line = make("p", "refusal", make("b", "", `! attempt ${number + 1}, ${text(attempt.problem)}${what}: `));
  line.append(name(attempt.why));
  return line;
}

const calls = (attempt) =>
  [text(attempt.note), ...attempt.calls.map(([purpose, found, reply]) => `[${text(purpose)}: ${text(found)}]\n${text(reply)}`)]
    .filter(Boolean)
    .join("\n\n");

function pane(kind, of, words, open, cost) {
  const summary = make("summary", "", make("b", "", kind), of);
  if (cost !== undefined) summary.append(make("span", "cost", text(cost)));
  const body = make("pre", "", words);
  body.tabIndex = 0;
  body.dir = "auto";
  const box = make("details", "pane", summary, body);
  box.open = open.has(kind);
  box.addEventListener("toggle", () => open[box.open ? "add" : "delete"](kind));
  return box;
}

/** The value of every legal action, the best first. */
function worth(ply) {
  const rows = ply.values.map(([action, value, best]) => {
    const played = action === ply.action;
    const mark = [played ? "played" : "", best ? "best" : ""].filter(Boolean).join(", ");
    const row = make("tr", [played ? `played ${ply.tone}` : "", best ? "best" : ""].join(" ").trim());
    row.append(make("th", "", text(action)), make("td", "", text(value)), make("td", "mark", mark));
    row.firstChild.scope = "row";
    return row;
  });
  const caption = make("caption", "", `${rows.length} legal ${rows.length === 1 ? "action" : "actions"}`);
  const box = make("div", "worth", make("table", "", caption, make("tbody", "", ...rows)));
  box.tabIndex = 0;
  return box;
}

/** One line of the list of matches. */
function entry(match) {
  const found = new Set(match.steps.flatMap((step) => step.events ?? []));
  const marks = [found.has("blunder") ? "??" : "", found.has("illegal") ? "!" : "", found.has("wrong claim") ? "≠" : ""];
  const button = make("button", "entry", make("small", "", `${match.number}`));
  button.append(make("span", "", ...versus(match)), make("small", "", `${text(match.game)}, ${text(match.ending)}, ${text(match.result)}`));
  button.append(make("em", "", marks.filter(Boolean).join(" ")));
  button.dataset.number = match.number;
  return make("li", "", button);
}
