"""What a page must not have, as expressions for the browser: each gives a list of the offenders."""

# Controls that a screen reader could not name (WCAG 2.2, 4.1.2).
NAMELESS = """() => {
  const controls = "button, input:not([type=hidden]), textarea, select, a, [tabindex='0']";
  const text = (one) => one?.textContent.trim() ?? "";
  const named = (one) => one.getAttribute("aria-label") || one.title || text(one)
    || [...(one.labels ?? [])].map(text).join("")
    || (one.getAttribute("aria-labelledby") ?? "").split(" ")
      .map((id) => id && text(document.getElementById(id))).join("")
    || one.querySelector("[aria-label]");
  return [...document.querySelector("main").querySelectorAll(controls)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !named(one))
    .map((one) => one.outerHTML.slice(0, 200));
}"""

# Text whose contrast to its ground is below 4.5:1 (WCAG 2.2, 1.4.3); what is disabled is exempt.
PALE = """() => {
  const light = (colour) => colour.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const parts = (colour) => (colour.match(/[0-9.]+/g) ?? []).map(Number);
  const over = (top, below) => {
    const share = top[3] ?? 1;
    return [0, 1, 2].map((at) => top[at] * share + below[at] * (1 - share));
  };
  const ground = (one) => {
    if (!one) return [255, 255, 255];
    const own = parts(getComputedStyle(one).backgroundColor);
    return (own[3] ?? 1) === 1 ? own : over(own, ground(one.parentElement));
  };
  const exempt = "[disabled], .ant-btn-disabled, .react-flow__attribution, style, "
    + "[aria-disabled=true]";
  const found = new Set();
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const one = texts.currentNode.parentElement;
    if (!text || !one.checkVisibility() || one.closest(exempt)) continue;
    const below = ground(one);
    const lights = [light(over(parts(getComputedStyle(one).color), below)), light(below)];
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    if (ratio < 4.5) found.add(`${text.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return [...found];
}"""
