// The framework's own words are English, and it cannot be told others: said in Swedish as they come.
const SWEDISH = {
  "Skip to main content": "Till innehållet",
  "Sidebar": "Meny och filter",
  "Collapse sidebar": "Stäng menyn",
  "Expand sidebar": "Öppna menyn",
  "Open": "Öppna listan",
  "Close": "Stäng",
  "Dismiss": "Stäng",
  "Clear all": "Rensa",
  "Clear value": "Töm",
  "Selected values": "Valda",
  "Choose an option": "Välj",
  "No results": "Inga träffar",
  "Help": "Förklaring",
  "Link to heading": "Länk till rubriken",
  "Fullscreen": "Hela skärmen",
  "Close fullscreen": "Stäng hela skärmen",
  "Search": "Sök",
  "Copy to clipboard": "Kopiera",
  "Show/hide columns": "Visa eller dölj kolumner",
  "visualization": "diagram",
  "Failed to generate file for download": "Filen kunde inte göras. Försök igen om en stund.",
}
const BEGINNING = {
  "Help for ": name => `Förklaring till ${name}`,
  "Remove ": name => `Ta bort ${name}`,
}
// What the pages say is as it should be, whatever words it has.
const OURS = "[data-testid=stMarkdownContainer]:not([data-testid=stFileUploader] *)"
const SAID_IN = ["aria-label", "aria-roledescription", "placeholder", "title"]

function inSwedish(words) {
  if (Object.hasOwn(SWEDISH, words)) return SWEDISH[words]
  for (const [english, swedish] of Object.entries(BEGINNING))
    if (words.startsWith(english)) return swedish(words.slice(english.length))
  const [first, ...rest] = words.split(": ") // "Fullscreen: " and the chart's own words
  return rest.length && Object.hasOwn(SWEDISH, first) ? [SWEDISH[first], ...rest].join(": ") : words
}

function say(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const swedish = inSwedish(node.data)
    if (swedish !== node.data && !node.parentElement?.closest(OURS)) node.data = swedish
    return
  }
  for (const name of SAID_IN) {
    const words = node.getAttribute?.(name)
    if (words && inSwedish(words) !== words) node.setAttribute(name, inSwedish(words))
  }
}

// A chart's drawing is ours as well, and has more nodes than all else on a page.
const isDrawing = node => (node.ownerSVGElement ?? node.parentNode?.ownerSVGElement) != null

new MutationObserver(changes => {
  for (const { target, addedNodes, type } of changes) {
    if (isDrawing(target)) continue
    if (type !== "childList") say(target)
    for (const added of addedNodes) {
      const within = document.createTreeWalker(
        added,
        NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
        node => isDrawing(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
      )
      do say(within.currentNode)
      while (within.nextNode())
    }
  }
}).observe(document, {
  attributes: true, attributeFilter: SAID_IN, characterData: true, childList: true, subtree: true,
})
