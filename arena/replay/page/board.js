// What the page holds, and the few ways in which anything comes onto the screen. Whatever was written by a model
// or a stranger arrives as textContent; no markup is ever made of a text.

const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const text = (number) => (number === undefined ? "" : data.texts[number]);

/** An element with a class, and with texts and elements in it. */
function make(tag, kind, ...inside) {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.append(...inside.filter((part) => part !== null && part !== ""));
  return element;
}

/** A name that anybody may have chosen, apart from the direction of the text around it. */
const name = (number) => make("bdi", "", text(number));

/** A board as it was decided on elsewhere: shape after shape, back to front. */
function painted(number) {
  const [width, height, label, shapes] = data.boards[number];
  const svg = drawn("svg", { class: "board", role: "img", viewBox: `0 0 ${width} ${height}`, width, height });
  svg.setAttribute("aria-label", text(label));
  for (const shape of shapes) {
    const [tag, attributes, words] = data.shapes[shape];
    svg.append(drawn(tag, attributes, words));
  }
  return svg;
}

function drawn(tag, attributes, words = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = words;
  return element;
}
